// One program that runs in our care: started, watched, stopped. Its output goes to a file.
//
// Owns: the pid until it was waited for. The child is in a process group of its own, so that Ctrl-C
// reaches only us and we stop it in order; it gets SIGTERM should we die. Thread: main's (the
// kernel ties that signal to the thread that forked). Fails: Result, when it cannot be started.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "broker/base/result.h"

namespace switchboard::cli {

class ChildProgram {
 public:
  struct Plan {
    std::string name;                      // for people: "hub"
    std::vector<std::string> command;      // path of the program, arguments
    std::string log_file;                  // stdout and stderr are appended
    std::string input_file = "/dev/null";  // stdin
  };
  static Result<ChildProgram> start(Plan plan);
  ~ChildProgram();
  ChildProgram(ChildProgram&& other) noexcept;
  ChildProgram& operator=(ChildProgram&& other) noexcept;

  const Plan& plan() const { return plan_; }
  pid_t pid() const { return pid_; }
  bool running() const { return pid_ > 0; }
  // "signal 9 (Killed)", "exit 78" once it has ended since the last look; does not wait.
  std::optional<std::string> ended();
  void ask_to_stop();  // SIGTERM
  void kill();         // SIGKILL, and waits

 private:
  ChildProgram(Plan plan, pid_t pid) : plan_(std::move(plan)), pid_(pid) {}
  Plan plan_;
  pid_t pid_ = 0;
};

}  // namespace switchboard::cli
