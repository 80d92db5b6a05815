#include "broker/server/hurt.h"

#include <gtest/gtest.h>

#include <set>

#include "broker/kv/mem_kv.h"

namespace switchboard::server {
namespace {

using kv::Family;

TEST(Hurt, NeighboursOfOneFaultAreOneRunAndWhatIsSoundEndsIt) {
  Hurt hurt;
  hurt.add("missing", 3, 3);
  hurt.add("missing", 7, 7);
  hurt.sound();
  hurt.add("missing", 9, 9);
  hurt.add("other", 10, 12);
  ASSERT_EQ(hurt.runs().size(), 3u);
  EXPECT_EQ(hurt.runs()[0].last, 7u);
  EXPECT_EQ(hurt.runs()[0].count, 2u);
  for (const auto& [number, covered] : {std::pair{2, false},
                                        {3, true},
                                        {5, true},
                                        {7, true},
                                        {8, false},
                                        {9, true},
                                        {12, true},
                                        {13, false}}) {
    EXPECT_EQ(hurt.covers(static_cast<uint64_t>(number)), covered) << number;
  }
}
TEST(Hurt, RunsAreBounded) {
  Hurt hurt;
  for (uint64_t n = 0; n < Hurt::kRunsMax + 10; ++n) {
    hurt.add("missing", 2 * n, 2 * n);
    hurt.sound();
  }
  EXPECT_EQ(hurt.runs().size(), Hurt::kRunsMax);
}

// A disk that gives back no block in which one of these numbers lies, as RocksDB does it: neither
// by a seek into it nor by going on into it.
class Holed final : public kv::Reads {
 public:
  Holed(const kv::Reads& below, std::set<uint64_t> holes)
      : below_(below), holes_(std::move(holes)) {}
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    return below_.get(family, key);
  }
  std::unique_ptr<kv::Scan> scan(Family family, std::string_view from,
                                 std::string_view until) const override {
    return std::make_unique<Cursor>(below_.scan(family, from, until), holes_);
  }
  std::unique_ptr<kv::Scan> scan_back(Family family, std::string_view from,
                                      std::string_view until) const override {
    return below_.scan_back(family, from, until);
  }

 private:
  class Cursor final : public kv::Scan {
   public:
    Cursor(std::unique_ptr<kv::Scan> below, const std::set<uint64_t>& holes)
        : below_(std::move(below)), holes_(holes) {}
    bool valid() const override { return below_->valid() && !in_hole(); }
    std::string_view key() const override { return below_->key(); }
    std::string_view value() const override { return below_->value(); }
    void next() override { below_->next(); }
    Status status() const override {
      return below_->valid() && in_hole() ? error(v1::CODE_INTERNAL, "storage corrupt") : ok();
    }

   private:
    bool in_hole() const { return holes_.contains(store::key::trailing_u64(below_->key())); }
    std::unique_ptr<kv::Scan> below_;
    const std::set<uint64_t>& holes_;
  };
  const kv::Reads& below_;
  const std::set<uint64_t> holes_;
};

// What is read and what is lost of the numbers 1 to 100, of which every tenth is not there.
std::string read_with(const std::set<uint64_t>& holes) {
  kv::MemKv kv;
  kv::Batch batch;
  for (uint64_t n = 1; n <= 100; ++n) {
    if (n % 10 != 0) batch.put(Family::kAudit, store::key::position(n), "row");
  }
  CHECK(kv.write(batch).ok());
  std::string words;
  uint64_t read = 0;
  read_past_damage(
      Holed(kv, holes), {Family::kAudit, store::key::position, 100}, 1,
      [&](uint64_t number, std::string_view) {
        ++read;
        return number + 1;
      },
      [&](uint64_t first, uint64_t last) {
        words += range_words("number", "numbers", first, last) + "; ";
      });
  return words + std::to_string(read) + " read";
}

TEST(ReadPastDamage, ReadsAllThatThereIsAndNamesWhatIsLost) {
  EXPECT_EQ(read_with({}), "90 read");
  EXPECT_EQ(read_with({5}), "number 5; 89 read");
  EXPECT_EQ(read_with({1}), "number 1; 89 read");
  EXPECT_EQ(read_with({41, 42, 43, 44, 45, 46}), "numbers 40 to 46; 84 read");
  EXPECT_EQ(read_with({3, 5, 99}), "number 3; number 5; numbers 99 to 100; 87 read");
}
TEST(ReadPastDamage, WhatIsLostWithNothingBehindItGoesToTheEnd) {
  EXPECT_EQ(read_with({97, 98, 99}), "numbers 97 to 100; 87 read");
}

}  // namespace
}  // namespace switchboard::server
