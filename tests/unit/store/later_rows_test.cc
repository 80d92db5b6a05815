#include "broker/store/later_rows.h"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "broker/kv/mem_kv.h"
#include "broker/store/journal.h"

namespace switchboard::store {
namespace {

using kv::Family;
using testing::ElementsAre;
using Rows = std::vector<std::pair<std::string, std::string>>;

// A tag, a hash of 16 bytes, a number: as keys of these rows are. Few of each, so that they meet.
std::string key_of(unsigned dice) {
  std::string key(1, "mst"[dice % 3]);
  key.append(16, static_cast<char>('a' + dice / 3 % 5));
  if (key[0] != 'm') key.push_back(static_cast<char>(dice / 15 % 7));
  return key;
}

std::map<std::string, std::string> rows_in(const LaterRows& rows, const std::string& from,
                                           const std::string& until) {
  std::map<std::string, std::string> found;
  rows.visit(from, until, [&](std::string_view key, std::string_view value) {
    found.insert_or_assign(std::string(key), std::string(value));
  });
  return found;
}

TEST(LaterRows, HoldWhatAMapHolds) {
  LaterRows rows;
  std::map<std::string, std::string> model;
  std::mt19937 dice(7);
  for (unsigned step = 0; step < 5'000; ++step) {
    const std::string key = key_of(static_cast<unsigned>(dice()));
    rows.put(key, std::to_string(step));
    model[key] = std::to_string(step);
    const std::string asked = key_of(static_cast<unsigned>(dice()));
    const auto known = model.find(asked);
    ASSERT_EQ(rows.find(asked).has_value(), known != model.end());
    if (known != model.end()) {
      ASSERT_EQ(*rows.find(asked), known->second);
    }
  }
  const std::string hash = key_of(4).substr(0, 17);
  const std::vector<std::pair<std::string, std::string>> ranges = {{"", ""},
                                                                   {"m", "n"},
                                                                   {"s", "u"},
                                                                   {"a", "m"},
                                                                   {"a", "ma"},
                                                                   {"n", "s"},
                                                                   {"sb", "t"},
                                                                   {"u", ""},
                                                                   {"mab", ""},
                                                                   {hash, kv::prefix_end(hash)},
                                                                   {hash + "\2", hash + "\5"}};
  for (const auto& [from, until] : ranges) {
    const auto begin = model.lower_bound(from);
    const auto end = until.empty() ? model.end() : model.lower_bound(until);
    EXPECT_EQ(rows_in(rows, from, until), std::map(begin, end)) << from << " to " << until;
  }
  rows.sort();
  Rows sorted;
  const auto take = [&](std::string_view key, std::string_view value) {
    sorted.emplace_back(key, value);
  };
  while (rows.slice(100, take)) {
  }
  EXPECT_EQ(sorted, Rows(model.begin(), model.end()));
  rows.clear();
  EXPECT_TRUE(rows.empty());
  EXPECT_FALSE(rows.find(key_of(4)));
}

TEST(LaterRows, AreReadAtOnceAndWrittenInOrderSliceBySlice) {
  kv::MemKv disk;
  Journal journal(disk);
  for (const char* key : {"c", "a", "b"}) journal.put_later(key, key);
  EXPECT_TRUE(journal.pending().empty());
  journal.begin_run(9);
  journal.put_later("d", "after it");
  std::string order;
  for (const bool last : {false, false, true}) {
    EXPECT_TRUE(journal.writing_run());
    EXPECT_EQ(journal.write_run(1).has_value(), last);
    EXPECT_EQ(journal.get(Family::kIndex, "b").value(), "b");
    EXPECT_EQ(journal.get(Family::kIndex, "d").value(), "after it");
    EXPECT_EQ(std::string(journal.scan(Family::kIndex, "", "")->key()), "a");
    journal.pending().for_each(
        [&](auto, Family, std::string_view key, std::string_view) { order.append(key); });
    ASSERT_TRUE(disk.write_synced(journal.pending()).ok());
    journal.written();
  }
  EXPECT_EQ(order, "abc");
  EXPECT_FALSE(journal.writing_run());
  EXPECT_EQ(disk.get(Family::kIndex, "c").value(), "c");
  EXPECT_FALSE(disk.get(Family::kIndex, "d").value());
}

TEST(LaterRows, OutliveACommitThatDoesNotWriteThem) {
  kv::MemKv disk;
  Journal journal(disk);
  journal.put_later("a", "1");
  journal.put(Family::kIndex, "b", "2");
  ASSERT_TRUE(disk.write_synced(journal.pending()).ok());
  journal.written();
  EXPECT_EQ(journal.get(Family::kIndex, "a").value(), "1");
  EXPECT_FALSE(disk.get(Family::kIndex, "a").value().has_value());
}

}  // namespace
}  // namespace switchboard::store
