#include "broker/core/damage.h"

#include "broker/base/limits.h"
#include "broker/store/entry.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

std::string event_words(uint64_t position) { return "event " + std::to_string(position); }

// A read that fails once may be the moment's; twice, it is the row's.
template <typename Read>
auto twice(const Read& read) {
  auto first = read();
  return first.ok() ? std::move(first) : read();
}

bool readable_event(Turn& turn, uint64_t position) {
  const bool read = twice([&] { return store::read_recipients(turn.journal, position); }).ok();
  if (!read) turn.damage.note(event_words(position));
  return read;
}

}  // namespace

bool Damage::note(std::string what) {
  return met_.size() < limits::kDamageNotesMax && met_.insert(std::move(what)).second;
}

std::optional<v1::EventRecord> event_of(Turn& turn, uint64_t position) {
  auto record = twice([&] { return store::read_event(turn.journal, position); });
  if (record.ok()) return std::move(record).value();
  turn.damage.note(event_words(position));
  return std::nullopt;
}

bool readable(Turn& turn, store::TeamHandle team, uint64_t number) {
  const store::LogId inbox{team, store::Log::kInbox};
  const auto entry = twice([&] { return store::read_entry(turn.journal, inbox, number); });
  const bool own =
      entry.ok() && twice([&] { return store::read_delivery(turn.journal, team, number); }).ok();
  if (!own) {
    turn.damage.note("number " + std::to_string(number) + " of team " + std::to_string(team));
    return false;
  }
  return !entry.value() || readable_event(turn, entry.value()->position);
}

bool readable(Turn& turn, const store::Due& due) {
  const bool in_an_inbox = due.team != 0;
  if (in_an_inbox ? readable(turn, due.team, due.number) : readable_event(turn, due.number)) {
    return true;
  }
  std::string which = "deadline of " + std::to_string(due.at_us) + " for team " +
                      std::to_string(due.team) + ", " + std::to_string(due.number);
  if (!turn.damage.note(std::move(which))) return false;
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CLOCK);
  entry.set_number(due.number);
  entry.set_text("a deadline stands still: what it is about is damaged on the disk");
  return false;
}

}  // namespace switchboard::core
