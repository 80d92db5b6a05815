// Judges tasks: each once, ended only by a person's recorded act or moot with a reason (P4), and
// told of when its clock passed (P8).
//
// Reads the hub's tables. Thread: the run's.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/hub_core.h"

namespace switchboard::sim {

class TaskJudge {
 public:
  explicit TaskJudge(const support::HubCore& hub) : hub_(hub) {}

  using Breach = std::pair<std::string, std::string>;  // promise, words
  // What must hold at any time.
  std::vector<Breach> broken() const;
  // What must hold when whatever was due has rung.
  std::vector<Breach> left_silent() const;
  uint64_t tasks() const;
  uint64_t ended() const;

 private:
  std::vector<v1::TaskRecord> all_of(const std::string& team) const;
  std::string wrong_with(const v1::TaskRecord& task) const;
  const support::HubCore& hub_;
};

}  // namespace switchboard::sim
