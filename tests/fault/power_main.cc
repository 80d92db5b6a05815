// fault_power: power cuts of the hub, of outboxes and of endpoint stores, judged.
#include <chrono>
#include <cstdio>
#include <cstring>

#include "tests/fault/power.h"

using namespace switchboard;

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--help") == 0) {
    std::puts("fault_power [--cuts 1000] [--seed 1]");
    return 0;
  }
  const uint64_t seed = fault::flag(argc, argv, "seed", 1);
  fault::Tallies tallies(seed);
  const auto began = std::chrono::steady_clock::now();
  fault::cut_power(fault::flag(argc, argv, "cuts", 1000), seed, tallies);
  tallies.print(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  return tallies.fine() ? 0 : 1;
}
