// One run of one command: its arguments, its terminal, and the hub once it is needed.
//
// Owns: the order of manners: what was asked goes to stdout, a failure becomes one sentence on
// stderr, a hint and an exit code (exit_codes.h). Thread: main's.
#pragma once

#include <memory>
#include <string>

#include "broker/base/result.h"
#include "broker/base/time.h"
#include "broker/runtime/clock.h"
#include "broker/runtime/exit_codes.h"
#include "services/cli/arguments.h"
#include "services/cli/hub_link.h"
#include "services/cli/terminal.h"

namespace switchboard::cli {

class Call {
 public:
  Call(const Arguments& arguments, Terminal& terminal)
      : arguments_(arguments), terminal_(terminal) {}

  const Arguments& arguments() const { return arguments_; }
  Terminal& terminal() { return terminal_; }
  Time now() { return clock_.read().now; }

  // Opens the connection file at the first use.
  Result<HubLink*> hub();
  // The reply to a request of an operator; its own code other than OK is an error here.
  Result<v1::AdminReply> ask(v1::AdminRequest request);
  // Says what went wrong and what to do next.
  Exit fail(const Error& error);
  Exit misused(const std::string& text);  // 64

  // The text of a file, or of stdin for "-".
  Result<std::string> read(const std::string& file);
  // A value that must not be seen: "-" (asked for without echo on a terminal) or "@FILE".
  Result<std::string> read_hidden(const std::string& where, const std::string& what);
  // Asks whether to go on; false without a terminal to ask at.
  bool agreed(const std::string& question);
  // "switchboard …" with the options this call needed, to be copied.
  std::string command(const std::string& words) const;

 private:
  const Arguments& arguments_;
  Terminal& terminal_;
  Clock clock_;
  std::unique_ptr<HubLink> hub_;
  // What kept the hub from being reached at all, if anything did.
  enum class Trouble { kNone, kNotNamed, kConnectionFile, kNotRunning } trouble_ = Trouble::kNone;
};

}  // namespace switchboard::cli
