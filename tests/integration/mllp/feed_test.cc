// A trust's feed against the real adapter and hub: order, custody across kills, stopping, manners.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/integration/mllp/adapter_process.h"
#include "tests/integration/mllp/command.h"
#include "tests/integration/mllp/messages.h"
#include "tests/support/raw_sender.h"

namespace switchboard::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Control ids of the events the hub holds, oldest first.
std::vector<std::string> held(HubWorld& world) {
  v1::AdminRequest request;
  request.mutable_events()->set_limit(200);
  const auto reply = world.ask(std::move(request)).value();
  std::vector<std::string> ids;
  for (const auto& row : reply.events().rows()) ids.push_back(row.source_message_id());
  std::reverse(ids.begin(), ids.end());
  return ids;
}

std::string send(const AdapterProcess& adapter, const std::string& id) {
  RawSender sender(adapter.port());
  sender.send_message(hl7({.control_id = id}));
  return sender.code();
}

std::string field(const std::string& message, size_t n) {  // of the first segment
  size_t at = 0;
  for (size_t i = 1; i < n; ++i) at = message.find('|', at) + 1;
  return message.substr(at, message.find('|', at) - at);
}

AdapterProcess::Options with(const std::string& settings) {
  return {.listeners = {{"pas", settings}}};
}

TEST(MllpFeed, DebiansMllpSendGetsAAAndTheTeamHasTheEvent) {
  HubWorld world;
  AdapterProcess adapter(world, {});
  ASSERT_TRUE(adapter.start()) << adapter.log();
  auto screen = world.endpoint();
  const std::string file = adapter.file("feed.hl7");
  std::ofstream(file) << hl7({.control_id = "SEND1"}) << hl7({.control_id = "SEND2"});
  const auto sent = run_command("/usr/bin/mllp_send --loose -f " + file + " -p " +
                                std::to_string(adapter.port()) + " 127.0.0.1");
  EXPECT_EQ(sent.exit, 0) << sent.output;
  EXPECT_THAT(sent.output, HasSubstr("MSA|AA|SEND1"));
  EXPECT_THAT(sent.output, HasSubstr("MSA|AA|SEND2"));
  EXPECT_TRUE(
      run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() == 2; }));
  EXPECT_THAT(held(world), ElementsAre("SEND1", "SEND2"));
}

TEST(MllpFeed, AnswersComeInOrderEachWithItsOwnControlIdAndATimeThatSaysItsOffset) {
  HubWorld world;
  AdapterProcess adapter(world, {});
  ASSERT_TRUE(adapter.start());
  RawSender sender(adapter.port());
  std::string feed;
  std::vector<std::string> ids;
  for (int i = 0; i < 100; ++i) ids.push_back("P" + std::to_string(i));
  for (const auto& id : ids) feed += mllp::encode_frame(hl7({.control_id = id}));
  ASSERT_TRUE(sender.send(feed));
  std::set<std::string> control_ids;
  for (const auto& id : ids) {
    const auto answer = sender.answer();
    ASSERT_TRUE(answer.has_value()) << adapter.log();
    EXPECT_THAT(*answer, HasSubstr("\rMSA|AA|" + id + "\r"));
    EXPECT_THAT(field(*answer, 7), testing::EndsWith("+0000"));
    EXPECT_LE(field(*answer, 10).size(), 20u);
    control_ids.insert(field(*answer, 10));
  }
  EXPECT_EQ(control_ids.size(), ids.size());
  EXPECT_EQ(held(world), ids);
}

TEST(MllpFeed, SeveralConnectionsAreServedSideBySide) {
  HubWorld world;
  AdapterProcess adapter(world, with("ack_wait_ms = 20000"));
  ASSERT_TRUE(adapter.start());
  std::vector<std::unique_ptr<RawSender>> senders;
  for (int i = 0; i < 16; ++i) senders.push_back(std::make_unique<RawSender>(adapter.port()));
  for (int round = 0; round < 5; ++round) {
    for (size_t i = 0; i < senders.size(); ++i) {
      senders[i]->send_message(
          hl7({.control_id = "S" + std::to_string(round) + "x" + std::to_string(i)}));
    }
    for (auto& sender : senders) EXPECT_EQ(sender->code(), "AA");
  }
  EXPECT_EQ(held(world).size(), 80u);
}

TEST(MllpFeed, AnAdapterKilledBetweenCustodyAndPublishBringsTheEventOnceHoweverOftenItIsResent) {
  HubWorld world;
  AdapterProcess adapter(world, with("ack_after = \"stored\""));
  ASSERT_TRUE(adapter.start());
  world.hub.kill();
  ASSERT_EQ(send(adapter, "K1"), "AA");  // in custody, and nobody to publish to
  adapter.kill();
  ASSERT_TRUE(world.hub.start());
  ASSERT_TRUE(adapter.start());
  EXPECT_EQ(send(adapter, "K1"), "AA");  // its sender did not trust the answer
  EXPECT_EQ(send(adapter, "K2"), "AA");
  EXPECT_TRUE(eventually([&] { return held(world) == std::vector<std::string>{"K1", "K2"}; }));
  EXPECT_TRUE(eventually([&] { return adapter.metric("switchboard_mllp_outbox_items") == 0; }));
  EXPECT_THAT(held(world), ElementsAre("K1", "K2"));
}

TEST(MllpFeed, WhatWasAnsweredAAIsAtTheHubOnceWhateverIsKilledInBetween) {
  HubWorld world;
  AdapterProcess adapter(world, {});
  ASSERT_TRUE(adapter.start());
  std::vector<std::string> ids;
  for (int round = 0; round < 6; ++round) {
    const std::string id = "R" + std::to_string(round);
    ids.push_back(id);
    RawSender sender(adapter.port());
    sender.send_message(hl7({.control_id = id}));
    adapter.kill();  // before, after or in the middle of custody
    if (round % 2 == 1) {
      world.hub.kill();
      ASSERT_TRUE(world.hub.start());
    }
    ASSERT_TRUE(adapter.start());
    const std::string first = sender.code();
    EXPECT_EQ(first == "AA" ? first : send(adapter, id), "AA");
  }
  EXPECT_TRUE(eventually([&] { return held(world).size() == ids.size(); }));
  EXPECT_TRUE(eventually([&] { return adapter.metric("switchboard_mllp_outbox_items") == 0; }));
  auto got = held(world);
  std::sort(got.begin(), got.end());
  EXPECT_EQ(got, ids);
}

TEST(MllpFeed, AHubThatWasAwayGetsWhatWasAnsweredOnOwnCustodyInOrder) {
  HubWorld world;
  AdapterProcess adapter(world, with("ack_wait_ms = 20"));
  ASSERT_TRUE(adapter.start());
  EXPECT_EQ(send(adapter, "A0"), "AA");
  world.hub.kill();
  for (int i = 1; i < 6; ++i) EXPECT_EQ(send(adapter, "A" + std::to_string(i)), "AA");
  EXPECT_GE(adapter.metric("switchboard_mllp_own_custody_total{listener=\"pas\"}"), 5);
  ASSERT_TRUE(world.hub.start());
  EXPECT_TRUE(eventually([&] { return held(world).size() == 6; }, std::chrono::seconds(40)));
  EXPECT_THAT(held(world), ElementsAre("A0", "A1", "A2", "A3", "A4", "A5"));
}

TEST(MllpFeed, AHubThatHasBeenAwayIsNotWaitedForMessageByMessage) {
  HubWorld world;
  world.hub.kill();
  AdapterProcess adapter(world, with("ack_wait_ms = 1000"));
  ASSERT_TRUE(adapter.start());
  EXPECT_EQ(send(adapter, "W0"), "AA");  // after this the hub has been away for longer than that
  const auto began = std::chrono::steady_clock::now();
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(send(adapter, "W" + std::to_string(i)), "AA");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST(MllpFeed, AStopAnswersWhatIsHeldTakesNothingNewAndLeavesNoNote) {
  HubWorld world;
  world.hub.kill();
  AdapterProcess adapter(world, with("ack_wait_ms = 1500"));
  ASSERT_TRUE(adapter.start());
  EXPECT_TRUE(adapter.endpoints_file_is_there());
  RawSender idle(adapter.port());
  RawSender sender(adapter.port());
  sender.send_message(hl7({.control_id = "T1"}));
  ASSERT_TRUE(eventually(
      [&] { return adapter.metric("switchboard_mllp_frames_read_total{listener=\"pas\"}") == 1; }));
  adapter.ask_to_stop();
  EXPECT_FALSE(idle.answer().has_value()) << "an idle connection is closed at once";
  EXPECT_FALSE(RawSender(adapter.port()).connected());
  EXPECT_EQ(sender.code(), "AA");
  EXPECT_EQ(adapter.wait(), 0) << adapter.log();
  EXPECT_FALSE(adapter.endpoints_file_is_there());
}

TEST(MllpFeed, ASenderThatResetsItsConnectionAfterAMessageLosesTheAnswerNotTheMessage) {
  HubWorld world;
  AdapterProcess adapter(world, {});
  ASSERT_TRUE(adapter.start());
  const auto connections = [&] {
    return adapter.metric("switchboard_mllp_connections{listener=\"pas\"}");
  };
  RawSender sender(adapter.port());
  ASSERT_TRUE(eventually([&] { return connections() == 1; }));
  sender.send_message(hl7({.control_id = "X1"}));
  sender.reset();
  EXPECT_TRUE(eventually([&] { return held(world) == std::vector<std::string>{"X1"}; }))
      << adapter.log();
  EXPECT_TRUE(eventually([&] { return connections() == 0; }));
}

TEST(MllpFeed, ASilentConnectionIsClosedWhereTheListenerSaysSo) {
  HubWorld world;
  AdapterProcess adapter(world, with("idle_timeout_s = 1"));
  ASSERT_TRUE(adapter.start());
  RawSender sender(adapter.port());
  sender.send_message(hl7({.control_id = "I1"}));
  EXPECT_EQ(sender.code(), "AA");
  EXPECT_FALSE(sender.answer().has_value());
  EXPECT_EQ(adapter.metric("switchboard_mllp_timed_out_total{listener=\"pas\"}"), 1);
}

TEST(MllpFeed, IsReadyWhileTheHubTakesItsEvents) {
  HubWorld world;
  AdapterProcess adapter(world, {});
  ASSERT_TRUE(adapter.start());
  EXPECT_EQ(send(adapter, "H1"), "AA");
  EXPECT_THAT(adapter.readiness(), HasSubstr("200 OK"));
}

TEST(MllpFeed, NeitherLogNorMetricsNorAnswersSayWhoItIsAbout) {
  HubWorld world;
  AdapterProcess adapter(world, {});
  ASSERT_TRUE(adapter.start());
  RawSender sender(adapter.port());
  std::string said;
  for (const std::string& text :
       {hl7({.control_id = "N1"}), hl7({.control_id = "N2", .processing = "P"}),
        hl7({.control_id = "", .family = "EXAMPLE"}), hl7({.control_id = "N4"}).substr(0, 90)}) {
    sender.send_message(text);
    said += sender.answer().value_or("nothing");
  }
  said += adapter.metrics();
  EXPECT_EQ(adapter.stop(), 0);
  said += adapter.log();
  for (const char* secret : {"EXAMPLE", "Robin", "9345678123", "0012345", "20240229", "Quay"}) {
    EXPECT_THAT(said, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(said, HasSubstr("control_id=N2")) << "what an operator looks for is there";
}

TEST(MllpProgram, CheckMappingSaysWhatASampleWouldBeAndWhetherItCould) {
  TempDir dir;
  const std::string source(SWITCHBOARD_SOURCE_DIR);
  const std::string check = std::string(SWITCHBOARD_BINARY_DIR) +
                            "/bin/switchboard-mllp --check-mapping " + source +
                            "/deploy/config/mapping-example.toml ";
  const auto good = run_command(check + source + "/tests/support/hl7/adt_a03_discharge.hl7");
  EXPECT_EQ(good.exit, 0);
  EXPECT_THAT(good.output, HasSubstr("An event of kind discharge"));
  EXPECT_THAT(good.output, Not(HasSubstr("9123456787")));
  const auto shown =
      run_command(check + source + "/tests/support/hl7/adt_a03_discharge.hl7 --show-identity");
  EXPECT_THAT(shown.output, HasSubstr("9123456787"));
  const auto bad = run_command(check + source + "/tests/support/hl7/bad_no_pid.hl7");
  EXPECT_EQ(bad.exit, 65);
  EXPECT_THAT(bad.output, HasSubstr("no_pid"));
  EXPECT_EQ(run_command(check + dir.file("missing.hl7")).exit, 65);
}

TEST(MllpProgram, ASecondAdapterOnTheSameOutboxDoesNotStart) {
  HubWorld world;
  AdapterProcess adapter(world, {});
  ASSERT_TRUE(adapter.start());
  const auto second = run_command(std::string(SWITCHBOARD_BINARY_DIR) +
                                  "/bin/switchboard-mllp --config " + adapter.file("mllp.toml"));
  EXPECT_NE(second.exit, 0);
  EXPECT_TRUE(adapter.endpoints_file_is_there()) << "the note is the first one's";
}

}  // namespace
}  // namespace switchboard::test
