// What every command of one turn sees: the journal, the directory, the clock reading, randomness.
//
// Inputs only (P12): time and entropy are the shell's. Effects are collected here and sent by the
// shell after this turn's own sync (P1). Thread: the loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/base/seal.h"
#include "broker/base/time.h"
#include "broker/core/audit.h"
#include "broker/core/directory.h"
#include "broker/core/live_events.h"
#include "broker/core/logs.h"
#include "broker/core/newest_ids.h"
#include "broker/core/newest_sources.h"
#include "broker/core/policies.h"
#include "broker/core/secrets.h"
#include "broker/store/journal.h"

namespace switchboard::core {

// A log has a new entry: endpoints that read it may be told.
struct Appended {
  store::LogId log;
  uint64_t number = 0;
  v1::EntryType type = v1::ENTRY_TYPE_UNSPECIFIED;
  uint64_t position = 0;  // of the event
  size_t recipient = 0;   // index into the record's recipients; SIZE_MAX: not of this turn's events
  v1::Urgency urgency = v1::URGENCY_UNSPECIFIED;
};

class Damage;

struct Turn {
  store::Journal& journal;
  const Directory& directory;
  const Secrets& secrets;
  Logs& logs;
  Audit& audit;
  Entropy& entropy;
  Time now;
  std::vector<Appended>& appended;
  LiveEvents& events;
  NewestIds& newest_ids;
  NewestSources& newest_sources;
  Policies& policies;
  Time opened;     // when this process opened the store: deadlines before it passed unwatched
  bool& any_held;  // a correction may be waiting for its original: look for it
  bool& directory_changed;  // rows were written that count from the next turn on
  bool& joins_wait;         // a team is to be brought what there is of a child, in a later turn
  Damage& damage;           // what could not be read
};

}  // namespace switchboard::core
