#include "broker/core/review.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using support::make_reply;
using testing::IsEmpty;
using testing::SizeIs;

v1::Directory world(v1::ClockKind clock = v1::CLOCK_KIND_ELAPSED) {
  v1::Directory world = support::small_world();
  v1::KeyEvent& key = *world.mutable_policy()->add_key_events();
  key.set_kind("discharge");
  key.set_review_within_s(3600);
  key.set_clock(clock);
  return world;
}
// A referral is open with X99-HV and X99-MASH when the discharge comes.
struct Discharged : HubCore {
  Discharged() : HubCore(world()) {
    publish(Event("concern"));
    publish(Event("discharge", "2"));
  }
};

TEST(Review, EachTeamWithAnOpenItemIsAsked) {
  Discharged hub;
  for (const char* team : {"X99-HV", "X99-MASH"}) {
    ASSERT_THAT(hub.tasks(team), SizeIs(1)) << team;
    EXPECT_EQ(hub.tasks(team)[0].task().kind(), v1::TASK_KIND_REVIEW);
    EXPECT_EQ(hub.tasks(team)[0].task().due_us(), (hub.now + seconds(3600)).us);
  }
}
TEST(Review, WhoHasNothingOpenIsNotAsked) {
  HubCore hub(world());
  hub.publish(Event("concern"));
  hub.act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  hub.act(make_act(2, "X99-HV", 1, v1::ACT_KIND_FINISH, "amy", "done"));
  hub.publish(Event("discharge", "2"));
  EXPECT_THAT(hub.tasks("X99-HV"), IsEmpty());
  EXPECT_THAT(hub.tasks("X99-MASH"), SizeIs(1));
}
TEST(Review, AKeyEventOfAnotherChildAsksNobody) {
  HubCore hub(world());
  hub.publish(Event("concern"));
  Event other("discharge", "2");
  *other.identity.mutable_identifiers(0) = support::nhs_identifier(support::nhs_number(2));
  hub.publish(other);
  EXPECT_THAT(hub.tasks("X99-HV"), IsEmpty());
}
TEST(Review, AnEventThatPolicyDoesNotNameAsksNobody) {
  HubCore hub(world());
  hub.publish(Event("concern"));
  hub.publish(Event("admission", "2"));
  EXPECT_THAT(hub.tasks("X99-HV"), IsEmpty());
}
TEST(Review, IsAnsweredByWhatWasUpdatedOrByWhyNothingChanges) {
  Discharged hub;
  v1::Act act = make_reply(1, hub.tasks("X99-HV").at(0), "amy", "");
  act.set_no_change(true);
  EXPECT_EQ(hub.act(act).code(), v1::CODE_INVALID) << "no change needs its because";
  act.set_act_id(support::act_id(2));
  act.set_outcome("the plan foresaw it");
  EXPECT_EQ(hub.act(act).code(), v1::CODE_OK);
  EXPECT_THAT(hub.tasks("X99-HV"), IsEmpty());
  EXPECT_EQ(hub.act(make_reply(3, hub.tasks("X99-MASH").at(0), "meg", "plan updated")).code(),
            v1::CODE_OK);
}
TEST(Review, CountsStaffedTimeWherePolicySaysSo) {
  v1::Directory w = world(v1::CLOCK_KIND_WORKING);
  for (auto& team : *w.mutable_teams()) {
    if (team.id() != "X99-HV") continue;
    v1::Hours& hours = *team.add_hours();
    hours.add_days(v1::WEEKDAY_TUESDAY);
    hours.set_from("09:00");
    hours.set_to("17:00");
  }
  HubCore hub(w);
  hub.publish(Event("concern"));
  hub.publish(Event("discharge", "2"));
  const Time tuesday_at_ten = support::kNoon + seconds(22 * 3600);  // it is Monday noon
  EXPECT_EQ(hub.tasks("X99-HV").at(0).task().due_us(), tuesday_at_ten.us);
}

}  // namespace
}  // namespace switchboard::core
