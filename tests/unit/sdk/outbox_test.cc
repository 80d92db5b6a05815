#include "adapters/sdk/outbox.h"

#include <gtest/gtest.h>

#include "broker/base/limits.h"
#include "broker/kv/mem_kv.h"
#include "broker/kv/rocks_kv.h"
#include "tests/support/damaged_item.h"
#include "tests/unit/kv/folder.h"

namespace switchboard::sdk {
namespace {

constexpr Time kNow{1'800'000'000'000'000};
constexpr SealKey kKey{7};

class OutboxTest : public ::testing::Test {
 protected:
  std::unique_ptr<Outbox> open(const Outbox::Options& options = {}) {
    return Outbox::open(kv_, kKey, entropy_, options).value();
  }
  static std::vector<std::string> texts(const Outbox& outbox, uint64_t first = 1) {
    std::vector<std::string> list;
    if (first >= outbox.next()) return list;
    const auto items = outbox.read(first, 1000, 1 << 20).value();
    for (const auto& item : items) list.push_back(item.bytes);
    return list;
  }
  static void append(Outbox& outbox, std::vector<std::string> items, Time now = kNow) {
    ASSERT_TRUE(outbox.append(items, now).ok());
  }

  kv::MemKv kv_;
  Entropy entropy_{{1}};
};

TEST_F(OutboxTest, WhatAppendReturnedForSurvivesAPowerCut) {
  Id id;
  {
    auto outbox = open();
    id = outbox->id();
    append(*outbox, {"one", "two"});
    append(*outbox, {"three"});
  }
  kv_.crash();
  auto again = open();
  EXPECT_EQ(again->id(), id);
  EXPECT_EQ(texts(*again), (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(again->next(), 4u);
}

TEST_F(OutboxTest, AConfirmationLostInACrashIsOnlyAskedAgain) {
  {
    auto outbox = open();
    append(*outbox, {"one", "two"});
    ASSERT_TRUE(outbox->confirm(1, {}, kNow).ok());
  }
  kv_.crash();
  auto again = open();
  EXPECT_EQ(again->confirmed(), 0u);
  EXPECT_EQ(texts(*again, 1).size(), 2u);
}

TEST_F(OutboxTest, NothingReadableIsAtRest) {
  auto outbox = open();
  append(*outbox, {"a child's name"});
  const auto scan = kv_.scan(kv::Family::kEvent, "", "");
  ASSERT_TRUE(scan->valid());
  for (; scan->valid(); scan->next()) {
    EXPECT_EQ(scan->value().find("child"), std::string_view::npos);
  }
}

TEST_F(OutboxTest, AnotherKeyIsRefusedAtOpen) {
  open();
  const auto other = Outbox::open(kv_, SealKey{8}, entropy_, {});
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, v1::CODE_INVALID);
}

TEST_F(OutboxTest, ConfirmedItemsStayForTheWindowAndNoLonger) {
  auto outbox = open({.resend_window = seconds(3600)});
  append(*outbox, {"old", "new", "open"});
  ASSERT_TRUE(outbox->confirm(1, {}, kNow).ok());
  ASSERT_TRUE(outbox->confirm(2, {}, kNow + seconds(3000)).ok());
  ASSERT_TRUE(outbox->trim(kNow + seconds(3590)).ok());
  EXPECT_EQ(outbox->low(), 1u);
  ASSERT_TRUE(outbox->trim(kNow + seconds(3700)).ok());
  EXPECT_EQ(outbox->low(), 2u);
  ASSERT_TRUE(outbox->trim(kNow + seconds(37000)).ok());
  EXPECT_EQ(outbox->low(), 3u) << "what is not confirmed never goes";
  EXPECT_EQ(texts(*outbox, 3), (std::vector<std::string>{"open"}));
}

// ---- what a hub that lost its tail is given again ----

TEST_F(OutboxTest, ARestoredHubIsGivenWhatWasConfirmedSinceAndOnlyOnce) {
  auto outbox = open();
  append(*outbox, {"1", "2", "3", "4"});
  ASSERT_TRUE(outbox->confirm(2, {}, {kNow, 50}).ok());
  const Outbox::Ask ask{.epoch = 2, .after = 50};
  ASSERT_TRUE(outbox->resend(ask).ok());
  EXPECT_EQ(outbox->confirmed(), 2u) << "that is what it has";
  ASSERT_TRUE(outbox->resend({.epoch = 3, .after = 49}).ok());
  EXPECT_EQ(outbox->confirmed(), 0u);
  kv_.crash();
  outbox = open();
  EXPECT_EQ(outbox->confirmed(), 0u) << "the wish to resend is durable";
  ASSERT_TRUE(outbox->confirm(4, {}, {kNow, 70}).ok());
  ASSERT_TRUE(outbox->resend({.epoch = 3, .after = 49}).ok());
  EXPECT_EQ(outbox->confirmed(), 4u) << "the same wish is granted once";
  ASSERT_TRUE(outbox->resend({.epoch = 4, .after = 69}).ok());
  EXPECT_EQ(outbox->confirmed(), 0u);
}

// One row stands for many items; what is sent again begins at its first, never behind an item that
// the hub may not have.
TEST_F(OutboxTest, WhateverPositionAHubGoesBackToItIsGivenAllBeyondItAndFewMore) {
  for (const uint64_t after : {0u, 1u, 2u, 300u, 2555u, 2556u, 2560u, 3000u, 5999u, 6000u}) {
    kv::MemKv disk;
    auto outbox = Outbox::open(disk, kKey, entropy_, {}).value();
    append(*outbox, std::vector<std::string>(3000, "x"));
    for (uint64_t n = 1; n <= 3000; ++n) {  // item n lies at position 2n
      ASSERT_TRUE(outbox->confirm(n, {}, {kNow, 2 * n}).ok());
    }
    outbox = Outbox::open(disk, kKey, entropy_, {}).value();
    ASSERT_TRUE(outbox->resend({.epoch = 2, .after = after}).ok());
    EXPECT_LE(outbox->confirmed(), after / 2) << "an item beyond " << after << " is not sent again";
    EXPECT_GE(outbox->confirmed() + 256, after / 2) << "so many too many after " << after;
    ASSERT_TRUE(outbox->confirm(3000, {}, {kNow, 9000}).ok());
    ASSERT_TRUE(outbox->resend({.epoch = 3, .after = 8999}).ok());
    EXPECT_LE(outbox->confirmed(), after / 2) << "answered anew, it lies where it was answered";
  }
}

// An outbox of an earlier version knows no positions, and an answer may come without a promise.
TEST_F(OutboxTest, WhatWasConfirmedAtNoKnownPositionIsAlwaysGivenAgain) {
  auto outbox = open();
  append(*outbox, {"1", "2", "3"});
  ASSERT_TRUE(outbox->confirm(1, {}, kNow).ok());
  kv::Batch older;
  const auto rows = kv_.scan(kv::Family::kAudit, "", "");
  ASSERT_TRUE(rows->valid());
  for (; rows->valid(); rows->next()) older.erase(kv::Family::kAudit, rows->key());
  ASSERT_TRUE(kv_.write_synced(older).ok());
  outbox = open();
  ASSERT_TRUE(outbox->confirm(3, {}, {kNow, 7}).ok());
  ASSERT_TRUE(outbox->resend({.epoch = 2, .after = 1000}).ok());
  EXPECT_EQ(outbox->confirmed(), 0u);
  ASSERT_TRUE(outbox->confirm(3, {}, kNow).ok());
  ASSERT_TRUE(outbox->resend({.epoch = 3, .after = 1000}).ok());
  EXPECT_EQ(outbox->confirmed(), 0u);
}

TEST_F(OutboxTest, PositionsGoWithTheItemsAndNeverTheOneThatIsNeeded) {
  auto outbox = open({.resend_window = seconds(60)});
  const auto rows = [&] {
    size_t count = 0;
    const auto scan = kv_.scan(kv::Family::kAudit, "", "");
    for (; scan->valid(); scan->next()) ++count;
    return count;
  };
  append(*outbox, std::vector<std::string>(2000, "x"));
  for (uint64_t n = 10; n <= 2000; n += 10) {
    ASSERT_TRUE(outbox->confirm(n, {}, {kNow + seconds(static_cast<int64_t>(n)), n}).ok());
  }
  EXPECT_LE(rows(), 8u) << "one for many items";
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox->trim(kNow + seconds(1900)).ok());
  const uint64_t low = outbox->low();
  ASSERT_GT(low, 1700u);
  EXPECT_LE(rows(), 2u);
  ASSERT_TRUE(outbox->resend({.epoch = 2, .after = 1999}).ok());
  EXPECT_GE(outbox->confirmed(), low - 1);
  EXPECT_LT(outbox->confirmed(), 2000u);
  ASSERT_TRUE(outbox->resend({.epoch = 3, .after = 0}).ok());
  EXPECT_EQ(outbox->confirmed(), low - 1);
}

TEST_F(OutboxTest, AClockThatWentBackDropsNothingInsideTheWindow) {
  auto outbox = open({.resend_window = seconds(3600)});
  append(*outbox, {"1", "2", "3"});
  ASSERT_TRUE(outbox->confirm(1, {}, kNow + seconds(7200)).ok());
  ASSERT_TRUE(outbox->confirm(2, {}, kNow).ok());
  ASSERT_TRUE(outbox->confirm(3, {}, kNow + seconds(60)).ok());
  ASSERT_TRUE(outbox->trim(kNow + seconds(7000)).ok());
  EXPECT_EQ(outbox->low(), 1u);
}

TEST_F(OutboxTest, RefusedItemsStayListedWithTheirBytesUntilDismissed) {
  auto outbox = open({.resend_window = seconds(60)});
  append(*outbox, {"good", "bad", "good too"});
  const Outbox::Refusal refusal{.sequence = 2, .code = v1::CODE_INVALID, .text = "kind"};
  ASSERT_TRUE(outbox->confirm(3, std::span(&refusal, 1), kNow).ok());
  ASSERT_TRUE(outbox->trim(kNow + seconds(86'400)).ok());
  ASSERT_EQ(outbox->low(), 4u);
  ASSERT_TRUE(kv_.sync().ok());
  outbox = open();
  const auto list = outbox->refusals(0, 10).value();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].sequence, 2u);
  EXPECT_EQ(list[0].code, v1::CODE_INVALID);
  EXPECT_EQ(list[0].text, "kind");
  EXPECT_EQ(outbox->refused_item(2).value(), "bad");
  EXPECT_EQ(outbox->usage().refused_items, 1u);
  ASSERT_TRUE(outbox->dismiss(2).ok());
  EXPECT_EQ(outbox->usage().refused_items, 0u);
  EXPECT_EQ(outbox->usage().held_bytes, 0u);
  EXPECT_FALSE(outbox->refused_item(2).ok());
}

TEST_F(OutboxTest, AnItemRefusedOnceAndTakenInAResendIsNoLongerListed) {
  auto outbox = open();
  append(*outbox, {"late"});
  const Outbox::Refusal refusal{.sequence = 1, .code = v1::CODE_NOT_ALLOWED, .text = "not yet"};
  ASSERT_TRUE(outbox->confirm(1, std::span(&refusal, 1), kNow).ok());
  ASSERT_TRUE(outbox->resend({.epoch = 2, .after = 0}).ok());
  ASSERT_TRUE(outbox->confirm(1, {}, kNow).ok());
  EXPECT_TRUE(outbox->refusals(0, 10).value().empty());
  EXPECT_EQ(outbox->usage().refused_items, 0u);
}

TEST_F(OutboxTest, AtTheBoundConfirmedItemsMakeRoomAndUnconfirmedOnesRefuse) {
  auto outbox = open({.bytes_max = 10'000});
  const std::string kilo(1000, 'x');
  for (int i = 0; i < 9; ++i) append(*outbox, {kilo});
  EXPECT_EQ(outbox->append(std::vector{kilo}, kNow).error().code, v1::CODE_BUSY);
  EXPECT_EQ(outbox->usage().unconfirmed_items, 9u);
  ASSERT_TRUE(outbox->confirm(3, {}, kNow).ok());
  append(*outbox, {kilo});
  EXPECT_EQ(outbox->low(), 2u);
  EXPECT_EQ(outbox->usage().dropped_early, 1u);
  EXPECT_LE(outbox->usage().held_bytes, 10'000u);
}

TEST_F(OutboxTest, UsageAlarmsAtHalfAndIsFullWhenALargestEventHasNoRoom) {
  auto outbox = open({.bytes_max = 4 * limits::kEventBytesMax});
  EXPECT_EQ(outbox->usage().level, Outbox::Level::kFine);
  const std::string large(limits::kEventBytesMax, 'x');
  append(*outbox, {large});
  append(*outbox, {large});
  EXPECT_EQ(outbox->usage().level, Outbox::Level::kHalf);
  append(*outbox, {large});
  EXPECT_EQ(outbox->usage().level, Outbox::Level::kFull);
  ASSERT_TRUE(outbox->confirm(3, {}, kNow).ok());
  EXPECT_EQ(outbox->usage().level, Outbox::Level::kHalf) << "confirmed ones can make room";
  EXPECT_EQ(outbox->append(std::vector{large + "x"}, kNow).error().code, v1::CODE_OVERSIZE);
}

TEST_F(OutboxTest, ADamagedItemIsReportedWhenItIsFirstInLine) {
  auto outbox = open();
  append(*outbox, {"1", "2", "3"});
  test::damage_published(kv_, 2);
  EXPECT_EQ(outbox->read(1, 10, 1000).value().size(), 1u);
  EXPECT_EQ(outbox->read(2, 10, 1000).error().code, v1::CODE_INVALID);
  EXPECT_EQ(outbox->read(3, 10, 1000).value().size(), 1u);
}

TEST_F(OutboxTest, TwoLanesOfOneStoreDoNotMeet) {
  auto publishes = open({.lane = Lane::kPublish});
  auto acts = open({.lane = Lane::kActs});
  append(*publishes, {"event", "event"});
  append(*acts, {"act"});
  EXPECT_EQ(texts(*acts), std::vector<std::string>{"act"});
  ASSERT_TRUE(acts->confirm(1, {}, kNow).ok());
  ASSERT_TRUE(acts->trim(kNow + seconds(30 * 86'400)).ok());
  EXPECT_EQ(texts(*publishes).size(), 2u);
}

TEST_F(OutboxTest, AnAnswerBeyondWhatIsHeldIsRefused) {
  auto outbox = open();
  append(*outbox, {"1"});
  EXPECT_FALSE(outbox->confirm(2, {}, kNow).ok());
  EXPECT_EQ(outbox->confirmed(), 0u);
}

TEST(OutboxOnDisk, IsTheSameAfterReopening) {
  const kv::Folder folder;
  Entropy entropy({1});
  const std::vector<std::string> items{"one", "two"};
  for (const bool create : {true, false}) {
    auto kv = kv::RocksKv::open({.dir = folder.at("outbox"), .create = create});
    ASSERT_TRUE(kv.ok()) << kv.error().text;
    auto outbox = Outbox::open(**kv, kKey, entropy, {}).value();
    if (create) {
      ASSERT_TRUE(outbox->append(items, kNow).ok());
      ASSERT_TRUE(outbox->confirm(1, {}, kNow).ok());
    } else {
      EXPECT_EQ(outbox->confirmed(), 1u);
      EXPECT_EQ(outbox->read(2, 9, 100).value().at(0).bytes, "two");
    }
  }
}

// ---- a commit the owner puts together ---------------------------------------------------------

OutboxIndex::Label label(uint8_t id, const std::string& tag) { return {Id{{id}}, tag}; }

TEST_F(OutboxTest, AnItemIsKnownByItsEventAsLongAsItIsHere) {
  auto outbox = open();
  ASSERT_EQ(outbox->stage("one", label(1, "t"), kNow).value(), 1u);
  EXPECT_EQ(outbox->find(Id{{1}}).value(), 1u) << "also before it is written";
  ASSERT_TRUE(outbox->commit().ok() && outbox->sync().ok());
  EXPECT_EQ(outbox->find(Id{{1}}).value(), 1u);
  EXPECT_EQ(outbox->find(Id{{2}}).value(), std::nullopt);
  ASSERT_TRUE(outbox->confirm(1, {}, kNow).ok());
  ASSERT_TRUE(outbox->trim(kNow + seconds(9 * 86'400)).ok());
  EXPECT_EQ(outbox->find(Id{{1}}).value(), std::nullopt);
  for (const auto family : {kv::Family::kDedupe, kv::Family::kKey, kv::Family::kEvent}) {
    EXPECT_FALSE(kv_.scan(family, "", "")->valid()) << kv::name(family);
  }
}

TEST_F(OutboxTest, RowsOfTheOwnerAreInTheCommitOfTheItems) {
  {
    auto outbox = open();
    ASSERT_TRUE(outbox->stage("one", label(1, "t"), kNow).ok());
    outbox->stage_row("count", "1");
    ASSERT_TRUE(outbox->commit().ok() && outbox->sync().ok());
    ASSERT_TRUE(outbox->stage("two", label(2, "u"), kNow).ok());
    outbox->stage_row("count", "2");
    ASSERT_TRUE(outbox->commit().ok());
  }
  kv_.crash();  // the second commit was not synced
  auto again = open();
  EXPECT_EQ(again->next(), 2u);
  const auto rows = again->rows().value();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].value, "1");
  EXPECT_EQ(again->index().tags(0, 10).value().size(), 1u);
  EXPECT_EQ(again->index().label(1).value()->tag, "t");
}

TEST_F(OutboxTest, WhatMakesRoomGoesInTheCommitOfWhatComes) {
  auto outbox = open({.bytes_max = 400});
  for (uint8_t i = 1; i < 40; ++i) {
    const auto staged = outbox->stage(std::string(100, 'x'), label(i, "t"), kNow);
    ASSERT_TRUE(staged.ok());
    ASSERT_TRUE(outbox->commit().ok() && outbox->sync().ok());
    ASSERT_TRUE(outbox->confirm(i, {}, kNow).ok());
    EXPECT_LE(outbox->usage().held_bytes, 400u);
  }
  kv_.crash();
  auto again = open({.bytes_max = 400});
  EXPECT_EQ(again->next(), 40u);
  EXPECT_EQ(again->find(Id{{1}}).value(), std::nullopt);
  EXPECT_EQ(again->find(Id{{39}}).value(), 39u);
}

}  // namespace
}  // namespace switchboard::sdk
