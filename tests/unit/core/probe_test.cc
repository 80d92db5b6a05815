#include "broker/core/probe.h"

#include <gmock/gmock.h>

#include "broker/core/notice.h"
#include "broker/store/ledger_rows.h"
#include "broker/store/probe_rows.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::HubCore;
using support::probe;
using support::probe_item;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Duration minutes(int n) { return seconds(n * 60); }

Answer send(HubCore& hub, const std::string& message, Duration every = {},
            const std::string& team = "X99-HV", const std::string& as = "pas") {
  return hub.publish(probe_item(probe(team, message, hub.now, every)), as);
}
void receive(HubCore& hub, const std::string& team, const std::string& as, uint64_t through) {
  v1::Received received;
  received.set_team(team);
  received.set_log(v1::LOG_KIND_INBOX);
  received.set_endpoint("desk");
  received.set_through(through);
  const auto who = hub.who(as);
  hub.turn([&](Core& core) { EXPECT_TRUE(core.receive(who, received)); });
}
v1::ProbeRecord row(HubCore& hub, const std::string& team = "X99-HV") {
  const auto found = store::read_probe(hub.kv(), hub.team(team).handle(), "X26", "PAS");
  CHECK(found.ok());
  return found->value_or(v1::ProbeRecord{});
}
v1::WatchRow seen(HubCore& hub) {
  Presence presence;
  presence.since = support::kNoon;
  v1::WatchRow out;
  hub.turn([&](Core& core) {
    for (const auto& w : core.watch(presence)) {
      if (w.row.what() == "probe X26/PAS > X99-HV") out = w.row;
    }
  });
  return out;
}

TEST(Probe, IsFiledByTheTeamItNamesAndToldToNobodyElse) {
  HubCore hub;
  const Answer answer = send(hub, "1");
  ASSERT_EQ(answer.code, v1::CODE_OK) << answer.text;
  const auto told = hub.recipients(answer.position);
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].team(), "X99-HV");
  EXPECT_EQ(told[0].attention(), v1::ATTENTION_FILE);
  EXPECT_EQ(told[0].acknowledge_by_us(), 0);
  EXPECT_TRUE(hub.event(answer.position).probe());
  EXPECT_FALSE(hub.core().next_due().has_value()) << "no clock, so no escalation";
}
TEST(Probe, IsFlaggedTestToALiveTeam) {
  HubCore hub;
  const Answer answer = send(hub, "1");
  const auto event = hub.event(answer.position);
  const auto notice =
      delivery_notice(*hub.core().directory(), hub.core().secrets(), event, answer.position,
                      hub.recipients(answer.position).at(0), nullptr);
  EXPECT_TRUE(notice.test());
  EXPECT_EQ(notice.route(), "probe");
}
TEST(Probe, ThatReachesNobodyIsNotedAndNeitherUnroutedNorTheSafetyNets) {
  HubCore hub;
  const Answer answer = send(hub, "1", {}, "X99-NOBODY");
  EXPECT_EQ(answer.code, v1::CODE_OK);
  EXPECT_EQ(hub.event(answer.position).disposition(), v1::DISPOSITION_NOTED);
  EXPECT_THAT(hub.told(answer.position), IsEmpty());
  EXPECT_THAT(hub.queue(store::Queue::kUnrouted), IsEmpty());
}
TEST(Probe, OfAKeyForTestsReachesNoLiveTeam) {
  HubCore hub;
  const Answer live = send(hub, "1", {}, "X99-HV", "try");
  EXPECT_EQ(live.code, v1::CODE_OK);
  EXPECT_THAT(hub.told(live.position), IsEmpty());
  const Answer test = send(hub, "2", {}, "X26-TRY", "try");
  EXPECT_THAT(hub.told(test.position), ElementsAre("X26-TRY"));
}
TEST(Probe, IsAboutNobodyAndNamesItsTeams) {
  const auto refused = [](const v1::Item& item) {
    HubCore hub;
    const Answer answer = hub.publish(item);
    EXPECT_EQ(answer.code, v1::CODE_QUARANTINED);
    return answer.text;
  };
  v1::EventHeader h = probe("X99-HV", "1", support::kNoon);
  h.set_environment(v1::ENVIRONMENT_LIVE);
  EXPECT_THAT(refused(probe_item(h)), HasSubstr("a probe is a test"));
  h = probe("X99-HV", "1", support::kNoon);
  h.clear_direct_to();
  EXPECT_THAT(refused(probe_item(h)), HasSubstr("names its teams"));
  h = probe("X99-HV", "1", support::kNoon);
  h.mutable_subject()->set_area_code(support::kArea);
  EXPECT_THAT(refused(probe_item(h)), HasSubstr("about nobody"));
  h = probe("X99-HV", "1", support::kNoon);
  *h.add_threads() = support::visit("V1");
  EXPECT_THAT(refused(probe_item(h)), HasSubstr("about nobody"));
  v1::Item with_section = probe_item(probe("X99-HV", "1", support::kNoon));
  with_section.add_sections()->set_kind(v1::SECTION_KIND_SUMMARY);
  EXPECT_THAT(refused(with_section), HasSubstr("carries none"));
}
TEST(Probe, IsProvenOnceAnEndpointOfTheTeamHasStoredIt) {
  HubCore hub;
  const Answer answer = send(hub, "1");
  hub.attach("X99-HV");
  EXPECT_EQ(row(hub).proven_position(), 0u);
  hub.advance(seconds(3));
  receive(hub, "X99-HV", "x99-hv", 1);
  EXPECT_EQ(row(hub).proven_position(), answer.position);
  EXPECT_EQ(row(hub).proven_us(), (support::kNoon + seconds(3)).us);
}
TEST(Probe, IsProvenAlsoWhereTheHubWasRestartedInBetween) {
  HubCore hub;
  const Answer answer = send(hub, "1");
  hub.crash();
  hub.attach("X99-HV");
  receive(hub, "X99-HV", "x99-hv", 1);
  EXPECT_EQ(row(hub).proven_position(), answer.position);
}
TEST(Probe, ThatIsNewerAndOnItsWayTakesNothingFromTheLastProof) {
  HubCore hub;
  const Answer first = send(hub, "1");
  hub.attach("X99-HV");
  receive(hub, "X99-HV", "x99-hv", 1);
  hub.advance(minutes(10));
  const Answer second = send(hub, "2");
  EXPECT_EQ(row(hub).position(), second.position);
  EXPECT_EQ(row(hub).proven_position(), first.position);
  EXPECT_EQ(row(hub).proven_us(), support::kNoon.us);
}
TEST(Probe, OnAScheduleIsAnAlarmWhenNoProofCameForTwiceItsInterval) {
  HubCore hub;
  hub.attach("X99-HV");
  send(hub, "1", minutes(30));
  receive(hub, "X99-HV", "x99-hv", 1);
  hub.advance(minutes(59));
  EXPECT_FALSE(seen(hub).alarm());
  hub.advance(minutes(1));
  EXPECT_TRUE(seen(hub).alarm());
  EXPECT_THAT(seen(hub).why(), HasSubstr("look at its sender"));
  EXPECT_EQ(seen(hub).last_us(), support::kNoon.us);
}
TEST(Probe, ThatKeepsComingAndIsNeverStoredIsAnAlarm) {
  HubCore hub;
  send(hub, "1", minutes(30));
  hub.advance(minutes(30));
  send(hub, "2", minutes(30));
  hub.advance(minutes(29));
  EXPECT_FALSE(seen(hub).alarm());
  hub.advance(minutes(1));
  send(hub, "3", minutes(30));
  EXPECT_TRUE(seen(hub).alarm()) << "it is waited for since the first of them";
  EXPECT_THAT(seen(hub).why(), HasSubstr("no system of the team has stored it"));
  EXPECT_EQ(seen(hub).last_us(), 0);
}
TEST(Probe, ThatIsSentOnceIsWaitedForOnce) {
  HubCore hub;
  hub.attach("X99-HV");
  send(hub, "1");
  hub.advance(minutes(14));
  EXPECT_FALSE(seen(hub).alarm());
  hub.advance(minutes(1));
  EXPECT_TRUE(seen(hub).alarm());
  receive(hub, "X99-HV", "x99-hv", 1);
  hub.advance(seconds(30 * 86400));
  EXPECT_FALSE(seen(hub).alarm()) << "nobody said that another would come";
}
TEST(Probe, StandsInNoLedgerAndLeavesNoGapInItsOutbox) {
  HubCore hub;
  const std::string outbox(16, 'o');
  const auto who = hub.who("pas");
  const v1::Item one = probe_item(probe("X99-HV", "1", hub.now));
  const v1::Item two = support::Event("concern", "2").item();
  hub.turn([&](Core& core) { core.publish(who, one, {outbox, 1}); });
  const auto rows = [&] { return store::read_ledgers(hub.kv(), london_day(hub.now)).value(); };
  EXPECT_THAT(rows(), IsEmpty());
  hub.turn([&](Core& core) { core.publish(who, two, {outbox, 2}); });
  ASSERT_THAT(rows(), SizeIs(1));
  EXPECT_EQ(rows()[0].record.accepted(), 1u);
  const auto outboxes = store::read_outboxes(hub.kv()).value();
  ASSERT_THAT(outboxes, SizeIs(1));
  EXPECT_EQ(outboxes[0].record.counted_through(), 2u);
  EXPECT_THAT(outboxes[0].record.gaps(), IsEmpty());
}
TEST(Probe, OfASilentSourceIsNoWordOfIt) {
  v1::Directory world = support::small_world();
  for (auto& principal : *world.mutable_principals()) {
    if (principal.id() == "pas") principal.set_quiet_after_s(3600);
  }
  HubCore hub(world);
  const std::string outbox(16, 'o');
  const auto who = hub.who("pas");
  hub.advance(minutes(59));
  const v1::Item item = probe_item(probe("X99-HV", "1", hub.now));
  hub.turn([&](Core& core) { core.publish(who, item, {outbox, 1}); });
  hub.advance(minutes(1));
  Presence presence;
  presence.since = support::kNoon;
  hub.turn([&](Core& core) { EXPECT_EQ(core.watch(presence).at(0).row.what(), "source X26/PAS"); });
}

}  // namespace
}  // namespace switchboard::core
