// The keys the core works with, each derived from the master key for one use.
#pragma once

#include "broker/base/hash.h"
#include "broker/base/seal.h"

namespace switchboard::core {

struct Secrets {
  explicit Secrets(const HashKey& master)
      : seal(derive_key(master, "seal event keys")),
        index(derive_key(master, "index identifiers")),
        digest(derive_key(master, "digest content")),
        witness(derive_key(master, "witness promises")),
        subject(derive_key(master, "name subjects to teams")),
        check(derive_key(master, "tell the master key")) {}

  SealKey seal;
  HashKey index;
  HashKey digest;
  HashKey witness;
  HashKey subject;
  HashKey check;
};

}  // namespace switchboard::core
