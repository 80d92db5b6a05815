// One run of the simulation: a stormy day by a seed, then calm, then judgement.
//
// Adapters, desks, people, the hub and the programs beside it; what goes wrong is of faults.h; time
// is virtual. Once calm, everything is healed and all work must end. Thread: one. The same settings
// give the same run (P12).
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/checker.h"
#include "tests/sim/messages.h"
#include "tests/sim/taps.h"
#include "tests/sim/town.h"
#include "tests/sim/weather.h"

namespace switchboard::sim {

struct Settings {
  uint64_t seed = 1;
  uint64_t steps = 1500;
  Bug bug = Bug::kNone;
  bool losses = false;      // the hub's disk loses its tail now and then
  bool old_copies = false;  // … and goes back to any of its last copies, also of a lost history
  uint64_t without = 0;     // kinds of fault that never strike, by bit()
  size_t trace_lines = 25;
};

struct Outcome {
  std::vector<std::string> breaches;
  std::vector<std::string> trace;  // its last lines
  std::string chain;               // of the end, in hex
  std::array<uint64_t, kFaults> faults{};
  uint64_t steps = 0;  // of the storm, until it was over or a promise broken
  uint64_t events = 0;
  uint64_t acts = 0;
  uint64_t escalations = 0;
  uint64_t ended_tasks = 0;
  uint64_t ended_nudges = 0;
  uint64_t silences = 0;
  uint64_t hub_crashes = 0;
  SimHub::Expired expired;
  size_t losses = 0;  // tails that were found to be lost
  bool failed() const { return !breaches.empty(); }
};

class Run {
 public:
  explicit Run(const Settings& settings);
  Outcome go();

 private:
  void step();
  void lull();
  void adapters_work();
  void publish(Member& member, const Message& message);
  void work_of(Member& member);
  void storm();
  void people_work();
  void operators_work();
  void replay_parked();
  void exchange();
  void desks_work();
  void calm_down();
  void until_settled();
  bool settled();
  void note(std::string line);
  Outcome judged();

  Settings settings_;
  Random random_;
  Faults faults_;
  Network network_;
  SimHub hub_;
  Checker checker_;
  std::vector<std::unique_ptr<Member>> members_;
  Messages messages_;
  Town town_;
  Taps taps_;
  Weather weather_;
  std::vector<Message> sent_before_;
  std::deque<std::string> trace_;
  Time now_ = support::kNoon;
  bool stormy_ = true;
  uint64_t steps_ = 0;
  uint64_t storm_ends_ = 0;  // a publisher says ten times as much until this step
  uint64_t crashes_seen_ = 0;
};

// P12: twice, and both must come to the same chain.
Outcome go_twice(const Settings& settings);

}  // namespace switchboard::sim
