#include "adapters/mllp/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/mllp/custody.h"
#include "broker/base/limits.h"
#include "broker/kv/mem_kv.h"

namespace switchboard::mllp {
namespace {

using Outcome = Exchange::Ledger;

constexpr Time kNow{1'792'000'000'000'000};  // 14 October 2026, in the afternoon
constexpr SealKey kKey{7};
constexpr Duration kDay = seconds(86'400);

class LedgerTest : public testing::Test {
 protected:
  LedgerTest() { reopen(); }
  // What a process finds that starts now; what was not synced is gone.
  void reopen() {
    kv_.crash();
    ledger_.reset();
    outbox_ = sdk::Outbox::open(kv_, kKey, entropy_, {.bytes_max = bytes_max_}).value();
    ledger_ = Ledger::open(*outbox_, {{"pas", "X26", "PAS", v1::LEDGER_BUCKET_TEST}}, kNow).value();
    custody_.emplace(*outbox_, *ledger_, tallies_);
  }
  Exchange message(const std::string& id, Outcome outcome = Outcome::kPublished) {
    Exchange out{.ledger = outcome, .trigger = "ADT^A01"};
    if (outcome != Outcome::kPublished && outcome != Outcome::kQuarantined) return out;
    v1::Item item;
    item.set_header(id);
    out.items.push_back({.id = id_of(id), .item = item});
    return out;
  }
  static Id id_of(const std::string& text) { return make_id(kNow, hash(text)); }
  void offer(std::vector<Exchange> parts, Time read = kNow, uint32_t park_after = 0) {
    custody_->offer({.read = read,
                     .submission = {.parts = std::move(parts), .batch = {}},
                     .ack_after = AckAfter::kStored,
                     .park_after = park_after});
  }
  std::vector<Custody::Settled> commit(Time now = kNow) {
    EXPECT_TRUE(custody_->commit({.now = now}).ok());
    return custody_->take_settled();
  }
  v1::AdapterLedger row(const std::string& day = "2026-10-14") {
    for (const auto& one : ledger_->changed(1000)) {
      if (one.ledger.day() == day) return one.ledger;
    }
    return {};
  }
  static void expect_sum(const v1::AdapterLedger& l) {
    EXPECT_EQ(l.read(), l.taken() + l.duplicate() + l.out_of_scope() + l.refused() + l.full());
  }

  kv::MemKv kv_;
  Entropy entropy_{{1}};
  uint64_t bytes_max_ = uint64_t{1} << 30;
  Metrics metrics_;
  Tallies tallies_{metrics_, {"pas"}};
  std::unique_ptr<sdk::Outbox> outbox_;
  std::unique_ptr<Ledger> ledger_;
  std::optional<Custody> custody_;
};

TEST_F(LedgerTest, WhatWasSettledIsCountedAfterAPowerCut) {
  offer({message("a")});
  offer({message("b", Outcome::kQuarantined)});
  offer({message("c", Outcome::kOutOfScope)});
  offer({message("d", Outcome::kRefused)});
  offer({message("a")});
  EXPECT_EQ(commit().size(), 5u);
  EXPECT_EQ(kv_.unsynced(), 0u) << "P1, P10: held and counted before anything is said";
  reopen();
  const auto counted = row();
  EXPECT_EQ(counted.read(), 5u);
  EXPECT_EQ(counted.taken(), 2u);
  EXPECT_EQ(counted.quarantined(), 1u);
  EXPECT_EQ(counted.duplicate(), 1u);
  EXPECT_EQ(counted.out_of_scope(), 1u);
  EXPECT_EQ(counted.refused(), 1u);
  EXPECT_EQ(counted.unanswered(), 2u) << "the hub's word on both is out";
  EXPECT_EQ(counted.bucket(), v1::LEDGER_BUCKET_TEST);
  expect_sum(counted);
}

// Each item once, of whichever message; what nobody could read has no kind.
TEST_F(LedgerTest, KindsAreCountedByItemAndStandAfterAPowerCut) {
  const auto seen = [&](const std::string& id, bool child) {
    Exchange one = message(id);
    one.items[0].kind = "ed_attendance";
    one.items[0].child = child;
    return one;
  };
  Exchange two = seen("a", true);
  two.items.push_back(
      {.id = id_of("a2"), .item = two.items[0].item, .kind = "birth", .child = true});
  offer({std::move(two), seen("b", false), message("q", Outcome::kQuarantined)});
  offer({seen("b", false)});
  commit();
  reopen();
  const auto counted = row();
  ASSERT_EQ(counted.kinds_size(), 2);
  EXPECT_EQ(counted.kinds(0).kind(), "ed_attendance");
  EXPECT_EQ(counted.kinds(0).count(), 2u);
  EXPECT_EQ(counted.kinds(0).children(), 1u);
  EXPECT_EQ(counted.kinds(1).kind(), "birth");
  EXPECT_EQ(counted.kinds(1).children(), 1u);
}

TEST_F(LedgerTest, WhateverOfACommitReachedTheDiskItsCountDidToo) {
  const std::string large(600 * 1024, 'x');  // two do not go into one batch
  for (size_t kept = 0; kept < 8; ++kept) {
    for (int i = 0; i < 4; ++i) {
      Exchange one = message(std::to_string(kept) + "/" + std::to_string(i));
      one.items[0].item.add_sections()->set_body(large);
      offer({std::move(one)});
    }
    ASSERT_TRUE(custody_->commit({.now = kNow}).ok());
    reopen();
    const auto counted = row();
    EXPECT_EQ(counted.taken(), outbox_->next() - 1);
    expect_sum(counted);
  }
}

TEST_F(LedgerTest, AnEventThatIsStillInTheOutboxIsADuplicateAndNotAppendedAgain) {
  offer({message("a")});
  commit();
  ASSERT_TRUE(outbox_->confirm(1, {}, kNow).ok());
  offer({message("a")});
  commit();
  EXPECT_EQ(outbox_->next(), 2u);
  EXPECT_EQ(row().duplicate(), 1u);
  // After the resend window it is taken again: the hub knows it.
  ASSERT_TRUE(outbox_->trim(kNow + seconds(9 * 86'400)).ok());
  offer({message("a")});
  commit();
  EXPECT_EQ(outbox_->next(), 3u);
  EXPECT_EQ(row().taken(), 2u);
}

TEST_F(LedgerTest, WhatTheHubRefusedMayBeTriedAgain) {
  offer({message("a")});
  commit();
  const sdk::Outbox::Refusal refusal{.sequence = 1, .code = v1::CODE_NOT_ALLOWED};
  ASSERT_TRUE(outbox_->confirm(1, std::span(&refusal, 1), kNow).ok());
  offer({message("a")});
  commit();
  EXPECT_EQ(outbox_->next(), 3u);
}

TEST_F(LedgerTest, WhatTheHubRefusesAgainAndAgainIsLeftInTheListOfRefusals) {
  for (uint64_t sequence = 1; sequence <= 3; ++sequence) {
    offer({message("a")}, kNow, 3);
    commit();
    ASSERT_EQ(outbox_->next(), sequence + 1);
    const sdk::Outbox::Refusal refusal{.sequence = sequence, .code = v1::CODE_NOT_ALLOWED};
    ASSERT_TRUE(outbox_->confirm(sequence, std::span(&refusal, 1), kNow).ok());
    const sdk::Publisher::Outcome word{.sequence = sequence, .code = v1::CODE_NOT_ALLOWED};
    ASSERT_TRUE(custody_->hear(std::span(&word, 1)).ok());
  }
  offer({message("a")}, kNow, 3);
  commit();
  EXPECT_EQ(outbox_->next(), 4u) << "the link goes on";
  EXPECT_EQ(outbox_->usage().refused_items, 3u);
  EXPECT_EQ(row().duplicate(), 1u);
}

TEST_F(LedgerTest, AMessageOfTwoPatientsIsOneMessageAndTwoItems) {
  Exchange both = message("mother");
  both.items.push_back(message("child").items[0]);
  offer({std::move(both)});
  commit();
  EXPECT_EQ(outbox_->next(), 3u);
  EXPECT_EQ(row().taken(), 1u);
  EXPECT_EQ(row().split(), 1u);
  EXPECT_EQ(row().unanswered(), 2u);
  expect_sum(row());
}

TEST_F(LedgerTest, WithoutRoomItIsCountedAsFullAndTheSenderKeepsIt) {
  bytes_max_ = 512;
  reopen();
  Exchange large = message("a");
  large.items[0].item.add_sections()->set_body(std::string(1000, 'x'));
  offer({std::move(large)});
  const auto settled = commit();
  ASSERT_EQ(settled.size(), 1u);
  EXPECT_EQ(settled[0].words[0].kind, Word::Kind::kFull);
  EXPECT_EQ(row().full(), 1u);
  EXPECT_EQ(outbox_->next(), 1u);
  expect_sum(row());
}

TEST_F(LedgerTest, TheHubsWordEndsTheWaitingAlsoAfterARestart) {
  offer({message("a")});
  offer({message("b")});
  commit();
  reopen();
  ASSERT_EQ(row().unanswered(), 2u);
  const sdk::Publisher::Outcome word{.sequence = 1};
  ASSERT_TRUE(custody_->hear(std::span(&word, 1)).ok());
  EXPECT_EQ(row().unanswered(), 1u);
}

TEST_F(LedgerTest, ADayIsLondonsAndTheItemsOwn) {
  EXPECT_EQ(ledger_day(*from_rfc3339("2026-10-14T22:59:59Z")), "2026-10-14");
  EXPECT_EQ(ledger_day(*from_rfc3339("2026-10-14T23:00:00Z")), "2026-10-15");
  EXPECT_EQ(ledger_day(*from_rfc3339("2026-11-14T23:00:00Z")), "2026-11-14");
  const Time late = *from_rfc3339("2026-10-14T22:59:59Z");
  offer({message("a")}, late);
  commit(late + seconds(5));
  EXPECT_EQ(row("2026-10-14").taken(), 1u);
}

TEST_F(LedgerTest, ADayThatIsOverIsToldOnceMoreAndASilentListenerHasItsRow) {
  for (const auto& one : ledger_->changed(10)) ledger_->told(one.tag, one.version);
  EXPECT_TRUE(ledger_->changed(10).empty());
  ledger_->turn_day(kNow + kDay);
  EXPECT_EQ(row("2026-10-14").read(), 0u);
  EXPECT_EQ(row("2026-10-14").day(), "2026-10-14");
  EXPECT_EQ(row("2026-10-15").day(), "2026-10-15");
}

TEST_F(LedgerTest, OldDaysGoOnceTheHubHasThemAndTheRestStays) {
  for (int day = 0; day < 100; ++day) {
    ledger_->turn_day(kNow + seconds(day * 86'400));
    for (const auto& one : ledger_->changed(1000)) ledger_->told(one.tag, one.version);
    offer({message("x", Outcome::kOutOfScope)}, kNow + seconds(day * 86'400));
    commit();
    for (const auto& one : ledger_->changed(1000)) ledger_->told(one.tag, one.version);
  }
  EXPECT_LE(outbox_->rows()->size(), static_cast<size_t>(Ledger::kDaysKept + 1));
}

TEST_F(LedgerTest, TriggersOfADayAreBoundedAndTheSumStays) {
  for (int i = 0; i < 500; ++i) {
    Exchange one = message("x", Outcome::kOutOfScope);
    one.trigger = "ZZZ^Z" + std::to_string(i);
    one.note = "trigger";
    offer({std::move(one)});
  }
  commit();
  const auto counted = row();
  EXPECT_EQ(static_cast<size_t>(counted.triggers_size()), Ledger::kTriggersPerRow + 1);
  uint64_t sum = 0;
  for (const auto& trigger : counted.triggers()) sum += trigger.count();
  EXPECT_EQ(sum, 500u);
}

TEST_F(LedgerTest, ABatchIsAnsweredOnceWhenAllOfItIsHeld) {
  offer({message("a"), message("b"), message("a")});
  const auto settled = commit();
  ASSERT_EQ(settled.size(), 1u);
  EXPECT_EQ(settled[0].words.size(), 3u);
  EXPECT_EQ(row().taken(), 2u);
  EXPECT_EQ(row().duplicate(), 1u);
}

}  // namespace
}  // namespace switchboard::mllp
