#include "broker/kv/packed_kv.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/kv/faulty_kv.h"
#include "broker/kv/mem_kv.h"

namespace switchboard::kv {
namespace {

// Small pages, so that a few rows make several; state has rows beside its pages.
constexpr std::array<Packing, 3> kSmall = {{
    {Family::kEvent, "", "", 0, 60},
    {Family::kInbox, "", "", 2, 60},
    {Family::kState, "T", "U", 3, 60},
}};

std::string number(uint64_t n, std::string_view prefix = {}) {
  std::string key(prefix);
  put_u64(key, n);
  return key;
}

struct Row {
  std::string key, value;
  bool operator==(const Row&) const = default;
};
using Rows = std::vector<Row>;

Rows rows_of(std::unique_ptr<Scan> scan) {
  Rows rows;
  for (; scan->valid(); scan->next()) {
    rows.push_back({std::string(scan->key()), std::string(scan->value())});
  }
  CHECK(scan->status().ok());
  return rows;
}

size_t physical_rows(const Kv& kv, Family family) {
  return rows_of(kv.scan(family, "", "")).size();
}

Batch run(Family family, uint64_t first, uint64_t last, std::string_view value = "v") {
  Batch batch;
  for (uint64_t n = first; n <= last; ++n) batch.put(family, number(n), value);
  return batch;
}

TEST(PackedKv, ARunOfRowsIsOnePhysicalRowUpToThePageSize) {
  MemKv disk;
  constexpr std::array<Packing, 1> packings = {{{Family::kEvent, "", "", 0, 10'000}}};
  PackedKv kv(disk, packings);
  ASSERT_TRUE(kv.write(run(Family::kEvent, 1, 100)).ok());
  EXPECT_EQ(physical_rows(disk, Family::kEvent), 1u);
  EXPECT_EQ(rows_of(disk.scan(Family::kEvent, "", ""))[0].key, number(100));
  ASSERT_TRUE(kv.write(run(Family::kEvent, 101, 164, std::string(1000, 'x'))).ok());
  EXPECT_EQ(physical_rows(disk, Family::kEvent), 1u + 8u);
  EXPECT_EQ(rows_of(kv.scan(Family::kEvent, "", "")).size(), 164u);
  EXPECT_EQ(kv.get(Family::kEvent, number(37)).value(), "v");
}

TEST(PackedKv, GroupsDoNotShareAPage) {
  MemKv disk;
  constexpr std::array<Packing, 1> packings = {{{Family::kInbox, "", "", 4, 10'000}}};
  PackedKv kv(disk, packings);
  for (uint64_t turn = 0; turn < 3; ++turn) {
    Batch batch;
    for (uint64_t n = 1; n <= 10; ++n) {
      for (const char* log : {"log1", "log2"})
        batch.put(Family::kInbox, number(10 * turn + n, log), "v");
    }
    ASSERT_TRUE(kv.write(batch).ok());
  }
  EXPECT_EQ(physical_rows(disk, Family::kInbox), 6u);
  EXPECT_EQ(rows_of(kv.scan(Family::kInbox, "log1", "log2")).size(), 30u);
}

// Erasing an event's key must leave no page with it (STORAGE.md, rule 3).
TEST(PackedKv, AnErasedRowIsInNoPage) {
  MemKv disk;
  PackedKv kv(disk, kSmall);
  Batch batch;
  for (uint64_t n = 1; n <= 9; ++n)
    batch.put(Family::kEvent, number(n), "secret" + std::to_string(n));
  ASSERT_TRUE(kv.write(batch).ok());
  for (const uint64_t n : {5u, 1u, 9u, 3u}) {
    Batch erase;
    erase.erase(Family::kEvent, number(n));
    ASSERT_TRUE(kv.write(erase).ok());
    for (const auto& row : rows_of(disk.scan(Family::kEvent, "", ""))) {
      EXPECT_EQ(row.value.find("secret" + std::to_string(n)), std::string::npos);
    }
    EXPECT_EQ(kv.get(Family::kEvent, number(n)).value(), std::nullopt);
  }
  EXPECT_EQ(rows_of(kv.scan(Family::kEvent, "", "")).size(), 5u);
  Batch all;
  for (uint64_t n = 1; n <= 9; ++n) all.erase(Family::kEvent, number(n));
  ASSERT_TRUE(kv.write(all).ok());
  EXPECT_EQ(physical_rows(disk, Family::kEvent), 0u);
}

TEST(PackedKv, TheLimitIsThatOfTheBatchNotOfThePagesItRewrites) {
  MemKv disk;
  constexpr std::array<Packing, 1> packings = {{{Family::kEvent, "", "", 0, 64 * 1024}}};
  PackedKv kv(disk, packings);
  const std::string value(1024, 'x');
  for (uint64_t first = 1; first <= 2000; first += 1000) {
    ASSERT_TRUE(kv.write(run(Family::kEvent, first, first + 999, value)).ok());
  }
  Batch erase;
  for (uint64_t n = 10; n <= 2000; n += 30) erase.erase(Family::kEvent, number(n));
  ASSERT_TRUE(kv.write(erase).ok());  // rewrites about 2 MB
  EXPECT_EQ(rows_of(kv.scan(Family::kEvent, "", "")).size(), 2000 - erase.count());
  Batch big;
  big.put(Family::kEvent, number(5000), std::string(limits::kBatchBytesMax, 'x'));
  EXPECT_EQ(kv.write(big).error().code, v1::CODE_OVERSIZE);
  EXPECT_EQ(kv.get(Family::kEvent, number(5000)).value(), std::nullopt);
}

TEST(PackedKv, MoreGroupsThanAreRememberedAreWrittenRight) {
  MemKv disk;
  PackedKv kv(disk, kSmall);
  for (uint64_t turn = 1; turn <= 2; ++turn) {
    Batch batch;
    for (uint32_t log = 0; log < PackedKv::kTailsMax + 10; ++log) {
      std::string prefix;
      put_u32(prefix, log);
      batch.put(Family::kInbox, number(turn, prefix.substr(2)), std::to_string(turn));
    }
    ASSERT_TRUE(kv.write(batch).ok());
  }
  EXPECT_EQ(rows_of(kv.scan(Family::kInbox, "", "")).size(), 2 * (PackedKv::kTailsMax + 10));
}

TEST(PackedKv, ADamagedPageIsAnErrorOfEveryReadThatNeedsIt) {
  MemKv disk;
  PackedKv kv(disk, kSmall);
  ASSERT_TRUE(kv.write(run(Family::kEvent, 1, 20)).ok());
  const auto first = rows_of(disk.scan(Family::kEvent, "", ""))[0];
  Batch damage;
  damage.put(Family::kEvent, first.key, first.value.substr(1));
  ASSERT_TRUE(disk.write(damage).ok());
  EXPECT_EQ(kv.get(Family::kEvent, number(1)).error().code, v1::CODE_INTERNAL);
  EXPECT_EQ(kv.snapshot()->get(Family::kEvent, number(1)).error().code, v1::CODE_INTERNAL);
  EXPECT_FALSE(kv.scan(Family::kEvent, "", "")->status().ok());
  const auto back = kv.scan_back(Family::kEvent, "", "");
  while (back->valid()) back->next();
  EXPECT_FALSE(back->status().ok());
  EXPECT_EQ(kv.get(Family::kEvent, number(20)).value(), "v");
  Batch change;
  change.erase(Family::kEvent, number(1));
  EXPECT_FALSE(kv.write(change).ok());
}

// A write reads pages it has to change: if that fails, nothing is written.
TEST(PackedKv, AFailedReadFailsTheWrite) {
  MemKv disk;
  PackedKv(disk, kSmall).write(run(Family::kEvent, 1, 20)).value();
  for (uint64_t nth = 1;; ++nth) {
    FaultyKv faulty(disk, {.read = nth});
    PackedKv kv(faulty, kSmall);
    Batch batch;
    batch.erase(Family::kEvent, number(3));
    batch.put(Family::kEvent, number(19), "new");
    const auto written = kv.write(batch);
    if (faulty.reads() < nth) {
      ASSERT_TRUE(written.ok());
      ASSERT_GT(nth, 2u);
      break;
    }
    EXPECT_FALSE(written.ok());
    EXPECT_EQ(rows_of(PackedKv(disk, kSmall).scan(Family::kEvent, "", "")).size(), 20u);
  }
}

// Reading through a snapshot in any order finds what single reads find.
TEST(PackedKv, ASnapshotsReadsFindTheirRowsInAnyOrder) {
  MemKv disk;
  PackedKv kv(disk, kSmall);
  for (uint64_t n = 2; n <= 60; n += 2) {
    ASSERT_TRUE(kv.write(run(Family::kEvent, n, n, std::to_string(n))).ok());
  }
  ASSERT_TRUE(kv.write(run(Family::kEvent, 100, 130)).ok());
  const auto snapshot = kv.snapshot();
  for (const uint64_t stride : {1, 7, 50, 130}) {
    for (uint64_t i = 0, n = 0; i < 140; ++i, n = (n + stride) % 140) {
      EXPECT_EQ(snapshot->get(Family::kEvent, number(n)).value(),
                kv.get(Family::kEvent, number(n)).value());
    }
  }
}

// ---- against a store without pages -------------------------------------------------------------

// Mostly appends, as the hub writes; among them everything else that may happen.
std::string any_key(Family family, uint64_t& next) {
  const bool append = *rc::gen::inRange(0, 3) > 0;
  const uint64_t n = append ? next++ : *rc::gen::inRange<uint64_t>(0, next + 3);
  const char log = static_cast<char>('a' + *rc::gen::inRange(0, 3));
  const int odd = *rc::gen::inRange(0, 30);
  if (odd == 0)
    return *rc::gen::container<std::string>(rc::gen::elementOf(std::string("aT\0\xff", 4)));
  if (family == Family::kInbox) return number(n, std::string("l") + log);
  if (family == Family::kState) {
    return odd < 8 ? std::string(odd < 4 ? "S" : "V") + log : number(n, std::string("Tx") + log);
  }
  return odd < 5 ? number(n, number(n)) : number(n);
}

Batch any_batch(uint64_t& next) {
  Batch batch;
  const int count = *rc::gen::inRange(1, 25);
  for (int i = 0; i < count; ++i) {
    const Family family = *rc::gen::element(Family::kEvent, Family::kInbox, Family::kState);
    const std::string key = any_key(family, next);
    if (*rc::gen::inRange(0, 5) == 0) {
      batch.erase(family, key);
    } else {
      batch.put(family, key,
                std::string(*rc::gen::inRange<size_t>(0, 40), 'v') + std::to_string(i));
    }
  }
  return batch;
}

void expect_same_range(const Reads& packed, const Reads& plain, Family family,
                       const std::string& from, const std::string& until) {
  RC_ASSERT(rows_of(packed.scan(family, from, until)) == rows_of(plain.scan(family, from, until)));
  RC_ASSERT(rows_of(packed.scan_back(family, from, until)) ==
            rows_of(plain.scan_back(family, from, until)));
}

void expect_same(const Reads& packed, const Reads& plain, uint64_t next) {
  for (const Family family : {Family::kEvent, Family::kInbox, Family::kState}) {
    expect_same_range(packed, plain, family, "", "");
    for (int i = 0; i < 4; ++i) {
      uint64_t last = next;
      const std::string from = any_key(family, last), until = any_key(family, last);
      expect_same_range(packed, plain, family, from, until);
      expect_same_range(packed, plain, family, from.substr(0, 2), until.substr(0, 3));
      expect_same_range(packed, plain, family, "", until);
      RC_ASSERT(packed.get(family, from).value() == plain.get(family, from).value());
    }
    for (const auto& row : rows_of(plain.scan(family, "", ""))) {
      RC_ASSERT(packed.get(family, row.key).value() == row.value);
    }
  }
}

RC_GTEST_PROP(PackedKvModel, EveryReadIsThatOfAStoreWithoutPages, ()) {
  MemKv plain, disk;
  auto packed = std::make_unique<PackedKv>(disk, kSmall);
  std::unique_ptr<Reads> old_packed, old_plain;
  uint64_t next = 0, old_next = 0;
  const int steps = *rc::gen::inRange(1, 12);
  for (int step = 0; step < steps; ++step) {
    const Batch batch = any_batch(next);
    RC_ASSERT(packed->write(batch).ok());
    RC_ASSERT(plain.write(batch).ok());
    expect_same(*packed, plain, next);
    switch (*rc::gen::inRange(0, 6)) {
      case 0:  // a restart
        packed = std::make_unique<PackedKv>(disk, kSmall);
        break;
      case 1:  // a power cut, of both; what was remembered of the end of a group stays right
        disk.crash();
        plain.crash();
        expect_same(*packed, plain, next);
        break;
      case 2:
        RC_ASSERT(packed->sync().ok() && plain.sync().ok());
        break;
      case 3:
        old_packed = packed->snapshot();
        old_plain = plain.snapshot();
        old_next = next;
        break;
      default:
        break;
    }
    if (old_packed) expect_same(*old_packed, *old_plain, old_next);
  }
}

}  // namespace
}  // namespace switchboard::kv
