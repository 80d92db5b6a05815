// The parts of core.h that concern nudges.
#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/core.h"

namespace switchboard::core {

std::vector<v1::NudgeJob> Core::take_nudges(const v1::PrincipalRow& who, uint32_t limit,
                                            NudgeReader reader) {
  Turn t = turn();
  auto jobs = core::take_nudges(t, who, limit, reader);
  promised_ = promised_ || !jobs.empty();
  return jobs;
}

void Core::nudge_reported(const v1::PrincipalRow& who, const v1::NudgeReport& report) {
  Turn t = turn();
  core::nudge_reported(t, who, report);
  promised_ = true;
}

// Each may tell as many as it stands for: few in one turn, and only with room for them.
size_t Core::give_up_nudges() {
  // While this hub was away nobody could take them: the program that sends them comes first.
  if (parts_.now.us - parts_.opened.us < limits::kNudgeUntakenUsMax) return 0;
  if (!fits(limits::kNudgesPerTickMax * limits::kNudgeRowsBytes)) return 0;
  Turn t = turn();
  const size_t count = give_up_untaken(t, nudge_floor_us_, limits::kNudgesPerTickMax);
  if (count > 0) promised_ = true;
  // As with due rows: what is before the floor is gone.
  if (count < limits::kNudgesPerTickMax) {
    nudge_floor_us_ = std::max<int64_t>(parts_.now.us - limits::kNudgeUntakenUsMax, 0);
  }
  return count;
}

}  // namespace switchboard::core
