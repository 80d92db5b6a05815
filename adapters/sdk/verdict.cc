#include "adapters/sdk/verdict.h"

namespace switchboard::sdk {

Verdict verdict(v1::Code code) {
  const int number = static_cast<int>(code);
  if (number >= 0 && number < 10) return Verdict::kHeld;
  if (number >= 20 && number < 30) return Verdict::kRefused;
  return Verdict::kRetry;
}

}  // namespace switchboard::sdk
