// A turn of its own beside a HubCore's, for what no command reaches alone.
//
// Owns: its journal over the hub's disk, and the parts of its turn. The hub's own core sees nothing
// of it: commit() writes what was decided and starts the hub anew. Thread: the test's.
#pragma once

#include "broker/base/check.h"
#include "broker/core/turn_parts.h"
#include "tests/support/hub_core.h"

namespace switchboard::support {

class TurnBeside {
 public:
  explicit TurnBeside(HubCore& hub)
      : hub_(hub), journal_(hub.kv()), parts_(journal_, hub.core().secrets()) {
    parts_.logs.begin_epoch(journal_, hub.core().head().epoch);
    parts_.begin(hub.core().head(), hub.now, {});
    parts_.audit.next(v1::AUDIT_KIND_ACT);  // P10: of what the turn is about to do
  }

  core::Turn turn() { return parts_.turn(*hub_.core().directory()); }
  store::Journal& journal() { return journal_; }
  void commit() {
    parts_.audit.finish(journal_);
    CHECK(hub_.kv().write_synced(journal_.pending()).ok());
    hub_.crash();
  }

 private:
  HubCore& hub_;
  store::Journal journal_;
  core::TurnParts parts_;
};

}  // namespace switchboard::support
