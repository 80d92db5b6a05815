#include "services/cli/render_task.h"

#include <gmock/gmock.h>

namespace switchboard::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Time kNow{1'772'452'800'000'000};

v1::Task call() {
  v1::Task task;
  task.set_kind(v1::TASK_KIND_CALL);
  task.set_title("Ring Team X99-HV");
  task.mutable_number_now()->set_phone("0123 496 0000");
  task.mutable_number_now()->set_name("Team X99-HV");
  task.add_fallback()->set_phone("0123 496 0009");
  task.add_script("Say: I am ringing about …");
  task.set_due_us((kNow + seconds(600)).us);
  task.set_state(v1::TASK_STATE_OPEN);
  return task;
}

TEST(RenderTask, ACallSaysWhomToRingNowAndElseAndWhatToSay) {
  EXPECT_EQ(task_words(call()), "call: Ring Team X99-HV, 0123 496 0000");
  const std::string lines = task_lines(call(), {}, kNow);
  EXPECT_THAT(lines, HasSubstr("ring now       0123 496 0000  Team X99-HV"));
  EXPECT_THAT(lines, HasSubstr("else           0123 496 0009"));
  EXPECT_THAT(lines, HasSubstr("Say: I am ringing"));
}
TEST(RenderTask, ItsClockCountsDownThenSaysHowLateItIsAndEndsWithTheTask) {
  EXPECT_EQ(task_due(call(), kNow).text, "in 10 min");
  EXPECT_EQ(task_due(call(), kNow + seconds(1200)).text, "overdue 10 min");
  v1::Task done = call();
  done.set_state(v1::TASK_STATE_DONE);
  EXPECT_EQ(task_due(done, kNow).text, "");
  EXPECT_EQ(task_state(done), "done");
}
TEST(RenderTask, AStepSaysWhoDidWhatAndWhatCameOfIt) {
  v1::TaskDone step;
  step.mutable_actor()->set_name("Dev Example");
  step.set_kind(v1::ACT_KIND_LOG_CALL);
  step.mutable_call()->set_result(v1::CALL_RESULT_REACHED);
  step.mutable_call()->set_spoke_to("Nora");
  step.set_outcome("will visit");
  EXPECT_EQ(task_step_words(step), "Dev Example rang: reached Nora: will visit");
  step.Clear();
  step.set_outcome("the event was taken back");
  EXPECT_EQ(task_step_words(step), "the hub: the event was taken back");
}
TEST(RenderTask, WordsOfOthersDriveNoTerminal) {
  v1::Task task = call();
  task.set_title("Ring \x1b[31mme");
  EXPECT_THAT(task_words(task), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace switchboard::cli
