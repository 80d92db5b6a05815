#include "broker/core/call.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/core/about.h"
#include "broker/core/clock.h"
#include "broker/core/damage.h"
#include "broker/core/in_hand.h"
#include "broker/core/inbox.h"
#include "broker/core/task_view.h"
#include "broker/core/wrong_number.h"
#include "broker/store/payload.h"
#include "broker/store/task_rows.h"

namespace switchboard::core {
namespace {

constexpr Duration kCallWithin = seconds(4 * 3600);  // where the delivery has no deadline
constexpr Duration kImmediateWithin = seconds(15 * 60);
constexpr Duration kClockAhead = seconds(300);  // a caller's clock may be that far ahead
constexpr uint32_t kCallsOfOneCauseMax = 8;
constexpr size_t kNamedInScript = 10;

struct Call {
  const v1::Team& caller;
  const v1::Team& ring;
  Time due;
  bool satisfies_clock = false;
  uint64_t refers_to = 0;
};

// What to say, without identity: the reference is enough to find it.
std::vector<std::string> script(const v1::EventRecord& event, const v1::Team& ring) {
  const std::string reference = to_hex(event.event_id()).substr(24);
  std::vector<std::string> lines = {
      "Say: I am ringing about the Switchboard item whose reference ends in " + reference + ".",
      "Ask for whoever is on duty in " + ring.name() + "."};
  if (ring.reach() == v1::REACH_PHONE) {
    lines.push_back("They have no screen: tell them what they need to know, and ask who takes it.");
  } else {
    lines.push_back("Ask them to open it and to pick it up, and for the name of who will.");
  }
  lines.push_back("Leave no details on an answering machine. Log every try.");
  return lines;
}

NewTask task_of(const v1::EventRecord& event, uint64_t position, const Call& call) {
  NewTask task{.kind = v1::TASK_KIND_CALL,
               .team = &call.caller,
               .event = event,
               .event_position = position,
               .about = call.ring.id(),
               .title = "Ring " + call.ring.name()};
  task.ring_team = call.ring.id();
  task.script = script(event, call.ring);
  task.due = call.due;
  task.satisfies_clock = call.satisfies_clock;
  task.refers_to = call.refers_to;
  return task;
}

bool by_phone(const v1::Team& team) { return team.reach() == v1::REACH_PHONE; }

Time call_by(const Turn& turn, const v1::EventRecord& event, const v1::Recipient& r) {
  const Time by = r.acknowledge_by_us() > 0 ? Time{r.acknowledge_by_us()} : turn.now + kCallWithin;
  if (event.urgency() != v1::URGENCY_IMMEDIATE) return by;
  return std::min(by, turn.now + kImmediateWithin);
}

// The caller's own delivery of the event, to open beside the task.
uint64_t number_of(const auto& recipients, const v1::Team& caller) {
  for (const auto& r : recipients) {
    if (r.team_handle() == caller.handle()) return r.number();
  }
  return 0;
}

// Teams that are to be rung: of an immediate event all that must act, else those without a screen.
std::vector<Call> calls_for(const Turn& turn, const v1::EventRecord& event,
                            const v1::Team& caller) {
  const bool immediate = event.urgency() == v1::URGENCY_IMMEDIATE;
  std::vector<Call> calls;
  for (const auto& r : event.recipients()) {
    const v1::Team* team = turn.directory.team(store::TeamHandle{r.team_handle()});
    if (team == nullptr || team->id() == caller.id()) continue;
    if (r.attention() == v1::ATTENTION_FILE) continue;
    const bool phone = by_phone(*team);
    if (!phone && !(immediate && r.attention() == v1::ATTENTION_ACT)) continue;
    calls.push_back(
        {caller, *team, call_by(turn, event, r), phone, number_of(event.recipients(), caller)});
  }
  return calls;
}

std::string names_of_the_rest(const std::vector<Call>& calls) {
  std::string names;
  size_t named = 0;
  for (size_t at = limits::kCallsPerEventMax; at < calls.size(); ++at) {
    if (named++ == kNamedInScript) return names + " and others: see `switchboard sent show`";
    names += (names.empty() ? "" : ", ") + calls[at].ring.name();
  }
  return names;
}

// Who is rung about an area: its social care where that is on the hub, else by the area's numbers.
v1::Team ring_for(const Turn& turn, const v1::Area& area) {
  const v1::Team* social_care = turn.directory.team(area.social_care_team());
  if (social_care != nullptr) return *social_care;
  v1::Team ring;
  ring.set_id(area_ring(area.id()));
  ring.set_name("social care for " + area.name());
  ring.set_reach(v1::REACH_PHONE);
  return ring;
}

void ask_about_area(Turn& turn, const v1::EventRecord& event, uint64_t position,
                    const v1::Team& caller, std::string_view code) {
  const v1::Area* area = turn.directory.area(code);
  if (area == nullptr || !turn.directory.by_area(code).empty()) return;
  const v1::Team ring = ring_for(turn, *area);
  const bool told = ring.handle() != 0 && number_of(event.recipients(), ring) != 0;
  if (told || ring.id() == caller.id()) return;
  // What a team there would have been asked for, had there been one.
  const auto asked = make_recipient(turn, Match{&ring, v1::CAUSE_ROUTE, "area", 0, {}},
                                    event.kind(), event.urgency());
  if (asked.attention() != v1::ATTENTION_ACT) return;
  NewTask task = task_of(event, position, {caller, ring, call_by(turn, event, asked)});
  task.script.push_back("No team on the hub covers " + area->name() + ": nobody there was told.");
  make_task(turn, task);
}

std::string wrong_with(const Turn& turn, const v1::Act& act) {
  const v1::CallLog& call = act.call();
  if (!act.has_call() || call.result() == v1::CALL_RESULT_UNSPECIFIED ||
      !v1::CallResult_IsValid(call.result())) {
    return "say how the call ended: call.result";
  }
  if (call.spoke_to().size() > limits::kCallTextBytesMax ||
      call.number().size() > limits::kCallTextBytesMax) {
    return "call.spoke_to or call.number is too long";
  }
  if (call.at_us() > (turn.now + kClockAhead).us) return "call.at_us lies in the future";
  if (call.result() != v1::CALL_RESULT_REACHED) return {};
  if (call.spoke_to().empty()) return "say who was spoken to: call.spoke_to";
  if (act.outcome().empty()) return "say what came of the call: act.outcome is empty";
  return {};
}

// The rung team's log and the sender's learn who has it, as from an act of its own.
void tell_picked_up(Turn& turn, const Delivery& d, const v1::DeliveryStep& step) {
  v1::ChangeRecord change;
  change.set_change(step.state() == v1::DELIVERY_STATE_FINISHED ? v1::CHANGE_FINISHED
                                                                : v1::CHANGE_ACKNOWLEDGED);
  change.set_refers_to(d.number());
  change.set_event_position(d.event_position);
  change.set_at_us(step.at_us());
  *change.mutable_actor() = step.actor();
  change.set_sealed_outcome(step.sealed_outcome());
  change.set_about_team(d.recipient.team());
  append_change(turn, d.inbox(), change, d.event.urgency());
  const v1::Team* sender = sender_of(turn, d.event);
  if (sender == nullptr) return;
  change.set_refers_to(0);
  append_change(turn, {sender->handle(), store::Log::kSent}, std::move(change), d.event.urgency());
}

v1::DeliveryStep delivery_step(Turn& turn, uint64_t event_position, const Deed& deed,
                               const std::string& words) {
  v1::DeliveryStep step;
  step.set_at_us(turn.now.us);
  step.set_client_at_us(deed.act.call().at_us());
  *step.mutable_actor() = deed.actor;
  step.set_act(v1::ACT_KIND_LOG_CALL);
  step.set_act_id(deed.act.act_id());
  step.set_sealed_outcome(
      store::seal_text(turn.journal, turn.secrets.seal, turn.entropy, event_position, words));
  return step;
}

std::string by_telephone(const v1::Act& act) {
  return "told by telephone: spoke to " + act.call().spoke_to() + ": " + act.outcome();
}

// P4: by a person's recorded act, with the name of who was spoken to. What was picked up already,
// or has ended, stays as it is.
v1::DeliveryState pick_up(Turn& turn, const v1::TaskRecord& task, const Deed& deed,
                          uint64_t position) {
  const v1::Team* rung = turn.directory.team(task.task().ring_team());
  if (!task.task().satisfies_clock() || rung == nullptr) return {};
  auto d = find_delivery_of(turn, task.event_position(), rung->handle());
  if (!d || !d->open() || d->state() >= v1::DELIVERY_STATE_ACKNOWLEDGED) return {};
  const bool had = in_hand(*d);
  auto step = delivery_step(turn, d->event_position, deed, by_telephone(deed.act));
  step.set_state(d->attention() == v1::ATTENTION_SEE ? v1::DELIVERY_STATE_FINISHED
                                                     : v1::DELIVERY_STATE_ACKNOWLEDGED);
  step.set_position(position);
  *d->record.add_steps() = step;
  d->record.set_state(step.state());
  d->record.set_acknowledge_by_us(d->recipient.acknowledge_by_us());
  clock_after(turn, *d, step.state());
  save(turn, *d);
  tell_picked_up(turn, *d, step);
  pass_word(turn, *d, had);
  return step.state();
}

void note_wrong_number(Turn& turn, const v1::TaskRecord& task, const Deed& deed) {
  const v1::Team* team = turn.directory.team(task.task().ring_team());
  if (team != nullptr) number_was_wrong(turn, *team, deed.actor);
}

TaskAnswer log_on_task(Turn& turn, const v1::Team& team, const Deed& deed) {
  auto task = find_task(turn, deed.act.task_id());
  if (!task || task->team() != team.id()) {
    return {v1::CODE_NOT_FOUND, "the team has no task of this id: see `switchboard task ls`"};
  }
  if (task->task().kind() != v1::TASK_KIND_CALL) {
    return {v1::CODE_INVALID, "this task is no call: answer it with REPLY"};
  }
  if (!is_open(*task)) return {v1::CODE_CONFLICT, "the task has ended: see its steps"};
  if (deed.act.call().result() == v1::CALL_RESULT_REACHED) {
    const uint64_t position = finish_task(turn, *task, deed);
    return {v1::CODE_OK, {}, position, pick_up(turn, *task, deed, position)};
  }
  // P11; a call that reaches somebody ends it, however often it was tried.
  if (task->steps_size() >= static_cast<int>(limits::kTaskTriesMax)) {
    return {v1::CODE_CONFLICT, "no more tries are kept: ring the fallback, log who was reached"};
  }
  const uint64_t position = keep_step(turn, *task, deed);
  if (deed.act.call().result() == v1::CALL_RESULT_WRONG_NUMBER) {
    note_wrong_number(turn, *task, deed);
  }
  return {v1::CODE_OK, "the task stays open: try the next number", position};
}

// A call that nobody asked for: kept with the delivery; its clock runs on.
TaskAnswer log_on_delivery(Turn& turn, const v1::Team& team, const Deed& deed) {
  auto about = find_about(turn, team, deed.act);
  if (!about || !about->delivery) {
    return {v1::CODE_NOT_FOUND, "the team has no task or delivery of this number"};
  }
  Delivery& d = *about->delivery;
  if (d.record.steps_size() >= static_cast<int>(limits::kStepsMax)) {
    return {v1::CODE_CONFLICT, "too many acts on this delivery: finish it"};
  }
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_ACT);
  entry.set_event_position(d.event_position);
  entry.set_principal(deed.actor.principal());
  entry.set_person(deed.actor.person());
  entry.set_team(team.id());
  entry.set_number(d.number());
  entry.set_text(v1::ActKind_Name(deed.act.kind()));
  const bool reached = deed.act.call().result() == v1::CALL_RESULT_REACHED;
  const std::string words =
      reached ? "rang: spoke to " + deed.act.call().spoke_to() + ": " + deed.act.outcome()
              : "rang: " + std::string(words_of(deed.act.call().result()));
  auto& step = *d.record.add_steps();
  step = delivery_step(turn, d.event_position, deed, words);
  step.set_position(entry.position());
  entry.set_digest(save(turn, d));
  return {v1::CODE_OK, {}, entry.position(), d.state()};
}

}  // namespace

const v1::Team* caller_for(const Turn& turn, const v1::EventRecord& event) {
  const v1::Team* team = sender_of(turn, event);
  if (team == nullptr || by_phone(*team)) team = turn.directory.safety_net(event.agency());
  return team == nullptr || !same_environment(*team, event) ? nullptr : team;
}

void ask_for_calls(Turn& turn, const v1::EventRecord& event, uint64_t position,
                   std::string_view area) {
  const v1::Team* caller = caller_for(turn, event);
  if (caller == nullptr) return;
  const auto calls = calls_for(turn, event, *caller);
  const size_t most = std::min(calls.size(), limits::kCallsPerEventMax);
  for (size_t at = 0; at < most; ++at) {
    NewTask task = task_of(event, position, calls[at]);
    const bool last = at + 1 == most && calls.size() > most;
    if (last) task.script.push_back("Then ring: " + names_of_the_rest(calls));
    make_task(turn, task);
  }
  if (!area.empty()) ask_about_area(turn, event, position, *caller, area);
}

void ask_for_calls(Turn& turn, uint64_t position, const v1::AddedRecipients& added) {
  const bool any = std::any_of(added.recipients().begin(), added.recipients().end(), [&](auto& r) {
    const v1::Team* team = turn.directory.team(store::TeamHandle{r.team_handle()});
    return team != nullptr && by_phone(*team);
  });
  if (!any) return;
  const auto event = event_of(turn, position);
  const v1::Team* caller = event ? caller_for(turn, *event) : nullptr;
  if (caller == nullptr) return;
  for (const auto& r : added.recipients()) {
    const v1::Team* team = turn.directory.team(store::TeamHandle{r.team_handle()});
    if (team == nullptr || !by_phone(*team) || team->id() == caller->id()) continue;
    if (r.attention() == v1::ATTENTION_FILE) continue;
    make_task(turn, task_of(*event, position, {*caller, *team, call_by(turn, *event, r), true}));
  }
}

void ask_to_call(Turn& turn, const Delivery& about, const v1::Team& caller, const v1::Team& ring,
                 Duration within) {
  if (caller.id() == ring.id() || !same_environment(caller, about.event)) return;
  const bool satisfies = about.recipient.team() == ring.id();
  NewTask task =
      task_of(about.event, about.event_position,
              {caller, ring, turn.now + within, satisfies, number_of(about.told, caller)});
  for (; task.ordinal < kCallsOfOneCauseMax; ++task.ordinal) {
    auto known = find_task(turn, task_id(task).view());
    if (!known) {
      make_task(turn, task);
      return;
    }
    if (!is_open(*known)) continue;
    known->mutable_task()->set_satisfies_clock(satisfies);
    store::write_task(turn.journal, *known);
    return;
  }
}

void ask_to_call_for(Turn& turn, const v1::EventRecord& event, uint64_t position,
                     const v1::Team& caller, const v1::Team& ring, Time due,
                     const std::string& request) {
  NewTask task = task_of(event, position, {caller, ring, due});
  task.about += " for " + to_hex(request);
  task.request = request;
  make_task(turn, task);
}

TaskAnswer log_call(Turn& turn, const v1::Team& team, const Deed& deed) {
  if (auto why = wrong_with(turn, deed.act); !why.empty()) {
    return {v1::CODE_INVALID, std::move(why)};
  }
  return deed.act.task_id().empty() ? log_on_delivery(turn, team, deed)
                                    : log_on_task(turn, team, deed);
}

}  // namespace switchboard::core
