// tests/fault/COVERAGE.md: each fault we know of, each invariant, and the test that does it.
#pragma once

#include "tests/tidy/tree.h"

namespace switchboard::tidy {

// Tables | Fault | what | promises | tests | and | Invariant | what | promises | tests |: F1
// to F25, I1 to I20, each there, in order, once; their tests exist; together they name every
// promise.
void check_fault_coverage(const Tree& tree, Findings& findings);

}  // namespace switchboard::tidy
