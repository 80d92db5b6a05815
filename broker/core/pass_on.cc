#include "broker/core/pass_on.h"

#include <algorithm>

#include "broker/core/clock.h"
#include "broker/core/correction.h"
#include "broker/core/inbox.h"

namespace switchboard::core {
namespace {

constexpr Duration kWithoutPolicy = seconds(4 * 3600);  // a gap in the policy hides nothing

// P8: kept as it was, also where it has passed; else what policy asks of this team.
int64_t deadline(const Turn& turn, const Passing& p, const v1::Recipient& by_policy) {
  if (p.attention != v1::ATTENTION_ACT) return 0;
  if (p.acknowledge_by_us > 0) return p.acknowledge_by_us;
  if (by_policy.acknowledge_by_us() > 0) return by_policy.acknowledge_by_us();
  return (turn.now + kWithoutPolicy).us;
}

v1::Recipient recipient_for(const Acting& a, const v1::Team& to, const Passing& p) {
  const auto& event = a.delivery.event;
  const Match match{&to, p.cause, p.cause == v1::CAUSE_HANDOVER ? "hand-over" : "not ours", 0,
                    p.facts};
  v1::Recipient r = make_recipient(a.turn, match, event.kind(), event.urgency());
  r.set_acknowledge_by_us(deadline(a.turn, p, r));
  r.set_receive_by_us(0);
  r.set_attention(p.attention);
  // The clock goes on as it was: by the row and version it began with.
  if (p.acknowledge_by_us > 0) {
    r.set_policy_row(a.delivery.recipient.policy_row());
    r.set_policy_version(a.delivery.recipient.policy_version());
  }
  r.set_limit(a.delivery.recipient.limit());  // P7: no more than who passes it on may see
  r.set_cause_id(a.act.act_id());
  return r;
}

void start(Turn& turn, Delivery& delivery, int64_t acknowledge_by_us) {
  delivery.record.set_acknowledge_by_us(acknowledge_by_us);
  if (acknowledge_by_us == 0) return stop_clock(turn, delivery);
  const auto level = static_cast<uint8_t>(delivery.record.overdue_level() + 1);
  // One that has passed is due now: the floor of the next look for due rows is not behind it.
  set_clock(turn, delivery,
            {v1::DUE_CLOCK_ACKNOWLEDGE, std::max(acknowledge_by_us, turn.now.us), level});
}

void note(Acting& a, Delivery& other, const Passing& p) {
  add_step(a, other).set_to_team(other.recipient.team());
  other.record.mutable_refused_by()->Assign(p.refused_by.begin(), p.refused_by.end());
}

uint64_t tell_new(Acting& a, const v1::Team& to, const Passing& p) {
  const uint64_t event = a.delivery.event_position;
  add_recipients(a.turn, event, a.delivery.event.urgency(), {recipient_for(a, to, p)},
                 a.position());
  correct_newcomers(a.turn, event, a.position());
  auto other = find_delivery_of(a.turn, event, to.handle());
  if (!other) return 0;  // the journal has failed: nothing of this turn is written
  a.before.push_back(as_it_stands(*other));
  a.before.back().told_by_it = true;
  note(a, *other, p);
  if (clock_of(*other).due_us < a.turn.now.us) {
    start(a.turn, *other, other->recipient.acknowledge_by_us());
  }
  save_other(a, *other);
  return other->number();
}

// It was told before, and nothing waits for it there any more: it does now.
void open_again(Acting& a, Delivery& other, const Passing& p) {
  a.before.push_back(as_it_stands(other));
  other.record.set_state(v1::DELIVERY_STATE_UNSPECIFIED);
  other.record.set_attention(p.attention);
  other.record.clear_handed_to();
  other.record.clear_handed_number();
  start(a.turn, other, deadline(a.turn, p, recipient_for(a, *other.team, p)));
}

// It waits for its own person: it is asked by the earlier of the two deadlines.
void hurry(Acting& a, Delivery& other, const Passing& p) {
  if (other.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED) return;
  const int64_t until = deadline(a.turn, p, recipient_for(a, *other.team, p));
  const Clock clock = clock_of(other);
  if (clock.runs() && (clock.which != v1::DUE_CLOCK_ACKNOWLEDGE || clock.due_us <= until)) return;
  a.before.push_back(as_it_stands(other));
  start(a.turn, other, until);
}

bool waits(const Delivery& delivery) {
  return delivery.attention() == v1::ATTENTION_ACT && delivery.open();
}
bool waited(const Delivery& delivery, const Before& before) {
  if (before.told_by_it) return false;
  Delivery then = delivery;
  then.record = before.record;
  return waits(then);
}

}  // namespace

int64_t acknowledge_by(const Delivery& delivery) {
  const int64_t now = delivery.record.acknowledge_by_us();
  return now > 0 ? now : delivery.recipient.acknowledge_by_us();
}

uint64_t pass_on(Acting& a, const v1::Team& to, const Passing& p) {
  auto other = find_delivery_of(a.turn, a.delivery.event_position, to.handle());
  if (!other) return tell_new(a, to, p);
  waits(*other) ? hurry(a, *other, p) : open_again(a, *other, p);
  note(a, *other, p);
  save_other(a, *other);
  auto change = change_of(a, p.change);
  change.set_to_team(to.id());
  tell(a, *other, std::move(change));
  return other->number();
}

void take_back(Acting& a, Delivery& other, const std::vector<Before>& before) {
  const Before* was = find(before, other);
  auto state = v1::DELIVERY_STATE_UNSPECIFIED;
  if (was != nullptr && other.state() < v1::DELIVERY_STATE_ACKNOWLEDGED) {
    if (waited(other, *was)) {
      const bool rang = other.record.overdue_level() > was->record.overdue_level();
      if (!rang) put_back_clock(a.turn, other, *was);
    } else if (was->told_by_it || other.state() > v1::DELIVERY_STATE_QUEUED) {
      stop_clock(a.turn, other);
      state = v1::DELIVERY_STATE_FINISHED;
    } else {
      put_back(a.turn, other, *was);
    }
  }
  add_step(a, other, state);
  save_other(a, other);
}

}  // namespace switchboard::core
