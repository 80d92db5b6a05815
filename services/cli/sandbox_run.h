// A sandbox in the foreground: hub, adapters and endpoints as children, looked after.
//
// Owns: the order of start and stop, the addresses (ports are picked at the first start and kept
// over restarts), and starting again what died, so that a kill -9 can be shown. The directory is
// applied once the hub is up. Thread: main's. Fails: with the first program that cannot be started
// or does not come up; then everything is stopped.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broker/base/result.h"
#include "broker/runtime/clock.h"
#include "broker/runtime/signals.h"
#include "services/cli/child_program.h"
#include "services/cli/sandbox_addresses.h"
#include "services/cli/terminal.h"

namespace switchboard::cli {

class SandboxRun {
 public:
  struct Options {
    std::filesystem::path folder;
    std::filesystem::path programs;  // where switchboard-broker, switchboard-mllp, switchboard are
    std::filesystem::path pages = {};  // built pages of the gateways; empty = no screens
  };
  // `signals` was opened before any thread.
  SandboxRun(const Options& options, Signals& signals, Terminal& terminal);

  ~SandboxRun();
  SandboxRun(const SandboxRun&) = delete;
  SandboxRun& operator=(const SandboxRun&) = delete;

  // Until a signal asks to stop, or something does not come up.
  Status run();

 private:
  struct Member {
    ChildProgram program;
    int64_t started_us = 0;  // boot time
    int64_t again_us = 0;    // when to start it again; 0 = running
    Duration patience;       // grows while it dies young
  };

  Status take_folder();
  Status start_all();
  Status start_hub();
  Status apply_directory();
  Status start_adapters();
  Status start_endpoints();
  Status enrol_people();
  Status start_screens();
  Status start(ChildProgram::Plan plan);
  ChildProgram::Plan plan(const std::string& name, const std::string& program,
                          std::vector<std::string> arguments) const;
  // Looks until `there` is true; an error when the member ended, a signal came or time is up.
  template <typename There>
  Status wait_for(Member& member, There there);
  std::string say_screens() const;
  void say_what_to_try();
  void look_after();
  void restart(Member& member);
  void revise_addresses();
  Status write_addresses();
  Status write_connection(bool running);
  void stop_all();
  void stop(const std::string& prefix);
  bool asked_to_stop(Duration at_most);
  int64_t boot_us() { return clock_.read().boot_us; }
  std::filesystem::path in(const std::string& name) const { return folder_ / name; }

  std::filesystem::path folder_;
  std::filesystem::path programs_;
  std::filesystem::path pages_;
  Signals& signals_;
  Terminal& terminal_;
  Clock clock_;
  // Heap: members stay where they are while others are added.
  std::vector<std::unique_ptr<Member>> members_;  // in the order of start
  SandboxAddresses addresses_;
  bool stopping_ = false;
  int lock_ = -1;  // held while this folder is ours
};

}  // namespace switchboard::cli
