// fault_errors: a disk that is full, broken, slow or read-only; two openers; old backups.
#include "tests/fault/errors.h"
#include "tests/support/arguments.h"

using namespace switchboard;

int main(int argc, char** argv) {
  support::Arguments arguments(argc, argv);
  arguments.help("fault_errors [--stride 1] [--runs 20] [--seed 1]");
  const uint64_t stride = arguments.count("stride", 1), seed = arguments.count("seed", 1);
  const uint64_t runs = arguments.count("runs", 20);
  arguments.finish();
  return fault::run_and_tell(seed, [&](fault::Tallies& tallies) {
    fault::fail_calls(stride, seed, tallies);
    fault::fail_reads(stride, seed, tallies);
    fault::slow_syncs(runs, seed, tallies);
    fault::read_only(runs, seed, tallies);
    fault::two_openers(seed, tallies);
    fault::restore_old_backups(runs, seed, tallies);
  });
}
