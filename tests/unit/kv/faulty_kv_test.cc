#include "broker/kv/faulty_kv.h"

#include <gtest/gtest.h>

#include "broker/kv/mem_kv.h"

namespace switchboard::kv {

Batch put_of(std::string_view key) {
  Batch batch;
  batch.put(Family::kEvent, key, "x");
  return batch;
}

TEST(FaultyKv, TheNthWriteFailsOnceAndWritesNothing) {
  MemKv mem;
  FaultyKv kv(mem, {.write = 2});
  EXPECT_TRUE(kv.write(put_of("a")).ok());
  EXPECT_EQ(kv.write(put_of("b")).error().code, v1::CODE_INTERNAL);
  EXPECT_TRUE(kv.write(put_of("c")).ok());
  EXPECT_EQ(mem.get(Family::kEvent, "b").value(), std::nullopt);
  EXPECT_EQ(mem.get(Family::kEvent, "c").value(), "x");
  EXPECT_EQ(kv.writes(), 3u);
}

TEST(FaultyKv, FromTheNthSyncAllFailAndNothingMoreIsDurable) {
  MemKv mem;
  FaultyKv kv(mem, {.sync = 2, .repeat = FaultyKv::Repeat::kForEver});
  EXPECT_TRUE(kv.write_synced(put_of("a")).ok());
  EXPECT_FALSE(kv.write_synced(put_of("b")).ok());
  EXPECT_FALSE(kv.sync().ok());
  EXPECT_EQ(kv.syncs(), 3u);
  mem.crash();
  EXPECT_EQ(mem.get(Family::kEvent, "a").value(), "x");
  EXPECT_EQ(mem.get(Family::kEvent, "b").value(), std::nullopt);
}

TEST(FaultyKv, AFailedSyncMayHaveHappenedAllTheSame) {
  MemKv mem;
  FaultyKv kv(mem, {.sync = 1, .effect = FaultyKv::Effect::kDone});
  EXPECT_FALSE(kv.write_synced(put_of("a")).ok());
  mem.crash();
  EXPECT_EQ(mem.get(Family::kEvent, "a").value(), "x");
}

TEST(FaultyKv, TheNthReadFailsWhereverItIs) {
  MemKv mem;
  ASSERT_TRUE(mem.write(put_of("a")).ok());
  for (const uint64_t n : {1, 2, 3, 4, 5, 6}) {
    const FaultyKv kv(mem, {.read = n});
    const auto snapshot = kv.snapshot();
    const bool failed[] = {!kv.get(Family::kEvent, "a").ok(),
                           !kv.scan(Family::kEvent, "", "")->status().ok(),
                           !kv.scan_back(Family::kEvent, "", "")->status().ok(),
                           !snapshot->get(Family::kEvent, "a").ok(),
                           !snapshot->scan(Family::kEvent, "", "")->status().ok(),
                           !snapshot->scan_back(Family::kEvent, "", "")->status().ok()};
    for (size_t i = 0; i < std::size(failed); ++i) EXPECT_EQ(failed[i], i + 1 == n) << n;
    EXPECT_EQ(kv.reads(), 6u);
  }
}

}  // namespace switchboard::kv
