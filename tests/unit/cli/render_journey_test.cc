#include "services/cli/render_journey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::cli {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kAccepted = 1'795'330'324'123'000;  // 2026-11-22T06:52:04.123Z

v1::JourneyStep& step(v1::JourneyRecipient& r, v1::DeliveryState state, int64_t after_ms) {
  v1::JourneyStep& s = *r.add_steps();
  s.set_state(state);
  s.set_at_us(kAccepted + after_ms * 1000);
  return s;
}

v1::Journey picked_up_journey() {
  v1::Journey j;
  j.set_event_id(std::string(16, '\x11'));
  j.set_agency("X26");
  j.set_system("PAS");
  j.set_kind("ed_attendance");
  j.set_urgency(v1::URGENCY_URGENT);
  j.set_occurred_us(kAccepted - 7'200'000'000);
  j.set_accepted_us(kAccepted);
  j.set_position(42);
  j.set_disposition("routed");
  j.set_source_message_id("N10001");
  v1::JourneyRecipient& r = *j.add_recipients();
  r.set_team("X99-HEALTH-VISITING");
  r.set_team_name("Southfen health visiting");
  r.set_number(7);
  r.set_cause(v1::CAUSE_ROUTE);
  r.set_route("x99-hv-under-fives");
  r.set_rule_version(3);
  r.set_facts("area E06009901, under 1");
  r.set_attention(v1::ATTENTION_ACT);
  r.set_acknowledge_by_us(kAccepted + 28'800'000'000);
  r.set_state(v1::DELIVERY_STATE_ACKNOWLEDGED);
  r.set_added_us(kAccepted);
  step(r, v1::DELIVERY_STATE_RECEIVED, 200).set_endpoint("sandbox");
  step(r, v1::DELIVERY_STATE_OPENED, 65'000).mutable_actor()->set_name("Chloe Ng");
  v1::JourneyStep& ack = step(r, v1::DELIVERY_STATE_ACKNOWLEDGED, 240'000);
  ack.mutable_actor()->set_name("Chloe Ng");
  ack.mutable_actor()->set_role("health visitor");
  return j;
}

TEST(RenderJourney, ReadsFromAcceptanceToTheNamedPerson) {
  EXPECT_EQ(render_journey(picked_up_journey(), Time{kAccepted}, {}),
            R"(ed_attendance, urgent  11111111-1111-1111-1111-111111111111
from        X26 / PAS, message N10001
occurred    2026-11-22 04:52:04Z
accepted    2026-11-22 06:52:04Z, position 42  (told late: happened 2 h 00 min before)
result      routed

X99-HEALTH-VISITING  Southfen health visiting  #7
  why       route x99-hv-under-fives (version 3): area E06009901, under 1
  attention act, by 2026-11-22 14:52:04Z
  now       picked up
    06:52:04.123Z  +0 ms      routed
    06:52:04.323Z  +200 ms    received by endpoint sandbox
    06:53:09.123Z  +65 s      opened by Chloe Ng
    06:56:04.123Z  +4 min     picked up by Chloe Ng (health visitor)
)");
}

TEST(RenderJourney, WhatIsOpenSaysHowMuchTimeIsLeft) {
  v1::Journey j = picked_up_journey();
  auto& r = *j.mutable_recipients(0);
  r.set_state(v1::DELIVERY_STATE_RECEIVED);
  r.mutable_steps()->DeleteSubrange(1, 2);
  const Time deadline{r.acknowledge_by_us()};
  EXPECT_THAT(render_journey(j, deadline - seconds(600), {}), HasSubstr("due in 10 min"));
  const std::string late = render_journey(j, deadline + seconds(240), {});
  EXPECT_THAT(late, HasSubstr("overdue by 4 min"));
  EXPECT_THAT(late, HasSubstr("received, nobody has picked it up yet"));
}

TEST(RenderJourney, AnEscalationIsAStepOfItsOwn) {
  v1::Journey j = picked_up_journey();
  v1::JourneyStep& overdue =
      step(*j.mutable_recipients(0), v1::DELIVERY_STATE_UNSPECIFIED, 300'000);
  overdue.set_overdue_level(1);
  EXPECT_THAT(render_journey(j, Time{kAccepted}, {}), HasSubstr("overdue, level 1"));
}

TEST(RenderJourney, ACorrectionSaysWhyWhereItMayBeShown) {
  v1::Journey j = picked_up_journey();
  j.set_corrects_event_id(std::string(16, '\x22'));
  EXPECT_EQ(render_journey(j, Time{kAccepted}, {}).find("because"), std::string::npos);
  j.set_correction_reason("entered for the wrong visit");
  EXPECT_THAT(render_journey(j, Time{kAccepted}, {}),
              HasSubstr("because     entered for the wrong visit\n"));
}
TEST(RenderJourney, OfASourceOnTrialItSaysWhoWouldHaveBeenTold) {
  v1::Journey j = picked_up_journey();
  j.set_disposition("shadowed");
  j.set_trigger("ADT^A01");
  *j.add_shadow() = j.recipients(0);
  j.clear_recipients();
  j.mutable_shadow(0)->clear_number();
  const std::string text = render_journey(j, Time{kAccepted}, {});
  EXPECT_THAT(text, HasSubstr("message N10001, ADT^A01\n"));
  EXPECT_THAT(text, HasSubstr("nobody was told"));
  EXPECT_THAT(text,
              HasSubstr("X99-HEALTH-VISITING  Southfen health visiting  would have been told"));
  EXPECT_THAT(text, HasSubstr("attention act, by "));
}
TEST(RenderJourney, AHeldCorrectionSaysUntilWhenAndAMergeThatItIsOne) {
  v1::Journey j = picked_up_journey();
  j.clear_recipients();
  j.set_disposition("held");
  j.set_held_until_us(kAccepted + 14'400'000'000);
  EXPECT_THAT(render_journey(j, Time{kAccepted}, {}),
              HasSubstr("held, until 2026-11-22 10:52:04Z"));
  j.set_identity_change(v1::IDENTITY_CHANGE_MERGED);
  EXPECT_THAT(render_journey(j, Time{kAccepted}, {}), HasSubstr("change      merged"));
}

TEST(RenderJourney, AQuarantinedEventSaysWhyAndThatNobodyWasTold) {
  v1::Journey j;
  j.set_event_id(std::string(16, '\x22'));
  j.set_accepted_us(kAccepted);
  j.set_disposition("quarantined");
  j.set_code("CODE_INVALID");
  const std::string text = render_journey(j, Time{kAccepted}, {});
  EXPECT_THAT(text, HasSubstr("quarantined: invalid"));
  EXPECT_THAT(text, HasSubstr("nobody was told"));
}

}  // namespace
}  // namespace switchboard::cli
