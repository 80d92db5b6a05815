// Lists of earlier epochs, newest first, are bounded: the newer half stays whole, of the older half
// every second goes, but for the oldest. What is missing makes a client that shows the list go back
// further, never too little. Pure.
#pragma once

#include "broker/base/limits.h"

namespace switchboard::sdk {

// `items`: a repeated field.
template <typename Items>
void thin(Items& items) {
  const int most = static_cast<int>(limits::kEarlierMax);
  if (items.size() <= most) return;
  for (int at = items.size() - 2; at > most / 2; at -= 2) items.DeleteSubrange(at, 1);
}

}  // namespace switchboard::sdk
