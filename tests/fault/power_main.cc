// fault_power: power cuts of the hub, of outboxes and of endpoint stores, judged.
#include "tests/fault/power.h"
#include "tests/support/arguments.h"

using namespace switchboard;

int main(int argc, char** argv) {
  support::Arguments arguments(argc, argv);
  arguments.help("fault_power [--cuts 1000] [--seed 1]");
  const uint64_t cuts = arguments.count("cuts", 1000), seed = arguments.count("seed", 1);
  arguments.finish();
  return fault::run_and_tell(
      seed, [&](fault::Tallies& tallies) { fault::cut_power(cuts, seed, tallies); });
}
