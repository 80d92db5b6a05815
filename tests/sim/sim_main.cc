// sim_run: runs of the simulation from the command line, until one breaks a promise.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "tests/sim/run.h"

int main(int argc, char** argv) {
  using namespace switchboard::sim;
  CLI::App app{"Runs the simulation. Example: sim_run --seed 7 --steps 5000"};
  Settings settings;
  uint64_t runs = 1;
  app.add_option("--seed", settings.seed, "the first seed");
  app.add_option("--steps", settings.steps, "stormy steps of each run");
  app.add_option("--runs", runs, "how many seeds, one after the other");
  CLI11_PARSE(app, argc, argv);
  for (; runs > 0; --runs, ++settings.seed) {
    const Outcome outcome = Run(settings).go();
    std::printf("seed %llu: %llu events, %llu acts, %llu escalations, %llu hub crashes, chain %s\n",
                static_cast<unsigned long long>(settings.seed),
                static_cast<unsigned long long>(outcome.events),
                static_cast<unsigned long long>(outcome.acts),
                static_cast<unsigned long long>(outcome.escalations),
                static_cast<unsigned long long>(outcome.hub_crashes), outcome.chain.c_str());
    if (outcome.breaches.empty()) continue;
    for (const auto& line : outcome.trace) std::printf("  %s\n", line.c_str());
    for (const auto& breach : outcome.breaches) std::printf("%s\n", breach.c_str());
    return 1;
  }
  return 0;
}
