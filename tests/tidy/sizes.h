// Limits of form: lines of files and functions, columns, the comment a header opens with.
#pragma once

#include "tests/tidy/tree.h"

namespace switchboard::tidy {

inline constexpr size_t kHeaderLinesMax = 250;
inline constexpr size_t kSourceLinesMax = 500;
inline constexpr size_t kFunctionLinesMax = 70;
inline constexpr size_t kColumnsMax = 100;

void check_sizes(const File& file, Findings& findings);
void check_columns(const File& file, Findings& findings);
void check_header_opening(const File& file, Findings& findings);
// Every *_test.cc is named in the CMakeLists.txt of its folder or of one above.
void check_tests_are_built(const Tree& tree, Findings& findings);

}  // namespace switchboard::tidy
