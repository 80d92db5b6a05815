#include "broker/core/prompts.h"

#include <gmock/gmock.h>

#include "broker/core/notice.h"
#include "broker/store/records.h"
#include "broker/store/task_rows.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Duration kDay = seconds(86400);

v1::Directory world() {
  v1::Directory d = support::small_world();
  for (const char* prompt :
       {"Who visits first?", "Who holds the plan?", "What was the family told?"})
    d.mutable_policy()->add_handover_prompts(prompt);
  d.mutable_policy()->mutable_rows(4)->set_attention(v1::ATTENTION_SEE);  // discharge
  return d;
}
Event admission(const std::string& message, Time expected, const std::string& visit = "V1") {
  Event event("admission", message);
  event.header.mutable_subject()->set_open_plan(true);
  *event.header.add_threads() = support::visit(visit);
  event.detail.mutable_admission()->mutable_expected_discharge()->set_earliest_us(expected.us);
  return event;
}
Event update(const std::string& message, Time expected) {
  Event event = support::correction(message, "V1", "admission", v1::CORRECTION_NATURE_SUPERSEDED);
  event.detail.mutable_admission()->mutable_expected_discharge()->set_earliest_us(expected.us);
  return event;
}
Event discharge(const std::string& message, const std::string& visit = "V1") {
  Event event("discharge", message);
  *event.header.add_threads() = support::visit(visit);
  return event;
}

struct Ward {
  HubCore hub{world()};
  Time expected = support::kNoon + seconds(2 * 86400);
  unsigned acts = 0;

  std::vector<v1::TaskRecord> open() {
    std::vector<v1::TaskRecord> all;
    const auto handle = hub.team("X26-SAFETY").handle();
    const auto ids = store::read_open_tasks(hub.kv(), handle, 100).value();
    for (const auto& id : ids) {
      all.push_back(*store::read_task(hub.kv(), id).value());
    }
    return all;
  }
  v1::ActOutcome answer(const std::string& words) {
    v1::Act act = make_act(++acts, "X26-SAFETY", 0, v1::ACT_KIND_REPLY, "dev", words);
    act.set_task_id(open().at(0).task().task_id());
    return hub.act(act);
  }
  // What X99-HV is asked about the discharge, and what is unanswered.
  v1::Notice discharged() {
    const Answer answer = hub.publish(discharge("9"));
    EXPECT_EQ(answer.code, v1::CODE_OK) << answer.text;
    const auto recipients = hub.recipients(answer.position);
    EXPECT_EQ(recipients.at(0).team(), "X99-HV");
    return delivery_notice(*hub.core().directory(), hub.core().secrets(),
                           hub.event(answer.position), answer.position, recipients.at(0), nullptr);
  }
};

TEST(HandOver, AnAdmissionWithAnOpenPlanAsksItsSenderByTheExpectedDischarge) {
  Ward ward;
  ward.hub.publish(admission("1", ward.expected));
  ASSERT_THAT(ward.open(), SizeIs(1));
  const v1::Task task = ward.open()[0].task();
  EXPECT_EQ(task.kind(), v1::TASK_KIND_HANDOVER);
  EXPECT_EQ(task.due_us(), ward.expected.us);
  EXPECT_THAT(task.script(), ElementsAre("1: Who visits first?", "2: Who holds the plan?",
                                         "3: What was the family told?"));
}
TEST(HandOver, WithoutAPlanOrAnExpectedDischargeNobodyIsAsked) {
  Ward ward;
  Event no_plan = admission("1", ward.expected);
  no_plan.header.mutable_subject()->set_open_plan(false);
  ward.hub.publish(no_plan);
  ward.hub.publish(admission("2", Time{0}, "V2"));
  EXPECT_THAT(ward.open(), IsEmpty());
}
TEST(HandOver, AnotherExpectedDateMovesTheOneTask) {
  Ward ward;
  ward.hub.publish(admission("1", ward.expected));
  ward.hub.publish(update("2", ward.expected + kDay));
  ASSERT_THAT(ward.open(), SizeIs(1));
  EXPECT_EQ(ward.open()[0].task().due_us(), (ward.expected + kDay).us);
  auto due = store::read_due(ward.hub.kv(), 0, INT64_MAX - 1, 100).value();
  std::erase_if(due, [](const auto& d) { return d.kind != store::DueKind::kTask; });
  ASSERT_THAT(due, SizeIs(1)) << "the old clock is gone";
  EXPECT_EQ(due[0].at_us, (ward.expected + kDay).us);
}
TEST(HandOver, ACancelledAdmissionAsksNobodyAnyMoreAndTheNextOneAsksAnew) {
  Ward ward;
  ward.hub.publish(admission("1", ward.expected));
  ward.hub.publish(support::correction("2", "V1", "admission", v1::CORRECTION_NATURE_VOID));
  EXPECT_THAT(ward.open(), IsEmpty());
  ward.hub.publish(admission("3", ward.expected));
  EXPECT_THAT(ward.open(), SizeIs(1));
}
TEST(HandOver, IsAnsweredPromptByPromptAndDoneWithTheLast) {
  Ward ward;
  ward.hub.publish(admission("1", ward.expected));
  EXPECT_THAT(ward.answer("2: the named midwife").text(), HasSubstr("2 prompts are open"));
  EXPECT_THAT(ward.open(), SizeIs(1));
  EXPECT_EQ(ward.answer("1: Thursday\n3: all of it, by the consultant").code(), v1::CODE_OK);
  EXPECT_THAT(ward.open(), IsEmpty());
}
TEST(HandOver, WordsThatAnswerNoPromptAreNotTaken) {
  Ward ward;
  ward.hub.publish(admission("1", ward.expected));
  for (const char* words : {"all well", "4: more", "1:", "1: ", "x1: yes", ": yes"}) {
    EXPECT_EQ(ward.answer(words).code(), v1::CODE_INVALID) << words;
  }
  EXPECT_EQ(ward.open().at(0).steps_size(), 0);
}
TEST(HandOver, WhatIsUnansweredGoesWithTheDischargeAndAsksTheCommunityToAct) {
  Ward ward;
  ward.hub.publish(admission("1", ward.expected));
  ward.answer("1: the health visitor, on Thursday");
  const auto notice = ward.discharged();
  EXPECT_EQ(notice.attention(), v1::ATTENTION_ACT);
  EXPECT_GT(notice.acknowledge_by_us(), ward.hub.now.us);
  EXPECT_THAT(notice.unanswered(),
              ElementsAre("2: Who holds the plan?", "3: What was the family told?"));
}
TEST(HandOver, WithEveryPromptAnsweredPolicyDecides) {
  Ward ward;
  ward.hub.publish(admission("1", ward.expected));
  ward.answer("1: a\n2: b\n3: c");
  const auto notice = ward.discharged();
  EXPECT_EQ(notice.attention(), v1::ATTENTION_SEE);
  EXPECT_THAT(notice.unanswered(), IsEmpty());
}
TEST(HandOver, WhereNothingWasAskedPolicyDecides) {
  Ward ward;
  EXPECT_EQ(ward.discharged().attention(), v1::ATTENTION_SEE);
}
TEST(HandOver, AClockThatPassesTellsAndEndsNothing) {
  Ward ward;
  ward.hub.publish(admission("1", ward.expected));
  ward.hub.now = ward.expected;
  EXPECT_EQ(ward.hub.tick(), 1u);
  EXPECT_THAT(ward.open(), SizeIs(1));
}
TEST(HandOver, ASourceOnTrialAsksNobody) {
  Ward ward;
  Event event = admission("1", ward.expected);
  event.header.set_shadow(true);
  ward.hub.publish(event);
  EXPECT_THAT(ward.open(), IsEmpty());
}

}  // namespace
}  // namespace switchboard::core
