// A program run as a child of the test: started, killed or asked to stop by its own pid, and gone
// with the test even if that dies. Thread: the test's.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace switchboard::test {

class Child {
 public:
  struct Options {
    std::vector<std::string> arguments;    // the program's path first
    std::vector<std::string> environment;  // "NAME=value"; nothing is inherited
    std::string output;                    // file that both outputs are appended to
  };
  Child() = default;
  ~Child() { kill(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void start(const Options& options);  // kills what ran before
  bool running();
  void kill();    // SIGKILL: no word to anybody
  void pause();   // SIGSTOP, until …
  void resume();  // … SIGCONT
  int stop();     // SIGTERM, and what it exited with; -1: a signal ended it, or it did not run
  int wait();     // what it exited with
  pid_t pid() const { return pid_; }

  static int run(const Options& options);

 private:
  pid_t pid_ = 0;
};

std::string read_file(const std::string& path);

}  // namespace switchboard::test
