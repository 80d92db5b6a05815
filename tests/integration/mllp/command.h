// Runs a shell command to its end and keeps what it printed.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <string>

#include "broker/base/check.h"

namespace switchboard::test {

struct CommandResult {
  int exit = -1;
  std::string output;  // stdout and stderr
};

inline CommandResult run_command(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  CHECK(pipe != nullptr);
  CommandResult result;
  char bytes[4096];
  for (size_t n; (n = std::fread(bytes, 1, sizeof bytes, pipe)) > 0;)
    result.output.append(bytes, n);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) result.exit = WEXITSTATUS(status);
  return result;
}

}  // namespace switchboard::test
