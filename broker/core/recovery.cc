#include "broker/core/recovery.h"

#include <algorithm>

#include "broker/core/in_force.h"
#include "broker/store/records.h"

namespace switchboard::core {

Status Recovery::load(const kv::Reads& reads) {
  TRY(auto losses, store::read_losses(reads));
  losses_ = losses.size();
  for (const auto& loss : losses) {
    uint64_t& through = lost_[loss.lost_epoch()];
    through = std::max(through, loss.lost_through());
  }
  if (!losses.empty()) current_ = std::move(losses.back());
  return ok();
}

bool Recovery::known(const v1::Promise& promise) const {
  const auto lost = lost_.find(promise.epoch());
  return lost != lost_.end() && promise.position() <= lost->second;
}

void Recovery::begin(Turn& turn, const Judged& judged, const v1::Promise& promise,
                     const std::string& witness) {
  if (recovering()) {  // the wider one stands for both
    current_->set_recovering(false);
    store::write_loss(turn.journal, *current_);
  }
  turn.audit.skip_through(promise.position());  // positions that were promised are not used again
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_LOSS);
  v1::LossRecord loss;
  loss.set_position(entry.position());
  loss.set_epoch(turn.audit.epoch());
  loss.set_lost_epoch(promise.epoch());
  loss.set_lost_after(judged.common);
  loss.set_lost_after_us(judged.common_us);
  loss.set_lost_through(promise.position());
  loss.set_detected_us(turn.now.us);
  loss.set_witness(witness);
  loss.set_recovering(true);
  entry.set_principal(witness);
  entry.set_text(
      (judged.seen == Witness::kForked ? "another copy of the store has spoken: positions "
                                       : "tail lost: positions ") +
      std::to_string(loss.lost_after() + 1) + " to " + std::to_string(loss.lost_through()));
  store::write_loss(turn.journal, loss);
  uint64_t& through = lost_[promise.epoch()];
  through = std::max(through, promise.position());
  ++losses_;
  current_ = std::move(loss);
}

bool Recovery::everyone_resent(const Directory& directory, Time now) const {
  for (const auto& [id, principal] : directory.principals()) {
    if (!in_force(principal.row, now)) continue;
    const auto& roles = principal.row.roles();
    const bool speaks = std::find(roles.begin(), roles.end(), v1::ROLE_PUBLISHER) != roles.end() ||
                        std::find(roles.begin(), roles.end(), v1::ROLE_ENDPOINT) != roles.end();
    if (speaks && !resent_.contains(id)) return false;
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
