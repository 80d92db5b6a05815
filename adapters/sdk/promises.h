// The highest promise the hub made to this client, kept for the next Hello (P10).
//
// It is how a hub that lost its tail learns so, and how a client tells an old copy of the hub from
// the hub: an older epoch, fewer positions in the same epoch, or another head at the same position.
// Not here: what follows (session.h). Thread: the owner's. Fails: only with the store.
#pragma once

#include "broker/base/result.h"
#include "broker/kv/kv.h"

namespace switchboard::sdk {

class Promises {
 public:
  // `kv` outlives this; several parts of one client share it. Keys: OUTBOX.md.
  static Result<Promises> open(kv::Kv& kv);

  // Empty (epoch 0) at first contact.
  const v1::Promise& highest() const { return highest_; }
  // False: whoever says this is behind what this client was promised. Say it at a Welcome only;
  // answers within a session may carry an earlier promise of the same epoch.
  bool credible(const v1::Promise& promise) const;
  // Keeps it if it is higher. Written, not synced: it goes before the confirmation that rests on it
  // in the same log, so after a crash either both are there or the items are sent again.
  Status note(const v1::Promise& promise);

 private:
  Promises(kv::Kv& kv, v1::Promise highest) : kv_(&kv), highest_(std::move(highest)) {}
  kv::Kv* kv_;
  v1::Promise highest_;
};

}  // namespace switchboard::sdk
