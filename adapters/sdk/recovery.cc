#include "adapters/sdk/recovery.h"

namespace switchboard::sdk {

Status answer_recovery(Outbox& outbox, const v1::Welcome& welcome) {
  if (welcome.resend_from_us() == 0) return ok();
  return outbox.resend({welcome.promise().epoch(), welcome.resend_after()});
}

}  // namespace switchboard::sdk
