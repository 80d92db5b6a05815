#include "broker/core/standing.h"

#include <algorithm>

namespace switchboard::core {
namespace {

using Steps = std::vector<const v1::DeliveryStep*>;

bool moves(const v1::DeliveryStep& step) {
  switch (step.act()) {
    case v1::ACT_KIND_NOT_OURS:
    case v1::ACT_KIND_HAND_OVER:
    case v1::ACT_KIND_TAKE:
      return true;
    case v1::ACT_KIND_OPEN:
      return false;
    default:
      return step.state() > v1::DELIVERY_STATE_OPENED;
  }
}

template <typename Which>
void erase_last(Steps& steps, const Which& which) {
  const auto it = std::find_if(steps.rbegin(), steps.rend(), which);
  if (it != steps.rend()) steps.erase(std::next(it).base());
}

}  // namespace

std::vector<const v1::DeliveryStep*> standing_acts(const v1::DeliveryRecord& record) {
  Steps steps;
  for (const auto& step : record.steps()) {
    if (step.act() == v1::ACT_KIND_UNDO) {
      // Of the team that undoes: its newest, as only that can be undone.
      erase_last(steps, [&](const auto* s) { return s->actor().team() == step.actor().team(); });
    } else if (step.act() == v1::ACT_KIND_DECLINE) {
      erase_last(steps, [&](const auto* s) { return s->act() == v1::ACT_KIND_HAND_OVER; });
    } else if (moves(step)) {
      steps.push_back(&step);
    }
  }
  return steps;
}

bool has_refused(const v1::DeliveryRecord& record, std::string_view team) {
  const Steps steps = standing_acts(record);
  return std::any_of(steps.begin(), steps.end(), [&](const auto* step) {
    return step->act() == v1::ACT_KIND_NOT_OURS && step->actor().team() == team;
  });
}

bool ended_by(const v1::DeliveryRecord& record, std::string_view team, v1::ActKind act) {
  const Steps steps = standing_acts(record);
  return !steps.empty() && steps.back()->act() == act && steps.back()->actor().team() == team;
}

const v1::DeliveryStep* standing_offer(const v1::DeliveryRecord& record, std::string_view team) {
  const Steps steps = standing_acts(record);
  const auto it = std::find_if(steps.rbegin(), steps.rend(), [&](const auto* step) {
    return step->act() == v1::ACT_KIND_HAND_OVER && step->to_team() == team &&
           step->actor().team() != team;
  });
  return it == steps.rend() ? nullptr : *it;
}

}  // namespace switchboard::core
