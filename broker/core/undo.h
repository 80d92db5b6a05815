// Undo: within policy's window the delivery is as it was before the act, with the original
// deadline; one that passed meanwhile is due at once (P8).
//
// Nothing is removed: an UNDO step is added, and all who were told of the act are told. Only the
// newest act of the team that is in force can be undone, and only as long as nobody has built on
// it. Thread: the loop.
#pragma once

#include "broker/core/acting.h"

namespace switchboard::core {

Done undo(Acting& acting);
// How long after an act it can be undone.
Duration undo_window(const v1::Policy& policy);

}  // namespace switchboard::core
