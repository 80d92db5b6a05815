#include "broker/core/prompts.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "broker/base/limits.h"
#include "broker/core/inbox.h"
#include "broker/core/subject.h"
#include "broker/core/task_view.h"
#include "broker/store/stay_rows.h"

namespace switchboard::core {
namespace {

constexpr Duration kActWithin = seconds(4 * 3600);  // where policy asks a team for less than to act

bool is_admission(const v1::EventHeader& header) {
  if (header.kind() == "admission") return true;
  return header.kind() == "correction" &&
         header.correction().nature() == v1::CORRECTION_NATURE_SUPERSEDED &&
         header.correction().target_kind() == "admission";
}

// Of the visit; empty: the event names none.
std::string visit_of(const Turn& turn, const v1::EventHeader& header) {
  for (const auto& thread : header.threads()) {
    if (thread.type() == v1::THREAD_TYPE_VISIT) {
      return thread_hash(turn.secrets, thread, header.agency());
    }
  }
  return {};
}

// Whoever spoke; where the feed names no team of its own, who answers for the agency.
const v1::Team* hospital(const Turn& turn, const v1::EventRecord& event) {
  const v1::Team* team = sender_of(turn, event);
  if (team == nullptr) team = turn.directory.safety_net(event.agency());
  return team != nullptr && same_environment(*team, event) ? team : nullptr;
}

std::string numbered(int n, const std::string& prompt) { return std::to_string(n) + ": " + prompt; }

NewTask prompts_for(const Turn& turn, const v1::Team& team, const v1::EventRecord& event,
                    uint64_t position, Time due) {
  NewTask task{.kind = v1::TASK_KIND_HANDOVER,
               .team = &team,
               .event = event,
               .event_position = position,
               .about = "hand-over",
               .title = "Answer before the hand-over, prompt by prompt"};
  int n = 0;
  for (const auto& prompt : turn.directory.policy().row.handover_prompts()) {
    if (++n > static_cast<int>(limits::kHandoverPromptsMax)) break;
    task.script.push_back(numbered(n, prompt));
  }
  task.due = due;
  return task;
}

void add_answered(std::string_view words, std::set<int>& answered) {
  while (!words.empty()) {
    const size_t end = words.find('\n');
    const std::string_view line = words.substr(0, end);
    words = end == words.npos ? std::string_view{} : words.substr(end + 1);
    const size_t colon = line.find(':');
    if (colon == line.npos || line.find_first_not_of(" \t\r", colon + 1) == line.npos) continue;
    int n = 0;
    const auto [rest, failed] = std::from_chars(line.data(), line.data() + colon, n);
    if (failed == std::errc() && rest == line.data() + colon) answered.insert(n);
  }
}

std::vector<std::string> without(const v1::TaskRecord& task, const std::set<int>& answered) {
  std::vector<std::string> open;
  for (int i = 0; i < task.task().script_size(); ++i) {
    if (!answered.contains(i + 1)) open.push_back(task.task().script(i));
  }
  return open;
}

}  // namespace

void ask_for_handover(Turn& turn, const v1::EventHeader& header, const v1::Detail& detail,
                      const v1::EventRecord& event, uint64_t position, bool open_plan) {
  if (!is_admission(header)) return;
  const Time expected{detail.admission().expected_discharge().earliest_us()};
  const std::string visit = visit_of(turn, header);
  if (visit.empty() || expected.us <= 0) return;
  const auto known = turn.journal.take(store::read_stay(turn.journal, visit));
  auto task = known ? find_task(turn, known->task_id()) : std::nullopt;
  if (known && known->expected_us() == expected.us && task &&
      task->task().state() != v1::TASK_STATE_MOOT) {
    return;
  }
  v1::StayRecord stay;
  stay.set_expected_us(expected.us);
  if (task && task->task().state() != v1::TASK_STATE_MOOT) {
    if (is_open(*task)) move_task(turn, *task, expected);
    stay.set_position(known->position());
    stay.set_task_id(known->task_id());
    return store::write_stay(turn.journal, visit, stay);
  }
  const v1::Team* team = hospital(turn, event);
  const bool prompts = turn.directory.policy().row.handover_prompts_size() > 0;
  if (!open_plan || team == nullptr || !prompts) return;
  const NewTask asked = prompts_for(turn, *team, event, position, expected);
  if (!make_task(turn, asked)) return;
  stay.set_position(position);
  stay.set_task_id(std::string(task_id(asked).view()));
  store::write_stay(turn.journal, visit, stay);
}

std::vector<std::string> unanswered_prompts(Turn& turn, const v1::EventHeader& discharge) {
  if (discharge.kind() != "discharge") return {};
  const std::string visit = visit_of(turn, discharge);
  if (visit.empty()) return {};
  const auto stay = turn.journal.take(store::read_stay(turn.journal, visit));
  const auto task = stay ? find_task(turn, stay->task_id()) : std::nullopt;
  if (!task || task->task().state() == v1::TASK_STATE_MOOT) return {};
  return open_prompts(turn, *task, {});
}

void press_for_answers(const Turn& turn, const v1::EventRecord& event, const v1::Team& team,
                       v1::Recipient& recipient) {
  static constexpr std::string_view kCommunity[] = {"health_visiting", "midwifery",
                                                    "school_nursing", "social_care"};
  if (event.unanswered().empty() || recipient.attention() == v1::ATTENTION_ACT) return;
  if (std::find(std::begin(kCommunity), std::end(kCommunity), team.kind()) ==
      std::end(kCommunity)) {
    return;
  }
  recipient.set_attention(v1::ATTENTION_ACT);
  recipient.set_acknowledge_by_us((turn.now + kActWithin).us);
}

std::vector<std::string> open_prompts(Turn& turn, const v1::TaskRecord& task,
                                      std::string_view words) {
  std::set<int> answered;
  add_answered(words, answered);
  for (const auto& step : task.steps()) {
    if (step.kind() != v1::ACT_KIND_REPLY) continue;
    const auto said = turn.journal.take_or_default(
        read_step(turn.journal, &turn.secrets.seal, task.event_position(), step));
    add_answered(said.outcome(), answered);
  }
  return without(task, answered);
}

bool answers_a_prompt(const v1::TaskRecord& task, std::string_view words) {
  std::set<int> answered;
  add_answered(words, answered);
  return std::any_of(answered.begin(), answered.end(),
                     [&](int n) { return n >= 1 && n <= task.task().script_size(); });
}

}  // namespace switchboard::core
