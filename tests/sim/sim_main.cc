// sim_run: runs of the simulation from the command line, until one breaks a promise.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/sim/run.h"

namespace switchboard::sim {
namespace {

constexpr const char* kHelp =
    "Runs the simulation until a promise is broken.\n"
    "  sim_run [--seed N] [--steps N] [--runs N] [--losses 1|2]\n"
    "  --losses: 1 the hub loses its tail, 2 and goes back to any of its last copies\n"
    "Example: sim_run --seed 7 --steps 5000\n";

void print(const Settings& settings, const Outcome& outcome) {
  std::printf("seed %s: %s events, %s acts, %s escalations, %s hub crashes, chain %s\n",
              std::to_string(settings.seed).c_str(), std::to_string(outcome.events).c_str(),
              std::to_string(outcome.acts).c_str(), std::to_string(outcome.escalations).c_str(),
              std::to_string(outcome.hub_crashes).c_str(), outcome.chain.c_str());
  if (outcome.breaches.empty()) return;
  for (const auto& line : outcome.trace) std::printf("  %s\n", line.c_str());
  for (const auto& breach : outcome.breaches) std::printf("%s\n", breach.c_str());
}

int run(int argc, char** argv) {
  Settings settings;
  uint64_t runs = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--seed") settings.seed = value;
    if (name == "--steps") settings.steps = value;
    if (name == "--runs") runs = value;
    if (name == "--losses") settings.losses = value != 0;
    if (name == "--losses") settings.old_copies = value > 1;
  }
  if (argc % 2 == 0) return std::fputs(kHelp, stdout), 0;
  for (; runs > 0; --runs, ++settings.seed) {
    const Outcome outcome = Run(settings).go();
    print(settings, outcome);
    if (!outcome.breaches.empty()) return 1;
  }
  return 0;
}

}  // namespace
}  // namespace switchboard::sim

int main(int argc, char** argv) { return switchboard::sim::run(argc, argv); }
