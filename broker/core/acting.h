// One act of a person on its way into the tables: its audit entry, its steps, who is told of it,
// and what its undo would put back.
//
// begin() comes after every check and before every write: a refused act leaves no trace. Not here:
// what each act means (act.cc, not_ours.h, hand_over.h, undo.h). Thread: the loop.
#pragma once

#include <string>
#include <vector>

#include "broker/core/before.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::core {

// What came of an act: a code, and words for the person. After anything but CODE_OK nothing was
// written.
struct Done {
  v1::Code code = v1::CODE_OK;
  std::string text;
};
inline Done conflict(std::string text) { return {v1::CODE_CONFLICT, std::move(text)}; }

struct Acting {
  Turn& turn;
  const v1::Act& act;
  v1::Actor actor;    // whole
  Delivery delivery;  // of the acting team
  v1::AuditEntry* entry = nullptr;
  std::string sealed_outcome;
  std::vector<Before> before;  // that of the acting team is the first

  uint64_t position() const { return entry->position(); }
  const std::string& team() const { return delivery.recipient.team(); }
};
// The audit entry, and how the delivery stood.
void begin(Acting& acting);
// A step of this act on a delivery; UNSPECIFIED: its state stays, else it becomes this.
v1::DeliveryStep& add_step(Acting& acting, Delivery& delivery,
                           v1::DeliveryState state = v1::DELIVERY_STATE_UNSPECIFIED);
// The act's own delivery, and its digest into the entry.
void save_own(Acting& acting);
// Another team's delivery that the act changed, with an audit entry of its own (P10).
void save_other(Acting& acting, Delivery& delivery);

// A change that tells of this act.
v1::ChangeRecord change_of(const Acting& acting, v1::Change change);
// Into the inbox of a delivery's team: its other screens learn of it by the same log machinery.
void tell(Acting& acting, const Delivery& delivery, v1::ChangeRecord change);
// Into the sent log of the team that sent the event.
void tell_sender(Acting& acting, v1::ChangeRecord change);
// Both, about the acting team.
void tell_own(Acting& acting, v1::Change change);

}  // namespace switchboard::core
