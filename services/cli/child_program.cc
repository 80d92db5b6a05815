#include "services/cli/child_program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace switchboard::cli {
namespace {

// Between fork and exec: async-signal-safe calls only. Does not return.
[[noreturn]] void become(char* const* command, int input, int log, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(0);  // it died in between
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  dup2(input, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(command[0], command);
  _exit(127);
}

std::string words_of(int status) {
  if (WIFSIGNALED(status)) {
    return "signal " + std::to_string(WTERMSIG(status)) + " (" + strsignal(WTERMSIG(status)) + ")";
  }
  return "exit " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Result<ChildProgram> ChildProgram::start(Plan plan) {
  if (access(plan.command.front().c_str(), X_OK) != 0) {
    return error(v1::CODE_NOT_FOUND, plan.command.front() + " is not there or not executable");
  }
  const int log = open(plan.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) {
    return error(v1::CODE_INTERNAL, plan.log_file + ": " + std::strerror(errno));
  }
  const int input = open(plan.input_file.c_str(), O_RDONLY | O_CLOEXEC);
  if (input < 0) {
    const std::string why = std::strerror(errno);
    close(log);
    return error(v1::CODE_INTERNAL, plan.input_file + ": " + why);
  }
  std::vector<char*> command;
  for (std::string& word : plan.command) command.push_back(word.data());
  command.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) become(command.data(), input, log, parent);
  close(input);
  close(log);
  if (pid < 0) return error(v1::CODE_INTERNAL, std::string("fork: ") + std::strerror(errno));
  return ChildProgram(std::move(plan), pid);
}

ChildProgram::~ChildProgram() {
  if (running()) kill();
}

ChildProgram::ChildProgram(ChildProgram&& other) noexcept
    : plan_(std::move(other.plan_)), pid_(std::exchange(other.pid_, 0)) {}

ChildProgram& ChildProgram::operator=(ChildProgram&& other) noexcept {
  if (this == &other) return *this;
  if (running()) kill();
  plan_ = std::move(other.plan_);
  pid_ = std::exchange(other.pid_, 0);
  return *this;
}

std::optional<std::string> ChildProgram::ended() {
  if (!running()) return std::nullopt;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  pid_ = 0;
  return words_of(status);
}

void ChildProgram::ask_to_stop() {
  if (running()) ::kill(pid_, SIGTERM);
}

void ChildProgram::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
}

}  // namespace switchboard::cli
