// The disk that fails on purpose must fail as a disk does, and the judge must see what it did.
#include "tests/fault/disk.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "tests/fault/errors.h"
#include "tests/fault/flips.h"
#include "tests/fault/power.h"

namespace switchboard::fault {

class DiskTest : public testing::Test {
 protected:
  DiskTest() { EXPECT_EQ(disk_.make_folder("/a"), Disk::Answer::kOk); }
  Disk::FileRef file(const std::string& path, const std::string& bytes) {
    Disk::FileRef made;
    EXPECT_EQ(disk_.create(path, made), Disk::Answer::kOk);
    EXPECT_EQ(disk_.append(made, bytes), Disk::Answer::kOk);
    return made;
  }
  void cut(Torn torn = Torn::kDropped, size_t names = 0) {
    disk_.cut_power();
    disk_.power_on(torn, random_, names);
  }
  Disk disk_;
  sim::Random random_{1};
};

TEST_F(DiskTest, BytesThatWereNotSyncedAreGone) {
  const auto made = file("/a/x", "one");
  EXPECT_EQ(disk_.sync(made), Disk::Answer::kOk);
  disk_.sync_folder("/a");
  disk_.sync_folder("/");
  EXPECT_EQ(disk_.append(made, "two"), Disk::Answer::kOk);
  cut();
  EXPECT_EQ(disk_.bytes_of("/a/x"), "one");
}

TEST_F(DiskTest, ASyncedFileWhoseNameWasNotSyncedIsGone) {
  disk_.sync_folder("/");
  EXPECT_EQ(disk_.sync(file("/a/x", "one")), Disk::Answer::kOk);
  cut();
  EXPECT_FALSE(disk_.exists("/a/x"));
  EXPECT_TRUE(disk_.is_folder("/a"));
}

TEST_F(DiskTest, AFolderWhoseNameWasNotSyncedIsGoneWithAllInIt) {
  EXPECT_EQ(disk_.sync(file("/a/x", "one")), Disk::Answer::kOk);
  disk_.sync_folder("/a");
  cut();
  EXPECT_FALSE(disk_.exists("/a/x"));
  EXPECT_FALSE(disk_.exists("/a"));
}

TEST_F(DiskTest, ARenameThatWasNotSyncedIsUndoneAsAWhole) {
  EXPECT_EQ(disk_.sync(file("/a/x", "one")), Disk::Answer::kOk);
  disk_.settle();
  EXPECT_EQ(disk_.rename("/a/x", "/a/y"), Disk::Answer::kOk);
  cut();
  EXPECT_TRUE(disk_.exists("/a/x"));
  EXPECT_FALSE(disk_.exists("/a/y"));
}

TEST_F(DiskTest, ATornTailIsAtMostOneSectorOfGarbageBehindAFrontPart) {
  const std::string whole = "one" + std::string(5000, 'x');
  std::set<size_t> fronts;
  for (int i = 0; i < 20; ++i) {
    const std::string path = "/a/" + std::to_string(i);
    const auto made = file(path, "one");
    disk_.settle();
    EXPECT_EQ(disk_.append(made, whole.substr(3)), Disk::Answer::kOk);
    cut(Torn::kZeroSector);
    const std::string left = disk_.bytes_of(path);
    const size_t front = std::min(left.find('\0'), left.size());
    EXPECT_GE(front, 3u) << "what was synced is there";
    EXPECT_EQ(left.substr(0, front), whole.substr(0, front));
    EXPECT_EQ(left.substr(front), std::string(std::min<size_t>(512, whole.size() - front), '\0'));
    fronts.insert(front);
  }
  EXPECT_GT(fronts.size(), 10u) << "any front part";
}

// fsyncgate: the second sync says yes, and the bytes are not there.
TEST_F(DiskTest, AFailedSyncLosesItsBytesThoughTheNextOneSaysYes) {
  const auto made = file("/a/x", "one");
  disk_.settle();
  EXPECT_EQ(disk_.append(made, "two"), Disk::Answer::kOk);
  disk_.arm({.trouble = Trouble::kIo, .site = Site::kSync});
  EXPECT_EQ(disk_.sync(made), Disk::Answer::kIo);
  EXPECT_EQ(disk_.sync(made), Disk::Answer::kOk);
  cut();
  EXPECT_EQ(disk_.bytes_of("/a/x"), std::string("one\0\0\0", 6));
}

TEST_F(DiskTest, AFaultMeetsTheNthCallOfItsKindOnceOrForEver) {
  const auto made = file("/a/x", "");
  disk_.arm({.trouble = Trouble::kNoSpace, .site = Site::kAppend, .nth = 2});
  EXPECT_EQ(disk_.append(made, "1"), Disk::Answer::kOk);
  EXPECT_EQ(disk_.append(made, "2"), Disk::Answer::kNoSpace);
  EXPECT_EQ(disk_.append(made, "3"), Disk::Answer::kOk);
  disk_.arm({.trouble = Trouble::kIo, .site = Site::kAppend, .for_ever = true});
  EXPECT_EQ(disk_.append(made, "4"), Disk::Answer::kIo);
  EXPECT_EQ(disk_.append(made, "5"), Disk::Answer::kIo);
  EXPECT_EQ(disk_.sync(made), Disk::Answer::kOk);
}

TEST_F(DiskTest, NothingIsDoneWithoutPower) {
  const auto made = file("/a/x", "one");
  disk_.settle();
  disk_.arm({.trouble = Trouble::kPowerCut, .nth = 1});
  EXPECT_EQ(disk_.append(made, "two"), Disk::Answer::kIo);
  EXPECT_EQ(disk_.sync(made), Disk::Answer::kIo);
  EXPECT_EQ(disk_.remove("/a/x"), Disk::Answer::kIo);
  EXPECT_FALSE(disk_.powered());
}

// Seeds that the large runs begin with; MORE=20 makes all of it twenty times as long.
uint64_t more(uint64_t count) {
  const char* factor = std::getenv("MORE");
  return count * (factor == nullptr ? 1 : std::strtoull(factor, nullptr, 10));
}

TEST(DiskFault, APowerCutTakesNothingThatWasPromised) {
  Tallies tallies(1);
  cut_power(more(15), 1, tallies);
  EXPECT_TRUE(tallies.fine());
  EXPECT_EQ(tallies.runs(), more(15));
}

TEST(DiskFault, AWrongByteInAnyFileIsHarmlessOrSaid) {
  Tallies tallies(1);
  flip_bytes(more(72), 1, Where::kHere, tallies);
  EXPECT_TRUE(tallies.fine());
  EXPECT_EQ(tallies.runs(), more(72));
}

TEST(DiskFault, AShortOrMissingFileIsHarmlessOrSaid) {
  Tallies tallies(2);
  truncate_logs(more(6), 2, tallies);
  EXPECT_EQ(tallies.runs(), 3 * more(6)) << "of hub, publisher and desk";
  lose_files(2, tallies);
  EXPECT_TRUE(tallies.fine());
  EXPECT_GE(tallies.runs(), 3 * more(6) + 18) << "a file of each of six kinds";
}

TEST(DiskFault, AfterAnErrorAtAnyWriteSiteNothingThatWasPromisedIsMissing) {
  Tallies tallies(1);
  fail_calls(more(1) > 1 ? 1 : 29, 1, tallies);
  EXPECT_TRUE(tallies.fine());
  EXPECT_GE(tallies.runs(), 72u) << "the first of each kind of call, by caller and background";
}

TEST(DiskFault, AfterAnErrorOfAnyReadNothingThatWasPromisedIsMissing) {
  Tallies tallies(1);
  fail_reads(more(1) > 1 ? 1 : 29, 1, tallies);
  EXPECT_TRUE(tallies.fine());
  EXPECT_GT(tallies.runs(), 20u);
}

TEST(DiskFault, ASlowDiskAndAReadOnlyOneCostTimeOnly) {
  Tallies tallies(1);
  slow_syncs(more(3), 1, tallies);
  read_only(more(4), 1, tallies);
  two_openers(1, tallies);
  EXPECT_TRUE(tallies.fine());
  EXPECT_EQ(tallies.runs(), more(3) + 3 * more(4) + 1);
}

TEST(DiskFault, AnOldBackupIsMadeWholeFromOutboxes) {
  Tallies tallies(1);
  restore_old_backups(more(6), 1, tallies);
  EXPECT_TRUE(tallies.fine());
  EXPECT_EQ(tallies.runs(), more(6));
}

// Planted: answers leave before the sync. What a power cut then takes was promised.
TEST(DiskPlanted, AHubThatAnswersBeforeItsSyncIsCaught) {
  size_t caught = 0;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    DiskWorld::Options options{.seed = seed};
    options.member_on_disk = {false, false, false, false};
    DiskWorld world(options);
    for (int i = 0; i < 6; ++i) world.step();
    ASSERT_TRUE(world.settle());
    world.hub().answer_early(true);
    for (int i = 0; i < 6; ++i) {
      world.publish(0);
      world.talk();
    }
    Disk& disk = world.hub().ground().disk();
    disk.cut_power();
    world.stop_hub();
    disk.power_on(Torn::kDropped, world.dice(), 0);
    world.hub().answer_early(false);
    caught += world.judge().losses > 0 ? 1 : 0;
  }
  EXPECT_EQ(caught, 3u);
}

// Planted: people are told that their acts are recorded, and they are not.
TEST(DiskPlanted, AHubThatForgetsWhatPeopleDidIsCaught) {
  DiskWorld world({.seed = 1, .hub_on_disk = false, .member_on_disk = {}});
  for (int i = 0; i < 12; ++i) world.step();
  ASSERT_TRUE(world.settle());
  for (int i = 0; i < 8; ++i) world.act(kPublishers + static_cast<size_t>(i) % 2);
  auto verdict = world.judge();
  EXPECT_TRUE(verdict.promises_kept()) << verdict.text();
  EXPECT_GT(verdict.desks.acts, 4u) << "too few acts to prove anything";
  const uint64_t before = world.acts_done();
  world.hub().forget_acts(true);
  for (int i = 0; i < 8; ++i) world.act(kPublishers + static_cast<size_t>(i) % 2);
  verdict = world.judge();
  EXPECT_GT(world.acts_done(), before);
  EXPECT_GT(verdict.desks.acts_lost, 0u);
  EXPECT_GT(verdict.fresh.acts_lost, 0u);
  EXPECT_EQ(judged(world, verdict), Outcome::kSilent);
}

// Planted: an entry is gone from a desk's store, and nobody was told.
TEST(DiskPlanted, ALostEntryThatNobodyIsToldOfIsSilent) {
  DiskWorld world({.seed = 1, .hub_on_disk = false, .member_on_disk = {}});
  for (int i = 0; i < 6; ++i) world.step();
  auto verdict = world.judge();
  ASSERT_EQ(judged(world, verdict), Outcome::kHarmless) << verdict.text();
  kv::Kv& store = *world.member(kDamagedDesk).ground().open().value();
  kv::Batch batch;
  batch.erase(kv::Family::kInbox, store.scan(kv::Family::kInbox, "", "\xff")->key());
  ASSERT_TRUE(store.write_synced(batch).ok());
  verdict = world.judge();
  EXPECT_GT(verdict.desks.lost, 0u) << verdict.text();
  EXPECT_EQ(judged(world, verdict), Outcome::kSilent);
}

// What is missing may be, where somebody is told which it is; what is wrong may not.
TEST(DiskPlanted, OnlyWhatIsMissingIsExcusedByWordsOfIt) {
  DiskWorld world({.seed = 1, .hub_on_disk = false, .member_on_disk = {}});
  DiskWorld::Verdict verdict;
  verdict.fresh.lost = 1;
  EXPECT_EQ(judged(world, verdict), Outcome::kSilent);
  verdict.unreadable = 1;
  EXPECT_EQ(judged(world, verdict), Outcome::kDetected);
  verdict.fresh.altered = 1;
  EXPECT_EQ(judged(world, verdict), Outcome::kSilent);
}

}  // namespace switchboard::fault
