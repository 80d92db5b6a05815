#include "tests/sim/taps.h"

#include "broker/base/limits.h"

namespace switchboard::sim {

void Taps::work(Time now) {
  if (now >= next_watch_) watch(now);
  if (faults_.strikes(Fault::kNudgerDown)) {
    const uint64_t s = 60 + faults_.numbers(Fault::kNudgerDown).below(3600);
    down_until_ = now + seconds(static_cast<int64_t>(s));
    reports_.clear();
    reader_ = core::NudgeReader::kAnew;
  }
  if (down(now) || now < next_ask_) return;
  next_ask_ = now + milliseconds(300);
  if (hub_.crashes() != hub_crashes_) {
    hub_crashes_ = hub_.crashes();
    reader_ = core::NudgeReader::kAnew;
  }
  report();
  ask();
}

v1::NudgeState Taps::outcome() {
  if (faults_.strikes(Fault::kNudgeFailed)) return v1::NUDGE_STATE_FAILED;
  return faults_.strikes(Fault::kNudgeRetry) ? v1::NUDGE_STATE_WAITING : v1::NUDGE_STATE_SENT;
}

// One in each turn, as each may tell many.
void Taps::report() {
  const v1::PrincipalRow who = hub_.hub().who("admin");
  for (const auto& told : reports_) {
    hub_.operate([&](core::Core& core) { core.nudge_reported(who, told); });
    sent_ += told.state() == v1::NUDGE_STATE_SENT;
  }
  reports_.clear();
}

void Taps::ask() {
  const v1::PrincipalRow who = hub_.hub().who("admin");
  std::vector<v1::NudgeJob> jobs;
  hub_.operate([&](core::Core& core) { jobs = core.take_nudges(who, 0, reader_); });
  reader_ = core::NudgeReader::kGoesOn;
  for (const auto& job : jobs) {
    if (faults_.strikes(Fault::kNudgeUnreported)) continue;
    v1::NudgeReport& told = reports_.emplace_back();
    told.set_nudge_id(job.nudge_id());
    told.set_state(outcome());
    if (told.state() != v1::NUDGE_STATE_SENT) told.set_why("the gateway said no");
  }
}

void Taps::watch(Time now) {
  next_watch_ = now + Duration{limits::kWatchEveryUs};
  if (hub_.clock().frozen()) return;
  const core::Presence presence = hub_.presence();
  hub_.operate([&](core::Core& core) {
    for (const auto& w : core.watch(presence)) silences_ += w.begun;
  });
}

}  // namespace switchboard::sim
