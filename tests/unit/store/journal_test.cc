#include "broker/store/journal.h"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "broker/kv/faulty_kv.h"
#include "broker/kv/mem_kv.h"

namespace switchboard::store {
namespace {

using kv::Family;
using Rows = std::vector<std::pair<std::string, std::string>>;
using testing::ElementsAre;
using testing::Pair;

constexpr auto kFamily = Family::kState;

Rows rows_of(std::unique_ptr<kv::Scan> scan) {
  Rows rows;
  for (; scan->valid(); scan->next()) rows.emplace_back(scan->key(), scan->value());
  EXPECT_TRUE(scan->status().ok());
  return rows;
}

struct World {
  World() : journal(disk) {
    for (const char* k : {"a", "c", "e"}) journal.put(kFamily, k, "disk");
    commit();
  }
  void commit() {
    EXPECT_TRUE(disk.write_synced(journal.pending()).ok());
    journal.written();
  }
  kv::MemKv disk;
  Journal journal;
};

TEST(Journal, ReadsWhatThisTurnWrote) {
  World w;
  w.journal.put(kFamily, "b", "new");
  w.journal.put(kFamily, "c", "changed");
  w.journal.erase(kFamily, "e");
  EXPECT_EQ(w.journal.get(kFamily, "b").value(), "new");
  EXPECT_EQ(w.journal.get(kFamily, "c").value(), "changed");
  EXPECT_EQ(w.journal.get(kFamily, "e").value(), std::nullopt);
  EXPECT_EQ(w.journal.get(kFamily, "a").value(), "disk");
  EXPECT_EQ(w.disk.get(kFamily, "b").value(), std::nullopt);
}
// What was handed over is read as if it were in the store, and what came after it hides it.
TEST(Journal, ReadsWhatIsOnItsWayUntilItHasLanded) {
  World w;
  w.journal.put(kFamily, "b", "leaving");
  w.journal.put(kFamily, "c", "leaving");
  w.journal.erase(kFamily, "e");
  w.journal.append(Family::kPayload, "p", "sealed");
  w.journal.put_later("m", "in a run");
  w.journal.begin_run(1);
  ASSERT_TRUE(w.journal.write_run(100));
  const kv::Batch& leaving = w.journal.hand_over();
  EXPECT_TRUE(w.journal.pending().empty());
  w.journal.put(kFamily, "c", "newer");
  w.journal.put(kFamily, "e", "again");
  w.journal.put_later("n", "later");
  const auto expect_all = [&] {
    EXPECT_EQ(w.journal.get(kFamily, "a").value(), "disk");
    EXPECT_EQ(w.journal.get(kFamily, "b").value(), "leaving");
    EXPECT_EQ(w.journal.get(kFamily, "c").value(), "newer");
    EXPECT_EQ(w.journal.get(Family::kPayload, "p").value(), "sealed");
    EXPECT_EQ(w.journal.get(Family::kIndex, "m").value(), "in a run");
    EXPECT_THAT(rows_of(w.journal.scan(kFamily, "", "")),
                ElementsAre(Pair("a", "disk"), Pair("b", "leaving"), Pair("c", "newer"),
                            Pair("e", "again")));
    EXPECT_THAT(rows_of(w.journal.scan_back(Family::kIndex, "", "")),
                ElementsAre(Pair("n", "later"), Pair("m", "in a run")));
  };
  expect_all();
  EXPECT_TRUE(w.disk.write_synced(leaving).ok());
  expect_all();
  w.journal.landed();
  expect_all();
  EXPECT_EQ(w.disk.get(kFamily, "e").value(), std::nullopt) << "the newer row is not of that batch";
}
TEST(Journal, WhatIsOnItsWayHidesADeletedRowOfTheStore) {
  World w;
  w.journal.erase(kFamily, "c");
  (void)w.journal.hand_over();
  EXPECT_EQ(w.journal.get(kFamily, "c").value(), std::nullopt);
  EXPECT_THAT(rows_of(w.journal.scan(kFamily, "", "")),
              ElementsAre(Pair("a", "disk"), Pair("e", "disk")));
}
TEST(Journal, ScansMergeWhatIsPendingWithWhatIsCommitted) {
  World w;
  w.journal.put(kFamily, "b", "new");
  w.journal.put(kFamily, "c", "changed");
  w.journal.erase(kFamily, "e");
  w.journal.put(kFamily, "f", "new");
  EXPECT_THAT(
      rows_of(w.journal.scan(kFamily, "", "")),
      ElementsAre(Pair("a", "disk"), Pair("b", "new"), Pair("c", "changed"), Pair("f", "new")));
  EXPECT_THAT(
      rows_of(w.journal.scan_back(kFamily, "", "")),
      ElementsAre(Pair("f", "new"), Pair("c", "changed"), Pair("b", "new"), Pair("a", "disk")));
  EXPECT_THAT(rows_of(w.journal.scan(kFamily, "b", "f")),
              ElementsAre(Pair("b", "new"), Pair("c", "changed")));
}
TEST(Journal, FamiliesDoNotMix) {
  World w;
  w.journal.put(Family::kIndex, "b", "index");
  EXPECT_EQ(rows_of(w.journal.scan(kFamily, "", "")).size(), 3u);
  EXPECT_EQ(w.journal.get(kFamily, "b").value(), std::nullopt);
}
TEST(Journal, AnAppendIsWrittenButNotReadBack) {
  World w;
  w.journal.append(kFamily, "z", "payload");
  EXPECT_EQ(w.journal.get(kFamily, "z").value(), std::nullopt);
  w.commit();
  EXPECT_EQ(w.journal.get(kFamily, "z").value(), "payload");
}
TEST(Journal, ThePendingBatchKeepsTheOrderOfWrites) {
  World w;
  w.journal.append(kFamily, "x", "1");
  w.journal.erase(kFamily, "x");
  w.commit();
  EXPECT_EQ(w.journal.get(kFamily, "x").value(), std::nullopt);
}
TEST(Journal, AfterTheWriteReadsGoToTheStore) {
  World w;
  w.journal.put(kFamily, "b", "new");
  w.commit();
  EXPECT_TRUE(w.journal.pending().empty());
  EXPECT_EQ(w.journal.get(kFamily, "b").value(), "new");
}
TEST(Journal, TheFirstFailureSticks) {
  World w;
  kv::FaultyKv faulty(w.disk, {.read = 1});
  Journal journal(faulty);
  EXPECT_EQ(journal.take(journal.get(kFamily, "a")), std::nullopt);
  ASSERT_TRUE(journal.failure());
  const std::string first = journal.failure()->text;
  EXPECT_EQ(journal.take(journal.get(kFamily, "a")), "disk");
  journal.fail(error(v1::CODE_INTERNAL, "another"));
  journal.written();
  ASSERT_TRUE(journal.failure());
  EXPECT_EQ(journal.failure()->text, first);
}
TEST(Journal, AFailedScanShowsItsStatusThroughTheMerge) {
  World w;
  kv::FaultyKv faulty(w.disk, {.read = 1});
  Journal journal(faulty);
  journal.put(kFamily, "b", "new");
  const auto scan = journal.scan(kFamily, "", "");
  EXPECT_FALSE(scan->status().ok());
}
TEST(Journal, AgreesWithAPlainMapForRandomWrites) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 dice(seed);
    World w;
    std::map<std::string, std::string> model{{"a", "disk"}, {"c", "disk"}, {"e", "disk"}};
    for (int n = 0; n < 30; ++n) {
      const std::string key(1, static_cast<char>('a' + dice() % 8));
      if (dice() % 3 == 0) {
        w.journal.erase(kFamily, key);
        model.erase(key);
      } else {
        w.journal.put(kFamily, key, std::to_string(n));
        model[key] = std::to_string(n);
      }
      if (dice() % 8 == 0) w.commit();
      const Rows forward(model.begin(), model.end());
      ASSERT_EQ(rows_of(w.journal.scan(kFamily, "", "")), forward) << "seed " << seed;
      const Rows back(model.rbegin(), model.rend());
      ASSERT_EQ(rows_of(w.journal.scan_back(kFamily, "", "")), back) << "seed " << seed;
      ASSERT_EQ(w.journal.get(kFamily, key).value().has_value(), model.contains(key));
    }
  }
}

}  // namespace
}  // namespace switchboard::store
