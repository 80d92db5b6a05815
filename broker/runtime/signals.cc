#include "broker/runtime/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

namespace switchboard {

Result<std::unique_ptr<Signals>> Signals::open() {
  sigset_t ours;
  sigemptyset(&ours);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&ours, signal);
  sigset_t before;
  CHECK(pthread_sigmask(SIG_BLOCK, &ours, &before) == 0);
  const int fd = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return error(v1::CODE_INTERNAL, "no descriptor for signals");
  }
  signal(SIGPIPE, SIG_IGN);
  return std::unique_ptr<Signals>(new Signals(fd, before));
}

Signals::~Signals() {
  // What is still pending was meant for this loop; it must not kill what comes after.
  while (next()) {
  }
  close(fd_);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

std::optional<Signals::Ask> Signals::next() {
  signalfd_siginfo got{};
  ssize_t n = 0;
  do {
    n = ::read(fd_, &got, sizeof got);
  } while (n < 0 && errno == EINTR);
  if (n != static_cast<ssize_t>(sizeof got)) return std::nullopt;
  return got.ssi_signo == SIGHUP ? Ask::kReload : Ask::kStop;
}

}  // namespace switchboard
