#include "broker/core/task_view.h"

#include "broker/base/limits.h"
#include "broker/core/disclose.h"
#include "broker/core/notice.h"
#include "broker/core/ring.h"

namespace switchboard::core {
namespace {

constexpr std::string_view kArea = "area/";  // ids of teams hold no slash

void add_area_numbers(const Directory& directory, std::string_view code, v1::Task& task) {
  const v1::Area* area = directory.area(code);
  if (area == nullptr) return;
  *task.mutable_number_now() = area->office();
  if (task.number_now().name().empty()) {
    task.mutable_number_now()->set_name("social care for " + area->name());
  }
  if (area->out_of_hours().phone().empty()) return;
  *task.add_fallback() = area->out_of_hours();
  if (area->out_of_hours().name().empty()) {
    task.mutable_fallback(0)->set_name("out of hours for " + area->name());
  }
}

}  // namespace

v1::Task shown_task(const Directory& directory, const v1::TaskRecord& record, Time now) {
  v1::Task task = record.task();
  const std::string_view ringed = record.task().ring_team();
  if (ringed.starts_with(kArea)) {
    add_area_numbers(directory, ringed.substr(kArea.size()), task);
    task.clear_ring_team();
    return task;
  }
  const v1::Team* team = directory.team(ringed);
  if (team == nullptr) return task;
  const Ring numbers = ring(directory, *team, now);
  *task.mutable_number_now() = numbers.now;
  for (const auto& next : numbers.fallback) *task.add_fallback() = next;
  if (numbers.stale) task.add_script("These numbers have not been verified lately.");
  return task;
}

Result<v1::TaskDone> read_step(const store::Reads& reads, const SealKey* seal,
                               uint64_t event_position, const v1::TaskStep& step) {
  v1::TaskDone done;
  if (seal != nullptr) {
    TRY(const auto words, store::read_text(reads, *seal, event_position, step.sealed()));
    if (!done.ParseFromString(words)) return error(v1::CODE_INTERNAL, "corrupt step of a task");
  }
  done.set_at_us(step.at_us());
  if (step.has_actor()) *done.mutable_actor() = step.actor();
  done.set_kind(step.kind());
  if (step.result() != v1::CALL_RESULT_UNSPECIFIED) done.mutable_call()->set_result(step.result());
  return done;
}

Result<v1::TaskRow> task_row(const store::Reads& reads, const Directory& directory,
                             const SealKey* seal, const v1::TaskRecord& task, Time now) {
  v1::TaskRow row;
  *row.mutable_task() = shown_task(directory, task, now);
  row.set_team(task.team());
  TRY(const auto event, store::read_event(reads, task.event_position()));
  if (event) {
    row.set_event_id(event->event_id());
    row.set_urgency(event->urgency());
  }
  row.set_asked_by(task.asked_by());
  row.set_made_us(task.made_us());
  row.set_number(task.number());
  row.set_request(task.request());
  for (const auto& step : task.steps()) {
    TRY(*row.add_steps(), read_step(reads, seal, task.event_position(), step));
  }
  return row;
}

Status add_tasks(const store::Reads& reads, const Directory& directory, const SealKey* seal,
                 uint64_t position, Time now, v1::Journey& journey) {
  TRY(const auto ids, store::read_event_tasks(reads, position, limits::kTasksPerEventShown));
  for (const auto& id : ids) {
    TRY(const auto task, store::read_task(reads, id));
    if (!task) continue;
    TRY(*journey.add_tasks(), task_row(reads, directory, seal, *task, now));
  }
  return ok();
}

v1::Notice task_notice(const Directory& directory, const TaskEntry& entry, Time now) {
  v1::Recipient unknown;
  unknown.set_team(entry.task.team());
  const Disclosed shown =
      disclose(directory, entry.event, entry.recipient == nullptr ? unknown : *entry.recipient);
  if (shown.level == v1::DISCLOSURE_WITHHELD) {
    return placeholder_notice(v1::PLACEHOLDER_REASON_WITHHELD, entry.task.event_position());
  }
  v1::Notice n;
  n.set_type(v1::ENTRY_TYPE_TASK);
  n.set_position(entry.task.event_position());
  n.set_event_id(entry.event.event_id());
  n.set_disclosure(v1::DISCLOSURE_POINTER);
  n.set_urgency(entry.event.urgency());
  n.set_accepted_us(entry.task.made_us());
  n.set_test(entry.event.environment() == v1::ENVIRONMENT_TEST);
  n.set_refers_to(entry.task.task().refers_to());
  n.set_about_team(entry.task.asked_by());
  if (entry.event.has_call_back()) *n.mutable_call_back() = entry.event.call_back();
  if (entry.event.has_out_of_hours()) *n.mutable_out_of_hours() = entry.event.out_of_hours();
  *n.mutable_task() = shown_task(directory, entry.task, now);
  if (shown.level <= v1::DISCLOSURE_SUMMARY) n.set_outcome(entry.asked);
  return n;
}

Result<std::string> change_words(const store::Reads& reads, const SealKey& seal, uint64_t position,
                                 const v1::ChangeRecord& change) {
  TRY(auto words, store::read_text(reads, seal, position, change.sealed_outcome()));
  const bool of_task =
      change.change() == v1::CHANGE_TASK_DONE || change.change() == v1::CHANGE_DISAGREED;
  if (!of_task || change.task_id().empty()) return words;
  v1::TaskDone done;
  if (!done.ParseFromString(words)) return error(v1::CODE_INTERNAL, "corrupt change of a task");
  return words_of(done);
}

std::string words_of(const v1::TaskDone& done) {
  if (done.no_change()) return "no change: " + done.outcome();
  if (!done.has_call()) return done.outcome();
  if (done.call().spoke_to().empty()) return std::string(words_of(done.call().result()));
  return "spoke to " + done.call().spoke_to() + ": " + done.outcome();
}

std::string area_ring(std::string_view area) { return std::string(kArea) + std::string(area); }

std::string_view words_of(v1::CallResult result) {
  switch (result) {
    case v1::CALL_RESULT_REACHED:
      return "reached";
    case v1::CALL_RESULT_LEFT_MESSAGE:
      return "left a message";
    case v1::CALL_RESULT_NO_ANSWER:
      return "no answer";
    case v1::CALL_RESULT_WRONG_NUMBER:
      return "wrong number";
    default:
      return "not said";
  }
}

}  // namespace switchboard::core
