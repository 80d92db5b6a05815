#include "adapters/sdk/backoff.h"

#include <algorithm>
#include <cstring>

namespace switchboard::sdk {

Duration Backoff::next(Entropy& entropy) {
  const auto raw = entropy.bytes<8>();
  uint64_t random;
  std::memcpy(&random, raw.data(), sizeof random);
  const Duration wait = next_;
  next_.us = std::min(most_.us, next_.us * 2);
  const auto half = static_cast<uint64_t>(wait.us) / 2;
  return {static_cast<int64_t>(half + random % (half + 1))};
}

}  // namespace switchboard::sdk
