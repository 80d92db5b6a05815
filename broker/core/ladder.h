// The ladder of a delivery as one table: state x act -> state, or why not (P4).
//
// Pure; PROTOCOL.md prints the same table and a test holds them together. "Received" is not here:
// it is read off the cursor. Thread: any.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

enum class Step {
  kMove,    // the state changes
  kStay,    // recorded, and the state stays
  kRepeat,  // already so: success, nothing written
  kNotYet,  // an earlier step is missing
  kEnded,   // the delivery has ended
  kBack,    // to what stood before the act that is undone
};
struct Transition {
  v1::DeliveryState from;
  v1::ActKind act;
  Step step;
  v1::DeliveryState to;
};
// Every (state, act) pair, in order of state then act.
const std::array<Transition, 45>& transitions();
const Transition& transition(v1::DeliveryState from, v1::ActKind act);

struct Ruling {
  v1::Code code = v1::CODE_OK;
  bool changes = false;
  v1::DeliveryState to = v1::DELIVERY_STATE_UNSPECIFIED;
  std::string text;
};
// What an act does to a delivery with this record and attention. A `see` delivery ends when opened;
// a second person's acknowledgement is a conflict that names who has it. What other deliveries of
// the event say to it (offers, candidates, what came later) is not here: not_ours.h, hand_over.h,
// undo.h.
Ruling rule(const v1::DeliveryRecord& record, v1::Attention attention, const v1::Act& act);

// Initial is UNSPECIFIED on disk; here it counts as QUEUED.
v1::DeliveryState state_of(const v1::DeliveryRecord& record);
bool ended(v1::DeliveryState state);

}  // namespace switchboard::core
