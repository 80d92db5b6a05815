// An event on its way from one team to another, by a person's act: what "not ours" and a hand-over
// have in common.
//
// The other team has an open delivery of it afterwards, with the clock it is to have (P4, P8):
// a new one, one that had ended and is open again, or the one it had. Recipients are only added
// (P3). Thread: the loop.
#pragma once

#include <string>

#include "broker/core/acting.h"

namespace switchboard::core {

struct Passing {
  v1::Cause cause = v1::CAUSE_REROUTE;
  std::string facts;              // in the hub's words, which name no child
  int64_t acknowledge_by_us = 0;  // 0: by today's policy
  v1::Attention attention = v1::ATTENTION_ACT;
  v1::Change change = v1::CHANGE_REROUTED;  // that tells a team which was told before
  std::vector<std::string> refused_by;
};
// After begin(). Returns the number of the other team's delivery.
uint64_t pass_on(Acting& acting, const v1::Team& to, const Passing& passing);
// The other way: the act that passed it on is undone, replaced or declined. What that act began
// ends here, what it changed is as it was; a team that has picked it up keeps it. After begin();
// the delivery is saved. `before` is that of the act that passed it on.
void take_back(Acting& acting, Delivery& other, const std::vector<Before>& before);

// Until when a delivery is to be acknowledged; 0: there is no such deadline.
int64_t acknowledge_by(const Delivery& delivery);

}  // namespace switchboard::core
