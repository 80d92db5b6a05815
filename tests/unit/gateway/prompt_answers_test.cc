#include "services/gateway/prompt_answers.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;

// Two questions of policy: one for concerns that must be answered, one for anybody who likes.
v1::TeamView asked() {
  v1::TeamView team;
  auto& household = *team.add_send_prompts();
  household.set_id("household");
  household.add_kinds("concern");
  household.set_question("Who else is in the household?");
  household.set_mandatory(true);
  auto& other = *team.add_send_prompts();
  other.set_id("out-of-area");
  other.set_question("Is an out-of-area team involved?");
  return team;
}
v1::Event saying(const std::string& kind, const std::string& answer = {}) {
  v1::Event event;
  event.mutable_header()->set_kind(kind);
  if (answer.empty()) return event;
  auto& one = *event.mutable_detail()->add_answers();
  one.set_prompt("household");
  one.set_question("Who else is in the household?");
  one.set_answer(answer);
  return event;
}

TEST(PromptAnswers, AMandatoryOneIsNeededAndNamedAsItsField) {
  const auto wrong = wrong_answer(asked(), saying("concern"));
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->field, "answers.household");
  EXPECT_THAT(wrong->text, HasSubstr("Who else is in the household?"));
  EXPECT_TRUE(wrong_answer(asked(), saying("concern", " \n"))) << "blanks are no answer";
  EXPECT_FALSE(wrong_answer(asked(), saying("concern", "not known")));
}
TEST(PromptAnswers, AreAskedOfTheirKindsOnly) {
  EXPECT_FALSE(wrong_answer(asked(), saying("call_logged")));
  v1::TeamView team = asked();
  team.mutable_send_prompts(0)->clear_kinds();
  EXPECT_TRUE(wrong_answer(team, saying("call_logged"))) << "no kinds: any";
}
TEST(PromptAnswers, ToAQuestionThatIsAskedNoMoreStay) {
  EXPECT_FALSE(wrong_answer({}, saying("concern", "an aunt")));
}
TEST(PromptAnswers, AreBoundedAndGoWithTheirQuestion) {
  v1::Event event = saying("concern", std::string(limits::kOutcomeBytesMax + 1, 'a'));
  EXPECT_EQ(wrong_answer(asked(), event)->field, "answers.household");
  event = saying("concern", "an aunt");
  event.mutable_detail()->mutable_answers(0)->clear_question();
  EXPECT_EQ(wrong_answer(asked(), event)->field, "answers.household");
  event = saying("concern", "an aunt");
  *event.mutable_detail()->add_answers() = event.detail().answers(0);
  EXPECT_EQ(wrong_answer(asked(), event)->field, "answers.household") << "one answer each";
  event = saying("concern", "an aunt");
  for (size_t n = 0; n < limits::kSendPromptsMax; ++n) event.mutable_detail()->add_answers();
  EXPECT_EQ(wrong_answer(asked(), event)->field, "answers");
}

}  // namespace
}  // namespace switchboard::gateway
