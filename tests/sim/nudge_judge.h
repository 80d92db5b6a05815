// Judges nudges (P8): none is forgotten, each ends as sent or has failed loudly.
//
// Reads the hub's tables. Thread: the run's.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/hub_core.h"

namespace switchboard::sim {

class NudgeJudge {
 public:
  explicit NudgeJudge(const support::HubCore& hub) : hub_(hub) {}

  using Breach = std::pair<std::string, std::string>;  // promise, words
  // What must hold at any time: what is owed stays owed, what has ended stays so.
  std::vector<Breach> broken();
  // What must hold when the program that sends them has had its time.
  std::vector<Breach> left_waiting() const;
  void lost_tail() { seen_.clear(); }
  uint64_t ended() const;

 private:
  bool told_of(const v1::NudgeRecord& failed, const std::string& reference) const;
  const support::HubCore& hub_;
  std::map<std::string, v1::NudgeState> seen_;  // by id
};

}  // namespace switchboard::sim
