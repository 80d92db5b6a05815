// What adapters say they read and took: stored as told, the newest stands (P10).
//
// P9: an adapter tells of its own agency and system only. Nothing is judged here: what does not add
// up is for people to see (reconcile). Thread: the loop.
#pragma once

#include "broker/core/publish.h"
#include "broker/core/turn.h"

namespace switchboard::core {

// CODE_OK, CODE_NOT_ALLOWED, CODE_OVERSIZE, or CODE_INVALID with the field; all lines or none.
Answer tell_ledgers(Turn& turn, const v1::PrincipalRow& who, const v1::AdapterLedgers& told);

}  // namespace switchboard::core
