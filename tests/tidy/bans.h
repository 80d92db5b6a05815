// Words and calls that must not be in the text, each with what to do instead and who may.
#pragma once

#include "tests/tidy/tree.h"

namespace switchboard::tidy {

// Marks of unfinished work, and tests that are switched off: nowhere, in any text file.
void check_unfinished(const File& file, Findings& findings);
// throw, clocks, randomness, mutexes, sleeping tests: only in the files that own them.
void check_calls(const File& file, Findings& findings);
// A path that exists only on somebody's machine.
void check_machine_paths(const File& file, Findings& findings);
// Ten digits that could be a living person's NHS number: test data begins with 9.
void check_nhs_numbers(const File& file, Findings& findings);

// Modulus 11 over ten digits. Ten equal digits pass it and belong to nobody.
bool passes_mod_11(std::string_view ten_digits);

}  // namespace switchboard::tidy
