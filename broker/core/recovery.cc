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

Result<Witness> judge(const store::Reads& reads, const Secrets& secrets, const Head& head,
                      const v1::Promise& promise) {
  if (promise.epoch() == 0) return Witness::kAgrees;  // first contact
  if (!store::verify_promise(secrets.witness, promise)) return Witness::kForged;
  if (promise.epoch() > head.epoch) return Witness::kLost;
  if (promise.position() > head.position) return Witness::kLost;
  if (promise.epoch() < head.epoch) {
    // An older epoch's tail that was lost is known already, unless it reaches further.
    TRY(const auto losses, store::read_losses(reads));
    for (const auto& loss : losses) {
      const bool in_range = promise.position() > loss.lost_after() &&
                            promise.position() <= loss.lost_through() &&
                            promise.epoch() < loss.epoch();
      if (in_range) return Witness::kAgrees;
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
  TRY(const auto losses, store::read_losses(reads));
  if (!losses.empty()) current_ = losses.back();
  return ok();
}

void Recovery::begin(Turn& turn, const Head& head, uint64_t lost_through, uint64_t witnessed_epoch,
                     const std::string& witness) {
  v1::LossRecord loss;
  loss.set_epoch(std::max(turn.audit.epoch(), witnessed_epoch) + 1);
  loss.set_lost_after(head.position);
  loss.set_lost_through(std::max(lost_through, head.position));
  loss.set_lost_after_us(head.time.us);
  if (recovering()) {  // one loss, seen by several: the first gap and the furthest end
    loss.set_lost_after(std::min(loss.lost_after(), current_->lost_after()));
    loss.set_lost_after_us(std::min(loss.lost_after_us(), current_->lost_after_us()));
  }
  loss.set_detected_us(turn.now.us);
  loss.set_witness(witness);
  loss.set_recovering(true);
  // Positions that were promised are never used again (I6), in whatever epoch.
  turn.audit.begin_epoch(loss.epoch(), loss.lost_through());
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_EPOCH);
  entry.set_principal(witness);
  entry.set_text("tail lost: positions " + std::to_string(loss.lost_after() + 1) + " to " +
                 std::to_string(loss.lost_through()));
  store::write_loss(turn.journal, loss);
  current_ = std::move(loss);
  reported_.clear();
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
  store::write_loss(turn.journal, *current_);
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_RECOVERY);
  entry.set_person(by);
  entry.set_text("recovery released: ticks go on");
}

}  // namespace switchboard::core
