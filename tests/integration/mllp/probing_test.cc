// The adapter's probes on a schedule, through the real hub to a team's system and back as a proof.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/base/london.h"
#include "tests/integration/mllp/adapter_process.h"

namespace switchboard::test {
namespace {

v1::AdminReply ask(HubWorld& world, const v1::AdminRequest& request) {
  const auto reply = world.ask(request, "operator");
  EXPECT_TRUE(reply.ok()) << reply.error().text;
  return reply.ok() ? *reply : v1::AdminReply{};
}

bool proven(HubWorld& world) {
  v1::AdminRequest request;
  request.mutable_watch();
  const v1::AdminReply watched = ask(world, request);
  for (const auto& row : watched.watch().rows()) {
    if (row.what() == "probe X26/PAS > X99-HV") return row.last_us() > 0 && !row.alarm();
  }
  return false;
}

TEST(MllpProbing, AListenersTeamsAreProbedOnItsScheduleAndTheProofComesBack) {
  HubWorld world;
  AdapterProcess adapter(world,
                         {.listeners = {{"pas", "probe_teams = [\"X99-HV\"]\nprobe_every_s = 1"}}});
  ASSERT_TRUE(adapter.start()) << adapter.log();
  auto screen = world.endpoint();
  ASSERT_TRUE(run_until({screen.get()}, [&] {
    return screen->endpoint(0).store().through() >= 2 && proven(world);
  })) << adapter.log();
  EXPECT_TRUE(eventually([&] { return adapter.metric("switchboard_mllp_outbox_items") == 0; }));
  // Neither side counts them: nothing to reconcile.
  v1::AdminRequest ledger;
  ledger.mutable_ledger()->set_day(to_string(london_day(screen->now())));
  const v1::AdminReply counted = ask(world, ledger);
  for (const auto& line : counted.ledger().lines()) {
    EXPECT_EQ(line.accepted(), 0u);
    EXPECT_EQ(line.unexplained(), 0);
  }
}

}  // namespace
}  // namespace switchboard::test
