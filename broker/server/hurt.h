// Where a store is hurt, in as few lines as it takes: neighbours with the same fault are one run.
//
// Owns: the runs, bounded in number. Pure; any thread. Not here: what is a fault (verify.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/store/rows.h"

namespace switchboard::server {

class Hurt {
 public:
  struct Run {
    std::string fault;
    uint64_t first = 0;
    uint64_t last = 0;
    uint64_t count = 0;  // of what was looked at in it
  };
  // In rising order. One that follows the last with the same fault, and nothing sound in between,
  // makes the last longer.
  void add(std::string_view fault, uint64_t first, uint64_t last);
  void sound() { open_ = false; }
  bool covers(uint64_t number) const;
  const std::vector<Run>& runs() const { return runs_; }
  bool empty() const { return runs_.empty(); }
  static constexpr size_t kRunsMax = 10'000;  // more are left out

 private:
  std::vector<Run> runs_;
  bool open_ = false;
};

// "position 12" or "positions 12 to 15", with the noun in either number.
std::string range_words(std::string_view one, std::string_view many, uint64_t first, uint64_t last);

// Rows whose keys end in a rising number, also past those that the disk does not give back.
struct Numbered {
  kv::Family family;
  std::function<std::string(uint64_t)> key;
  uint64_t last = 0;  // the highest number there can be
};
// Takes a row, and says which number could come next.
using TakeRow = std::function<uint64_t(uint64_t number, std::string_view value)>;
using TakeLost = std::function<void(uint64_t first, uint64_t last)>;
void read_past_damage(const store::Reads& reads, const Numbered& rows, uint64_t from,
                      const TakeRow& take, const TakeLost& lost);

}  // namespace switchboard::server
