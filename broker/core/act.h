// A person's act on a delivery, recorded by name (P4, P9, P10): who may do it, once, and by which
// noun: the rungs of the ladder here, the rest in not_ours.h, hand_over.h, undo.h. A repeat of the
// same act id gives the first answer (P2). Thread: the loop.
#pragma once

#include "broker/core/turn.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::core {

v1::ActOutcome act(Turn& turn, const v1::PrincipalRow& who, const v1::Act& act);

}  // namespace switchboard::core
