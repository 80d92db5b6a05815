// What every Kv does, run over each of them.
#include <gtest/gtest.h>

#include <vector>

#include "broker/base/limits.h"
#include "broker/kv/faulty_kv.h"
#include "broker/kv/mem_kv.h"
#include "broker/kv/packed_kv.h"
#include "broker/kv/rocks_kv.h"
#include "tests/unit/kv/folder.h"

namespace switchboard::kv {

enum class Kind { kRocks, kMem, kFaulty, kPacked, kPackedRocks };

// All families in small pages.
std::vector<Packing> small_pages() {
  std::vector<Packing> all;
  for (const Family family : kFamilies) all.push_back({family, "", "", 1, 64});
  return all;
}

class Conformance : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    switch (GetParam()) {
      case Kind::kRocks:
        return open_rocks();
      case Kind::kMem:
        kv_ = &mem_;
        return;
      case Kind::kFaulty:
        kv_ = &faulty_;
        return;
      case Kind::kPackedRocks:
        open_rocks();
        [[fallthrough]];
      case Kind::kPacked:
        packed_.emplace(rocks_ ? static_cast<Kv&>(*rocks_) : mem_, pages_);
        kv_ = &*packed_;
    }
  }
  void open_rocks() {
    rocks_ = RocksKv::open({.dir = folder_.at("db"), .create = true}).value();
    kv_ = rocks_.get();
  }
  void put(std::string_view key, std::string_view value, Family family = Family::kInbox) {
    Batch batch;
    batch.put(family, key, value);
    ASSERT_TRUE(kv_->write(batch).ok());
  }
  static std::vector<std::string> keys(std::unique_ptr<Scan> scan) {
    std::vector<std::string> out;
    for (; scan->valid(); scan->next()) out.emplace_back(scan->key());
    EXPECT_TRUE(scan->status().ok());
    return out;
  }
  std::optional<std::string> get(std::string_view key, Family family = Family::kInbox) {
    return kv_->get(family, key).value();
  }

  using Keys = std::vector<std::string>;
  Folder folder_;
  std::unique_ptr<RocksKv> rocks_;
  MemKv mem_;
  FaultyKv faulty_{mem_};
  const std::vector<Packing> pages_ = small_pages();
  std::optional<PackedKv> packed_;
  Kv* kv_ = nullptr;
};

std::string kind_name(const testing::TestParamInfo<Kind>& test) {
  static constexpr std::array kNames = {"Rocks", "Mem", "Faulty", "Packed", "PackedRocks"};
  return kNames.at(static_cast<size_t>(test.param));
}
INSTANTIATE_TEST_SUITE_P(Kv, Conformance,
                         testing::Values(Kind::kRocks, Kind::kMem, Kind::kFaulty, Kind::kPacked,
                                         Kind::kPackedRocks),
                         kind_name);

TEST_P(Conformance, WhatIsPutIsThereAndWhatIsErasedIsNot) {
  EXPECT_EQ(get("a"), std::nullopt);
  put("a", "1");
  EXPECT_EQ(get("a"), "1");
  put("a", "2");
  EXPECT_EQ(get("a"), "2");
  Batch batch;
  batch.erase(Family::kInbox, "a");
  batch.erase(Family::kInbox, "never there");
  ASSERT_TRUE(kv_->write_synced(batch).ok());
  EXPECT_EQ(get("a"), std::nullopt);
}

TEST_P(Conformance, FamiliesDoNotMix) {
  for (const Family family : kFamilies) put("k", name(family), family);
  for (const Family family : kFamilies) EXPECT_EQ(get("k", family), name(family));
}

TEST_P(Conformance, LaterOperationsOfABatchWin) {
  Batch batch;
  batch.put(Family::kState, "a", "first");
  batch.erase(Family::kState, "a");
  batch.put(Family::kState, "b", "first");
  batch.put(Family::kState, "b", "last");
  ASSERT_TRUE(kv_->write(batch).ok());
  EXPECT_EQ(get("a", Family::kState), std::nullopt);
  EXPECT_EQ(get("b", Family::kState), "last");
}

TEST_P(Conformance, AnOversizeBatchChangesNothingAndTheNextOneIsTaken) {
  Batch batch;
  batch.put(Family::kInbox, "small", "x");
  batch.put(Family::kPayload, "big", std::string(limits::kBatchBytesMax, 'x'));
  EXPECT_EQ(kv_->write(batch).error().code, v1::CODE_OVERSIZE);
  EXPECT_EQ(get("small"), std::nullopt);
  put("small", "y");
  EXPECT_EQ(get("small"), "y");
}

TEST_P(Conformance, ScanIsInByteOrderWithinItsBounds) {
  const std::string zero("b\0", 2);
  for (const auto& key : {std::string("c"), zero, std::string("b"), std::string("a"),
                          std::string("b\xff"), std::string("\xff")}) {
    put(key, key);
  }
  EXPECT_EQ(keys(kv_->scan(Family::kInbox, "", "")), (Keys{"a", "b", zero, "b\xff", "c", "\xff"}));
  EXPECT_EQ(keys(kv_->scan(Family::kInbox, "b", "c")), (Keys{"b", zero, "b\xff"}));
  EXPECT_EQ(keys(kv_->scan(Family::kInbox, "b", prefix_end("b"))), (Keys{"b", zero, "b\xff"}));
  EXPECT_EQ(keys(kv_->scan(Family::kInbox, "bb", "")), (Keys{"b\xff", "c", "\xff"}));
}

TEST_P(Conformance, ScanBackIsTheSameRangeFromItsEnd) {
  for (const char* key : {"a", "b", "c", "d"}) put(key, key);
  EXPECT_EQ(keys(kv_->scan_back(Family::kInbox, "", "")), (Keys{"d", "c", "b", "a"}));
  EXPECT_EQ(keys(kv_->scan_back(Family::kInbox, "b", "d")), (Keys{"c", "b"}));
  EXPECT_EQ(keys(kv_->scan_back(Family::kInbox, "bb", "cc")), (Keys{"c"}));
}

TEST_P(Conformance, EmptyAndUpsideDownRangesHaveNothing) {
  put("b", "");
  for (const auto& [from, until] : std::vector<std::pair<std::string, std::string>>{
           {"b", "b"}, {"c", "a"}, {"c", ""}, {"", "b"}, {"a", "b"}}) {
    EXPECT_EQ(keys(kv_->scan(Family::kInbox, from, until)), Keys{}) << from << "-" << until;
    EXPECT_EQ(keys(kv_->scan_back(Family::kInbox, from, until)), Keys{}) << from << "-" << until;
  }
}

TEST_P(Conformance, EmptyBinaryAndBigValuesComeBack) {
  const std::string binary("\0\xff\n\0", 4);
  put(binary, binary);
  put("empty", "");
  put("big", std::string(limits::kEventBytesMax, 'x'));
  put("", "the empty key");
  EXPECT_EQ(get(binary), binary);
  EXPECT_EQ(get("empty"), "");
  EXPECT_EQ(get("big"), std::string(limits::kEventBytesMax, 'x'));
  EXPECT_EQ(get(""), "the empty key");
}

TEST_P(Conformance, ASnapshotDoesNotSeeLaterWrites) {
  put("a", "old");
  put("gone", "old");
  const auto snapshot = kv_->snapshot();
  Batch batch;
  batch.put(Family::kInbox, "a", "new");
  batch.put(Family::kInbox, "b", "new");
  batch.erase(Family::kInbox, "gone");
  ASSERT_TRUE(kv_->write_synced(batch).ok());
  EXPECT_EQ(snapshot->get(Family::kInbox, "a").value(), "old");
  EXPECT_EQ(snapshot->get(Family::kInbox, "b").value(), std::nullopt);
  EXPECT_EQ(keys(snapshot->scan(Family::kInbox, "", "")), (Keys{"a", "gone"}));
  EXPECT_EQ(keys(snapshot->scan_back(Family::kInbox, "", "")), (Keys{"gone", "a"}));
  EXPECT_EQ(keys(kv_->scan(Family::kInbox, "", "")), (Keys{"a", "b"}));
}

TEST_P(Conformance, AScanKeepsItsViewWhileRowsChange) {
  for (const char* key : {"a", "b", "c"}) put(key, "old");
  const auto scan = kv_->scan(Family::kInbox, "", "");
  Batch batch;
  batch.erase(Family::kInbox, "b");
  batch.put(Family::kInbox, "c", "new");
  ASSERT_TRUE(kv_->write(batch).ok());
  scan->next();
  ASSERT_TRUE(scan->valid());
  EXPECT_EQ(scan->key(), "b");
  scan->next();
  EXPECT_EQ(scan->value(), "old");
}

TEST_P(Conformance, AnEmptyBatchIsNoError) {
  EXPECT_TRUE(kv_->write(Batch()).ok());
  EXPECT_TRUE(kv_->sync().ok());
}

}  // namespace switchboard::kv
