#include "broker/runtime/clock.h"

#include <time.h>

#include <algorithm>

#include "broker/base/check.h"
#include "broker/base/limits.h"

namespace switchboard {
namespace {

int64_t read_us(clockid_t which) {
  timespec t{};
  CHECK(clock_gettime(which, &t) == 0);
  return int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1'000;
}

}  // namespace

Reading ClockDiscipline::read(Time realtime, int64_t boot_us) {
  latest_ = {realtime, boot_us};
  if (!anchor_) {
    // A wall clock set back while we were down must not replay deadlines: trust what was stored.
    const bool behind = (last_ - realtime).us > limits::kClockDriftUsMax;
    anchor_ = Pair{behind ? last_ : realtime, boot_us};
  }
  const Time expected = anchor_->realtime + Duration{boot_us - anchor_->boot_us};
  drift_ = realtime - expected;
  frozen_ = drift_.us > limits::kClockDriftUsMax || drift_.us < -limits::kClockDriftUsMax;
  // Frozen, boot time carries on: a wild wall clock stamps nothing.
  last_ = std::max(last_, frozen_ ? expected : realtime);
  return {.now = last_, .boot_us = boot_us, .frozen = frozen_};
}

void ClockDiscipline::accept_step() {
  if (!anchor_) return;
  anchor_ = latest_;
  drift_ = {};
  frozen_ = false;
}

Reading Clock::read() {
  const Time realtime{read_us(CLOCK_REALTIME)};
  return discipline_.read(realtime, read_us(CLOCK_BOOTTIME));
}

}  // namespace switchboard
