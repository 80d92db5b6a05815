// One run of the simulation: a stormy day by a seed, then calm, then judgement.
//
// Adapters, desks, people and the hub crash, messages go astray, connections are cut; time is
// virtual. Thread: one. The same seed and bug give the same run (P12).
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/checker.h"
#include "tests/sim/messages.h"

namespace switchboard::sim {

struct Settings {
  uint64_t seed = 1;
  uint64_t steps = 1500;
  Bug bug = Bug::kNone;
  bool losses = false;      // the hub's disk loses its tail now and then
  bool old_copies = false;  // … and goes back to any of its last copies, also of a lost history
};

struct Outcome {
  std::vector<std::string> breaches;
  std::vector<std::string> trace;  // its last lines
  std::string chain;               // of the end, in hex
  uint64_t events = 0;
  uint64_t acts = 0;
  uint64_t escalations = 0;
  uint64_t ended_tasks = 0;
  uint64_t hub_crashes = 0;
  size_t losses = 0;  // tails that were found to be lost
};

class Run {
 public:
  explicit Run(const Settings& settings);
  Outcome go();

 private:
  void step();
  void weather();
  void adapters_work();
  void people_work();
  v1::Act act_of(const std::string& team, const v1::Entry& entry);
  void operators_work();
  void replay_parked();
  void exchange();
  void calm_down();
  bool settled();
  void note(std::string line);
  Outcome judged();

  Settings settings_;
  Random random_;
  Network network_;
  SimHub hub_;
  Checker checker_;
  std::vector<std::unique_ptr<Member>> members_;
  Messages messages_;
  std::vector<v1::Item> sent_before_;
  std::deque<std::string> trace_;
  Time now_ = support::kNoon;
  bool stormy_ = true;
  uint64_t crashes_seen_ = 0;
};

}  // namespace switchboard::sim
