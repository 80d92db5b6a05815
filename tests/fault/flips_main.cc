// fault_flips: wrong bytes, short logs and missing files at rest, each started again and judged.
#include "tests/fault/flips.h"
#include "tests/support/arguments.h"

using namespace switchboard;

int main(int argc, char** argv) {
  support::Arguments arguments(argc, argv);
  arguments.help("fault_flips [--flips 10000] [--truncations 100] [--losses 1] [--seed 1]");
  const uint64_t flips = arguments.count("flips", 10000), seed = arguments.count("seed", 1);
  const uint64_t truncations = arguments.count("truncations", 100);
  const uint64_t losses = arguments.count("losses", 1);
  arguments.finish();
  return fault::run_and_tell(seed, [&](fault::Tallies& tallies) {
    if (flips > 0) fault::flip_bytes(flips, seed, fault::Where::kApart, tallies);
    if (truncations > 0) fault::truncate_logs(truncations, seed, tallies);
    if (losses > 0) fault::lose_files(seed, tallies);
  });
}
