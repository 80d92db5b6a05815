// The events that a turn accepted, for endpoints that are up to date: the reader need not fetch
// them again.
//
// Owns: their records. The memory of one turn's is used again in the next (most of an event's
// allocations were these); what was unusually large is given back. Thread: the loop.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "broker/store/payload.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

struct LiveEvent {
  v1::EventRecord record;
  uint64_t position = 0;
  // As published: views into the turn's frames.
  std::string_view header;
  std::vector<store::PlainSection> sections;
  // Clear() of a record would free its contacts: they wait here for the next one.
  std::unique_ptr<v1::Contact> call_back, out_of_hours;
};

class LiveEvents {
 public:
  // An empty one; it stays where it is until clear().
  LiveEvent& add();
  // What was added last is none after all.
  void drop_last();
  void clear();

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const LiveEvent& operator[](size_t at) const { return events_[at]; }
  const LiveEvent& front() const { return events_.front(); }
  const LiveEvent& back() const { return events_[size_ - 1]; }
  auto begin() const { return events_.begin(); }
  auto end() const { return events_.begin() + static_cast<std::ptrdiff_t>(size_); }

 private:
  static void empty_out(LiveEvent& event);
  std::deque<LiveEvent> events_;  // the first size_ are of this turn
  size_t size_ = 0;
};

}  // namespace switchboard::core
