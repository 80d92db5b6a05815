// Numbers of epochs (adr/0016): one for each opening of the store, never given twice.
//
// Two copies of one store go on from the same epoch, perhaps at the same moment: a number is the
// time with random bits below it, and always past the one before. Pure.
#pragma once

#include <cstdint>

#include "broker/base/seal.h"
#include "broker/base/time.h"

namespace switchboard::core {

// Milliseconds since 2020 above, 20 random bits below; past `previous` also when the clock is not.
uint64_t next_epoch(uint64_t previous, Time now, Entropy& entropy);

}  // namespace switchboard::core
