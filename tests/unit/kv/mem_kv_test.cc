#include "broker/kv/mem_kv.h"

#include <gtest/gtest.h>

#include <thread>

namespace switchboard::kv {

Batch one(std::string_view key, std::string_view value) {
  Batch batch;
  batch.put(Family::kState, key, value);
  return batch;
}

std::optional<std::string> row(const Reads& reads, std::string_view key) {
  return reads.get(Family::kState, key).value();
}

TEST(MemKv, ACrashKeepsWhatWasSyncedAndNothingElse) {
  MemKv kv;
  ASSERT_TRUE(kv.write_synced(one("a", "synced")).ok());
  ASSERT_TRUE(kv.write_synced(one("erased", "synced")).ok());
  Batch batch = one("a", "lost");
  batch.put(Family::kState, "a", "lost again");
  batch.erase(Family::kState, "erased");
  batch.put(Family::kEvent, "new", "lost");
  ASSERT_TRUE(kv.write(batch).ok());
  ASSERT_TRUE(kv.write(one("b", "lost")).ok());
  EXPECT_EQ(kv.unsynced(), 2u);
  kv.crash();
  EXPECT_EQ(row(kv, "a"), "synced");
  EXPECT_EQ(row(kv, "erased"), "synced");
  EXPECT_EQ(row(kv, "b"), std::nullopt);
  EXPECT_EQ(kv.get(Family::kEvent, "new").value(), std::nullopt);
  EXPECT_EQ(kv.unsynced(), 0u);
}

TEST(MemKv, ACrashMayKeepTheFirstUnsyncedBatchesWhole) {
  MemKv kv;
  for (const char* key : {"a", "b", "c"}) ASSERT_TRUE(kv.write(one(key, "x")).ok());
  kv.crash(2);
  EXPECT_EQ(row(kv, "b"), "x");
  EXPECT_EQ(row(kv, "c"), std::nullopt);
  kv.crash();
  EXPECT_EQ(row(kv, "b"), "x") << "what the disk kept is durable";
}

TEST(MemKv, ASnapshotOutlivesCrashAndStore) {
  auto kv = std::make_unique<MemKv>();
  ASSERT_TRUE(kv->write(one("a", "seen")).ok());
  const auto snapshot = kv->snapshot();
  kv->crash();
  EXPECT_EQ(row(*kv, "a"), std::nullopt);
  kv.reset();
  EXPECT_EQ(row(*snapshot, "a"), "seen");
}

TEST(MemKv, ADurableCopyIsWhatAPowerCutWouldLeave) {
  MemKv kv;
  ASSERT_TRUE(kv.write_synced(one("a", "synced")).ok());
  ASSERT_TRUE(kv.write(one("a", "visible")).ok());
  const auto copy = kv.durable_copy();
  EXPECT_EQ(row(*copy, "a"), "synced");
  EXPECT_EQ(row(kv, "a"), "visible");
  ASSERT_TRUE(copy->write_synced(one("a", "elsewhere")).ok());
  EXPECT_EQ(row(kv, "a"), "visible");
}

TEST(MemKv, AnotherThreadReadsItsSnapshotWhileRowsChange) {
  MemKv kv;
  ASSERT_TRUE(kv.write(one("a", "0")).ok());
  auto snapshot = kv.snapshot();
  size_t wrong = 0;
  std::thread reader([&wrong, snapshot = std::move(snapshot)] {
    for (int i = 0; i < 1000; ++i) {
      if (row(*snapshot, "a") != "0") ++wrong;
    }
  });
  for (int i = 1; i <= 1000; ++i) EXPECT_TRUE(kv.write(one("a", std::to_string(i))).ok());
  reader.join();
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(row(kv, "a"), "1000");
}

}  // namespace switchboard::kv
