// The real gateway in front of the real hub, as a browser meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/gateway/gateway_world.h"

namespace switchboard::test {

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* kAlerts = "/api/teams/X99-HV/alerts";
constexpr const char* kStream = "/api/teams/X99-HV/stream";

v1::ScreenAct act(v1::ActKind kind, const v1::Alert& on, char id, const std::string& outcome = {}) {
  v1::ScreenAct out;
  out.set_act_id(std::string(32, id));
  out.set_kind(kind);
  out.set_reference(on.reference());
  out.set_outcome(outcome);
  return out;
}

struct GatewayTest : testing::Test {
  v1::Alerts alerts(Browser& browser) {
    const auto answer = browser.get(kAlerts);
    EXPECT_EQ(answer.status, 200u) << answer.body;
    return answer.as<v1::Alerts>();
  }
  std::string place(const v1::Alerts& list) {
    return std::to_string(list.epoch()) + "-" + std::to_string(list.head());
  }
  GatewayWorld world;
};

TEST_F(GatewayTest, APersonSignsInSeesTheAlertAndPicksItUpByName) {
  world.happens({.message_id = "1", .kind = "admission"});
  Browser rosa = world.signed_in();
  auto list = alerts(rosa);
  ASSERT_THAT(list.alerts(), SizeIs(1));
  const v1::Alert alert = list.alerts(0);
  EXPECT_EQ(alert.header().kind(), "admission");
  EXPECT_FALSE(alert.identity().name().family().empty());
  EXPECT_TRUE(list.live().live());
  const std::string number = std::to_string(alert.number());
  const auto answer = rosa.post(std::string(kAlerts) + "/" + number + "/acts",
                                act(v1::ACT_KIND_ACKNOWLEDGE, alert, 'a'));
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto acted = answer.as<v1::ScreenActed>();
  EXPECT_EQ(acted.now().notice().picked_up_by().name(), "Invented rosa");
  EXPECT_EQ(acted.now().notice().picked_up_by().assurance(), v1::ASSURANCE_LOCAL_SIGN_IN);
  EXPECT_GT(acted.undo_until_us(), list.as_of_us());
  const auto journey = rosa.get(std::string(kAlerts) + "/" + number + "/journey");
  EXPECT_EQ(journey.as<v1::ScreenJourney>().reference(), alert.reference());
  const auto child = rosa.get("/api/teams/X99-HV/children/" + number).as<v1::ScreenChild>();
  EXPECT_THAT(child.alerts(), SizeIs(1));
  EXPECT_EQ(child.child(), alert.child());
}

TEST_F(GatewayTest, WhatOthersDoComesByTheStreamAsItStandsNow) {
  Browser rosa = world.signed_in(), omar = world.signed_in("omar");
  auto stream = rosa.stream(kStream, place(alerts(rosa)));
  world.happens({.message_id = "1", .kind = "admission"});
  EXPECT_THAT(stream.hear_until("event: pushed"), HasSubstr("text/event-stream"));
  EXPECT_THAT(stream.hear_until("\n\n"), HasSubstr("ENTRY_TYPE_DELIVERY"));
  const auto alert = alerts(omar).alerts(0);
  omar.post(std::string(kAlerts) + "/" + std::to_string(alert.number()) + "/acts",
            act(v1::ACT_KIND_ACKNOWLEDGE, alert, 'b'));
  stream.hear_until("CHANGE_ACKNOWLEDGED");
  EXPECT_THAT(stream.hear_until("\n\n"), HasSubstr("Invented omar"));
}

// P5: neither a hub nor a gateway that was killed makes a screen miss anything.
TEST_F(GatewayTest, AStreamGoesOnWithoutAGapAfterTheGatewayWasKilled) {
  Browser rosa = world.signed_in();
  const std::string seen = place(alerts(rosa));
  world.kill();
  for (int i = 1; i <= 3; ++i) world.happens({.message_id = std::to_string(i)});
  ASSERT_TRUE(world.start());
  auto stream = rosa.stream(kStream, seen);  // still signed in
  for (int i = 0; i < 3; ++i) {
    stream.hear_until("event: pushed");
    EXPECT_THAT(stream.hear_until("\n\n"), HasSubstr("ENTRY_TYPE_DELIVERY"));
  }
}

TEST_F(GatewayTest, WhileTheHubIsAwayTheScreenSaysSoAndTheNumbersToRingAreThere) {
  Browser rosa = world.signed_in();
  auto stream = rosa.stream(kStream, place(alerts(rosa)));
  EXPECT_EQ(rosa.get("/api/teams/X99-HV/directory").status, 200u);
  world.hub.hub.kill();
  stream.hear_until("\"why\":");
  const auto away = rosa.get(kAlerts);
  EXPECT_EQ(away.status, 503u) << "nothing of a child is shown that the hub has not just disclosed";
  const auto sheet = rosa.get("/api/teams/X99-HV/directory").as<v1::ScreenDirectory>();
  EXPECT_FALSE(sheet.live().live());
  EXPECT_GT(sheet.sheet().at_us(), 0);
  world.kill();
  ASSERT_TRUE(world.hub.hub.start());
  ASSERT_TRUE(world.start());
  EXPECT_TRUE(eventually([&] { return rosa.get(kAlerts).status == 200; }));
}

TEST_F(GatewayTest, NobodySeesAnythingWithoutSigningInNorOfATeamThatIsNotTheirs) {
  world.happens({.message_id = "1"});
  Browser stranger = world.browser();
  for (const char* path : {kAlerts, kStream, "/api/teams/X99-HV", "/api/teams/X99-HV/sent",
                           "/api/teams/X99-HV/directory", "/api/teams/X99-HV/children/1",
                           "/api/teams/X99-HV/attendances"}) {
    EXPECT_EQ(stranger.get(path).status, 401u) << path;
  }
  Browser mina = world.browser();  // of another team, which is not on this gateway
  EXPECT_EQ(mina.sign_in("mina", GatewayWorld::kPassword).status, 401u);
  Browser rosa = world.signed_in();
  EXPECT_EQ(rosa.get("/api/teams/X26-MID/alerts").status, 403u);
  EXPECT_EQ(rosa.get("/api/teams/X26-MID/attendances").status, 403u);
  EXPECT_EQ(rosa.get("/api/teams/X99-HV/attendances").status, 404u) << "it is nobody's safety net";
}

// What the page sends for a child of the team's area.
v1::ScreenSend form_of(const std::string& kind, char id, int64_t recorded_us) {
  v1::ScreenSend form;
  form.set_send_id(std::string(32, id));
  auto& header = *form.mutable_header();
  header.set_kind(kind);
  header.set_urgency(v1::URGENCY_URGENT);
  header.set_agency("X26");  // it speaks for itself only, whatever the page says
  header.set_recorded_us(recorded_us);
  header.mutable_call_back()->set_phone("01632 960002");
  header.mutable_subject()->set_type(v1::SUBJECT_TYPE_CHILD);
  header.mutable_subject()->set_area_code(kArea);
  form.mutable_identity()->mutable_name()->set_family("TESTCHILD");
  form.mutable_identity()->set_birth_date("2026-01-05");
  auto& local = *form.mutable_identity()->add_identifiers();
  local.set_type(v1::IDENTIFIER_TYPE_LOCAL);
  local.set_authority("X99-LOCAL");
  local.set_value("77");
  form.mutable_summary()->set_text("Seen at home.");
  return form;
}

TEST_F(GatewayTest, WhatIsSentFromTheFormIsOneEventHoweverOftenItIsSent) {
  Browser rosa = world.signed_in();
  v1::ScreenSend form = form_of("concern", 'c', alerts(rosa).as_of_us());
  const auto refused = rosa.post("/api/teams/X99-HV/events", form);
  EXPECT_EQ(refused.status, 400u);
  EXPECT_EQ(refused.as<v1::Problem>().field(), "summary.significance");
  form.mutable_summary()->set_significance("No food in the house.");
  form.mutable_summary()->set_child_voice_absent("asleep");
  form.mutable_detail()->mutable_concern()->set_stage(v1::CONCERN_STAGE_EMERGING);
  const auto first = rosa.post("/api/teams/X99-HV/events", form);
  ASSERT_EQ(first.status, 200u) << first.body;
  const auto again = rosa.post("/api/teams/X99-HV/events", form);
  EXPECT_EQ(again.as<v1::ScreenSentOff>().code(), v1::CODE_DUPLICATE);
  EXPECT_EQ(again.as<v1::ScreenSentOff>().reference(), first.as<v1::ScreenSentOff>().reference());
  const auto sent = rosa.get("/api/teams/X99-HV/sent").as<v1::ScreenSent>();
  ASSERT_THAT(sent.items(), SizeIs(1));
  EXPECT_EQ(sent.items(0).kind(), "concern");
}

TEST_F(GatewayTest, ACallIsSentOnceWhatPolicyAsksIsAnsweredAndAProtectedPlaceIsShownToNobody) {
  Browser rosa = world.signed_in();
  v1::ScreenSend form = form_of("call_logged", 'd', alerts(rosa).as_of_us());
  form.mutable_header()->set_protected_address(true);
  form.mutable_location()->add_address_lines("12 Larch Row");
  form.mutable_summary()->set_significance("The last visits found nobody in.");
  form.mutable_summary()->set_child_voice_absent("asleep");
  auto& call = *form.mutable_detail()->mutable_call_logged();
  call.set_direction(v1::CALL_DIRECTION_RECEIVED);
  const auto unanswered = rosa.post("/api/teams/X99-HV/events", form);
  EXPECT_EQ(unanswered.status, 400u);
  EXPECT_EQ(unanswered.as<v1::Problem>().field(), "answers.who_else");
  auto& answer = *form.mutable_detail()->add_answers();
  answer.set_prompt("who_else");
  answer.set_question("Has anybody else been told?");
  answer.set_answer("not known");
  EXPECT_EQ(rosa.post("/api/teams/X99-HV/events", form).as<v1::Problem>().field(),
            "detail.callLogged.withWhom");
  call.set_with_whom("An aunt");
  const auto sent = rosa.post("/api/teams/X99-HV/events", form);
  ASSERT_EQ(sent.status, 200u) << sent.body;
  const auto list = alerts(rosa);  // of its own area: it is told, and sees its own event in full
  ASSERT_THAT(list.alerts(), SizeIs(1));
  EXPECT_TRUE(list.alerts(0).header().protected_address());
  EXPECT_FALSE(list.alerts(0).has_location());
  EXPECT_EQ(list.alerts(0).detail().answers(0).answer(), "not known");
}

// P11: the hub answers so many questions of one session at once; browsers do not notice.
TEST_F(GatewayTest, AHundredAndFiftyBrowsersThatAskAtOnceAreAllAnswered) {
  world.happens({.message_id = "1"});
  Browser rosa = world.signed_in();
  std::vector<RawBrowser> asking;
  for (int i = 0; i < 150; ++i) asking.push_back(rosa.begin(kAlerts));
  for (auto& one : asking) EXPECT_THAT(one.hear_answer(), HasSubstr("HTTP/1.1 200"));
}

// P9: no child's identity in a log.
TEST_F(GatewayTest, ItsLogNamesNoChildAndNoPassword) {
  world.happens({.message_id = "1"});
  Browser rosa = world.signed_in();
  const auto alert = alerts(rosa).alerts(0);
  rosa.get("/api/teams/X99-HV/children/" + std::to_string(alert.number()));
  world.browser().sign_in("rosa", "a wrong password");
  EXPECT_THAT(world.log(),
              AllOf(Not(HasSubstr(alert.identity().name().family())), Not(HasSubstr("otters")),
                    Not(HasSubstr("a wrong password")), Not(HasSubstr(alert.child()))));
}

}  // namespace
}  // namespace switchboard::test
