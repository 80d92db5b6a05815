#include <iostream>
#include <string>
#include <vector>

#include "broker/runtime/core_dump.h"
#include "services/cli/command_line.h"

int main(int argc, char** argv) {
  switchboard::forbid_core_dumps();
  switchboard::cli::Terminal terminal(std::cout, std::cerr,
                                      switchboard::cli::Terminal::ask_system());
  return switchboard::cli::run(std::vector<std::string>(argv + 1, argv + argc), terminal);
}
