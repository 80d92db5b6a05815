#include "broker/core/turn_parts.h"

namespace switchboard::core {

void TurnParts::begin(const Head& head, Time at, const std::array<uint8_t, 32>& seed) {
  now = at;
  entropy.emplace(seed);
  audit.begin(head, now);
  appended.clear();
  events.clear();
}

Turn TurnParts::turn(const Directory& directory) {
  return {.journal = journal,
          .directory = directory,
          .secrets = secrets,
          .logs = logs,
          .audit = audit,
          .entropy = *entropy,
          .now = now,
          .appended = appended,
          .events = events,
          .newest_ids = newest_ids,
          .newest_sources = newest_sources,
          .policies = policies,
          .opened = opened,
          .any_held = any_held,
          .directory_changed = directory_changed,
          .joins_wait = joins_wait,
          .damage = damage};
}

}  // namespace switchboard::core
