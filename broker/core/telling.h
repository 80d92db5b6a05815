// How levels that pass in one tick are told: one by one, or in a storm as one digest per log.
//
// Every level is recorded with its delivery in any case; here is only what logs say of it. After an
// outage, or when many pass at once, a log gets one CHANGE_DIGEST, the most urgent first, instead
// of a change for each; deliveries to teams that had none are made all the same, as people act on
// them. Thread: the loop, one per tick.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "broker/core/delivery.h"

namespace switchboard::core {

class Telling {
 public:
  explicit Telling(std::set<store::LogId> storms) : storms_(std::move(storms)) {}

  // The change of a level, for one log.
  void tell(Turn& turn, store::LogId log, v1::ChangeRecord change, v1::Urgency urgency);
  // Somebody got a delivery by a level; the change says of what, refers_to is the new number.
  void told(store::LogId log, const v1::ChangeRecord& change, v1::Urgency urgency);
  // At the end of the tick: a digest for each log in a storm.
  void finish(Turn& turn);

 private:
  struct Line {
    v1::DigestLine line;
    uint64_t event_position = 0;
  };
  void add(store::LogId log, const v1::ChangeRecord& change, v1::Urgency urgency);
  std::set<store::LogId> storms_;
  std::map<store::LogId, std::vector<Line>> lines_;
};

}  // namespace switchboard::core
