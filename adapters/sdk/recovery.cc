#include "adapters/sdk/recovery.h"

#include <algorithm>

namespace switchboard::sdk {

Status answer_recovery(Outbox& outbox, const v1::Welcome& welcome, Time now) {
  if (welcome.resend_from_us() == 0) return ok();
  const int64_t skew = welcome.now_us() == 0 ? 0 : now.us - welcome.now_us();
  const bool agree = skew <= kClocksAgreeWithin.us && skew >= -kClocksAgreeWithin.us;
  const auto asked = static_cast<int64_t>(welcome.resend_from_us());
  const int64_t from = agree ? asked - kClocksAgreeWithin.us - kResendMargin.us : 0;
  return outbox.resend({welcome.promise().epoch(), welcome.resend_from_us()},
                       {std::max<int64_t>(from, 0)});
}

}  // namespace switchboard::sdk
