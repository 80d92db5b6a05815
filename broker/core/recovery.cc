#include "broker/core/recovery.h"

#include <algorithm>

#include "broker/store/audit_chain.h"
#include "broker/store/records.h"

namespace switchboard::core {

// The chain's head right after `position`, if a commit ended there.
static Result<std::optional<Hash>> head_at(const store::Reads& reads, uint64_t position) {
  std::optional<Hash> found;
  TRY_DO(store::for_each_block(reads, position + 1, [&](const auto& block, std::string_view) {
    if (block.previous().size() == kHashBytes) found = to_hash(block.previous());
    return false;
  }));
  return found;
}

// The tail of an epoch that was lost, as far as it is known. A witness who comes late may have been
// promised more of it, even past positions that a later epoch has used since: that is the same
// loss, not a fork.
struct Lost {
  uint64_t after = ~uint64_t{0};
  uint64_t through = 0;
};
static Lost lost_of(const std::vector<v1::LossRecord>& losses, uint64_t epoch) {
  Lost lost;
  for (const auto& loss : losses) {
    if (loss.epoch() > epoch) lost.after = std::min(lost.after, loss.lost_after());
  }
  for (const auto& loss : losses) {
    if (loss.epoch() <= epoch || loss.lost_after() != lost.after) continue;
    lost.through = std::max(lost.through, loss.lost_through());
  }
  return lost;
}

Result<Witness> judge(const store::Reads& reads, const Secrets& secrets, const Head& head,
                      const v1::Promise& promise) {
  if (promise.epoch() == 0) return Witness::kAgrees;  // first contact
  if (!store::verify_promise(secrets.witness, promise)) return Witness::kForged;
  if (promise.epoch() > head.epoch) return Witness::kLost;
  if (promise.position() > head.position) return Witness::kLost;
  if (promise.epoch() < head.epoch) {
    TRY(const auto losses, store::read_losses(reads));
    const Lost lost = lost_of(losses, promise.epoch());
    if (promise.position() > lost.after) {
      return promise.position() <= lost.through ? Witness::kAgrees : Witness::kLost;
    }
  }
  if (promise.position() == head.position) {
    return promise.head() == view(head.chain) ? Witness::kAgrees : Witness::kForked;
  }
  TRY(const auto chain, head_at(reads, promise.position()));
  if (!chain || promise.head() != view(*chain)) return Witness::kForked;
  return Witness::kAgrees;
}

Status Recovery::load(const store::Reads& reads) {
  TRY(losses_, store::read_losses(reads));
  if (!losses_.empty()) current_ = losses_.back();
  return ok();
}

void Recovery::begin(Turn& turn, const Head& head, const Loss& found) {
  v1::LossRecord loss;
  loss.set_epoch(std::max(turn.audit.epoch(), found.epoch) + 1);
  loss.set_lost_through(std::max(found.through, head.position));
  if (found.seen == Witness::kLost) {
    loss.set_lost_after(found.at_open.position);
    loss.set_lost_after_us(found.at_open.time.us);
    for (const auto& [log, number] : found.heads_at_open) (*loss.mutable_log_heads())[log] = number;
  }
  const bool same_loss = current_ && (recovering() || found.epoch < current_->epoch());
  if (same_loss) {  // seen by several: the first gap and the furthest end
    loss.set_lost_after(std::min(loss.lost_after(), current_->lost_after()));
    loss.set_lost_after_us(std::min(loss.lost_after_us(), current_->lost_after_us()));
  }
  loss.set_detected_us(turn.now.us);
  loss.set_witness(found.witness);
  loss.set_recovering(true);
  // Positions that were promised are never used again (I6), in whatever epoch.
  turn.audit.begin_epoch(loss.epoch(), loss.lost_through());
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_EPOCH);
  entry.set_principal(found.witness);
  entry.set_text((found.seen == Witness::kForked ? "another history was promised: positions "
                                                 : "tail lost: positions ") +
                 std::to_string(loss.lost_after() + 1) + " to " +
                 std::to_string(loss.lost_through()));
  store::write_loss(turn.journal, loss);
  losses_.push_back(loss);
  current_ = std::move(loss);
  reported_.clear();
}

int64_t Recovery::resend_from_us(const v1::Promise& highest) const {
  int64_t from_us = 0;
  for (const auto& loss : losses_) {
    const bool missed = highest.epoch() != 0 && loss.epoch() > highest.epoch();
    const bool under_way = loss.recovering() && loss.epoch() == current_->epoch();
    if (!missed && !under_way) continue;
    // 0 says "nothing" on the wire: a loss of everything is one from the first microsecond on.
    const int64_t since = std::max<int64_t>(loss.lost_after_us(), 1);
    from_us = from_us == 0 ? since : std::min(from_us, since);
  }
  return from_us;
}

uint64_t Recovery::in_common(uint64_t epoch, store::LogId log, uint64_t through) const {
  for (const auto& loss : losses_) {
    if (loss.epoch() <= epoch) continue;
    const auto head = loss.log_heads().find(log.packed());
    through = std::min(through, head == loss.log_heads().end() ? 0 : head->second);
  }
  return through;
}

bool Recovery::everyone_reported(const Directory& directory) const {
  for (const auto& [id, principal] : directory.principals()) {
    if (principal.row.revoked()) continue;
    const auto& roles = principal.row.roles();
    const bool speaks = std::find(roles.begin(), roles.end(), v1::ROLE_PUBLISHER) != roles.end() ||
                        std::find(roles.begin(), roles.end(), v1::ROLE_ENDPOINT) != roles.end();
    if (speaks && !reported_.contains(id)) return false;
  }
  return true;
}

void Recovery::release(Turn& turn, const std::string& by) {
  if (!recovering()) return;
  current_->set_recovering(false);
  current_->set_released_us(turn.now.us);
  current_->set_released_by(by);
  losses_.back() = *current_;
  store::write_loss(turn.journal, *current_);
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_RECOVERY);
  entry.set_person(by);
  entry.set_text("recovery released: ticks go on");
}

}  // namespace switchboard::core
