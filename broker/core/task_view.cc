#include "broker/core/task_view.h"

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
