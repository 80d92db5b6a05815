#include "broker/core/correction.h"

#include <algorithm>

#include "broker/core/facts.h"
#include "broker/core/inbox.h"
#include "broker/core/subject.h"
#include "broker/store/payload.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

constexpr Duration kHeldFor = seconds(4 * 3600);
constexpr size_t kThreadEventsMax = 64;

std::optional<Original> read_original(Turn& turn, uint64_t position) {
  auto record = turn.journal.take(store::read_event(turn.journal, position));
  if (!record) return std::nullopt;
  return Original{position, std::move(*record)};
}

// A test message never touches a live alert, nor the other way round.
bool same_world(const v1::EventRecord& record, const v1::EventHeader& header) {
  return record.agency() == header.agency() && record.environment() == header.environment();
}

bool is_target(const v1::EventRecord& record, const v1::EventHeader& header) {
  return same_world(record, header) && record.kind() == header.correction().target_kind() &&
         record.disposition() != v1::DISPOSITION_QUARANTINED;
}

// What tells a team of the correction: its cause, and the ceiling on what it may see.
v1::Recipient recipient_for(const Turn& turn, const v1::Recipient& of_original,
                            const v1::EventHeader& header, bool routed_today) {
  Match match;
  match.team = turn.directory.team(of_original.team());
  match.cause = v1::CAUSE_CORRECTION;
  match.route = "correction";
  match.facts = "got the original";
  v1::Recipient r = make_recipient(turn, match, "correction", header.urgency());
  if (!routed_today) r.set_limit(v1::DISCLOSURE_POINTER);
  return r;
}

void stop_clock(Turn& turn, const v1::Recipient& r) {
  if (r.acknowledge_by_us() == 0) return;
  store::remove_due(turn.journal, {r.acknowledge_by_us(), store::DueKind::kAcknowledge,
                                   r.team_handle(), r.number(), 1});
}

// A held correction as it was published.
struct Held {
  v1::EventHeader header;
  v1::Identity identity;
};
bool parse(std::string_view bytes, google::protobuf::MessageLite& into) {
  return into.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}
std::optional<Held> parse_held(std::string_view header, std::string_view identity) {
  Held held;
  if (!parse(header, held.header) || !parse(identity, held.identity)) return std::nullopt;
  return held;
}

// Nothing if it was erased. One of this very turn is still in its frame: payloads are not read back
// before the commit.
std::optional<Held> read_held(Turn& turn, uint64_t position) {
  for (const auto& event : turn.events) {
    if (event.position != position) continue;
    std::string_view identity;
    for (const auto& section : event.sections) {
      if (section.kind == v1::SECTION_KIND_IDENTITY) identity = section.body;
    }
    return parse_held(event.header, identity);
  }
  const auto opened = store::read_payload(turn.journal, turn.secrets.seal, position,
                                          {v1::SECTION_KIND_HEADER, v1::SECTION_KIND_IDENTITY});
  if (opened.ok()) {
    std::string_view identity;
    for (const auto& section : opened->sections) {
      if (section.kind() == v1::SECTION_KIND_IDENTITY) identity = section.body();
    }
    return parse_held(opened->header, identity);
  }
  if (opened.error().code != v1::CODE_NOT_FOUND) turn.journal.fail(opened.error());
  return std::nullopt;
}

// P7: the routes of the day it takes effect say where its new content may go.
std::vector<Match> routes_of_today(Turn& turn, const Held& held) {
  const auto identifiers = identifier_hashes(turn.secrets, held.header, held.identity);
  return match(turn.directory, facts_of(turn.journal, &turn.journal, held.header, held.identity,
                                        identifiers, turn.now));
}

}  // namespace

std::optional<Original> find_original(Turn& turn, const v1::EventHeader& header) {
  const auto& correction = header.correction();
  if (const auto id = id_from_bytes(correction.target_event_id())) {
    const auto known = turn.journal.take(store::read_known(turn.journal, *id, header.agency()));
    if (!known || known->quarantined) return std::nullopt;
    auto original = read_original(turn, known->position);
    return original && same_world(original->record, header) ? original : std::nullopt;
  }
  const auto hash = thread_hash(turn.secrets, correction.target_thread(), header.agency());
  for (const uint64_t position : store::thread_events(turn.journal, hash, kThreadEventsMax)) {
    auto original = read_original(turn, position);
    if (original && is_target(original->record, header)) return original;
  }
  return std::nullopt;
}

// Everyone who was told of the original or of its last correction, which may have had new content
// for others. Each correction tells all before it, so the last one is enough.
static std::vector<v1::Recipient> all_told(Turn& turn, const Original& original) {
  auto told = turn.journal.take_or_default(store::read_recipients(turn.journal, original.position));
  const auto earlier =
      turn.journal.take_or_default(store::corrections_of(turn.journal, original.position));
  if (earlier.empty()) return told;
  for (auto& r :
       turn.journal.take_or_default(store::read_recipients(turn.journal, earlier.back()))) {
    told.push_back(std::move(r));
  }
  return told;
}

std::vector<v1::Recipient> correction_recipients(Turn& turn, const Original& original,
                                                 const v1::EventHeader& header,
                                                 const std::vector<Match>& today) {
  std::vector<v1::Recipient> all;
  const auto told = all_told(turn, original);
  for (const auto& r : told) {
    const bool already =
        std::any_of(all.begin(), all.end(), [&](const auto& a) { return a.team() == r.team(); });
    if (already || turn.directory.team(r.team()) == nullptr) continue;
    const bool routed = std::any_of(today.begin(), today.end(),
                                    [&](const auto& m) { return m.team->id() == r.team(); });
    all.push_back(recipient_for(turn, r, header, routed));
  }
  if (header.correction().nature() != v1::CORRECTION_NATURE_SUPERSEDED) return all;
  for (const auto& m : today) {
    const bool told_before = std::any_of(all.begin(), all.end(),
                                         [&](const auto& a) { return a.team() == m.team->id(); });
    if (!told_before) all.push_back(make_recipient(turn, m, "correction", header.urgency()));
  }
  return all;
}

void mark_corrected(Turn& turn, const Original& original, v1::CorrectionNature nature,
                    uint64_t correcting_position) {
  store::index_correction(turn.journal, original.position, correcting_position);
  const auto told =
      turn.journal.take_or_default(store::read_recipients(turn.journal, original.position));
  for (const auto& r : told) {
    store::write_corrected(turn.journal, r.team_handle(), r.number(), nature, correcting_position);
    if (nature == v1::CORRECTION_NATURE_VOID) stop_clock(turn, r);
    v1::ChangeRecord change;
    change.set_change(v1::CHANGE_CORRECTED);
    change.set_refers_to(r.number());
    change.set_event_position(original.position);
    change.set_at_us(turn.now.us);
    change.set_corrected(nature);
    append_change(turn, {r.team_handle(), store::Log::kInbox}, std::move(change),
                  original.record.urgency());
  }
}

void hold_correction(Turn& turn, const v1::EventHeader& header, uint64_t position) {
  store::add_to_queue(turn.journal, store::Queue::kHeld, position);
  turn.any_held = true;
  store::add_due(turn.journal, {(turn.now + kHeldFor).us, store::DueKind::kHeld, 0, position, 1});
  const auto& correction = header.correction();
  // By id: kept under a hash of the id, as if the id were a thread.
  v1::Thread thread = correction.target_thread();
  if (!correction.target_event_id().empty()) {
    thread.Clear();
    thread.set_value(correction.target_event_id());
  }
  store::hold(turn.journal, thread_hash(turn.secrets, thread, header.agency()), position);
}

static void release(Turn& turn, const v1::EventRecord& original, uint64_t position,
                    const std::string& hash, uint64_t held_at) {
  const auto held = read_held(turn, held_at);
  if (!held || !same_world(original, held->header)) return;
  const auto& correction = held->header.correction();
  const bool by_id = !correction.target_event_id().empty();
  if (!by_id && correction.target_kind() != original.kind()) return;
  const Original found{position, original};
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CORRECTED);
  const uint64_t at = entry.position();
  entry.set_event_position(held_at);
  entry.set_text("held correction released by its original");
  auto recipients = correction_recipients(turn, found, held->header, routes_of_today(turn, *held));
  const auto told = turn.journal.take_or_default(store::read_recipients(turn.journal, held_at));
  std::erase_if(recipients, [&](const auto& r) {  // a safety net that has it already
    return std::any_of(told.begin(), told.end(),
                       [&](const auto& t) { return t.team() == r.team(); });
  });
  mark_corrected(turn, found, correction.nature(), held_at);
  add_recipients(turn, held_at, held->header.urgency(), std::move(recipients), at);
  store::release_held(turn.journal, hash, held_at);
  store::remove_from_queue(turn.journal, store::Queue::kHeld, held_at);
}

void release_corrections(Turn& turn, const v1::EventRecord& original, uint64_t position) {
  std::vector<std::string> hashes(original.thread_hashes().begin(), original.thread_hashes().end());
  v1::Thread by_id;
  by_id.set_value(original.event_id());
  hashes.push_back(thread_hash(turn.secrets, by_id, original.agency()));
  for (const auto& hash : hashes) {
    for (const uint64_t held : store::held_for(turn.journal, hash)) {
      release(turn, original, position, hash, held);
    }
  }
}

}  // namespace switchboard::core
