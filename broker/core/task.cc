#include "broker/core/task.h"

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/core/damage.h"
#include "broker/core/delivery.h"
#include "broker/core/disagreement.h"
#include "broker/core/inbox.h"
#include "broker/store/payload.h"
#include "broker/store/task_rows.h"

namespace switchboard::core {
namespace {

constexpr Duration kSecondLevelAfter = seconds(3600);
constexpr uint8_t kLevels = 2;

std::string digest_of(const Turn& turn, const v1::TaskRecord& task) {
  return std::string(view(keyed_hash(turn.secrets.digest, task.SerializeAsString())));
}

std::string words(const v1::TaskRecord& task) {
  return v1::TaskKind_Name(task.task().kind()) + " " + to_hex(task.task().task_id());
}

v1::AuditEntry& audit(Turn& turn, const v1::TaskRecord& task, v1::AuditKind kind,
                      const std::string& what) {
  v1::AuditEntry& entry = turn.audit.next(kind);
  entry.set_event_position(task.event_position());
  entry.set_team(task.team());
  entry.set_number(task.number());
  entry.set_text(what + " " + words(task));
  return entry;
}

v1::TaskRecord record_of(const Turn& turn, const NewTask& from) {
  v1::TaskRecord r;
  v1::Task& task = *r.mutable_task();
  task.set_task_id(std::string(task_id(from).view()));
  task.set_kind(from.kind);
  task.set_title(from.title);
  task.set_ring_team(from.ring_team);
  for (const auto& line : from.script) task.add_script(line);
  task.set_due_us(from.due.us);
  task.set_refers_to(from.refers_to);
  task.set_satisfies_clock(from.satisfies_clock);
  task.set_state(v1::TASK_STATE_OPEN);
  r.set_team(from.team->id());
  r.set_team_handle(from.team->handle());
  r.set_event_position(from.event_position);
  r.set_made_us(turn.now.us);
  r.set_asked_by(from.asked_by);
  r.set_request(from.request);
  r.set_step(from.step);
  if (from.asked.kind() != v1::ACT_KIND_UNSPECIFIED) *r.add_steps() = from.asked;
  return r;
}

uint64_t append(Turn& turn, const v1::TaskRecord& task, v1::Urgency urgency) {
  const store::LogId log{task.team_handle(), store::Log::kInbox};
  store::LogEntry entry;
  entry.type = v1::ENTRY_TYPE_TASK;
  entry.position = task.event_position();
  entry.task = task.task().task_id();
  const uint64_t number = turn.logs.append(turn.journal, log, entry);
  turn.appended.push_back({log, number, entry.type, entry.position, SIZE_MAX, urgency});
  return number;
}

store::Due due_of(const v1::TaskRecord& task) {
  return {task.task().due_us(), store::DueKind::kTask, task.team_handle(), task.number(), 1};
}

// A second level may run instead of the first: whichever it is.
void stop_clocks(Turn& turn, const v1::TaskRecord& task) {
  store::Due due = due_of(task);
  for (uint8_t level = 1; level <= kLevels; ++level) {
    due.level = level;
    store::remove_due(turn.journal, due);
    due.at_us += kSecondLevelAfter.us;
  }
}

v1::ChangeRecord change_of(const Turn& turn, const v1::TaskRecord& task, v1::Change what) {
  v1::ChangeRecord change;
  change.set_change(what);
  change.set_event_position(task.event_position());
  change.set_at_us(turn.now.us);
  change.set_about_team(task.team());
  change.set_task_id(task.task().task_id());
  return change;
}

v1::Urgency urgency_of(Turn& turn, const v1::TaskRecord& task) {
  const auto event = event_of(turn, task.event_position());
  return event ? event->urgency() : v1::URGENCY_UNSPECIFIED;
}

// Whoever asked knows the event as a recipient, by a number of its own, or as its sender.
void tell_asker(Turn& turn, const v1::TaskRecord& task, v1::ChangeRecord change,
                v1::Urgency urgency) {
  const v1::Team* asker = turn.directory.team(task.asked_by());
  if (asker == nullptr || asker->id() == task.team()) return;
  const auto told = find_delivery_of(turn, task.event_position(), asker->handle());
  change.set_refers_to(told ? told->number() : 0);
  append_change(turn, {asker->handle(), told ? store::Log::kInbox : store::Log::kSent},
                std::move(change), urgency);
}

void end(Turn& turn, v1::TaskRecord& task, v1::TaskState state) {
  task.mutable_task()->set_state(state);
  stop_clocks(turn, task);
  store::write_task(turn.journal, task);
  v1::ChangeRecord change = change_of(turn, task, v1::CHANGE_TASK_DONE);
  const v1::TaskStep& last = *task.steps().rbegin();
  if (last.has_actor()) *change.mutable_actor() = last.actor();
  change.set_sealed_outcome(last.sealed());
  tell_of_task(turn, task, std::move(change));
}

void tell_safety_net(Turn& turn, const v1::TaskRecord& task, v1::ChangeRecord change) {
  const v1::Team* team = turn.directory.team(task.team());
  const v1::Team* net = team == nullptr ? nullptr : turn.directory.safety_net(team->agency());
  if (net == nullptr || net->id() == task.team() || net->id() == task.asked_by()) return;
  if ((net->environment() == v1::ENVIRONMENT_TEST) !=
      (team->environment() == v1::ENVIRONMENT_TEST)) {
    return;
  }
  const auto told = find_delivery_of(turn, task.event_position(), net->handle());
  change.set_refers_to(told ? told->number() : 0);
  append_change(turn, {net->handle(), store::Log::kInbox}, std::move(change),
                urgency_of(turn, task));
}

// P8: a level of one task is told once for ever, whatever was restored since.
bool first_time(Turn& turn, const v1::TaskRecord& task, uint8_t level) {
  const Id id = make_id({0}, Hasher()
                                 .add("switchboard task overdue 1")
                                 .add(task.task().task_id())
                                 .add(uint64_t{level})
                                 .finish());
  if (store::escalated(turn.journal, id)) return false;
  v1::AuditEntry& entry =
      audit(turn, task, v1::AUDIT_KIND_ESCALATED, "overdue level " + std::to_string(level) + " of");
  store::write_escalated(turn.journal, id, entry.position());
  return true;
}

}  // namespace

Id task_id(const NewTask& task) {
  return make_id({0}, Hasher()
                          .add("switchboard task 1")
                          .add(task.event.event_id())
                          .add(task.team->id())
                          .add(uint64_t(task.kind))
                          .add(task.about)
                          .add(uint64_t{task.ordinal})
                          .finish());
}

bool make_task(Turn& turn, const NewTask& from) {
  v1::TaskRecord task = record_of(turn, from);
  if (find_task(turn, task.task().task_id())) return false;
  task.set_number(append(turn, task, from.event.urgency()));
  v1::AuditEntry& entry = audit(turn, task, v1::AUDIT_KIND_ESCALATED, "asked for");
  task.set_cause_position(entry.position());
  entry.set_digest(digest_of(turn, task));
  store::add_task(turn.journal, task);
  if (from.due.us > 0) store::add_due(turn.journal, due_of(task));
  return true;
}

std::optional<v1::TaskRecord> find_task(Turn& turn, std::string_view id) {
  return turn.journal.take(store::read_task(turn.journal, id));
}

bool is_open(const v1::TaskRecord& task) { return task.task().state() == v1::TASK_STATE_OPEN; }

v1::TaskStep step_of(Turn& turn, uint64_t event_position, const Deed& deed) {
  v1::TaskDone said;
  if (deed.act.has_call()) *said.mutable_call() = deed.act.call();
  said.set_outcome(deed.act.outcome());
  said.set_no_change(deed.act.no_change());
  v1::TaskStep step;
  step.set_at_us(turn.now.us);
  *step.mutable_actor() = deed.actor;
  step.set_kind(deed.act.kind());
  step.set_result(deed.act.call().result());
  step.set_sealed(store::seal_text(turn.journal, turn.secrets.seal, turn.entropy, event_position,
                                   said.SerializeAsString()));
  return step;
}

static uint64_t add_step(Turn& turn, v1::TaskRecord& task, const Deed& deed) {
  v1::AuditEntry& entry =
      audit(turn, task, v1::AUDIT_KIND_ACT, v1::ActKind_Name(deed.act.kind()) + " on");
  entry.set_principal(deed.actor.principal());
  entry.set_person(deed.actor.person());
  entry.set_team(deed.actor.team());
  v1::TaskStep& step = *task.add_steps();
  step = step_of(turn, task.event_position(), deed);
  step.set_position(entry.position());
  entry.set_digest(digest_of(turn, task));
  return entry.position();
}

uint64_t keep_step(Turn& turn, v1::TaskRecord& task, const Deed& deed) {
  const uint64_t position = add_step(turn, task, deed);
  store::write_task(turn.journal, task);
  return position;
}

uint64_t finish_task(Turn& turn, v1::TaskRecord& task, const Deed& deed) {
  const uint64_t position = add_step(turn, task, deed);
  end(turn, task, v1::TASK_STATE_DONE);
  return position;
}

void move_task(Turn& turn, v1::TaskRecord& task, Time due) {
  stop_clocks(turn, task);
  store::move_task(turn.journal, task, due.us);
  v1::AuditEntry& entry = audit(turn, task, v1::AUDIT_KIND_CLOCK, "another time for");
  entry.set_digest(digest_of(turn, task));
  store::add_due(turn.journal, due_of(task));
}

void make_moot(Turn& turn, v1::TaskRecord& task, const std::string& why) {
  v1::AuditEntry& entry = audit(turn, task, v1::AUDIT_KIND_CLOCK, why + ": moot");
  v1::TaskDone said;
  said.set_outcome(why);
  v1::TaskStep& step = *task.add_steps();
  step.set_at_us(turn.now.us);
  step.set_position(entry.position());
  step.set_sealed(store::seal_text(turn.journal, turn.secrets.seal, turn.entropy,
                                   task.event_position(), said.SerializeAsString()));
  entry.set_digest(digest_of(turn, task));
  end(turn, task, v1::TASK_STATE_MOOT);
}

void make_tasks_moot(Turn& turn, uint64_t event_position, const std::string& why) {
  const auto ids = turn.journal.take_or_default(
      store::read_event_tasks(turn.journal, event_position, limits::kTasksPerEventShown));
  for (const auto& id : ids) {
    auto task = find_task(turn, id);
    if (task && is_open(*task)) make_moot(turn, *task, why);
  }
}

void tell_of_task(Turn& turn, const v1::TaskRecord& task, v1::ChangeRecord change) {
  const v1::Urgency urgency = urgency_of(turn, task);
  tell_asker(turn, task, change, urgency);
  change.set_refers_to(task.number());
  append_change(turn, {task.team_handle(), store::Log::kInbox}, std::move(change), urgency);
}

void ring_task(Turn& turn, const store::Due& due) {
  const auto entry = turn.journal.take(
      store::read_entry(turn.journal, {due.team, store::Log::kInbox}, due.number));
  if (!entry || entry->type != v1::ENTRY_TYPE_TASK) return;
  auto task = find_task(turn, entry->task);
  if (!task || !is_open(*task) || !first_time(turn, *task, due.level)) return;
  if (move_on(turn, *task)) return;
  v1::ChangeRecord change = change_of(turn, *task, v1::CHANGE_OVERDUE);
  change.set_overdue_level(due.level);
  if (due.level >= kLevels) tell_safety_net(turn, *task, change);
  tell_of_task(turn, *task, std::move(change));
  if (due.level >= kLevels) return;
  store::Due next = due;
  next.at_us += kSecondLevelAfter.us;
  next.level = static_cast<uint8_t>(due.level + 1);
  store::add_due(turn.journal, next);
}

}  // namespace switchboard::core
