#include "broker/core/epoch.h"

#include <algorithm>

namespace switchboard::core {

static constexpr int64_t k2020Us = 1'577'836'800'000'000;
static constexpr int kRandomBits = 20;

uint64_t next_epoch(uint64_t previous, Time now, Entropy& entropy) {
  const auto ms = static_cast<uint64_t>(std::max<int64_t>(now.us - k2020Us, 0) / 1000);
  const uint64_t slot = std::max(ms, (previous >> kRandomBits) + 1);
  const auto random = entropy.bytes<3>();
  const uint64_t low = uint64_t{random[0]} | uint64_t{random[1]} << 8 | uint64_t{random[2]} << 16;
  return slot << kRandomBits | (low & ((uint64_t{1} << kRandomBits) - 1));
}

}  // namespace switchboard::core
