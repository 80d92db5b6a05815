// What is about to be late, and what is: open deliveries whose deadline passes soon or has passed,
// the most urgent first, with the number to ring now. Thread: the reader.
#pragma once

#include <string>
#include <vector>

#include "broker/server/pages.h"

namespace switchboard::server {

struct BreachScope {
  std::vector<std::string> teams;  // empty: all
  uint32_t within_s = 0;           // 0 = 4 hours
  uint32_t limit = 0;              // rows; 0 = those of a page
};
// Incomplete where there is more than one report looks at, or more rows than asked for.
Result<v1::BreachRows> breach_rows(const View& view, const BreachScope& scope);

}  // namespace switchboard::server
