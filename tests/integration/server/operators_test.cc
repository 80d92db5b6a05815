// The admin socket: who may do what, and that every change has a reason.
#include <gtest/gtest.h>

#include "tests/support/hub_world.h"

namespace switchboard::test {
namespace {

constexpr std::chrono::seconds kAnswer{15};

v1::AdminRequest request_apply(const v1::Directory& directory, const std::string& reason) {
  v1::AdminRequest request;
  request.set_reason(reason);
  *request.mutable_apply()->mutable_directory() = directory;
  return request;
}

TEST(HubOperators, TheFirstKeyIsLetInOnlyUntilThereIsAnAdministrator) {
  HubWorld world;
  auto client = sdk::AdminClient::open(world.context, {.connect = world.hub.admin_endpoint(),
                                                       .keys = world.hub.first_admin(),
                                                       .hub_public_key = world.hub.public_key()});
  v1::AdminRequest request;
  request.mutable_status();
  EXPECT_FALSE(client.value()->ask(request, std::chrono::seconds(2)).ok());
  EXPECT_TRUE(world.ask(request, "admin").ok());
}

TEST(HubOperators, AnOperatorLooksAndAnAdministratorChanges) {
  HubWorld world;
  v1::AdminRequest look;
  look.mutable_status();
  EXPECT_TRUE(world.ask(look, "operator").ok());
  EXPECT_EQ(world.apply(world.directory(), "operator").error().code, v1::CODE_NOT_ALLOWED);
  EXPECT_TRUE(world.apply(world.directory(), "admin").ok());
}

TEST(HubOperators, APublishersOrAnEndpointsKeyIsNoOperators) {
  HubWorld world;
  v1::AdminRequest look;
  look.mutable_status();
  for (const auto* key : {"x26-pas", "x99-screen"}) {
    EXPECT_EQ(world.ask(look, key).error().code, v1::CODE_NOT_ALLOWED) << key;
  }
}

TEST(HubOperators, AChangeWithoutAReasonChangesNothing) {
  HubWorld world;
  v1::Directory change;
  *change.add_routes() = area_route("late", "X26-MID", kArea);
  EXPECT_EQ(world.ask(request_apply(change, "")).error().code, v1::CODE_INVALID);
  v1::AdminRequest routes;
  routes.mutable_directory()->set_routes(true);
  EXPECT_EQ(world.ask(routes).value().directory().routes_size(), 1);
  v1::AdminRequest replay;
  replay.mutable_replay()->set_team("X99-HV");
  replay.mutable_replay()->set_execute(true);
  EXPECT_EQ(world.ask(replay).error().code, v1::CODE_INVALID);
}

TEST(HubOperators, WhatSoonWillBeLateIsListedForOperatorsAndForItsTeam) {
  HubWorld world;
  ASSERT_TRUE(world.publisher()->publish(std::vector{admission("1")}, kAnswer).ok());
  v1::AdminRequest request;
  request.mutable_breaches()->set_within_s(5 * 3600);
  const auto rows = world.ask(request, "operator").value().breaches();
  ASSERT_EQ(rows.rows_size(), 1);
  EXPECT_EQ(rows.rows(0).team(), "X99-HV");
  EXPECT_EQ(rows.rows(0).clock(), "acknowledge");
  EXPECT_FALSE(rows.rows(0).ring().phone().empty());
  auto screen = world.endpoint();
  v1::Read read;
  read.mutable_breaches()->set_within_s(5 * 3600);
  EXPECT_EQ(screen->request(read, kAnswer)->breaches().rows_size(), 1);
}

TEST(HubOperators, APolicyTestTellsTheTimelineAndSendsNothing) {
  HubWorld world;
  v1::AdminRequest request;
  *request.mutable_policy_test()->mutable_item() = admission("1");
  const auto timeline = world.ask(request, "operator").value().timeline();
  ASSERT_GT(timeline.steps_size(), 2);
  EXPECT_EQ(timeline.steps(0).what(), "told: act");
  EXPECT_EQ(timeline.signed_off_by(), "");
  EXPECT_EQ(world.team_status("X99-HV").head(), 0u);
}

TEST(HubOperators, ADryRunTellsAndChangesNothing) {
  HubWorld world;
  v1::Directory change;
  *change.add_routes() = area_route("late", "X26-MID", kArea);
  auto dry = request_apply(change, "");
  dry.mutable_apply()->set_dry_run(true);
  const auto said = world.ask(dry);
  ASSERT_TRUE(said.ok()) << said.error().text;
  EXPECT_EQ(said->applied().changed_size(), 1);
  v1::AdminRequest routes;
  routes.mutable_directory()->set_routes(true);
  EXPECT_EQ(world.ask(routes).value().directory().routes_size(), 1);
}

TEST(HubOperators, ADirectoryWithAFaultIsRefusedWholeAndSaysWhatIsWrong) {
  HubWorld world;
  v1::Directory change;
  *change.add_routes() = area_route("good", "X26-MID", kArea);
  *change.add_routes() = area_route("bad", "NO-SUCH-TEAM", kArea);
  const auto said = world.ask(request_apply(change, "new routes"));
  ASSERT_TRUE(said.ok()) << said.error().text;
  EXPECT_EQ(said->code(), v1::CODE_INVALID);
  ASSERT_EQ(said->applied().problems_size(), 1);
  EXPECT_NE(said->applied().problems(0).find("NO-SUCH-TEAM"), std::string::npos);
  v1::AdminRequest routes;
  routes.mutable_directory()->set_routes(true);
  EXPECT_EQ(world.ask(routes).value().directory().routes_size(), 1);
}

TEST(HubOperators, OperatorsSeeThatAnEntryIsThereAndNeverWhomItIsAbout) {
  HubWorld world;
  const auto published =
      world.publisher()->publish(std::vector{admission("1")}, std::chrono::seconds(15));
  ASSERT_TRUE(published.ok());
  v1::AdminRequest inbox;
  inbox.mutable_inbox()->set_team("X99-HV");
  const auto page = world.ask(inbox, "operator").value();
  ASSERT_EQ(page.page().items_size(), 1);
  EXPECT_TRUE(page.page().items(0).header().empty());
  EXPECT_EQ(page.page().items(0).sections_size(), 0);
  EXPECT_EQ(page.SerializeAsString().find("EXAMPLE"), std::string::npos);
  v1::AdminRequest events;
  events.mutable_events();
  EXPECT_EQ(world.ask(events, "operator").value().events().rows_size(), 1);
}

TEST(HubOperators, WhatWasDoneIsInTheAuditAndTheChainVerifiesWhileTheHubRuns) {
  HubWorld world;
  ASSERT_TRUE(
      world.publisher()->publish(std::vector{admission("1")}, std::chrono::seconds(15)).ok());
  v1::AdminRequest tail;
  tail.mutable_audit_tail();
  const auto audit = world.ask(tail).value().audit();
  std::vector<std::string> kinds;
  for (const auto& row : audit.rows()) kinds.push_back(row.kind());
  EXPECT_NE(std::find(kinds.begin(), kinds.end(), "DIRECTORY"), kinds.end());
  EXPECT_NE(std::find(kinds.begin(), kinds.end(), "ACCEPTED"), kinds.end());
  v1::AdminRequest verify;
  *verify.mutable_audit_verify()->mutable_witness() = world.status().promise();
  const auto report = world.ask(verify).value().audit_report();
  EXPECT_TRUE(report.ok()) << report.DebugString();
  EXPECT_EQ(report.events(), 1u);
}

TEST(HubOperators, ARouteTestSaysWhoWouldGetItAndChangesNothing) {
  HubWorld world;
  v1::AdminRequest test;
  *test.mutable_route_test()->mutable_item() = admission("1");
  const auto routes = world.ask(test, "operator").value().routes();
  EXPECT_EQ(routes.disposition(), "routed");
  ASSERT_EQ(routes.teams_size(), 1);
  EXPECT_TRUE(routes.teams(0).matches());
  EXPECT_EQ(world.status().events(), 0u);
}

TEST(HubOperators, BytesThatAreNoRequestAreAnsweredAndTheHubGoesOn) {
  HubWorld world;
  auto dealer = wire::Dealer::open(world.context, {.connect = world.hub.admin_endpoint(),
                                                   .keys = world.keys("operator"),
                                                   .hub_public_key = world.hub.public_key()})
                    .value();
  ASSERT_TRUE(eventually([&] { return dealer->send(std::string("\xff\xff\xff")); }));
  wire::Frame frame;
  ASSERT_TRUE(eventually([&] { return dealer->receive(frame); }));
  v1::AdminReply reply;
  ASSERT_TRUE(reply.ParseFromString(std::string(frame.bytes())));
  EXPECT_EQ(reply.code(), v1::CODE_MALFORMED);
  EXPECT_EQ(world.status().mode(), "open");
}

}  // namespace
}  // namespace switchboard::test
