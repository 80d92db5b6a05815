#include <iostream>
#include <string>
#include <vector>

#include "services/cli/command_line.h"

int main(int argc, char** argv) {
  switchboard::cli::Terminal terminal(std::cout, std::cerr,
                                      switchboard::cli::Terminal::ask_system());
  return switchboard::cli::run(std::vector<std::string>(argv + 1, argv + argc), terminal);
}
