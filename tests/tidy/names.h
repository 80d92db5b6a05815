// Words of the tree: names that say nothing, and what may stand at the top.
#pragma once

#include "tests/tidy/tree.h"

namespace switchboard::tidy {

// Manager, Helper, Util(s), Handler, Impl in the name of a file, type, function or variable;
// functions called handle_… or process_…
void check_names(const File& file, Findings& findings);
// Only the names the product has at its top, and dot-files.
void check_top_level(const Tree& tree, Findings& findings);

}  // namespace switchboard::tidy
