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
constexpr auto kNotOurs = v1::ACT_KIND_NOT_OURS;
constexpr auto kHandOver = v1::ACT_KIND_HAND_OVER;
constexpr auto kTake = v1::ACT_KIND_TAKE;
constexpr auto kDecline = v1::ACT_KIND_DECLINE;
constexpr auto kUndo = v1::ACT_KIND_UNDO;

constexpr std::array<Transition, 45> kTransitions = {{
    {kQueued, kOpen, Step::kMove, kOpened},         {kQueued, kAck, Step::kMove, kAcked},
    {kQueued, kAction, Step::kNotYet, kQueued},     {kQueued, kFinish, Step::kNotYet, kQueued},
    {kQueued, kNotOurs, Step::kMove, kFinished},    {kQueued, kHandOver, Step::kStay, kQueued},
    {kQueued, kTake, Step::kMove, kAcked},          {kQueued, kDecline, Step::kMove, kFinished},
    {kQueued, kUndo, Step::kBack, kQueued},         {kOpened, kOpen, Step::kRepeat, kOpened},
    {kOpened, kAck, Step::kMove, kAcked},           {kOpened, kAction, Step::kNotYet, kOpened},
    {kOpened, kFinish, Step::kNotYet, kOpened},     {kOpened, kNotOurs, Step::kMove, kFinished},
    {kOpened, kHandOver, Step::kStay, kOpened},     {kOpened, kTake, Step::kMove, kAcked},
    {kOpened, kDecline, Step::kMove, kFinished},    {kOpened, kUndo, Step::kBack, kOpened},
    {kAcked, kOpen, Step::kRepeat, kAcked},         {kAcked, kAck, Step::kRepeat, kAcked},
    {kAcked, kAction, Step::kMove, kActioned},      {kAcked, kFinish, Step::kMove, kFinished},
    {kAcked, kNotOurs, Step::kMove, kFinished},     {kAcked, kHandOver, Step::kStay, kAcked},
    {kAcked, kTake, Step::kStay, kAcked},           {kAcked, kDecline, Step::kStay, kAcked},
    {kAcked, kUndo, Step::kBack, kAcked},           {kActioned, kOpen, Step::kRepeat, kActioned},
    {kActioned, kAck, Step::kRepeat, kActioned},    {kActioned, kAction, Step::kMove, kActioned},
    {kActioned, kFinish, Step::kMove, kFinished},   {kActioned, kNotOurs, Step::kMove, kFinished},
    {kActioned, kHandOver, Step::kStay, kActioned}, {kActioned, kTake, Step::kStay, kActioned},
    {kActioned, kDecline, Step::kStay, kActioned},  {kActioned, kUndo, Step::kBack, kActioned},
    {kFinished, kOpen, Step::kRepeat, kFinished},   {kFinished, kAck, Step::kEnded, kFinished},
    {kFinished, kAction, Step::kEnded, kFinished},  {kFinished, kFinish, Step::kEnded, kFinished},
    {kFinished, kNotOurs, Step::kEnded, kFinished}, {kFinished, kHandOver, Step::kEnded, kFinished},
    {kFinished, kTake, Step::kEnded, kFinished},    {kFinished, kDecline, Step::kEnded, kFinished},
    {kFinished, kUndo, Step::kBack, kFinished},
}};

Ruling refused(v1::Code code, std::string text) { return {code, false, {}, std::move(text)}; }

const v1::DeliveryStep* last_step(const v1::DeliveryRecord& record, v1::DeliveryState state) {
  for (int i = record.steps_size() - 1; i >= 0; --i) {
    if (record.steps(i).state() == state) return &record.steps(i);
  }
  return nullptr;
}

// Who else reached the state, empty if nobody or the same person.
std::string another(const v1::DeliveryRecord& record, v1::DeliveryState state, const v1::Act& act) {
  const auto* step = last_step(record, state);
  const bool other = step != nullptr && step->actor().person() != act.actor().person();
  return other ? step->actor().person() : std::string();
}

// The same person saying the same again is success; another person is told who did it: what this
// one says of the outcome is recorded nowhere.
Ruling repeat(const v1::DeliveryRecord& record, const v1::Act& act) {
  if (act.kind() == kAck) {
    const auto who = another(record, kAcked, act);
    if (!who.empty()) return refused(v1::CODE_CONFLICT, "already picked up by " + who);
  }
  if (act.kind() == kFinish) {
    const auto who = another(record, kFinished, act);
    if (!who.empty()) return refused(v1::CODE_CONFLICT, "already finished by " + who);
  }
  return {v1::CODE_OK, false, state_of(record), {}};
}

// By what this team did about it, not because another team has it.
bool finished_here(const v1::DeliveryRecord& record) {
  const auto* step = last_step(record, kFinished);
  return step == nullptr || step->act() <= kFinish;
}

}  // namespace

const std::array<Transition, 45>& transitions() { return kTransitions; }

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

// What the act itself leaves out; nothing: it is whole.
static std::string_view missing(const v1::Act& act) {
  const bool says_nothing = act.outcome().empty();
  if (says_nothing && (act.kind() == kAction || act.kind() == kFinish)) {
    return "say the outcome: act.outcome is empty";
  }
  if (says_nothing && act.kind() == kDecline) return "say why: act.outcome is empty";
  if (act.kind() == kHandOver && act.to_team().empty()) return "say to whom: act.to_team is empty";
  if (act.kind() != kNotOurs) return {};
  if (act.not_ours() < v1::NOT_OURS_NEVER || act.not_ours() > v1::NOT_OURS_NOT_KNOWN) {
    return "act.not_ours is not one of NEVER, NO_LONGER, NOT_KNOWN";
  }
  if (says_nothing && act.not_ours() == v1::NOT_OURS_NEVER) {
    return "say why it was never yours: act.outcome is empty";
  }
  return {};
}

Ruling rule(const v1::DeliveryRecord& record, v1::Attention attention, const v1::Act& act) {
  if (act.kind() < kOpen || act.kind() > kUndo) {
    return refused(v1::CODE_INVALID, "act.kind is none that can be done on a delivery");
  }
  if (const auto what = missing(act); !what.empty()) {
    return refused(v1::CODE_INVALID, std::string(what));
  }
  const Transition& t = transition(state_of(record), act.kind());
  switch (t.step) {
    case Step::kRepeat:
      return repeat(record, act);
    case Step::kNotYet:
      return refused(v1::CODE_CONFLICT, "pick it up first: nobody has acknowledged this delivery");
    case Step::kEnded:
      // Repeating the act that ended it is success (P2).
      if (act.kind() == kFinish && finished_here(record)) return repeat(record, act);
      return refused(v1::CODE_CONFLICT, finished_here(record)
                                            ? "the delivery has ended"
                                            : "the delivery has ended here: another team has it");
    case Step::kMove:
    case Step::kStay:
    case Step::kBack:
      break;
  }
  const bool see_opened = attention == v1::ATTENTION_SEE && t.to == kOpened && act.kind() == kOpen;
  return {v1::CODE_OK, true, see_opened ? kFinished : t.to, {}};
}

}  // namespace switchboard::core
