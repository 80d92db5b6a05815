// fault_flips: wrong bytes, short logs and missing files at rest, each started again and judged.
#include <chrono>
#include <cstdio>
#include <cstring>

#include "tests/fault/flips.h"

using namespace switchboard;

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--help") == 0) {
    std::puts("fault_flips [--flips 10000] [--truncations 100] [--losses 1] [--seed 1]");
    return 0;
  }
  const uint64_t seed = fault::flag(argc, argv, "seed", 1);
  fault::Tallies tallies(seed);
  const auto began = std::chrono::steady_clock::now();
  if (const auto n = fault::flag(argc, argv, "flips", 10000)) {
    fault::flip_bytes(n, seed, fault::Where::kApart, tallies);
  }
  if (const auto n = fault::flag(argc, argv, "truncations", 100)) {
    fault::truncate_logs(n, seed, tallies);
  }
  if (fault::flag(argc, argv, "losses", 1) != 0) fault::lose_files(seed, tallies);
  tallies.print(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  return tallies.fine() ? 0 : 1;
}
