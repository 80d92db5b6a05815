#include "tests/sim/task_judge.h"

#include <algorithm>
#include <set>

#include "broker/base/bytes.h"
#include "broker/core/task_view.h"

namespace switchboard::sim {
namespace {

bool by_person(const v1::TaskRecord& task) {
  if (task.steps().empty()) return false;
  const v1::TaskStep& last = *task.steps().rbegin();
  if (last.actor().person().empty() || last.position() == 0) return false;
  if (task.task().kind() != v1::TASK_KIND_CALL) return last.kind() == v1::ACT_KIND_REPLY;
  return last.kind() == v1::ACT_KIND_LOG_CALL && last.result() == v1::CALL_RESULT_REACHED;
}

}  // namespace

std::vector<v1::TaskRecord> TaskJudge::all_of(const std::string& team) const {
  std::vector<v1::TaskRecord> all;
  for (const auto& entry : hub_.inbox(team)) {
    if (entry.type == v1::ENTRY_TYPE_TASK) all.push_back(hub_.task(entry.task));
  }
  return all;
}

std::string TaskJudge::wrong_with(const v1::TaskRecord& task) const {
  const auto state = task.task().state();
  if (state == v1::TASK_STATE_OPEN) return {};
  if (state == v1::TASK_STATE_DONE) return by_person(task) ? "" : "ended without a person's act";
  if (task.steps().empty()) return "moot without a reason";
  const auto why = core::read_step(hub_.kv(), &hub_.core().secrets().seal, task.event_position(),
                                   *task.steps().rbegin());
  return why.ok() && !why->outcome().empty() ? "" : "moot without a reason";
}

std::vector<TaskJudge::Breach> TaskJudge::broken() const {
  std::vector<Breach> found;
  std::set<std::string> seen;
  for (const auto& [team, row] : hub_.core().directory()->teams()) {
    std::set<std::string> open;
    for (const auto& task : hub_.tasks(team)) open.insert(task.task().task_id());
    for (const auto& task : all_of(team)) {
      const auto& id = task.task().task_id();
      const std::string name = team + " task " + to_hex(id);
      if (!seen.insert(id).second) found.emplace_back("P2", name + " is there twice");
      if (const auto why = wrong_with(task); !why.empty()) {
        found.emplace_back("P4", name + " " + why);
      }
      const bool waits = task.task().state() == v1::TASK_STATE_OPEN;
      if (waits != open.contains(id)) found.emplace_back("P4", name + " left the open ones");
    }
  }
  return found;
}

std::vector<TaskJudge::Breach> TaskJudge::left_silent() const {
  std::vector<Breach> found;
  for (const auto& [team, row] : hub_.core().directory()->teams()) {
    const auto entries = hub_.inbox(team);
    for (const auto& task : hub_.tasks(team)) {
      if (task.task().due_us() == 0 || task.task().due_us() > hub_.now.us) continue;
      const bool told = std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
        return entry.change.change() == v1::CHANGE_OVERDUE &&
               entry.change.task_id() == task.task().task_id();
      });
      if (!told) {
        found.emplace_back("P8", team + " task " + to_hex(task.task().task_id()) +
                                     ": its clock passed and nobody was told");
      }
    }
  }
  return found;
}

uint64_t TaskJudge::tasks() const {
  uint64_t sum = 0;
  for (const auto& [team, row] : hub_.core().directory()->teams()) sum += all_of(team).size();
  return sum;
}

uint64_t TaskJudge::ended() const {
  uint64_t open = 0;
  for (const auto& [team, row] : hub_.core().directory()->teams()) open += hub_.tasks(team).size();
  return tasks() - open;
}

}  // namespace switchboard::sim
