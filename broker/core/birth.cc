#include "broker/core/birth.h"

#include <algorithm>
#include <array>
#include <map>

#include "broker/base/limits.h"
#include "broker/base/london.h"
#include "broker/core/call.h"
#include "broker/core/damage.h"
#include "broker/core/inbox.h"
#include "broker/core/involved.h"
#include "broker/core/subject.h"
#include "broker/core/task.h"
#include "broker/store/stay_rows.h"

namespace switchboard::core {
namespace {

constexpr uint32_t kGraceS = 14 * 86400;              // where policy names none
constexpr Duration kCheckWithin = seconds(8 * 3600);  // of the team's staffed hours
constexpr size_t kLookedAt = 64;
constexpr Duration kPregnancy = seconds(int64_t{300} * 86400);
constexpr std::array<std::string_view, 3> kEnds = {"birth", "pregnancy_ended", "death"};

std::optional<Time> rings_at(const Turn& turn, const v1::Identity& identity) {
  const auto day = day_from_string(identity.unborn().expected_delivery_date());
  if (!day) return std::nullopt;
  const uint32_t stated = turn.directory.policy().row.expected_birth_grace_s();
  const uint32_t grace = stated == 0 ? kGraceS : stated;
  const Day last = *day + static_cast<int32_t>(grace / 86400);
  return london_midnight(last) + seconds(grace % 86400);
}

std::vector<std::string> hashes_of(const Turn& turn, const v1::EventHeader& header,
                                   const auto& identifiers) {
  std::vector<std::string> hashes;
  for (const auto& id : identifiers) {
    auto hash = identifier_hash(turn.secrets, id, header.agency(), header.system());
    if (!hash.empty()) hashes.push_back(std::move(hash));
  }
  return hashes;
}

// A watch that runs already decides what the pregnancy is known by.
std::string pregnancy_of(Turn& turn, const v1::EventHeader& header, const v1::Identity& identity,
                         const std::string& subject) {
  auto mother = hashes_of(turn, header, identity.unborn().mother());
  for (auto& hash : mother) {
    if (turn.journal.take(store::read_expected_birth(turn.journal, hash))) return std::move(hash);
  }
  return mother.empty() ? subject : std::move(mother.front());
}

bool is_one_of(std::string_view kind, std::initializer_list<std::string_view> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// Born so lately that it may be the child of a pregnancy that is watched: an older one says
// nothing.
bool is_newborn(const v1::EventHeader& header, const v1::Identity& identity, Time now) {
  if (header.subject().type() == v1::SUBJECT_TYPE_ADULT) return false;
  const auto born = day_from_string(identity.birth_date());
  return born && london_midnight(*born) > now - kPregnancy;
}

bool ends_a_pregnancy(const v1::EventHeader& header, const v1::Identity& identity, Time now) {
  if (is_one_of(header.kind(), {"birth", "pregnancy_ended"})) return true;
  const bool unborn = header.subject().type() == v1::SUBJECT_TYPE_UNBORN;
  if (header.kind() == "death" && unborn) return true;
  return header.kind() != "correction" && !unborn && is_newborn(header, identity, now);
}

// Whoever the event names as related, or as the mother of the unborn: only a mother has a watch.
void note_end(Turn& turn, const v1::EventHeader& header, const v1::Identity& identity,
              uint64_t position) {
  auto mothers = hashes_of(turn, header, identity.unborn().mother());
  for (const auto& related : identity.related()) {
    for (auto& hash : hashes_of(turn, header, related.identifiers())) {
      mothers.push_back(std::move(hash));
    }
  }
  v1::StayRecord end;
  end.set_position(position);
  for (const auto& mother : mothers) {
    if (!turn.journal.take(store::read_expected_birth(turn.journal, mother))) continue;
    store::write_pregnancy_end(turn.journal, mother, end);
  }
}

store::Due due_of(const v1::StayRecord& watch) {
  return {watch.expected_us(), store::DueKind::kWatch, 0, watch.position(), 1};
}

// Void, or about somebody else: it never meant this pregnancy.
bool taken_back(Turn& turn, uint64_t position) {
  for (const uint64_t by :
       turn.journal.take_or_default(store::corrections_of(turn.journal, position))) {
    const auto correction = event_of(turn, by);
    if (correction && correction->correction() != v1::CORRECTION_NATURE_SUPERSEDED) return true;
  }
  return false;
}

bool ends_it(Turn& turn, uint64_t position) {
  const auto event = event_of(turn, position);
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

bool ended(Turn& turn, const v1::EventRecord& event, std::string_view pregnancy) {
  const auto end = turn.journal.take(store::read_pregnancy_end(turn.journal, pregnancy));
  const auto told = end ? event_of(turn, end->position()) : std::optional<v1::EventRecord>{};
  const bool lately = told && told->accepted_us() > (turn.now - kPregnancy).us;
  if (lately && !taken_back(turn, end->position())) return true;
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
  if (event.subject().empty()) return;
  if (ends_a_pregnancy(header, identity, turn.now)) note_end(turn, header, identity, position);
  const bool takes_back = header.kind() == "correction" &&
                          header.correction().nature() != v1::CORRECTION_NATURE_SUPERSEDED;
  if (header.subject().type() != v1::SUBJECT_TYPE_UNBORN || takes_back) return;
  const auto at = rings_at(turn, identity);
  if (!at) return;
  const std::string pregnancy = pregnancy_of(turn, header, identity, event.subject());
  const auto known = turn.journal.take(store::read_expected_birth(turn.journal, pregnancy));
  if (known && known->expected_us() == at->us) return;  // once for each date
  if (known) store::remove_due(turn.journal, due_of(*known));
  v1::StayRecord watch;
  watch.set_position(position);
  watch.set_task_id(pregnancy);
  watch.set_expected_us(at->us);
  store::write_expected_birth(turn.journal, pregnancy, watch);
  store::write_watch(turn.journal, position, watch);
  store::add_due(turn.journal, due_of(watch));
}

void ring_birth(Turn& turn, const store::Due& due) {
  const auto event = event_of(turn, due.number);
  const auto mine = turn.journal.take(store::read_watch(turn.journal, due.number));
  if (!event || !mine) return;
  const std::string& pregnancy = mine->task_id();
  const auto watch = turn.journal.take(store::read_expected_birth(turn.journal, pregnancy));
  if (!watch || watch->position() != due.number || watch->expected_us() != due.at_us) return;
  if (taken_back(turn, due.number) || ended(turn, *event, pregnancy)) return;
  size_t asked = 0;
  for (const auto& [id, one] : to_be_asked(turn, *event, due.number)) {
    if (asked++ == limits::kTasksPerRequestMax) return;
    ask(turn, *event, due.number, {due.at_us}, one);
  }
}

}  // namespace switchboard::core
