// How often each of a few values was seen, bounded: what comes after the last place is one row.
//
// Thread: one. Fails: never.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::mllp {

class Tally {
 public:
  static constexpr size_t kValuesMax = 200;
  void add(std::string value, uint64_t count = 1);
  uint64_t of(const std::string& value) const;
  uint64_t total() const;
  bool empty() const { return counts_.empty(); }
  // Most frequent first.
  std::vector<std::pair<std::string, uint64_t>> rows() const;

 private:
  std::map<std::string, uint64_t> counts_;
};

// "E5550001" -> "A9{7}", "01 632" -> "99 9{3}": digits, letters, and what stands between them.
std::string shape_of(std::string_view value);
// A code or the name of an authority as it is; anything that could name a person by its shape.
std::string shown(std::string_view value);

}  // namespace switchboard::mllp
