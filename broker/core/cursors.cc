#include "broker/core/cursors.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/probe.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

void erase_parked(v1::CursorRecord& record, const auto& which) {
  auto& parked = *record.mutable_parked();
  parked.erase(std::remove_if(parked.begin(), parked.end(),
                              [&](const auto& p) { return which(p.number()); }),
               parked.end());
}

// P6: what waits behind a parked entry is counted with it. It has no place of its own: one child's
// trouble must not use up the places of all (kParkedMax).
bool waits(v1::CursorRecord& record, const v1::FailedEntry& failed) {
  if (failed.behind() == 0) return false;
  for (auto& known : *record.mutable_parked()) {
    if (known.number() != failed.behind()) continue;
    if (failed.number() <= known.waiting_through()) return true;
    known.set_waiting(known.waiting() + 1);
    known.set_waiting_through(failed.number());
    return true;
  }
  return false;
}

void park(v1::CursorRecord& record, const v1::FailedEntry& failed) {
  if (waits(record, failed)) return;
  for (const auto& known : record.parked()) {
    if (known.number() == failed.number()) return;
  }
  if (record.parked_size() >= static_cast<int>(limits::kParkedMax)) return;
  v1::ParkedRecord& parked = *record.add_parked();
  parked.set_number(failed.number());
  parked.set_reason(failed.reason().substr(0, limits::kTextBytesMax));
}

}  // namespace

Status Cursors::load(const store::Reads& reads) {
  TRY(auto rows, store::read_cursors(reads));
  for (auto& row : rows) {
    Cursor& cursor = cursors_[{row.log, row.record.endpoint()}];
    TRY(cursor.received, store::read_last_receipt(reads, row.log, row.record.endpoint()));
    cursor.record = std::move(row.record);
  }
  return ok();
}

// P11: a cursor is kept for ever, so their number is bounded.
bool Cursors::room_for(store::LogId log, const std::string& endpoint) const {
  size_t count = 0;
  for (auto it = cursors_.lower_bound({log, {}}); it != cursors_.end(); ++it) {
    if (it->first.log != log) break;
    if (it->first.endpoint == endpoint) return true;
    ++count;
  }
  return count < limits::kEndpointsPerTeamMax;
}

const v1::CursorRecord& Cursors::attach(store::LogId log, const std::string& endpoint,
                                        uint64_t common, Time now, uint64_t epoch) {
  Cursor& cursor = cursors_[{log, endpoint}];
  uint64_t through = common;  // P5: above it the same numbers are other entries
  // A replay that was asked for while it was away, or that it broke off, goes on where it is.
  const bool replaying = cursor.record.through() < cursor.record.replay_through();
  if (replaying) through = std::min(through, cursor.record.through());
  // What comes again gets another chance: it fails again, or is another entry by now.
  erase_parked(cursor.record, [&](uint64_t number) { return number > through; });
  cursor.record.set_endpoint(endpoint);
  cursor.record.set_through(through);
  cursor.record.set_at_us(now.us);
  cursor.record.set_epoch(epoch);
  cursor.dirty = changed_ = true;
  return cursor.record;
}

bool Cursors::receive(store::LogId log, const v1::Received& received, Time now) {
  const auto it = cursors_.find({log, received.endpoint()});
  if (it == cursors_.end()) return false;
  v1::CursorRecord& record = it->second.record;
  for (const uint64_t settled : received.settled()) {
    erase_parked(record, [&](uint64_t number) { return number == settled; });
  }
  for (const auto& failed : received.failed()) park(record, failed);
  if (received.through() > record.through()) record.set_through(received.through());
  if (record.through() >= record.replay_through()) record.clear_replay_through();
  record.set_at_us(now.us);
  it->second.dirty = changed_ = true;
  return record.parked_size() < static_cast<int>(limits::kParkedMax);
}

size_t Cursors::rewind(store::LogId log, const std::string& endpoint, uint64_t to_number) {
  size_t count = 0;
  for (auto& [key, cursor] : cursors_) {
    if (key.log != log) continue;
    if (!endpoint.empty() && key.endpoint != endpoint) continue;
    if (cursor.record.through() <= to_number) continue;
    cursor.record.set_replay_through(
        std::max(cursor.record.replay_through(), cursor.record.through()));
    cursor.record.set_through(to_number);
    // It gets another chance with these, and those behind them in their order.
    erase_parked(cursor.record, [&](uint64_t number) { return number > to_number; });
    cursor.dirty = changed_ = true;
    ++count;
  }
  return count;
}

// When a number was first received stays known: a cursor that goes back and forth adds nothing.
void Cursors::write_receipt(Turn& turn, Probes& probes, const Key& key, Cursor& cursor) {
  if (cursor.record.through() <= cursor.received) return;
  cursor.received = cursor.record.through();
  store::write_receipt(turn.journal, key.log, key.endpoint, cursor.received, turn.now.us);
  if (key.log.log != store::Log::kInbox) return;
  probes.received(turn.journal, key.log.team, cursor.received, turn.now);
}

void Cursors::write(Turn& turn, Probes& probes) {
  if (!changed_) return;
  for (auto& [key, cursor] : cursors_) {
    if (!cursor.dirty) continue;
    cursor.dirty = false;
    store::write_cursor(turn.journal, key.log, cursor.record);
    write_receipt(turn, probes, key, cursor);
    v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_RECEIVED);
    const v1::Team* team = turn.directory.team(key.log.team);
    entry.set_team(team == nullptr ? std::string() : team->id());
    entry.set_number(cursor.record.through());
    entry.set_endpoint(key.endpoint);
  }
  changed_ = false;
}

uint64_t Cursors::through(store::LogId log, const std::string& endpoint) const {
  const auto it = cursors_.find({log, endpoint});
  return it == cursors_.end() ? 0 : it->second.record.through();
}

}  // namespace switchboard::core
