#include "broker/core/undo.h"

#include <algorithm>

#include "broker/core/ladder.h"
#include "broker/core/pass_on.h"
#include "broker/core/standing.h"
#include "broker/store/rows.h"

namespace switchboard::core {
namespace {

constexpr uint32_t kWindowS = 300;  // where policy does not say

bool is_step_of(const v1::DeliveryStep& step, const v1::DeliveryStep& act) {
  return step.act_id() == act.act_id() && step.actor().team() == act.actor().team();
}

// By its id; without one the newest of the same person.
const v1::DeliveryStep* find_step(const Acting& a) {
  const auto& steps = a.delivery.record.steps();
  const auto it = std::find_if(steps.rbegin(), steps.rend(), [&](const auto& step) {
    if (step.actor().team() != a.team() || step.act_id().empty()) return false;
    if (!a.act.undoes().empty()) return step.act_id() == a.act.undoes();
    return step.actor().person() == a.actor.person() && step.act() != v1::ACT_KIND_UNDO;
  });
  return it == steps.rend() ? nullptr : &*it;
}

bool can_be_undone(v1::ActKind kind) {
  switch (kind) {
    case v1::ACT_KIND_ACKNOWLEDGE:
    case v1::ACT_KIND_ACTION:
    case v1::ACT_KIND_FINISH:
    case v1::ACT_KIND_NOT_OURS:
    case v1::ACT_KIND_HAND_OVER:
    case v1::ACT_KIND_TAKE:
      return true;
    default:
      return false;
  }
}

// What came between, or why it is too late; empty: nothing.
std::string barred_by_time(const Acting& a, const v1::DeliveryStep& step) {
  const auto standing = standing_acts(a.delivery.record);
  if (std::find(standing.begin(), standing.end(), &step) == standing.end()) {
    return "this act is not in force any more: there is nothing to undo";
  }
  if (standing.back() != &step) {
    return standing.back()->actor().person() + " of " + standing.back()->actor().team() +
           " has acted on it since: that comes first";
  }
  const Duration window = undo_window(a.turn.directory.policy().row);
  if (a.turn.now > Time{step.at_us()} + window) {
    return "it can be undone for " + std::to_string(window.us / 1'000'000) +
           " s only: act on it anew, hand it over, or say that it is not yours";
  }
  return {};
}

// A team that this act told has acted on it since; empty: none has.
std::string barred_by(const Delivery& other, const v1::DeliveryStep& act, const v1::Team& own) {
  const std::string& team = other.recipient.team();
  for (const auto& step : other.record.steps()) {
    if (step.actor().team() == team && step.position() > act.position()) {
      return step.actor().person() + " of " + team +
             " has seen it since: ring them, or have it handed over to " + own.id();
    }
  }
  return {};
}

bool ended_here(const Delivery& other, const v1::DeliveryStep& act) {
  const auto standing = standing_acts(other.record);
  return !standing.empty() && is_step_of(*standing.back(), act) &&
         standing.back()->state() == v1::DELIVERY_STATE_FINISHED;
}

// The other deliveries that the act has a standing step on.
std::vector<Delivery> touched(Acting& a, const v1::DeliveryStep& act) {
  auto all = deliveries_of(a.turn, a.delivery.event_position);
  std::erase_if(all, [&](const Delivery& d) {
    const auto& steps = d.record.steps();
    return d.recipient.team() == a.team() ||
           std::none_of(steps.begin(), steps.end(),
                        [&](const auto& step) { return is_step_of(step, act); });
  });
  return all;
}

// Has somebody built on what the act did elsewhere? An offer may have been opened: only taking it
// or declining it counts, and after those the act is not in force.
std::string barred_elsewhere(const Acting& a, const std::vector<Delivery>& others,
                             const v1::DeliveryStep& act) {
  for (const Delivery& other : others) {
    const auto& steps = other.record.steps();
    const bool ended = std::any_of(steps.begin(), steps.end(), [&](const auto& step) {
      return is_step_of(step, act) && step.state() == v1::DELIVERY_STATE_FINISHED;
    });
    if (ended && !ended_here(other, act)) {
      return other.recipient.team() + " has it again since: that comes first";
    }
    if (ended || act.act() != v1::ACT_KIND_NOT_OURS) continue;
    if (auto why = barred_by(other, act, *a.delivery.team); !why.empty()) return why;
  }
  return {};
}

void undo_elsewhere(Acting& a, Delivery& other, const v1::DeliveryStep& act,
                    const std::vector<Before>& before) {
  const Before* was = find(before, other);
  if (ended_here(other, act) && was != nullptr) {
    put_back(a.turn, other, *was);
    add_step(a, other);
    save_other(a, other);
  } else {
    take_back(a, other, before);
  }
  auto change = change_of(a, v1::CHANGE_UNDONE);
  change.set_to_team(a.team());
  tell(a, other, std::move(change));
}

}  // namespace

Duration undo_window(const v1::Policy& policy) {
  return seconds(policy.undo_within_s() == 0 ? kWindowS : policy.undo_within_s());
}

Done undo(Acting& a) {
  const v1::DeliveryStep* found = find_step(a);
  if (found == nullptr) {
    return {v1::CODE_NOT_FOUND, "there is no such act of this team on this delivery"};
  }
  const v1::DeliveryStep act = *found;
  if (!can_be_undone(act.act())) {
    return conflict("opening, declining and undoing cannot be undone: act on it anew");
  }
  if (auto why = barred_by_time(a, *found); !why.empty()) return conflict(std::move(why));
  const auto id = id_from_bytes(act.act_id());
  const auto done = id ? store::find_act(a.turn.journal, *id) : std::nullopt;
  const auto before = done ? decode_before(done->before) : std::vector<Before>();
  const Before* was = find(before, a.delivery);
  if (was == nullptr) return conflict("how it stood before that act is not known any more");
  auto others = touched(a, act);
  if (auto why = barred_elsewhere(a, others, act); !why.empty()) return conflict(std::move(why));

  begin(a);
  for (Delivery& other : others) undo_elsewhere(a, other, act, before);
  put_back(a.turn, a.delivery, *was);
  add_step(a, a.delivery);
  save_own(a);
  tell_own(a, v1::CHANGE_UNDONE);
  return {v1::CODE_OK, "undone: as it was before"};
}

}  // namespace switchboard::core
