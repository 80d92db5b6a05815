// The parts of core.h that concern readers of logs: where each goes on, what it has, what it could
// not use.
#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/core.h"

namespace switchboard::core {

static store::Log log_of(v1::LogKind kind) {
  return kind == v1::LOG_KIND_SENT ? store::Log::kSent : store::Log::kInbox;
}

// P11: a cursor is kept for ever, so their number is bounded.
bool Core::room_for(store::LogId log, const std::string& endpoint) const {
  size_t count = 0;
  for (auto it = cursors_.lower_bound({log, {}}); it != cursors_.end(); ++it) {
    if (it->first.log != log) break;
    if (it->first.endpoint == endpoint) return true;
    ++count;
  }
  return count < limits::kEndpointsPerTeamMax;
}

static void erase_parked(v1::CursorRecord& record, const auto& which) {
  auto& parked = *record.mutable_parked();
  parked.erase(std::remove_if(parked.begin(), parked.end(),
                              [&](const auto& p) { return which(p.number()); }),
               parked.end());
}

// Anybody could name numbers: only a promise of this hub that covers them shows a loss (P9).
Attachment Core::unproved(const v1::PrincipalRow& who, const v1::Attach& request,
                          store::LogId log) {
  if (unproved_.emplace(who.id(), log).second) {
    v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_UNPROVED);
    entry.set_principal(who.id());
    entry.set_team(request.team());
    entry.set_number(request.through());
    entry.set_endpoint(request.endpoint());
    entry.set_text("names numbers without a promise that covers them");
    promised_ = true;
  }
  return {v1::CODE_STALE_EPOCH, "this hub never gave these numbers; start from an empty store"};
}

std::optional<Attachment> Core::fill(const v1::Team& team, store::LogId log, uint64_t through) {
  const uint64_t head = logs_.head(journal_, log);
  if (through <= head) return std::nullopt;
  if (through - head > limits::kLostNumbersMax) {
    return Attachment{v1::CODE_STALE_EPOCH, "more numbers are gone than are filled: ask operators"};
  }
  v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_PLACEHOLDER);
  entry.set_team(team.id());
  entry.set_number(through);
  entry.set_text("numbers after " + std::to_string(head) + " were lost with the tail");
  const uint64_t until = std::min(through, head + limits::kFillPerTurnMax);
  logs_.fill(journal_, log, until, entry.position());
  promised_ = true;
  if (until == through) return std::nullopt;
  return Attachment{v1::CODE_BUSY, "lost numbers are being filled; again"};
}

std::optional<Attachment> Core::settle(const v1::PrincipalRow& who, const v1::Team& team,
                                       store::LogId log, const v1::Attach& request,
                                       const Claim& claim) {
  if (!claim.beyond) return std::nullopt;
  if (!claim.proved) return unproved(who, request, log);
  if (!recovery_.known(request.covered())) {
    if (!audit_.empty()) return Attachment{v1::CODE_BUSY, "try again"};  // first thing of a turn
    lose_tail(who, claim.judged, request.covered());
  }
  return fill(team, log, request.through());
}

std::optional<Attachment> Core::barred(const v1::PrincipalRow& who,
                                       const v1::Attach& request) const {
  const v1::Team* team = readable_team(who, request.team());
  if (team == nullptr) {
    return Attachment{v1::CODE_NOT_ALLOWED, "this key is not enrolled for the team"};
  }
  if (request.endpoint().empty() || request.endpoint().size() > 64) {
    return Attachment{v1::CODE_INVALID, "endpoint must be a name of 1 to 64 characters"};
  }
  if (!room_for({team->handle(), log_of(request.log())}, request.endpoint())) {
    return Attachment{v1::CODE_NOT_ALLOWED,
                      "the team has as many endpoints as it may; use one of their names"};
  }
  return std::nullopt;
}

Claim Core::claim(store::LogId log, const v1::Attach& request) {
  return journal_.take_or_default(
      judge(journal_, secrets_, head_, log, logs_.head(journal_, log), request));
}

Attachment Core::follow(const v1::PrincipalRow& who, const v1::Attach& request) {
  if (auto refused = barred(who, request)) return std::move(*refused);
  const store::LogId log{readable_team(who, request.team())->handle(), log_of(request.log())};
  const Claim shown = claim(log, request);
  if (shown.beyond) {
    return {v1::CODE_READ_ONLY, "it holds numbers that are not here, and this hub only reads"};
  }
  return {v1::CODE_OK, {}, logs_.head(journal_, log), shown.common, shown.common, log, 0};
}

Attachment Core::attach(const v1::PrincipalRow& who, const v1::Attach& request) {
  if (auto refused = barred(who, request)) return std::move(*refused);
  const v1::Team* team = readable_team(who, request.team());
  const store::LogId log{team->handle(), log_of(request.log())};
  const Claim claim = this->claim(log, request);
  if (auto refused = settle(who, *team, log, request, claim)) return std::move(*refused);
  const uint64_t head = logs_.head(journal_, log);
  uint64_t through = claim.common;  // P5: above it the same numbers are other entries
  CursorState& cursor = cursors_[{log, request.endpoint()}];
  // A replay that was asked for while it was away, or that it broke off, goes on where it is.
  const bool replaying = cursor.record.through() < cursor.record.replay_through();
  if (replaying) through = std::min(through, cursor.record.through());
  // What comes again gets another chance: it fails again, or is another entry by now.
  erase_parked(cursor.record, [&](uint64_t number) { return number > through; });
  cursor.record.set_endpoint(request.endpoint());
  cursor.record.set_through(through);
  cursor.record.set_at_us(now_.us);
  cursor.record.set_epoch(head_.epoch);
  cursor.dirty = true;
  cursors_dirty_ = true;
  return {v1::CODE_OK, {}, head, through, claim.common, log, cursor.record.replay_through()};
}

// P6: what waits behind a parked entry is counted with it. It has no place of its own: one child's
// trouble must not use up the places of all (kParkedMax).
static bool waits(v1::CursorRecord& record, const v1::FailedEntry& failed) {
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

static void park(v1::CursorRecord& record, const v1::FailedEntry& failed) {
  if (waits(record, failed)) return;
  for (const auto& known : record.parked()) {
    if (known.number() == failed.number()) return;
  }
  if (record.parked_size() >= static_cast<int>(limits::kParkedMax)) return;
  v1::ParkedRecord& parked = *record.add_parked();
  parked.set_number(failed.number());
  parked.set_reason(failed.reason().substr(0, limits::kTextBytesMax));
}

bool Core::receive(const v1::PrincipalRow& who, const v1::Received& received) {
  const v1::Team* team = readable_team(who, received.team());
  if (team == nullptr) return false;
  const store::LogId log{team->handle(), log_of(received.log())};
  const auto it = cursors_.find({log, received.endpoint()});
  if (it == cursors_.end() || received.through() > logs_.head(journal_, log)) return false;
  v1::CursorRecord& record = it->second.record;
  for (const uint64_t settled : received.settled()) {
    erase_parked(record, [&](uint64_t number) { return number == settled; });
  }
  for (const auto& failed : received.failed()) park(record, failed);
  if (received.through() > record.through()) record.set_through(received.through());
  if (record.through() >= record.replay_through()) record.clear_replay_through();
  record.set_at_us(now_.us);
  it->second.dirty = true;
  cursors_dirty_ = true;
  return record.parked_size() < static_cast<int>(limits::kParkedMax);
}

size_t Core::rewind(const v1::PrincipalRow& who, const std::string& reason, const v1::Team& team,
                    const std::string& endpoint, uint64_t to_number) {
  size_t count = 0;
  for (auto& [key, cursor] : cursors_) {
    if (key.log != store::LogId{team.handle(), store::Log::kInbox}) continue;
    if (!endpoint.empty() && key.endpoint != endpoint) continue;
    if (cursor.record.through() <= to_number) continue;
    cursor.record.set_replay_through(
        std::max(cursor.record.replay_through(), cursor.record.through()));
    cursor.record.set_through(to_number);
    // It gets another chance with these, and those behind them in their order.
    erase_parked(cursor.record, [&](uint64_t number) { return number > to_number; });
    cursor.dirty = true;
    ++count;
  }
  if (count == 0) return 0;
  v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_REPLAY);
  entry.set_principal(who.id());
  entry.set_team(team.id());
  entry.set_number(to_number);
  entry.set_endpoint(endpoint);
  entry.set_text(reason);
  cursors_dirty_ = true;
  promised_ = true;
  return count;
}

}  // namespace switchboard::core
