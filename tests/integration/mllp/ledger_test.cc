// The adapter's own count against a hub that only listens: what is told, and that no kill loses it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/mllp/adapter_process.h"
#include "tests/integration/mllp/messages.h"
#include "tests/integration/sdk/socket_hub.h"
#include "tests/support/raw_sender.h"

namespace switchboard::test {
namespace {

class MllpLedger : public testing::Test {
 protected:
  AdapterProcess adapter(std::vector<AdapterProcess::ListenerSpec> listeners) {
    return AdapterProcess({.dir = dir_.file("adapter"),
                           .endpoint = hub_.endpoint(),
                           .hub_public_key = hub_.public_key(),
                           .secret_key = hub_.client_keys().secret_key},
                          {.listeners = std::move(listeners)});
  }
  static std::string send(const AdapterProcess& to, const Hl7Spec& spec,
                          const std::string& listener = "pas") {
    RawSender sender(to.port(listener));
    sender.send_message(hl7(spec));
    return sender.code();
  }
  // Once the hub has all of it, on which no message is waiting any more.
  v1::AdapterLedger told(const AdapterProcess& by, const std::string& listener = "pas") {
    EXPECT_TRUE(eventually(
        [&] {
          return by.metric("switchboard_mllp_outbox_items") == 0 &&
                 by.metric("switchboard_mllp_ledger_untold") == 0;
        },
        std::chrono::seconds(40)))
        << by.log();
    hub_.stop();
    v1::AdapterLedger found;
    for (const auto& one : hub_.fake.ledgers()) {
      EXPECT_EQ(one.read(),
                one.taken() + one.duplicate() + one.out_of_scope() + one.refused() + one.full());
      if (one.listener() == listener) found = one;
    }
    return found;
  }
  static uint64_t count(const v1::AdapterLedger& ledger, const std::string& trigger,
                        const std::string& outcome, const std::string& why) {
    for (const auto& one : ledger.triggers()) {
      if (one.trigger() == trigger && one.outcome() == outcome && one.why() == why) {
        return one.count();
      }
    }
    return 0;
  }

  TempDir dir_;
  SocketHub hub_;
};

TEST_F(MllpLedger, TheHubIsToldWhatWasReadByTriggerOutcomeAndWhy) {
  auto one = adapter({{"pas", ""}});
  ASSERT_TRUE(one.start()) << one.log();
  EXPECT_EQ(send(one, {.control_id = "L1"}), "AA");
  EXPECT_EQ(send(one, {.control_id = "L1"}), "AA");
  EXPECT_EQ(send(one, {.control_id = "L2", .birth = "19800101"}), "AA");
  EXPECT_EQ(send(one, {.control_id = "L3", .processing = "P"}), "AE");
  EXPECT_EQ(send(one, {.control_id = ""}), "AA");
  const auto ledger = told(one);
  EXPECT_EQ(ledger.agency(), "X26");
  EXPECT_EQ(ledger.system(), "PAS");
  EXPECT_EQ(ledger.bucket(), v1::LEDGER_BUCKET_TEST);
  EXPECT_EQ(ledger.read(), 5u);
  EXPECT_EQ(ledger.taken(), 2u);
  EXPECT_EQ(ledger.quarantined(), 1u);
  EXPECT_EQ(ledger.duplicate(), 1u);
  EXPECT_EQ(ledger.out_of_scope(), 1u);
  EXPECT_EQ(ledger.refused(), 1u);
  EXPECT_EQ(ledger.unanswered(), 0u);
  EXPECT_EQ(count(ledger, "ADT^A01", "published", ""), 1u);
  EXPECT_EQ(count(ledger, "ADT^A01", "duplicate", ""), 1u);
  EXPECT_EQ(count(ledger, "ADT^A01", "out_of_scope", "adult"), 1u);
  EXPECT_EQ(count(ledger, "ADT^A01", "refused", "MSH-11"), 1u);
  EXPECT_EQ(count(ledger, "ADT^A01", "quarantined", "no_control_id"), 1u);
  ASSERT_EQ(hub_.fake.taken().size(), 2u);
  EXPECT_GT(hub_.fake.taken()[0].adapter_us, 0) << "the hub counts by the day it was taken on";
}

TEST_F(MllpLedger, WhatWasAnsweredIsCountedHoweverOftenTheAdapterIsKilled) {
  hub_.stop();
  auto one = adapter({{"pas", "ack_after = \"stored\""}});
  uint64_t sent = 0;
  for (int round = 0; round < 4; ++round) {
    ASSERT_TRUE(one.start()) << one.log();
    for (int i = 0; i < 5; ++i, sent += 2) {
      const std::string id = "K" + std::to_string(round) + "." + std::to_string(i);
      EXPECT_EQ(send(one, {.control_id = id}), "AA");
      EXPECT_EQ(send(one, {.control_id = id + "x", .birth = "19800101"}), "AA");
    }
    one.kill();  // out of scope was answered a moment ago: it must be on disk all the same
  }
  hub_.start();
  ASSERT_TRUE(one.start());
  const auto ledger = told(one);
  EXPECT_EQ(ledger.read(), sent);
  EXPECT_EQ(ledger.taken(), sent / 2);
  EXPECT_EQ(ledger.out_of_scope(), sent / 2);
  EXPECT_EQ(hub_.fake.taken().size(), sent / 2);
}

TEST_F(MllpLedger, EachListenerCountsInItsBucketAndATrialNeverStandsForTheRealThing) {
  auto one = adapter({{"pas", ""},
                      {"trial", "shadow = true"},
                      {"live", "environment = \"live\"\nshadow = false"}});
  ASSERT_TRUE(one.start()) << one.log();
  EXPECT_EQ(send(one, {.control_id = "B1"}, "trial"), "AA");
  EXPECT_EQ(send(one, {.control_id = "B1"}, "pas"), "AA");
  EXPECT_EQ(send(one, {.control_id = "B1", .processing = "P"}, "live"), "AA");
  EXPECT_EQ(told(one, "trial").bucket(), v1::LEDGER_BUCKET_SHADOW);
  ASSERT_EQ(hub_.fake.taken().size(), 3u) << "the same bytes, on trial and not, are two events";
  std::vector<std::pair<bool, v1::Environment>> marks;
  for (const auto& taken : hub_.fake.taken()) {
    v1::EventHeader header;
    ASSERT_TRUE(header.ParseFromString(taken.header));
    marks.emplace_back(header.shadow(), header.environment());
  }
  EXPECT_THAT(marks, testing::ElementsAre(std::pair(true, v1::ENVIRONMENT_TEST),
                                          std::pair(false, v1::ENVIRONMENT_TEST),
                                          std::pair(false, v1::ENVIRONMENT_LIVE)));
  for (const auto& ledger : hub_.fake.ledgers()) EXPECT_EQ(ledger.taken(), 1u);
}

}  // namespace
}  // namespace switchboard::test
