// kill -9, over and over: the hub, publishers, the adapter and its feed, endpoints, each a process
// of its own, under load. KILLS=n kills more often than a normal run, SEED=n in another order;
// thousands by fault_kills.
#include <gtest/gtest.h>

#include "tests/fault/kills.h"
#include "tests/fault/report.h"

namespace switchboard::test {
namespace {

TEST(KillLoop, NothingIsLostDuplicatedReorderedAlteredOrInvented) {
  const auto began = std::chrono::steady_clock::now();
  const uint64_t seed = setting("SEED", 1), kills = setting("KILLS", 25);
  FaultWorld world;
  world.start();
  Killer killer(world, seed);
  killer.go_on(kills);
  const auto verdict = world.finish();
  EXPECT_TRUE(verdict.clean()) << "SEED=" << seed << "\n" << verdict.text();
  EXPECT_GT(verdict.found.deliveries, 0u);
  EXPECT_GT(verdict.found.corrections, 0u);
  EXPECT_GT(verdict.found.acts, 0u);
  Json line = report_line("kill -9", "all", seed);
  line["runs"] = killer.counts().all();
  line["survived"] = verdict.clean() ? killer.counts().all() : 0;
  add_verdict(line, verdict);
  EXPECT_TRUE(print_line(line, began));
}

}  // namespace
}  // namespace switchboard::test
