// deploy/assurance/hazards.toml: the hazard log as data, each hazard with controls and real tests.
#pragma once

#include <set>
#include <string>

#include "tests/tidy/tree.h"

namespace switchboard::tidy {

// "Suite.Name" of every gtest and rapidcheck test, and the name of every ctest entry.
std::set<std::string> test_names(const Tree& tree);
// Every hazard: id, cause, effect, severity and likelihood before and after (1 to 5), controls, and
// tests that exist. After is not worse than before.
void check_hazards(const Tree& tree, Findings& findings);

}  // namespace switchboard::tidy
