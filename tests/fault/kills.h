// kill -9, over and over, of anybody at any moment, also while starting and two at once.
//
// Owns: the counts. Draws whom and when from a seed; work must go on after each kill, else it is a
// trouble of the world, and go_on() ends. Thread: the test's.
#pragma once

#include <array>
#include <cstdint>
#include <random>

#include "tests/fault/world.h"

namespace switchboard::test {

class Killer {
 public:
  struct Counts {
    uint64_t hub = 0;
    std::array<uint64_t, std::size(kRoles)> members{};  // by role
    uint64_t starting = 0;                              // of all these, in the first moments
    uint64_t together = 0;                              // times two fell at once
    uint64_t receipts_checked = 0;
    uint64_t all() const;
  };
  Killer(FaultWorld& world, uint64_t seed) : world_(world), random_(seed) {}

  // Until so many kills were done, or something is wrong: see the world's troubles.
  void go_on(uint64_t kills);
  const Counts& counts() const { return counts_; }

 private:
  void once();
  void kill_hub();
  void kill_starting_hub();
  void kill_member(Member& member);
  void restart(Member& member);
  void restart_hub();
  Member& any() { return *world_.members()[random_() % world_.members().size()]; }

  FaultWorld& world_;
  std::mt19937_64 random_;
  Counts counts_;
};

}  // namespace switchboard::test
