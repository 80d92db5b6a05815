#include "broker/core/ladder.h"

#include "broker/base/check.h"

namespace switchboard::core {
namespace {

constexpr auto kQueued = v1::DELIVERY_STATE_QUEUED;
constexpr auto kOpened = v1::DELIVERY_STATE_OPENED;
constexpr auto kAcked = v1::DELIVERY_STATE_ACKNOWLEDGED;
constexpr auto kActioned = v1::DELIVERY_STATE_ACTIONED;
constexpr auto kFinished = v1::DELIVERY_STATE_FINISHED;
constexpr auto kOpen = v1::ACT_KIND_OPEN;
constexpr auto kAck = v1::ACT_KIND_ACKNOWLEDGE;
constexpr auto kAction = v1::ACT_KIND_ACTION;
constexpr auto kFinish = v1::ACT_KIND_FINISH;

constexpr std::array<Transition, 20> kTransitions = {{
    {kQueued, kOpen, Step::kMove, kOpened},        {kQueued, kAck, Step::kMove, kAcked},
    {kQueued, kAction, Step::kNotYet, kQueued},    {kQueued, kFinish, Step::kNotYet, kQueued},
    {kOpened, kOpen, Step::kRepeat, kOpened},      {kOpened, kAck, Step::kMove, kAcked},
    {kOpened, kAction, Step::kNotYet, kOpened},    {kOpened, kFinish, Step::kNotYet, kOpened},
    {kAcked, kOpen, Step::kRepeat, kAcked},        {kAcked, kAck, Step::kRepeat, kAcked},
    {kAcked, kAction, Step::kMove, kActioned},     {kAcked, kFinish, Step::kMove, kFinished},
    {kActioned, kOpen, Step::kRepeat, kActioned},  {kActioned, kAck, Step::kRepeat, kActioned},
    {kActioned, kAction, Step::kMove, kActioned},  {kActioned, kFinish, Step::kMove, kFinished},
    {kFinished, kOpen, Step::kRepeat, kFinished},  {kFinished, kAck, Step::kEnded, kFinished},
    {kFinished, kAction, Step::kEnded, kFinished}, {kFinished, kFinish, Step::kEnded, kFinished},
}};

Ruling refused(v1::Code code, std::string text) { return {code, false, {}, std::move(text)}; }

const v1::DeliveryStep* last_step(const v1::DeliveryRecord& record, v1::DeliveryState state) {
  for (int i = record.steps_size() - 1; i >= 0; --i) {
    if (record.steps(i).state() == state) return &record.steps(i);
  }
  return nullptr;
}

// The same person saying the same again is success; another person is told who has it.
Ruling repeat(const v1::DeliveryRecord& record, const v1::Act& act) {
  const auto state = state_of(record);
  if (act.kind() == v1::ACT_KIND_ACKNOWLEDGE) {
    const auto* step = last_step(record, kAcked);
    if (step != nullptr && step->actor().person() != act.actor().person()) {
      return refused(v1::CODE_CONFLICT, "already picked up by " + step->actor().person());
    }
  }
  return {v1::CODE_OK, false, state, {}};
}

}  // namespace

const std::array<Transition, 20>& transitions() { return kTransitions; }

const Transition& transition(v1::DeliveryState from, v1::ActKind act) {
  for (const auto& t : kTransitions) {
    if (t.from == from && t.act == act) return t;
  }
  check_failed("no such transition", __FILE__, __LINE__);
}

v1::DeliveryState state_of(const v1::DeliveryRecord& record) {
  return record.state() == v1::DELIVERY_STATE_UNSPECIFIED ? kQueued : record.state();
}
bool ended(v1::DeliveryState state) { return state == kFinished; }

Ruling rule(const v1::DeliveryRecord& record, v1::Attention attention, const v1::Act& act) {
  if (act.kind() < v1::ACT_KIND_OPEN || act.kind() > v1::ACT_KIND_FINISH) {
    return refused(v1::CODE_INVALID, "act.kind is not one of OPEN, ACKNOWLEDGE, ACTION, FINISH");
  }
  const bool needs_outcome = act.kind() == kAction || act.kind() == kFinish;
  if (needs_outcome && act.outcome().empty()) {
    return refused(v1::CODE_INVALID, "say the outcome: act.outcome is empty");
  }
  const Transition& t = transition(state_of(record), act.kind());
  switch (t.step) {
    case Step::kRepeat:
      return repeat(record, act);
    case Step::kNotYet:
      return refused(v1::CODE_CONFLICT, "pick it up first: nobody has acknowledged this delivery");
    case Step::kEnded:
      // Repeating the act that ended it is success (P2).
      if (act.kind() == kFinish) return repeat(record, act);
      return refused(v1::CODE_CONFLICT, "the delivery has ended");
    case Step::kMove:
      break;
  }
  const bool see_opened = attention == v1::ATTENTION_SEE && t.to == kOpened;
  return {v1::CODE_OK, true, see_opened ? kFinished : t.to, {}};
}

}  // namespace switchboard::core
