// What a turn borrows and what outlives it: the owner of all that Turn refers to beside the tables.
//
// Whoever runs commands has one: the core, the play of what_if.h, a test. So what a new member of
// Turn refers to is added here, and nowhere else. The journal and the secrets are the owner's.
// Thread: the loop, or the owner's.
#pragma once

#include "broker/core/damage.h"
#include "broker/core/turn.h"

namespace switchboard::core {

struct TurnParts {
  TurnParts(store::Journal& of_journal, const Secrets& of_secrets)
      : journal(of_journal), secrets(of_secrets) {}

  // What the turn before collected is gone.
  void begin(const Head& head, Time at, const std::array<uint8_t, 32>& seed);
  // As often as a command needs one, between begin() and the commit.
  Turn turn(const Directory& directory);

  store::Journal& journal;
  const Secrets& secrets;
  Logs logs;
  Audit audit;
  std::optional<Entropy> entropy;
  Time now;
  std::vector<Appended> appended;
  LiveEvents events;
  NewestIds newest_ids;
  NewestSources newest_sources;
  Policies policies;
  Time opened;
  bool any_held = false;
  bool directory_changed = false;
  bool joins_wait = false;
  Damage damage;
};

}  // namespace switchboard::core
