// The highest promise the hub made to this client, and those of earlier epochs, kept for the next
// Hello (P10): where its history and the client's parted, if it is not the same any more.
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
  // The highest of each earlier epoch, newest first; thinned.
  const v1::Promises& earlier() const { return earlier_; }
  // False: whoever says this is behind what this client was promised. Say it at a Welcome only;
  // answers within a session may carry an earlier promise of the same epoch.
  bool credible(const v1::Promise& promise) const;
  // Keeps it if it is higher. Written, not synced: it goes before the confirmation that rests on it
  // in the same log, so after a crash either both are there or the items are sent again.
  Status note(const v1::Promise& promise);

 private:
  explicit Promises(kv::Kv& kv) : kv_(&kv) {}
  kv::Kv* kv_;
  v1::Promise highest_;
  v1::Promises earlier_;
};

}  // namespace switchboard::sdk
