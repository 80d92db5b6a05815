#include "broker/store/layout.h"

#include <gtest/gtest.h>

#include "broker/base/bytes.h"
#include "broker/kv/mem_kv.h"
#include "broker/store/keys.h"

namespace switchboard::store {
namespace {

using kv::Family;

void put(kv::Kv& kv, Family family, std::string_view key, std::string_view value) {
  kv::Batch batch;
  batch.put(family, key, value);
  ASSERT_TRUE(kv.write(batch).ok());
}

TEST(Layout, ANewStoreGetsItsFormatDurablyAndOpensAgain) {
  kv::MemKv disk;
  EXPECT_TRUE(check_format(disk).ok());
  ASSERT_TRUE(check_or_make_format(disk).ok());
  disk.crash();
  EXPECT_TRUE(disk.get(Family::kMeta, key::format()).value());
  EXPECT_TRUE(check_format(disk).ok());
  EXPECT_TRUE(check_or_make_format(disk).ok());
}

TEST(Layout, AStoreOfAnotherFormatIsRefusedAndNotTouched) {
  for (const std::string& row :
       {std::string(), std::string("\0\0\0\2", 4), std::string("\0\0\0\4", 4), std::string("x")}) {
    kv::MemKv disk;
    put(disk, Family::kMeta, key::format(), row);
    EXPECT_EQ(check_format(disk).error().code, v1::CODE_UNSUPPORTED_VERSION);
    EXPECT_EQ(check_or_make_format(disk).error().code, v1::CODE_UNSUPPORTED_VERSION);
    EXPECT_EQ(disk.unsynced(), 1u);
  }
}

TEST(Layout, AStoreThatHasAHeadButNoFormatIsTheFirstFormat) {
  kv::MemKv disk;
  put(disk, Family::kMeta, key::head(), "a head");
  EXPECT_EQ(check_or_make_format(disk).error().code, v1::CODE_UNSUPPORTED_VERSION);
  EXPECT_NE(check_format(disk).error().text.find("format 1"), std::string::npos);
}

// The hub's rows: what lies in pages, and what must not, as it is asked for without its neighbours.
TEST(Layout, RowsThatComeInOrderShareAPageAndOthersDoNot) {
  kv::MemKv disk;
  kv::PackedKv kv(disk, packing());
  kv::Batch batch;
  for (uint64_t n = 1; n <= 20; ++n) {
    for (const Family family : {Family::kEvent, Family::kPayload, Family::kKey}) {
      batch.put(family, key::position(n), "row");
    }
    for (const uint32_t team : {1u, 2u}) batch.put(Family::kInbox, key::inbox({team}, n), "row");
    batch.put(Family::kState, key::due({.at_us = 7, .team = 1, .number = n}), "");
    batch.put(Family::kState, key::delivery(1, n), "row");
    batch.put(Family::kState, key::added_recipients(n, n + 1), "row");
  }
  ASSERT_TRUE(kv.write(batch).ok());
  const auto rows = [&](Family family) {
    size_t count = 0;
    for (const auto scan = disk.scan(family, "", ""); scan->valid(); scan->next()) ++count;
    return count;
  };
  EXPECT_EQ(rows(Family::kEvent), 1u);
  EXPECT_EQ(rows(Family::kPayload), 1u);
  EXPECT_EQ(rows(Family::kKey), 1u);
  EXPECT_EQ(rows(Family::kInbox), 2u);
  EXPECT_EQ(rows(Family::kState), 1u + 20u + 20u);
}

}  // namespace
}  // namespace switchboard::store
