// fault_errors: a disk that is full, broken, slow or read-only; two openers; old backups.
#include <chrono>
#include <cstdio>
#include <cstring>

#include "tests/fault/errors.h"

using namespace switchboard;

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--help") == 0) {
    std::puts("fault_errors [--stride 1] [--runs 20] [--seed 1]");
    return 0;
  }
  const uint64_t seed = fault::flag(argc, argv, "seed", 1);
  const uint64_t runs = fault::flag(argc, argv, "runs", 20);
  fault::Tallies tallies(seed);
  const auto began = std::chrono::steady_clock::now();
  const uint64_t stride = fault::flag(argc, argv, "stride", 1);
  fault::fail_calls(stride, seed, tallies);
  fault::fail_reads(stride, seed, tallies);
  fault::slow_syncs(runs, seed, tallies);
  fault::read_only(runs, seed, tallies);
  fault::two_openers(seed, tallies);
  fault::restore_old_backups(runs, seed, tallies);
  tallies.print(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  return tallies.fine() ? 0 : 1;
}
