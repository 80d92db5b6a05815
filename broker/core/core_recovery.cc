// The parts of core.h that concern a lost tail.
#include <algorithm>

#include "broker/core/core.h"

namespace switchboard::core {

Greeting Core::witness(const v1::PrincipalRow& who, const v1::Promise& highest,
                       const v1::Promises& earlier) {
  const Judged judged =
      journal_.take_or_default(judge(journal_, secrets_, head_, highest, earlier));
  Greeting greeting{.seen = judged.seen};
  if (judged.seen == Witness::kAgrees || judged.seen == Witness::kForged) return greeting;
  // 0 says "nothing" on the wire: who has nothing in common sends all it has.
  greeting.resend_from_us = std::max<int64_t>(judged.common_us, 1);
  greeting.resend_after = judged.common;
  greeting.found = !recovery_.known(highest) && parts_.audit.empty();
  if (greeting.found) lose_tail(who, judged, highest);
  return greeting;
}

void Core::release_recovery(const std::string& by) {
  Turn t = turn();
  recovery_.release(t, by);
  promised_ = true;
}

void Core::lose_tail(const v1::PrincipalRow& who, const Judged& judged,
                     const v1::Promise& promise) {
  // Clients stand by the highest epoch they were promised: ours must be past it.
  if (promise.epoch() >= head_.epoch) begin_epoch(promise.epoch());
  Turn t = turn();
  recovery_.begin(t, judged, promise, who.id());
  promised_ = true;
}

}  // namespace switchboard::core
