// From argv to an exit code: parse, help, suggestions, run.
//
// Owns: what a wrong command line is answered with: one sentence, what was probably meant, where
// the help is; exit 64. CLI11's exceptions end here. Thread: main's. Fails: with exit codes only.
#pragma once

#include <string>
#include <vector>

#include "services/cli/terminal.h"

namespace switchboard::cli {

// `arguments` without the program's name.
int run(const std::vector<std::string>& arguments, Terminal& terminal);

// What can stand next: words of commands, options, or nothing. The last word is the one begun.
std::vector<std::string> completions(const std::vector<std::string>& words);

}  // namespace switchboard::cli
