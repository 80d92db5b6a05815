// Judges the levels of escalations (P8): each once and in order, none skipped, the first told to
// the sender, and none of what somebody had.
//
// Counts deadlines by itself from the policy row, and reads the hub's tables. Thread: the run's.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/hub_core.h"

namespace switchboard::sim {

class Levels {
 public:
  explicit Levels(const support::HubCore& hub);
  // What is wrong with the levels of one event's deliveries.
  std::vector<std::string> broken_at(uint64_t position, bool is_void) const;

 private:
  std::vector<std::string> broken(const v1::EventRecord& event, uint64_t position,
                                  const v1::Recipient& r, bool is_void) const;
  size_t passed_by_now(const v1::Recipient& r) const;
  const support::HubCore& hub_;
  // What sent logs say is late: of which event, in which team; a digest that is cut may say all.
  std::set<std::pair<uint64_t, std::string>> told_senders_;
  bool cut_ = false;
  mutable std::map<uint64_t, v1::Policy> policies_;  // by version
};

}  // namespace switchboard::sim
