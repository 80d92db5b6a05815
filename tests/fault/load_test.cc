// More than anybody expects: a publisher that storms with half of it duplicates, and an endpoint
// that is away while very much waits. BACKLOG=1000000, STORM=100000: how much.
#include <gtest/gtest.h>

#include "tests/fault/report.h"
#include "tests/support/resident.h"

namespace switchboard::test {
namespace {

// What a hub with the tests' small store may hold in memory: its publish queue (64 MiB), what it
// keeps of live items (32 MiB), connections' queues, tables; measured about 150 MiB at the most.
constexpr uint64_t kHubMiBMax = 320;

// The most that a process held at any time of its life.
uint64_t peak_mib(pid_t pid) {
  std::istringstream in(read_file("/proc/" + std::to_string(pid) + "/status"));
  for (std::string word; in >> word;) {
    uint64_t kb = 0;
    if (word == "VmHWM:" && in >> kb) return kb / 1024;
  }
  return 0;
}

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

TEST(Storm, OfOneKeyHurtsNobodyElseAndIsServedItself) {
  const auto began = std::chrono::steady_clock::now();
  const uint64_t items = setting("STORM", 5'000);
  FaultWorld world({.pace_ms = 50, .hub_settings = {}, .alone = true});
  Member& calm = world.add_publisher("X99");
  world.add_feed();
  world.add_endpoint("x99-screen", "X99-HV", "rosa");
  world.add_endpoint("x26-screen", "X26-MID", "mina");
  world.start();
  ASSERT_TRUE(world.works(calm));
  Member& storm = world.add_publisher("X31", "storm", std::to_string(items));
  storm.start();
  ASSERT_TRUE(world.works(storm)) << world.logs();
  uint64_t served = 0, peak = 0;
  while (storm.child().running() && world.troubles().empty()) {
    // The others are confirmed, and their teams are told, while it storms.
    for (const char* name : {"pub-X99", "adapter", "mina", "rosa"}) {
      ASSERT_TRUE(world.works(world.member(name))) << name;
      ++served;
    }
    peak = std::max(peak, peak_mib(world.world.hub.pid()));
  }
  EXPECT_GT(served, 0u);
  EXPECT_LT(peak, kHubMiBMax);
  const double stormed = seconds_since(began);
  const auto verdict = world.finish(std::chrono::seconds(600));
  EXPECT_TRUE(verdict.clean()) << verdict.text();
  Json line = report_line("publisher storm", "hub", 0);
  line["runs"] = 1;
  line["survived"] = verdict.clean();
  line["published"] = 2 * items;
  line["others_served"] = served;
  line["hub_mib_max"] = peak;
  line["storm_seconds"] = stormed;
  add_verdict(line, verdict);
  EXPECT_TRUE(print_line(line, began));
}

TEST(Backlog, OfAnEndpointThatIsAwayCostsDiskOnlyAndIsCaughtUpWithoutAGap) {
  const auto began = std::chrono::steady_clock::now();
  const uint64_t items = setting("BACKLOG", 10'000);
  FaultWorld world({.hub_settings = {}, .alone = true});
  Member& publisher = world.add_publisher("X31", "storm", std::to_string(items));
  publisher.start();
  ASSERT_TRUE(eventually([&] { return !publisher.child().running(); }, std::chrono::hours(2)));
  const uint64_t filled = peak_mib(world.world.hub.pid());
  EXPECT_LT(filled, kHubMiBMax);
  // A restart with all of it waiting (row 13 of the limits).
  world.world.hub.kill();
  const auto killed = std::chrono::steady_clock::now();
  ASSERT_TRUE(world.start_hub()) << world.logs();
  const double ready = seconds_since(killed);
  const auto back = std::chrono::steady_clock::now();
  Member& mina = world.add_endpoint("x26-screen", "X26-MID", "-");
  mina.start();
  const uint64_t head = world.world.team_status("X26-MID").head();
  EXPECT_GE(head, items);
  ASSERT_TRUE(eventually([&] { return mina.through() >= head; }, std::chrono::hours(2)))
      << world.logs();
  const double caught_up = seconds_since(back);
  const uint64_t hub = peak_mib(world.world.hub.pid()), endpoint = peak_mib(mina.child().pid());
  EXPECT_LT(hub, kHubMiBMax);
  EXPECT_LT(endpoint, kHubMiBMax);
  const auto verdict = world.finish(std::chrono::seconds(600));
  EXPECT_TRUE(verdict.clean()) << verdict.text();
  Json line = report_line("endpoint away", "endpoint", 0);
  line["runs"] = 1;
  line["survived"] = verdict.clean();
  line["waiting"] = head;
  line["hub_mib_filling"] = filled;
  line["hub_mib_catching_up"] = hub;
  line["endpoint_mib"] = endpoint;
  line["restart_seconds"] = ready;
  line["catch_up_seconds"] = caught_up;
  add_verdict(line, verdict);
  EXPECT_TRUE(print_line(line, began));
}

}  // namespace
}  // namespace switchboard::test
