#include "broker/core/in_hand.h"

#include <algorithm>

#include "broker/core/escalation.h"
#include "broker/core/group.h"
#include "broker/core/ladder.h"

namespace switchboard::core {

bool in_hand(const Delivery& delivery) {
  if (delivery.attention() != v1::ATTENTION_ACT) return false;
  if (delivery.state() < v1::DELIVERY_STATE_ACKNOWLEDGED) return false;
  if (!ended(delivery.state())) return true;
  const auto& steps = delivery.record.steps();
  const auto end = std::find_if(steps.rbegin(), steps.rend(), [](const auto& step) {
    return step.state() == v1::DELIVERY_STATE_FINISHED;
  });
  return end != steps.rend() && end->act() != v1::ACT_KIND_NOT_OURS &&
         end->act() != v1::ACT_KIND_DECLINE;
}

void pass_word(Turn& turn, const Delivery& delivery, bool had) {
  const bool has = in_hand(delivery);
  if (had == has) return;
  if (has) {
    const v1::DeliveryStep by = *delivery.record.steps().rbegin();
    escalation_picked_up(turn, delivery, by);
    group_picked_up(turn, delivery, by);
  } else {
    escalation_given_back(turn, delivery);
    group_given_back(turn, delivery);
  }
}

}  // namespace switchboard::core
