// That documents tell the truth: links, the tree, tables that repeat the code.
#pragma once

#include <map>
#include <set>
#include <string>

#include "tests/tidy/tree.h"

namespace switchboard::tidy {

// Every relative link in a Markdown file leads to a file or folder.
void check_links(const Tree& tree, Findings& findings);
// ARCHITECTURE.md, once it is there: at most 400 lines, and one ```tree block of "folder/ words",
// two spaces a level, naming the top folders and every module of broker, adapters and services.
void check_architecture(const Tree& tree, Findings& findings);
// A table whose first column is headed "Code" lists exactly enum Code with its numbers.
void check_code_table(const Tree& tree, Findings& findings);
// A table whose first column is headed "Family" lists exactly kv::Family, e.g. | `event` | 1 | …
void check_family_table(const Tree& tree, Findings& findings);
// Every row | `kName` | value | of PROTOCOL.md has the value of limits.h.
void check_limits_table(const Tree& tree, Findings& findings);
// Every fuzz target of tests/fuzz/CMakeLists.txt has a row `name` in the table headed "Target" of
// tests/fuzz/README.md, a corpus that is not empty, and the other way round.
void check_fuzz_table(const Tree& tree, Findings& findings);

// ---- the pieces, for their own tests ----
// Rows of the tables whose first heading is `heading`, with at least two cells; backticks removed.
struct Row {
  std::vector<std::string> cells;
  size_t line = 0;
};
std::vector<Row> table(const File& file, const std::string& heading);
std::set<std::string> tree_block(const File& file);
// "constexpr … kName = 4 * 1024 + kOther;" of limits.h, evaluated.
std::map<std::string, uint64_t> limit_values(const std::string& text);

}  // namespace switchboard::tidy
