#include "broker/core/policy_check.h"

#include <gmock/gmock.h>

namespace switchboard::core {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

v1::Policy two_rows() {
  v1::Policy policy;
  for (const char* id : {"levels", "other"}) {
    v1::PolicyRow& row = *policy.add_rows();
    row.set_id(id);
    row.set_attention(v1::ATTENTION_ACT);
    row.set_acknowledge_within_s(7200);
    row.add_levels()->add_tell(v1::ESCALATION_TO_DEPUTY);
    v1::EscalationLevel& second = *row.add_levels();
    second.set_after_s(1800);
    second.add_tell(v1::ESCALATION_TO_SAFETY_NET);
  }
  return policy;
}

TEST(PolicyCheck, NamesTheRowAndWhatIsWrong) {
  v1::Policy policy = two_rows();
  EXPECT_THAT(policy_problems(policy), IsEmpty());
  auto& row = *policy.mutable_rows(0);
  row.mutable_levels(1)->clear_after_s();
  row.set_receive_within_s(7200);
  row.add_contexts(v1::CONTEXT_UNSPECIFIED);
  policy.set_signed_off_by("Lee Example");
  policy.mutable_rows(1)->set_id("levels");
  const auto problems = policy_problems(policy);
  EXPECT_THAT(problems, Contains("policy row 1 'levels': level 2: after_s is missing: how long "
                                 "after the last?"));
  EXPECT_THAT(problems, Contains("policy row 1 'levels': receive_within_s must be shorter than "
                                 "acknowledge_within_s"));
  EXPECT_THAT(problems, Contains(HasSubstr("contexts has something that is none")));
  EXPECT_THAT(problems, Contains(HasSubstr("its id is used twice")));
  EXPECT_THAT(problems, Contains(HasSubstr("signed_off_by needs signed_off_on")));
}

TEST(PolicyCheck, OfAPromptKnowsItsIdItsWordsItsKindsAndHowManyThereMayBe) {
  const auto wrong = [](auto change) {
    v1::Policy policy = two_rows();
    v1::SendPrompt& prompt = *policy.add_send_prompts();
    prompt.set_id("household");
    prompt.set_question("Who else is in the household?");
    prompt.add_kinds("concern");
    change(policy, prompt);
    return policy_problems(policy);
  };
  EXPECT_THAT(wrong([](auto&, auto&) {}), IsEmpty());
  EXPECT_THAT(wrong([](auto&, auto& prompt) { prompt.clear_question(); }),
              Contains("policy send_prompts 1: question is missing"));
  EXPECT_THAT(wrong([](auto&, auto& prompt) { prompt.set_id("Who lives there?"); }),
              Contains(HasSubstr("its id must be like")));
  EXPECT_THAT(wrong([](auto&, auto& prompt) { prompt.add_kinds("carrier_pigeon"); }),
              Contains(HasSubstr("there is no kind 'carrier_pigeon'")));
  EXPECT_THAT(wrong([](auto&, auto& prompt) { prompt.set_hint(std::string(2000, 'h')); }),
              Contains(HasSubstr("too long")));
  EXPECT_THAT(wrong([](auto& policy, auto& prompt) { *policy.add_send_prompts() = prompt; }),
              Contains("policy send_prompts 2: its id is used twice"));
  EXPECT_THAT(wrong([](auto& policy, auto&) {
                for (int i = 0; i < 12; ++i) policy.add_send_prompts();
              }),
              Contains(HasSubstr("more than 12 send_prompts")));
}

}  // namespace
}  // namespace switchboard::core
