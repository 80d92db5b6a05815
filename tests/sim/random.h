// Seeded numbers for the simulation and the disk's faults: the same seed, the same numbers (P12).
//
// Owns: its state, nothing else: each kind of fault has one of its own (faults.h). Thread: the
// owner's.
#pragma once

#include <cstdint>

namespace switchboard::sim {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
  uint64_t next() {  // splitmix64
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  uint64_t below(uint64_t n) { return next() % n; }
  bool chance(uint64_t per_thousand) { return below(1000) < per_thousand; }

 private:
  uint64_t state_;
};

}  // namespace switchboard::sim
