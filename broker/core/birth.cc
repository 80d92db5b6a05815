#include "broker/core/birth.h"

#include <algorithm>
#include <array>
#include <map>

#include "broker/base/limits.h"
#include "broker/base/london.h"
#include "broker/core/call.h"
#include "broker/core/inbox.h"
#include "broker/core/involved.h"
#include "broker/core/task.h"
#include "broker/store/stay_rows.h"

namespace switchboard::core {
namespace {

constexpr uint32_t kGraceS = 14 * 86400;              // where policy names none
constexpr Duration kCheckWithin = seconds(8 * 3600);  // of the team's staffed hours
constexpr size_t kLookedAt = 64;
constexpr std::array<std::string_view, 3> kEnds = {"birth", "pregnancy_ended", "death"};

std::optional<Time> rings_at(const Turn& turn, const v1::Identity& identity) {
  const auto day = day_from_string(identity.unborn().expected_delivery_date());
  if (!day) return std::nullopt;
  const uint32_t stated = turn.directory.policy().row.expected_birth_grace_s();
  const uint32_t grace = stated == 0 ? kGraceS : stated;
  const Day last = *day + static_cast<int32_t>(grace / 86400);
  return london_midnight(last) + seconds(grace % 86400);
}

store::Due due_of(const v1::StayRecord& watch) {
  return {watch.expected_us(), store::DueKind::kWatch, 0, watch.position(), 1};
}

// Void, or about somebody else: it never meant this pregnancy.
bool taken_back(Turn& turn, uint64_t position) {
  for (const uint64_t by :
       turn.journal.take_or_default(store::corrections_of(turn.journal, position))) {
    const auto correction = turn.journal.take(store::read_event(turn.journal, by));
    if (correction && correction->correction() != v1::CORRECTION_NATURE_SUPERSEDED) return true;
  }
  return false;
}

bool ends_it(Turn& turn, uint64_t position) {
  const auto event = turn.journal.take(store::read_event(turn.journal, position));
  if (!event || event->shadow_size() > 0 || event->disposition() == v1::DISPOSITION_SHADOWED) {
    return false;
  }
  const bool end = std::find(kEnds.begin(), kEnds.end(), event->kind()) != kEnds.end();
  return (end || event->subject_type() == v1::SUBJECT_TYPE_CHILD) && !taken_back(turn, position);
}

std::vector<uint64_t> events_of(Turn& turn, const v1::EventRecord& event) {
  std::vector<uint64_t> all;
  const auto rows =
      turn.journal.scan_back(kv::Family::kIndex, store::key::subject_position(event.subject(), 0),
                             store::key::subject_position(event.subject(), ~uint64_t{0}));
  for (; rows->valid() && all.size() < kLookedAt; rows->next()) {
    all.push_back(store::key::trailing_u64(rows->key()));
  }
  if (const auto status = rows->status(); !status.ok()) turn.journal.fail(status.error());
  // A birth is often told of the child alone, in the thread of the pregnancy.
  for (const auto& thread : event.thread_hashes()) {
    for (const uint64_t at : store::thread_events(turn.journal, thread, kEnds, kLookedAt)) {
      all.push_back(at);
    }
  }
  return all;
}

bool ended(Turn& turn, const v1::EventRecord& event) {
  const auto all = events_of(turn, event);
  return std::any_of(all.begin(), all.end(), [&](uint64_t at) { return ends_it(turn, at); });
}

bool by_caseload(const Turn& turn, const v1::Recipient& recipient) {
  const auto* route = turn.directory.route(recipient.route());
  return route != nullptr && route->row.clause().caseload();
}

// Each with the number of a delivery about it, or 0.
std::map<std::string, Involved> to_be_asked(Turn& turn, const v1::EventRecord& event,
                                            uint64_t position) {
  std::map<std::string, Involved> teams;
  for (const auto& one : involved(turn, event.subject(), 0)) {
    if (one.open && may_hear_of(turn, *one.team, event)) teams.emplace(one.team->id(), one);
  }
  for (const auto& r :
       turn.journal.take_or_default(store::read_recipients(turn.journal, position))) {
    const v1::Team* team = turn.directory.team(r.team_handle());
    if (team == nullptr || !by_caseload(turn, r) || !may_hear_of(turn, *team, event)) continue;
    teams.emplace(team->id(), Involved{team, r.number(), false});
  }
  const v1::Team* sender = sender_of(turn, event);
  if (sender == nullptr) sender = turn.directory.safety_net(event.agency());
  if (sender != nullptr && same_environment(*sender, event)) {
    teams.emplace(sender->id(), Involved{sender, 0, false});
  }
  return teams;
}

void ask(Turn& turn, const v1::EventRecord& event, uint64_t position, Time expected,
         const Involved& one) {
  const Time by = turn.directory.staffing(*one.team).add(turn.now, kCheckWithin);
  if (one.team->reach() == v1::REACH_PHONE) {
    const v1::Team* caller = caller_for(turn, event);
    if (caller == nullptr || caller->id() == one.team->id()) return;
    return ask_to_call_for(turn, event, position, *caller, *one.team, by, event.event_id());
  }
  NewTask task{.kind = v1::TASK_KIND_CHECK,
               .team = one.team,
               .event = event,
               .event_position = position,
               .about = "expected birth " + std::to_string(expected.us),
               .title = "An expected date has passed and nothing was told"};
  task.script = {"The expected date has passed and no birth was told.",
                 "Find out how mother and baby are, and say what you found."};
  task.due = by;
  task.refers_to = one.number;
  make_task(turn, task);
}

}  // namespace

void watch_birth(Turn& turn, const v1::EventHeader& header, const v1::Identity& identity,
                 const v1::EventRecord& event, uint64_t position) {
  if (header.subject().type() != v1::SUBJECT_TYPE_UNBORN || event.subject().empty()) return;
  const auto at = rings_at(turn, identity);
  if (!at) return;
  const auto known = turn.journal.take(store::read_expected_birth(turn.journal, event.subject()));
  if (known && known->expected_us() == at->us) return;  // once for each date
  if (known) store::remove_due(turn.journal, due_of(*known));
  v1::StayRecord watch;
  watch.set_position(position);
  watch.set_expected_us(at->us);
  store::write_expected_birth(turn.journal, event.subject(), watch);
  store::add_due(turn.journal, due_of(watch));
}

void ring_birth(Turn& turn, const store::Due& due) {
  const auto event = turn.journal.take(store::read_event(turn.journal, due.number));
  if (!event) return;
  const auto watch = turn.journal.take(store::read_expected_birth(turn.journal, event->subject()));
  if (!watch || watch->position() != due.number || watch->expected_us() != due.at_us) return;
  if (taken_back(turn, due.number) || ended(turn, *event)) return;
  size_t asked = 0;
  for (const auto& [id, one] : to_be_asked(turn, *event, due.number)) {
    if (asked++ == limits::kTasksPerRequestMax) return;
    ask(turn, *event, due.number, {due.at_us}, one);
  }
}

}  // namespace switchboard::core
