// What the disk gives back damaged stops what needs it, and nothing else.
//
// One flipped bit at rest must not end the process at every passed deadline, for every child: a
// deadline or an act is tried against the rows it is about first, and left alone if one cannot be
// read; a decision that only looks at other events goes on without that one. All of it is noted, so
// that the shell can raise the alarm. Rows that nobody can do without stay strict: journal.take().
// A read is tried twice. Noted until the process ends; the next tries again. Thread: the loop.
#pragma once

#include <set>
#include <string>

#include "broker/core/turn.h"

namespace switchboard::core {

class Damage {
 public:
  // What was met, in words without a child: "event 12", "X99-HV's number 7" by its handle.
  // False: noted before, or there are limits::kDamageNotesMax notes (P11: what each note would
  // cause, an entry in the audit, does not come again at each tick).
  bool note(std::string what);
  const std::set<std::string>& met() const { return met_; }

 private:
  std::set<std::string> met_;
};

// An event's row: nothing where there is none, or where it is damaged, which is noted.
std::optional<v1::EventRecord> event_of(Turn& turn, uint64_t position);

// Can be read what an act on this number begins with? What cannot is noted.
bool readable(Turn& turn, store::TeamHandle team, uint64_t number);
// The same of a deadline. Its row stays where it is damaged, and the audit says once that it stands
// still (P8, P10).
bool readable(Turn& turn, const store::Due& due);

}  // namespace switchboard::core
