#include "tests/sim/holders.h"

namespace switchboard::sim {
namespace {

// Its refusal stands: what was undone does not count.
bool refuses(const v1::DeliveryRecord& record, const std::string& team) {
  int standing = 0;
  for (const auto& step : record.steps()) {
    if (step.actor().team() != team) continue;
    if (step.act() == v1::ACT_KIND_NOT_OURS) ++standing;
    if (step.act() == v1::ACT_KIND_UNDO && standing > 0) --standing;
  }
  return standing > 0;
}

// Ended by what this team did about it, not because another team is to have it.
bool dealt_with(const v1::DeliveryRecord& record) {
  for (int i = record.steps_size() - 1; i >= 0; --i) {
    const auto& step = record.steps(i);
    if (step.state() == v1::DELIVERY_STATE_FINISHED) return step.act() == v1::ACT_KIND_FINISH;
  }
  return false;
}

}  // namespace

std::string not_held(const support::HubCore& hub, uint64_t position) {
  bool asks = false, held = false;
  for (const auto& r : hub.recipients(position)) {
    const auto delivery = hub.delivery(r.team(), r.number());
    const auto attention =
        delivery.attention() == v1::ATTENTION_UNSPECIFIED ? r.attention() : delivery.attention();
    if (attention != v1::ATTENTION_ACT) continue;
    asks = true;
    const bool ended = delivery.state() == v1::DELIVERY_STATE_FINISHED;
    held = held || !ended || dealt_with(delivery);
    if (!ended && refuses(delivery, r.team())) return r.team() + " has what it said is not theirs";
  }
  if (held || !asks) return {};
  return "nobody has the event of position " + std::to_string(position);
}

}  // namespace switchboard::sim
