#include "broker/core/correction.h"

#include <algorithm>

#include "broker/core/clock.h"
#include "broker/core/damage.h"
#include "broker/core/inbox.h"
#include "broker/core/kind.h"
#include "broker/core/noise.h"
#include "broker/core/published.h"
#include "broker/core/shadow.h"
#include "broker/core/subject.h"
#include "broker/core/task.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

constexpr Duration kHeldFor = seconds(4 * 3600);

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

void stop_clock_of(Turn& turn, const v1::Recipient& r) {
  auto delivery = find_delivery(turn, r.team_handle(), r.number());
  if (!delivery || !clock_of(*delivery).runs()) return;
  stop_clock(turn, *delivery);
  save(turn, *delivery);
}

}  // namespace

// Those who were told of it; for a correction on trial also those who would have been.
static void add_told(Turn& turn, const Original& event, bool shadow,
                     std::vector<v1::Recipient>& told) {
  for (auto& r :
       turn.journal.take_or_default(store::read_recipients(turn.journal, event.position))) {
    told.push_back(std::move(r));
  }
  if (!shadow) return;
  told.insert(told.end(), event.record.shadow().begin(), event.record.shadow().end());
}

// Everyone who was told of the original or of its last correction, which may have had new content
// for others. Each correction tells all before it, so the last one is enough.
static std::vector<v1::Recipient> all_told(Turn& turn, const Original& original, bool shadow) {
  std::vector<v1::Recipient> told;
  add_told(turn, original, shadow, told);
  if (const auto last = last_correction(turn, original, shadow)) {
    add_told(turn, *last, shadow, told);
  }
  return told;
}

std::vector<v1::Recipient> correction_recipients(Turn& turn, const Original& original,
                                                 const v1::EventHeader& header,
                                                 const std::vector<Match>& today) {
  std::vector<v1::Recipient> all;
  const auto told = all_told(turn, original, header.shadow());
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

static void mark(Turn& turn, const Original& event, v1::CorrectionNature nature,
                 uint64_t correcting_position) {
  store::index_correction(turn.journal, event.position, correcting_position);
  if (nature == v1::CORRECTION_NATURE_VOID) {
    make_tasks_moot(turn, event.position, "the event it is about was taken back");
  }
  const auto told =
      turn.journal.take_or_default(store::read_recipients(turn.journal, event.position));
  for (const auto& r : told) {
    store::write_corrected(turn.journal, r.team_handle(), r.number(), nature, correcting_position);
    if (nature == v1::CORRECTION_NATURE_VOID) stop_clock_of(turn, r);
    v1::ChangeRecord change;
    change.set_change(v1::CHANGE_CORRECTED);
    change.set_refers_to(r.number());
    change.set_event_position(event.position);
    change.set_at_us(turn.now.us);
    change.set_corrected(nature);
    append_change(turn, {r.team_handle(), store::Log::kInbox}, std::move(change),
                  event.record.urgency());
  }
}

void mark_corrected(Turn& turn, const Original& original, v1::CorrectionNature nature,
                    uint64_t correcting_position) {
  const auto last = last_correction(turn, original, false);
  mark(turn, original, nature, correcting_position);
  if (nature != v1::CORRECTION_NATURE_SUPERSEDED) forget_routed_fields(turn, original.record);
  if (last && last->record.correction() == v1::CORRECTION_NATURE_SUPERSEDED) {
    mark(turn, *last, nature, correcting_position);
  }
}

void note_trial_correction(Turn& turn, const Original& original, uint64_t correcting_position) {
  if (!shadowed(original.record)) return;
  store::index_correction(turn.journal, original.position, correcting_position);
}

void correct_newcomers(Turn& turn, uint64_t event_position, uint64_t adding) {
  const auto last = last_correction(turn, {event_position, {}}, false);
  if (!last) return;
  v1::EventHeader header;  // what a recipient of it asks
  header.set_urgency(last->record.urgency());
  std::vector<v1::Recipient> told;
  add_told(turn, *last, false, told);
  std::vector<v1::Recipient> new_ones;
  for (const auto& r :
       turn.journal.take_or_default(store::read_recipients(turn.journal, event_position))) {
    if (r.cause_position() != adding) continue;
    store::write_corrected(turn.journal, r.team_handle(), r.number(), last->record.correction(),
                           last->position);
    const bool knows =
        std::any_of(told.begin(), told.end(), [&](const auto& t) { return t.team() == r.team(); });
    if (!knows) new_ones.push_back(recipient_for(turn, r, header, false));
  }
  if (new_ones.empty()) return;
  add_recipients(turn, last->position, last->record.urgency(), std::move(new_ones), adding);
  correct_newcomers(turn, last->position, adding);  // what corrects it came later: this ends
}

// Kept under the hash of its thread; by id under a hash of the id, as if that were a thread.
void wait_in_silence(Turn& turn, const v1::EventHeader& header, uint64_t position) {
  const auto& correction = header.correction();
  v1::Thread thread = correction.target_thread();
  if (!correction.target_event_id().empty()) {
    thread.Clear();
    thread.set_value(correction.target_event_id());
  }
  store::hold(turn.journal, thread_hash(turn.secrets, thread, header.agency()), position);
  turn.any_held = true;
}

Time hold_correction(Turn& turn, const v1::EventHeader& header, uint64_t position) {
  const Time until = turn.now + kHeldFor;
  store::add_to_queue(turn.journal, store::Queue::kHeld, position);
  store::add_due(turn.journal, {until.us, store::DueKind::kHeld, 0, position, 1});
  wait_in_silence(turn, header, position);
  return until;
}

// Has it had its effect, or been seen to repeat another? Then only its silent wait is left.
static bool in_silence(Turn& turn, const v1::EventRecord& held, uint64_t position) {
  if (held.disposition() != v1::DISPOSITION_HELD) return true;
  return held.correction() != v1::CORRECTION_NATURE_SUPERSEDED &&
         !store::in_queue(turn.journal, store::Queue::kHeld, position) &&
         !store::in_queue(turn.journal, store::Queue::kUnrouted, position);
}

// One that was held waits for any original that is not later; one in silence only for one that its
// source said before it.
static bool waits_for(Turn& turn, const v1::EventRecord& original, const v1::EventHeader& held,
                      uint64_t position) {
  if (!same_world(original, held)) return false;
  if (!held.correction().target_event_id().empty()) return true;
  if (!is_target_kind(original, held.correction().target_kind())) return false;
  const auto record = event_of(turn, position);
  if (!record) return false;
  return in_silence(turn, *record, position) ? said_before(original, held)
                                             : !said_after(original, held);
}

static void release(Turn& turn, const v1::EventRecord& original, uint64_t position,
                    const std::string& hash, uint64_t held_at) {
  const auto held = read_published(turn, held_at);
  if (!held || !waits_for(turn, original, held->header, held_at)) return;
  const Original found{position, original};
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CORRECTED);
  const uint64_t at = entry.position();
  entry.set_event_position(held_at);
  store::remove_from_queue(turn.journal, store::Queue::kHeld, held_at);
  if (is_corrected_so(turn, found, held->header)) {  // by one that waited beside it
    entry.set_text("held correction: said again of what is corrected already");
    return;
  }
  entry.set_text("held correction released by its original");
  // P7: the routes of the day it takes effect say where its new content may go.
  auto recipients = correction_recipients(turn, found, held->header, routes_of_today(turn, *held));
  const auto told = turn.journal.take_or_default(store::read_recipients(turn.journal, held_at));
  std::erase_if(recipients, [&](const auto& r) {  // a safety net that has it already
    return std::any_of(told.begin(), told.end(),
                       [&](const auto& t) { return t.team() == r.team(); });
  });
  mark_corrected(turn, found, held->header.correction().nature(), held_at);
  add_recipients(turn, held_at, held->header.urgency(), std::move(recipients), at);
  store::release_held(turn.journal, hash, held_at);
}

// In the order their source said them.
static std::vector<uint64_t> waiting(Turn& turn, const std::string& hash) {
  std::vector<uint64_t> held = store::held_for(turn.journal, hash);
  if (held.size() < 2) return held;
  const auto said = [&](uint64_t position) {
    const auto event = event_of(turn, position);
    return event ? event->event_id().substr(0, 6) : std::string();
  };
  std::vector<std::pair<std::string, uint64_t>> in_order;
  for (const uint64_t position : held) in_order.emplace_back(said(position), position);
  std::sort(in_order.begin(), in_order.end());
  for (size_t i = 0; i < held.size(); ++i) held[i] = in_order[i].second;
  return held;
}

void release_corrections(Turn& turn, const v1::EventRecord& original, uint64_t position) {
  std::vector<std::string> hashes(original.thread_hashes().begin(), original.thread_hashes().end());
  v1::Thread by_id;
  by_id.set_value(original.event_id());
  hashes.push_back(thread_hash(turn.secrets, by_id, original.agency()));
  for (const auto& hash : hashes) {
    for (const uint64_t held : waiting(turn, hash)) {
      release(turn, original, position, hash, held);
    }
  }
}

}  // namespace switchboard::core
