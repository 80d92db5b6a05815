// What partners were promised, and what readers hold, against what this store is (P10, DESIGN §9).
//
// An epoch is one opening of the store, so it has one history: of an epoch that this store has,
// partner and store share everything up to where it ended here; of one that it has not, nothing.
// That makes both answers exact, however many tails were lost unseen. Reads only. Thread: any.
#pragma once

#include "broker/core/audit.h"
#include "broker/core/secrets.h"
#include "broker/store/keys.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::core {

enum class Witness {
  kAgrees,  // this history, as far as the promise goes
  kForged,  // the MAC is not ours: ignored, alarmed
  kLost,    // it was promised what we do not have
  kForked,  // … by another copy of the store, which was opened after this one
};
struct Judged {
  Witness seen = Witness::kAgrees;
  uint64_t common = 0;    // kLost, kForked: the last position that both histories have
  int64_t common_us = 0;  // time of that commit
};
// `earlier`: the partner's promises of earlier epochs, newest first. Without them a promise of an
// epoch that is not here has nothing in common with this store.
Result<Judged> judge(const kv::Reads& reads, const Secrets& secrets, const Head& head,
                     const v1::Promise& promise, const v1::Promises& earlier = {});

struct Claim {
  uint64_t common = 0;  // numbers up to here are the same entries for both
  bool beyond = false;  // it holds numbers of a history that is not this one …
  bool proved = false;  // … and a promise of this hub that covers them
  Judged judged;        // of that promise
};
// What a reader of the log holds; `log_head` is where the log stands here.
Result<Claim> judge(const kv::Reads& reads, const Secrets& secrets, const Head& head,
                    store::LogId log, uint64_t log_head, const v1::Attach& attach);

}  // namespace switchboard::core
