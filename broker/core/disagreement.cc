#include "broker/core/disagreement.h"

#include "broker/base/bytes.h"
#include "broker/core/about.h"
#include "broker/core/inbox.h"

namespace switchboard::core {
namespace {

constexpr uint32_t kDay = 86400;

// Both sides of one, and how far it has come.
struct Sides {
  const v1::Team& by;
  const v1::Team& with;
  const v1::EventRecord& event;
  uint64_t event_position;
};

v1::DisagreementStep example(const char* name, const char* owner, uint32_t within_s) {
  v1::DisagreementStep step;
  step.set_name(std::string(name) + " (example: needs local sign-off)");
  step.set_owner(owner);
  step.set_within_s(within_s);
  step.set_clock(v1::CLOCK_KIND_WORKING);
  return step;
}

std::string request_of(const Sides& sides) {
  return std::string(make_id({0}, Hasher()
                                      .add("switchboard disagreement 1")
                                      .add(sides.event.event_id())
                                      .add(sides.by.id())
                                      .add(sides.with.id())
                                      .finish())
                         .view());
}

NewTask task_of(const Turn& turn, const Sides& sides, const v1::DisagreementStep& step, uint32_t n,
                size_t steps) {
  NewTask task{.kind = v1::TASK_KIND_DISAGREEMENT,
               .team = &sides.with,
               .event = sides.event,
               .event_position = sides.event_position,
               .about = request_of(sides),
               .ordinal = n,
               .title = "Disagreement, step " + std::to_string(n) + " of " + std::to_string(steps) +
                        ": " + step.name()};
  task.script = {"For: " + step.owner() + ".",
                 "Talk to " + sides.by.name() + ". Reply with what was agreed."};
  if (const v1::Person* lead = turn.directory.person(sides.with.named_lead())) {
    task.script.push_back("The team's named lead is " + lead->name() + ".");
  }
  const Duration within = seconds(step.within_s());
  task.due = step.clock() == v1::CLOCK_KIND_WORKING
                 ? turn.directory.staffing(sides.with).add(turn.now, within)
                 : turn.now + within;
  task.asked_by = sides.by.id();
  task.request = request_of(sides);
  task.step = n;
  return task;
}

// The newest step there is; nothing: it has not begun.
std::optional<v1::TaskRecord> newest_step(Turn& turn, const Sides& sides, size_t steps) {
  std::optional<v1::TaskRecord> newest;
  for (uint32_t n = 1; n <= steps; ++n) {
    auto step = find_task(turn, task_id(task_of(turn, sides, {}, n, steps)).view());
    if (!step) break;
    newest = std::move(step);
  }
  return newest;
}

void begin_step(Turn& turn, const Sides& sides, uint32_t n, const v1::TaskStep& asked) {
  const auto steps = disagreement_steps(turn.directory.policy().row);
  NewTask task = task_of(turn, sides, steps[n - 1], n, steps.size());
  task.asked = asked;
  if (const auto told = find_delivery_of(turn, sides.event_position, sides.with.handle())) {
    task.refers_to = told->number();
  }
  if (!make_task(turn, task)) return;
  v1::ChangeRecord change;
  change.set_change(v1::CHANGE_DISAGREED);
  change.set_event_position(sides.event_position);
  change.set_at_us(turn.now.us);
  change.set_about_team(sides.by.id());
  change.set_task_id(std::string(task_id(task).view()));
  if (asked.has_actor()) *change.mutable_actor() = asked.actor();
  change.set_sealed_outcome(asked.sealed());
  if (const auto made = find_task(turn, change.task_id())) {
    tell_of_task(turn, *made, std::move(change));
  }
}

const v1::Team* other_side(const Turn& turn, const v1::Team& team, const About& about,
                           const v1::Act& act) {
  if (!act.to_team().empty()) return turn.directory.team(act.to_team());
  const v1::Team* sender = sender_of(turn, about.event);
  if (sender == nullptr) sender = turn.directory.safety_net(about.event.agency());
  return sender != nullptr && sender->id() != team.id() ? sender : nullptr;
}

// P9: a team that has nothing to do with the event is not drawn in.
bool knows(const Turn& turn, const v1::Team& team, const About& about) {
  if (about.delivery && about.delivery->told_to(team.id())) return true;
  return team.agency() == about.event.agency() &&
         (sender_of(turn, about.event) == &team ||
          turn.directory.safety_net(about.event.agency()) == &team);
}

bool told_of(Turn& turn, const v1::Team& team, const About& about) {
  return find_delivery_of(turn, about.event_position, team.handle()).has_value();
}

uint64_t record(Turn& turn, const Sides& sides, const Deed& deed, uint32_t n) {
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_ACT);
  entry.set_event_position(sides.event_position);
  entry.set_principal(deed.actor.principal());
  entry.set_person(deed.actor.person());
  entry.set_team(sides.by.id());
  entry.set_text(v1::ActKind_Name(deed.act.kind()) + " step " + std::to_string(n) + " with " +
                 sides.with.id());
  return entry.position();
}

TaskAnswer next_step(Turn& turn, const Sides& sides, const Deed& deed) {
  const size_t steps = disagreement_steps(turn.directory.policy().row).size();
  auto newest = newest_step(turn, sides, steps);
  const uint32_t n = newest ? newest->step() + 1 : 1;
  if (n > steps) {
    return {v1::CODE_CONFLICT, "the last step is reached: settle it there, by a reply"};
  }
  const uint64_t position = record(turn, sides, deed, n);
  const v1::TaskStep asked = step_of(turn, sides.event_position, deed);
  if (newest && is_open(*newest)) {
    make_moot(turn, *newest, "taken to step " + std::to_string(n));
  }
  begin_step(turn, sides, n, asked);
  return {v1::CODE_OK, "step " + std::to_string(n) + " of " + std::to_string(steps), position};
}

}  // namespace

std::vector<v1::DisagreementStep> disagreement_steps(const v1::Policy& policy) {
  if (policy.disagreement_size() > 0) {
    return {policy.disagreement().begin(), policy.disagreement().end()};
  }
  return {example("practitioner to practitioner", "practitioner", kDay),
          example("managers", "manager", kDay), example("named leads", "named lead", 2 * kDay),
          example("executive of the partnership", "executive", 5 * kDay)};
}

TaskAnswer disagree(Turn& turn, const v1::Team& team, const Deed& deed) {
  if (deed.act.outcome().empty()) {
    return {v1::CODE_INVALID, "say what you disagree with, and why: act.outcome is empty"};
  }
  const auto about = find_about(turn, team, deed.act);
  if (!about) return {v1::CODE_NOT_FOUND, "the team has no delivery of this number"};
  const v1::Team* with = other_side(turn, team, *about, deed.act);
  if (with == nullptr || with->id() == team.id()) {
    return {v1::CODE_INVALID, "say with which team: act.to_team"};
  }
  if (!knows(turn, *with, *about) && !told_of(turn, *with, *about)) {
    return {v1::CODE_CONFLICT, "that team was not told of this event: name one that was"};
  }
  return next_step(turn, {team, *with, about->event, about->event_position}, deed);
}

bool move_on(Turn& turn, v1::TaskRecord& task) {
  if (task.task().kind() != v1::TASK_KIND_DISAGREEMENT) return false;
  const auto steps = disagreement_steps(turn.directory.policy().row);
  if (task.step() >= steps.size()) return false;
  const v1::Team* by = turn.directory.team(task.asked_by());
  const v1::Team* with = turn.directory.team(task.team());
  const auto event = turn.journal.take(store::read_event(turn.journal, task.event_position()));
  if (by == nullptr || with == nullptr || !event) return false;
  v1::TaskStep asked = task.steps_size() > 0 ? task.steps(0) : v1::TaskStep();
  asked.clear_actor();  // the clock's doing, with the words of who disagreed
  asked.set_at_us(turn.now.us);
  const Sides sides{*by, *with, *event, task.event_position()};
  make_moot(turn, task, "its time was over: step " + std::to_string(task.step() + 1) + " began");
  begin_step(turn, sides, task.step() + 1, asked);
  return true;
}

}  // namespace switchboard::core
