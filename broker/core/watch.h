// The watchdogs: silence is an alarm.
//
// What should have been heard of and was not: a source beyond its stated norm, a team's system that
// is away in staffed hours or takes nothing, an end-to-end probe that is not proven. A pure
// function of tables, directory, what the running hub knows of who is there, and time (P12). A
// silence is told once: begin_silences(). Not here: deadlines of deliveries (deadline.h). Thread:
// any, but for begin_silences: the loop.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "broker/core/turn.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::core {

// What only the running hub knows.
struct Presence {
  Time since;  // it listens since then: before, nobody could be heard
  struct Systems {
    bool attached = false;  // one reads the team's inbox now
    Time last;              // when one did, in this run of the hub
  };
  std::map<store::TeamHandle, Systems> teams;
  std::set<std::string, std::less<>> connected;  // principals
};

struct Watched {
  v1::WatchRow row;
  int64_t silent_since_us = 0;  // tells this silence from the next
  bool begun = false;           // it became an alarm just now: see begin_silences
  std::string principal;        // of a source: whose key
};
// Alarms first, then by name. Sources that state no norm and teams that are reached otherwise are
// there without an alarm, or not at all.
Result<std::vector<Watched>> watch(const store::Reads& reads, const Directory& directory,
                                   const Presence& presence, Time now);

// By when a source that was heard at `last` is expected again. By day (08:00-20:00, Europe/London)
// the one limit holds and by night the other: what began in the one and goes on into the other gets
// what the other allows. Zero by day: never; zero by night: as by day.
std::optional<Time> expected_by(Time last, Duration by_day, Duration by_night);

// Records the alarms whose silence is not recorded yet, each once for ever, and marks them as
// begun. At most so many at once as deadlines ring (P11); the rest the next time.
void begin_silences(Turn& turn, std::vector<Watched>& watched);

}  // namespace switchboard::core
