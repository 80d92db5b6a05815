// sim_run: runs of the simulation from the command line, until one breaks a promise.
#include <cstdio>
#include <string>
#include <string_view>

#include "broker/runtime/clock.h"
#include "tests/sim/shrink.h"
#include "tests/support/arguments.h"

namespace switchboard::sim {
namespace {

constexpr const char* kHelp =
    "Runs the simulation until a promise is broken, and cuts that run down to what it needs.\n"
    "  --seed N      the first seed (1); each run takes the next\n"
    "  --steps N     of the storm (1500)\n"
    "  --runs N      so many (1); 0: endless\n"
    "  --minutes N   no new run after so long\n"
    "  --losses N    1 the hub loses its tail, 2 and goes back to any of its last copies,\n"
    "                3 each run in turn: without, 1, 2\n"
    "  --without A,B kinds of fault that never strike\n"
    "  --bug NAME    plants a bug that must be found\n"
    "  --twice N     every n-th run twice: it must be the same run (P12; 50)\n"
    "  --whole       does not cut a failing run down\n"
    "Prints one JSON line at the end; exit 1 if a promise was broken. A run is the same run on "
    "every\n"
    "machine. Examples:\n"
    "  sim_run --seed 7 --steps 5000\n"
    "  sim_run --runs 0 --minutes 60 --losses 3 --seed 1000";

struct Wanted {
  Settings settings;
  uint64_t runs = 1;
  uint64_t minutes = 0;
  uint64_t losses = 0;
  uint64_t twice = 50;
  bool whole = false;
};

struct Sums {
  uint64_t runs = 0, broken = 0, events = 0, acts = 0, escalations = 0, crashes = 0, losses = 0;
  std::array<uint64_t, kFaults> faults{};
  Clock clock;
  int64_t begun_us = clock.read().boot_us;
  double seconds() { return static_cast<double>(clock.read().boot_us - begun_us) / 1e6; }
};

bool take_without(std::string_view names, Settings& settings) {
  while (!names.empty()) {
    const auto end = std::min(names.find(','), names.size());
    const auto fault = fault_named(names.substr(0, end));
    if (!fault) return false;
    settings.without |= bit(*fault);
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return true;
}

const Planted& planted_of(const std::string& name) {
  for (const auto& planted : kBugs) {
    if (planted.name == name) return planted;
  }
  support::die("--bug: none is called " + name + ", see bug.h");
}

Wanted wanted_of(int argc, char** argv) {
  support::Arguments arguments(argc, argv);
  arguments.help(kHelp);
  Wanted wanted;
  wanted.settings.seed = arguments.count("seed", wanted.settings.seed);
  wanted.settings.steps = arguments.count("steps", wanted.settings.steps);
  wanted.runs = arguments.count("runs", wanted.runs);
  wanted.minutes = arguments.count("minutes", wanted.minutes);
  wanted.twice = arguments.count("twice", wanted.twice);
  wanted.whole = arguments.flag("whole");
  if (!take_without(arguments.text("without", ""), wanted.settings)) {
    support::die("--without: kinds of fault, see faults.h");
  }
  if (arguments.flag("bug")) {
    const Planted& planted = planted_of(arguments.text("bug", ""));
    wanted.settings.bug = planted.bug;
    wanted.losses = planted.losses ? 1 : 0;
  }
  wanted.losses = arguments.count("losses", wanted.losses);
  arguments.finish();
  return wanted;
}

void add(Sums& sums, const Outcome& outcome) {
  ++sums.runs;
  sums.broken += outcome.failed();
  sums.events += outcome.events;
  sums.acts += outcome.acts;
  sums.escalations += outcome.escalations;
  sums.crashes += outcome.hub_crashes;
  sums.losses += outcome.losses;
  for (size_t i = 0; i < kFaults; ++i) sums.faults[i] += outcome.faults[i];
}

std::string number(const char* name, uint64_t value) {
  return ",\"" + std::string(name) + "\":" + std::to_string(value);
}

void print_sums(const Wanted& wanted, Sums& sums, uint64_t first_seed) {
  uint64_t faults = 0;
  for (const uint64_t count : sums.faults) faults += count;
  std::string line = "{\"part\":\"simulation\",\"fault\":\"all kinds\",\"where\":\"whole system\"";
  line += number("runs", sums.runs) + number("survived", sums.runs - sums.broken);
  line += number("silent", sums.broken) + number("faults", faults);
  line += number("events", sums.events) + number("acts", sums.acts);
  line += number("escalations", sums.escalations) + number("hub_crashes", sums.crashes);
  line += number("lost_tails", sums.losses) + number("steps", wanted.settings.steps);
  line += number("losses_mode", wanted.losses) + number("seed", first_seed);
  std::printf("%s,\"seconds\":%.1f}\n", line.c_str(), sums.seconds());
}

void print_one(const Settings& settings, const Outcome& outcome) {
  std::printf("seed %s: %s events, %s acts, %s escalations, %s hub crashes, chain %s\n",
              std::to_string(settings.seed).c_str(), std::to_string(outcome.events).c_str(),
              std::to_string(outcome.acts).c_str(), std::to_string(outcome.escalations).c_str(),
              std::to_string(outcome.hub_crashes).c_str(), outcome.chain.c_str());
}

void print_failure(const Wanted& wanted, const Settings& settings, const Outcome& outcome) {
  std::printf("BROKEN: %s\n", command_of(settings).c_str());
  for (const auto& breach : outcome.breaches) std::printf("  %s\n", breach.c_str());
  std::fflush(stdout);
  if (wanted.whole) return;
  std::fputs(report_of(shrink(settings, outcome)).c_str(), stdout);
}

int run(Wanted wanted) {
  Settings settings = wanted.settings;
  const uint64_t first = settings.seed;
  Sums sums;
  for (; wanted.runs == 0 || sums.runs < wanted.runs; ++settings.seed) {
    if (wanted.minutes > 0 && sums.seconds() > static_cast<double>(wanted.minutes) * 60) break;
    const uint64_t mode = wanted.losses == 3 ? sums.runs % 3 : wanted.losses;
    settings.losses = mode > 0;
    settings.old_copies = mode > 1;
    const bool twice = wanted.twice > 0 && sums.runs % wanted.twice == wanted.twice - 1;
    const Outcome outcome = twice ? go_twice(settings) : Run(settings).go();
    add(sums, outcome);
    if (wanted.runs == 1) print_one(settings, outcome);
    if (sums.runs % 20 == 0) {
      std::fprintf(stderr, "\r%s runs, seed %s ", std::to_string(sums.runs).c_str(),
                   std::to_string(settings.seed).c_str());
    }
    if (!outcome.failed()) continue;
    print_failure(wanted, settings, outcome);
    break;
  }
  print_sums(wanted, sums, first);
  return sums.broken > 0 ? 1 : 0;
}

}  // namespace
}  // namespace switchboard::sim

int main(int argc, char** argv) {
  return switchboard::sim::run(switchboard::sim::wanted_of(argc, argv));
}
