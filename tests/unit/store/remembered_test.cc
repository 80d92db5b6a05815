#include "broker/store/remembered.h"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "broker/kv/mem_kv.h"
#include "broker/store/journal.h"

namespace switchboard::store {
namespace {

using kv::Family;
using Value = std::optional<std::string>;
using Found = std::optional<std::optional<std::string_view>>;

std::string key_of(unsigned n) {
  std::string key = "i0000000000000000";
  for (size_t at = key.size(); n > 0; n /= 10) key[--at] = static_cast<char>('0' + n % 10);
  return key;
}

TEST(Remembered, KnowsWhatItWasToldPresentOrAbsent) {
  Remembered rows;
  EXPECT_FALSE(rows.find(Family::kIndex, key_of(1)).has_value());
  rows.keep(Family::kIndex, key_of(1), "a");
  rows.keep(Family::kIndex, key_of(2), std::nullopt);
  EXPECT_EQ(rows.find(Family::kIndex, key_of(1)), Found("a"));
  EXPECT_EQ(rows.find(Family::kIndex, key_of(2)), Found(std::in_place));
  EXPECT_FALSE(rows.find(Family::kState, key_of(1)).has_value());
}
TEST(Remembered, RowsThatAreTooLongAreNotKept) {
  Remembered rows;
  rows.keep(Family::kIndex, std::string(18, 'k'), "a");
  rows.keep(Family::kIndex, key_of(1), std::string(21, 'v'));
  EXPECT_FALSE(rows.find(Family::kIndex, std::string(18, 'k')).has_value());
  EXPECT_FALSE(rows.find(Family::kIndex, key_of(1)).has_value());
}
TEST(Remembered, AWriteOfALongValueForgetsTheRow) {
  Remembered rows;
  rows.keep(Family::kIndex, key_of(1), "a");
  rows.update(Family::kIndex, key_of(1), std::string(21, 'v'));
  EXPECT_FALSE(rows.find(Family::kIndex, key_of(1)).has_value());
}
TEST(Remembered, ManyMoreRowsThanPlacesAreNeverAnsweredWrongly) {
  Remembered rows;
  for (unsigned n = 0; n < 2 * Remembered::kRows; ++n) {
    rows.keep(Family::kIndex, key_of(n), std::to_string(n));
  }
  unsigned known = 0;
  for (unsigned n = 0; n < 2 * Remembered::kRows; ++n) {
    const auto found = rows.find(Family::kIndex, key_of(n));
    if (!found) continue;
    ++known;
    ASSERT_EQ(**found, std::to_string(n));
  }
  EXPECT_LE(known, Remembered::kRows);
  EXPECT_GT(known, Remembered::kRows / 2);
}

// What a journal reads with its memory must be what a plain map holds, whatever was written how.
TEST(Remembered, AJournalReadsTheSameWithAndWithoutItsMemory) {
  kv::MemKv disk;
  Journal journal(disk);
  std::map<std::string, std::string> model;
  std::mt19937 dice(7);
  unsigned noted = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::string key = key_of(static_cast<unsigned>(dice() % 50));
    const std::string value(dice() % 24, static_cast<char>('a' + dice() % 26));
    switch (dice() % 7) {
      case 0:
        journal.put(Family::kIndex, key, value), model[key] = value;
        break;
      case 1:
        journal.erase(Family::kIndex, key), model.erase(key);
        break;
      case 2:
        journal.expect_note(key.substr(1));  // changes nothing
        ASSERT_TRUE(disk.write_synced(journal.pending()).ok());
        journal.written();
        break;
      case 3:
        journal.set_note(key.substr(1), model.contains(key) ? model[key].substr(0, 20) : "-");
        break;
      case 4: {
        const auto note = journal.note(key.substr(1));
        if (!note) break;
        ++noted;
        ASSERT_EQ(*note, model.contains(key) ? model[key].substr(0, 20) : "-") << "step " << step;
        break;
      }
      default: {
        const auto row = journal.get_remembered(Family::kIndex, key).value();
        const auto known = model.find(key);
        ASSERT_EQ(row, known == model.end() ? Value() : Value(known->second)) << "step " << step;
      }
    }
  }
  EXPECT_GT(noted, 500u);
}

}  // namespace
}  // namespace switchboard::store
