#include "broker/core/nudge.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "broker/core/kind.h"
#include "broker/core/nudge_reports.h"
#include "broker/store/nudge_rows.h"
#include "broker/store/records.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

enum class Hours { kAlways, kMornings };  // tests begin on a Monday at noon

v1::Team& with_mail(v1::Directory& world, const std::string& id, Hours hours = Hours::kAlways) {
  for (auto& team : *world.mutable_teams()) {
    if (team.id() != id) continue;
    v1::NudgeAddress& to = *team.add_nudges();
    to.set_via(v1::NUDGE_VIA_MAIL);
    to.set_address("duty@" + id + ".example");
    if (hours == Hours::kAlways) return team;
    v1::Hours& morning = *team.add_hours();
    for (int day = 1; day <= 7; ++day) morning.add_days(static_cast<v1::Weekday>(day));
    morning.set_from("09:00");
    morning.set_to("11:00");
    return team;
  }
  return *world.add_teams();
}

// The health visitors are out at noon and have an address for mail.
v1::Directory out_of_hours() {
  v1::Directory world = support::small_world();
  with_mail(world, "X99-HV", Hours::kMornings);
  return world;
}

Event to_health_visitors(const std::string& message = "1001") {
  Event event("concern", message);
  event.header.set_urgency(v1::URGENCY_ROUTINE);
  return event;
}

v1::PrincipalRow nudger() {
  v1::PrincipalRow row;
  row.set_id("nudge");
  row.add_roles(v1::ROLE_NUDGER);
  return row;
}
std::vector<v1::NudgeJob> take(HubCore& hub, NudgeReader reader = NudgeReader::kGoesOn,
                               uint32_t limit = 0) {
  std::vector<v1::NudgeJob> jobs;
  hub.turn([&](Core& c) { jobs = c.take_nudges(nudger(), limit, reader); });
  return jobs;
}
void report(HubCore& hub, const v1::NudgeJob& job, v1::NudgeState state,
            const std::string& why = {}) {
  v1::NudgeReport told;
  told.set_nudge_id(job.nudge_id());
  told.set_state(state);
  told.set_why(why);
  hub.turn([&](Core& c) { c.nudge_reported(nudger(), told); });
}
std::vector<v1::NudgeRecord> all(const HubCore& hub) {
  return store::newest_nudges(hub.kv(), "", 1000).value();
}
size_t nudged(const std::vector<store::LogEntry>& log, v1::NudgeState state) {
  return static_cast<size_t>(std::count_if(log.begin(), log.end(), [&](const auto& e) {
    return e.change.change() == v1::CHANGE_NUDGED && e.change.nudge() == state;
  }));
}

TEST(Nudge, WhatAsksForAnActOutOfHoursIsOwedInTheCommitThatTellsTheTeam) {
  HubCore hub(out_of_hours());
  const size_t commits = hub.batches().size();
  hub.publish(to_health_visitors());
  EXPECT_EQ(hub.batches().size(), commits + 1);
  ASSERT_THAT(all(hub), SizeIs(1));
  EXPECT_EQ(all(hub)[0].team(), "X99-HV");
  EXPECT_EQ(all(hub)[0].state(), v1::NUDGE_STATE_WAITING);
  EXPECT_EQ(hub.delivery("X99-HV", 1).nudge(), v1::NUDGE_STATE_WAITING);
}
TEST(Nudge, NobodyIsNudgedInHoursNorForWhatIsOnlySeen) {
  HubCore hub(out_of_hours());
  Event seen("admission");
  hub.publish(seen);
  hub.now = support::kNoon + seconds(22 * 3600);  // the next morning at ten
  hub.publish(to_health_visitors("2"));
  EXPECT_THAT(hub.inbox("X99-HV"), SizeIs(2));
  EXPECT_THAT(all(hub), IsEmpty());
}
TEST(Nudge, ALevelNudgesTheLateTeamAndThoseTold) {
  v1::Directory world = support::small_world();
  for (const char* team : {"X99-HV", "X99-DUTY", "X26-SAFETY", "X99-MASH"}) with_mail(world, team);
  HubCore hub(world);
  hub.publish(to_health_visitors());
  EXPECT_THAT(all(hub), IsEmpty()) << "they are there";
  hub.advance(seconds(7200));
  hub.tick();
  std::vector<std::string> teams;
  for (const auto& job : take(hub)) teams.push_back(job.team());
  EXPECT_THAT(teams, testing::UnorderedElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
}
TEST(Nudge, AnAddressForOutOfHoursIsLeftAloneInHours) {
  v1::Directory world = support::small_world();
  with_mail(world, "X99-HV").mutable_nudges(0)->set_only_out_of_hours(true);
  HubCore hub(world);
  hub.publish(to_health_visitors());
  hub.advance(seconds(7200));
  hub.tick();
  EXPECT_THAT(all(hub), IsEmpty());
}
TEST(Nudge, ATestEventNudgesTestTeamsOnly) {
  v1::Directory world = out_of_hours();
  with_mail(world, "X26-TRY", Hours::kMornings);
  HubCore hub(world);
  Event event = to_health_visitors();
  event.header.set_environment(v1::ENVIRONMENT_TEST);
  hub.publish(event, "try");
  ASSERT_THAT(all(hub), SizeIs(1));
  EXPECT_EQ(all(hub)[0].team(), "X26-TRY");
}
TEST(Nudge, OneIncidentIsOneTap) {
  HubCore hub(out_of_hours());
  for (int n = 0; n < 5; ++n) hub.publish(to_health_visitors(std::to_string(n)));
  const auto jobs = take(hub);
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_THAT(jobs[0].subject(), HasSubstr("5 items"));
  hub.publish(to_health_visitors("later"));
  EXPECT_THAT(all(hub), SizeIs(2)) << "one that was taken takes no more";
}
TEST(Nudge, WhatHasNoRoomIsCounted) {
  HubCore hub(out_of_hours());
  const auto many = static_cast<int>(limits::kNudgeReferencesMax) + 7;
  for (int n = 0; n < many; ++n) hub.publish(to_health_visitors(std::to_string(n)));
  ASSERT_THAT(all(hub), SizeIs(1));
  EXPECT_EQ(all(hub)[0].references_size(), static_cast<int>(limits::kNudgeReferencesMax));
  EXPECT_EQ(all(hub)[0].items(), static_cast<uint32_t>(many));
  EXPECT_THAT(take(hub)[0].text(), HasSubstr("and 125 more"));
}
TEST(Nudge, IsTheSameAfterARestoreAndAResend) {
  HubCore hub(out_of_hours());
  auto before = hub.backup();
  hub.publish(to_health_visitors("another"));  // other positions than after the restore
  take(hub);
  hub.publish(to_health_visitors());
  const auto jobs = take(hub);
  ASSERT_THAT(jobs, SizeIs(1));
  hub.restore(std::move(before));
  hub.publish(to_health_visitors());
  ASSERT_THAT(all(hub), SizeIs(1));
  EXPECT_EQ(all(hub)[0].nudge_id(), jobs[0].nudge_id());
}
TEST(Nudge, TheTextNamesNeitherKindNorChildWhateverTheKind) {
  size_t texts = 0;
  for (const auto& rule : kinds()) {
    v1::Directory world = out_of_hours();
    world.mutable_policy()->clear_rows();  // whatever it is, it asks for an act
    HubCore hub(world);
    Event event{rule.kind};
    event.identity.mutable_name()->add_given("Quillon");
    event.identity.mutable_name()->set_family("Zebedee");
    event.header.mutable_call_back()->set_name("Quillon's ward");
    event.header.add_direct_to("X99-HV");
    hub.publish(event);
    for (const auto& job : take(hub)) {
      ++texts;
      const std::string text = job.subject() + job.text();
      EXPECT_THAT(text, Not(HasSubstr(std::string(rule.kind)))) << rule.kind;
      EXPECT_THAT(text, Not(HasSubstr("Quillon")));
      EXPECT_THAT(text, Not(HasSubstr("Zebedee")));
      for (const auto& id : event.identity.identifiers()) {
        EXPECT_THAT(text, Not(HasSubstr(id.value())));
      }
    }
  }
  // But a correction, which tells those who have its original, and a probe, which asks nobody.
  EXPECT_EQ(texts + 2, kinds().size());
}
TEST(Nudge, TheTextHasReferenceUrgencyAgeTeamAndTheNumberToRing) {
  HubCore hub(out_of_hours());
  Event event = to_health_visitors();
  const Id id = event.id();
  hub.publish(event);
  hub.advance(seconds(65 * 60));  // it happened ten minutes before it was accepted
  const auto jobs = take(hub);
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_EQ(jobs[0].subject(), "Switchboard: 1 item waits for X99-HV, routine");
  EXPECT_THAT(jobs[0].text(), HasSubstr(to_string(id) + "  routine  1 h 15 min"));
  EXPECT_THAT(jobs[0].text(), HasSubstr("Team X99-HV (X99-HV)"));
  EXPECT_THAT(jobs[0].text(), HasSubstr("Ring Team X26-SAFETY on 0123 496 0000."));
}

TEST(NudgeReports, TheMostUrgentComesFirstThenTheOldest) {
  v1::Directory world = out_of_hours();
  with_mail(world, "X99-MASH", Hours::kMornings);
  HubCore hub(world);
  hub.publish(to_health_visitors());
  Event urgent("concern", "2");
  urgent.header.set_urgency(v1::URGENCY_IMMEDIATE);
  urgent.header.clear_direct_to();
  hub.publish(urgent);
  const auto jobs = take(hub, NudgeReader::kGoesOn, 1);
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_THAT(jobs[0].subject(), HasSubstr("immediate"));
  EXPECT_THAT(take(hub), SizeIs(1));
}
TEST(NudgeReports, NoneIsHandedOutTwiceWithinItsHoldUnlessTheProgramBeganAnew) {
  HubCore hub(out_of_hours());
  hub.publish(to_health_visitors());
  const auto first = take(hub);
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_THAT(take(hub), IsEmpty());
  const auto anew = take(hub, NudgeReader::kAnew);
  ASSERT_THAT(anew, SizeIs(1));
  EXPECT_EQ(anew[0].nudge_id(), first[0].nudge_id());
  hub.advance(Duration{limits::kNudgeHoldUs});
  EXPECT_THAT(take(hub), SizeIs(1));
}
TEST(NudgeReports, SentIsToldOnEachItemAndEndsIt) {
  HubCore hub(out_of_hours());
  hub.publish(to_health_visitors("1"));
  hub.publish(to_health_visitors("2"));
  const auto jobs = take(hub);
  report(hub, jobs[0], v1::NUDGE_STATE_SENT);
  report(hub, jobs[0], v1::NUDGE_STATE_SENT);
  report(hub, jobs[0], v1::NUDGE_STATE_FAILED);
  EXPECT_EQ(nudged(hub.inbox("X99-HV"), v1::NUDGE_STATE_SENT), 2u);
  EXPECT_EQ(hub.delivery("X99-HV", 2).nudge(), v1::NUDGE_STATE_SENT);
  EXPECT_THAT(take(hub, NudgeReader::kAnew), IsEmpty());
}
TEST(NudgeReports, AFailureIsTriedAgainWithGrowingPauses) {
  HubCore hub(out_of_hours());
  hub.publish(to_health_visitors());
  Duration before{0};
  for (int attempt = 1; attempt <= 4; ++attempt) {
    const auto jobs = take(hub);
    ASSERT_THAT(jobs, SizeIs(1)) << attempt;
    report(hub, jobs[0], v1::NUDGE_STATE_WAITING, "the relay is away");
    EXPECT_EQ(all(hub)[0].why(), "the relay is away");
    const Duration pause{all(hub)[0].next_try_us() - hub.now.us};
    EXPECT_THAT(pause.us, Gt(before.us));
    before = pause;
    EXPECT_THAT(take(hub), IsEmpty());
    hub.advance(pause);
  }
}
TEST(NudgeReports, OneTriedTooOftenIsGivenUpWhichTellsTheNextInLineAndTheSenderOnce) {
  HubCore hub(out_of_hours());
  const Answer answer = hub.publish(to_health_visitors());
  for (uint32_t n = 0; n < limits::kNudgeAttemptsMax; ++n) {
    const auto jobs = take(hub, NudgeReader::kAnew);
    ASSERT_THAT(jobs, SizeIs(1)) << n;
    EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV"));
    report(hub, jobs[0], v1::NUDGE_STATE_WAITING, "no");
  }
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
  EXPECT_EQ(hub.recipients(answer.position)[1].cause(), v1::CAUSE_ESCALATION);
  EXPECT_EQ(nudged(hub.inbox("X99-HV"), v1::NUDGE_STATE_FAILED), 1u);
  EXPECT_EQ(nudged(hub.log(hub.sent_of("X26-SAFETY")), v1::NUDGE_STATE_FAILED), 1u);
  EXPECT_EQ(all(hub)[0].state(), v1::NUDGE_STATE_FAILED);
  EXPECT_THAT(take(hub, NudgeReader::kAnew), IsEmpty());
}
TEST(NudgeReports, TwoFailedAddressesOfATeamAreOneEscalation) {
  v1::Directory world = out_of_hours();
  for (auto& team : *world.mutable_teams()) {
    if (team.id() != "X99-HV") continue;
    v1::NudgeAddress& hook = *team.add_nudges();
    hook.set_via(v1::NUDGE_VIA_WEBHOOK);
    hook.set_address("https://hook.example/x99");
  }
  HubCore hub(world);
  const Answer answer = hub.publish(to_health_visitors());
  const auto jobs = take(hub);
  ASSERT_THAT(jobs, SizeIs(2));
  for (const auto& job : jobs) report(hub, job, v1::NUDGE_STATE_FAILED);
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
  EXPECT_EQ(nudged(hub.log(hub.sent_of("X26-SAFETY")), v1::NUDGE_STATE_FAILED), 1u);
}
TEST(NudgeReports, AFailureAboutWhatSomebodyPickedUpTellsNobodyElse) {
  HubCore hub(out_of_hours());
  const Answer answer = hub.publish(to_health_visitors());
  const auto jobs = take(hub);
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  report(hub, jobs[0], v1::NUDGE_STATE_FAILED);
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV"));
}
TEST(NudgeReports, OneThatNobodySendsHasFailedInTime) {
  HubCore hub(out_of_hours());
  hub.advance(seconds(3600));
  const Answer answer = hub.publish(to_health_visitors());
  hub.advance(Duration{limits::kNudgeUntakenUsMax - 1});
  EXPECT_EQ(hub.tick(), 0u);
  hub.advance(Duration{1});
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_THAT(hub.told(answer.position), ElementsAre("X99-HV", "X99-DUTY", "X26-SAFETY"));
  EXPECT_EQ(hub.tick(), 0u);
}
TEST(NudgeReports, AHubThatWasAwayGivesTheProgramItsTimeFirst) {
  HubCore hub(out_of_hours());
  hub.publish(to_health_visitors());
  hub.advance(seconds(3600));
  hub.crash();
  EXPECT_EQ(hub.tick(), 0u);
  EXPECT_THAT(take(hub, NudgeReader::kAnew), SizeIs(1));
}
TEST(NudgeReports, ACrashBeforeTheSyncHandsOutTheSameAgain) {
  HubCore hub(out_of_hours());
  hub.publish(to_health_visitors());
  std::string id;
  hub.turn_until(support::Cut::kBeforeSync, [&](Core& c) {
    id = c.take_nudges(nudger(), 0, NudgeReader::kGoesOn).at(0).nudge_id();
  });
  hub.crash();
  const auto jobs = take(hub);
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_EQ(jobs[0].nudge_id(), id);
}
TEST(NudgeReports, AnEscalationByAFailedNudgeHasAnIdThatNeverDerivesFromAPosition) {
  EXPECT_EQ(unreachable_id("event", "T"), unreachable_id("event", "T"));
  EXPECT_NE(unreachable_id("event", "T"), unreachable_id("event", "U"));
}

}  // namespace
}  // namespace switchboard::core
