#include "broker/core/task_act.h"

#include "broker/base/limits.h"
#include "broker/core/call.h"
#include "broker/core/disagreement.h"
#include "broker/core/prompts.h"
#include "broker/core/question.h"

namespace switchboard::core {
namespace {

constexpr char kNoTask[] = "the team has no task of this id: see `switchboard task ls`";

std::string wrong_with(const v1::TaskRecord& task, const v1::Act& act) {
  const auto kind = task.task().kind();
  if (kind == v1::TASK_KIND_CALL) return "a call task ends by a logged call: use LOG_CALL";
  if (act.outcome().empty()) {
    return kind == v1::TASK_KIND_REVIEW ? "say what was updated, or why nothing changes: outcome"
                                        : "say the answer: act.outcome is empty";
  }
  return {};
}

// The team whose task it is; of a disagreement either side may say that it is settled.
bool may_reply(const v1::TaskRecord& task, const v1::Team& team) {
  if (task.team() == team.id()) return true;
  return task.task().kind() == v1::TASK_KIND_DISAGREEMENT && task.asked_by() == team.id();
}

// Prompt by prompt, by one person or several: done once each has an answer.
TaskAnswer answer_prompts(Turn& turn, v1::TaskRecord& task, const Deed& deed) {
  if (!answers_a_prompt(task, deed.act.outcome())) {
    return {v1::CODE_INVALID, "answer by number, a line for each prompt: \"1: …\""};
  }
  if (task.steps_size() >= static_cast<int>(limits::kTaskTriesMax)) {
    return {v1::CODE_CONFLICT, "the task has as many answers as it may: ring the teams"};
  }
  const auto open = open_prompts(turn, task, deed.act.outcome());
  if (open.empty()) return {v1::CODE_OK, {}, finish_task(turn, task, deed)};
  return {v1::CODE_OK, std::to_string(open.size()) + " prompts are open still",
          keep_step(turn, task, deed)};
}

TaskAnswer reply(Turn& turn, const v1::Team& team, const Deed& deed) {
  auto task = find_task(turn, deed.act.task_id());
  if (!task || !may_reply(*task, team)) return {v1::CODE_NOT_FOUND, kNoTask};
  if (!is_open(*task)) return {v1::CODE_CONFLICT, "the task has ended: see its steps"};
  if (auto why = wrong_with(*task, deed.act); !why.empty()) {
    return {v1::CODE_INVALID, std::move(why)};
  }
  if (task->task().kind() == v1::TASK_KIND_HANDOVER) return answer_prompts(turn, *task, deed);
  return {v1::CODE_OK, {}, finish_task(turn, *task, deed)};
}

}  // namespace

bool is_task_act(v1::ActKind kind) {
  return kind == v1::ACT_KIND_LOG_CALL || kind == v1::ACT_KIND_REPLY || kind == v1::ACT_KIND_ASK ||
         kind == v1::ACT_KIND_DISAGREE;
}

TaskAnswer task_act(Turn& turn, const v1::Actor& actor, const v1::Act& act) {
  const v1::Team* team = turn.directory.team(act.team());
  if (team == nullptr) return {v1::CODE_NOT_FOUND, "no such team"};
  const Deed deed{act, actor};
  switch (act.kind()) {
    case v1::ACT_KIND_LOG_CALL:
      return log_call(turn, *team, deed);
    case v1::ACT_KIND_REPLY:
      return reply(turn, *team, deed);
    case v1::ACT_KIND_ASK:
      return ask(turn, *team, deed);
    default:
      return disagree(turn, *team, deed);
  }
}

}  // namespace switchboard::core
