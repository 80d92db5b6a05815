// Signals as something to poll: SIGTERM and SIGINT mean stop, SIGHUP means reload.
//
// Owns: the blocked mask and a signalfd. SIGPIPE is ignored: a peer that left is an error of write.
// Open before any thread is started, as threads inherit the mask. Thread: the one that polls.
// Fails: Result, when the kernel gives no descriptor.
#pragma once

#include <signal.h>

#include <memory>
#include <optional>

#include "broker/base/result.h"

namespace switchboard {

class Signals {
 public:
  enum class Ask { kStop, kReload };

  static Result<std::unique_ptr<Signals>> open();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // For poll(2): readable means "call next until it returns nothing".
  int fd() const { return fd_; }
  std::optional<Ask> next();

 private:
  Signals(int fd, const sigset_t& before) : fd_(fd), before_(before) {}
  int fd_;
  sigset_t before_;
};

}  // namespace switchboard
