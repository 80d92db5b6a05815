// The commands of the program, for CLI11: one tree, read by parsing, help and completion alike.
//
// Every command is a word, a meaning, examples and a function. Options store into Arguments.
// Thread: main's. Fails: never; wrong command lines are command_line.h's.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "broker/runtime/exit_codes.h"
#include "services/cli/arguments.h"

namespace switchboard::cli {

class Call;
using Run = Exit (*)(Call&);

class Menu {
 public:
  struct Entry {
    std::string name;
    std::string meaning;
    std::string examples;  // whole lines without margin
    Run run = nullptr;     // null: a group of commands
  };

  explicit Menu(Arguments& arguments);

  CLI::App& root() { return app_; }
  Arguments& arguments() { return arguments_; }
  CLI::App& add(CLI::App& parent, const Entry& entry);
  CLI::App& add(const Entry& entry) { return add(app_, entry); }
  // After a parse: what was asked for. Null: a group was named, or nothing.
  Run chosen() const { return chosen_; }

  // Options that several commands share.
  void team(CLI::App& command);
  void number(CLI::App& command);
  void page(CLI::App& command);
  void event(CLI::App& command);
  void reason(CLI::App& command);

 private:
  void add_globals();

  CLI::App app_;
  Arguments& arguments_;
  Run chosen_ = nullptr;
};

// One per noun; each in its own source.
void add_status(Menu& menu);
void add_directory(Menu& menu);
void add_key(Menu& menu);
void add_policy(Menu& menu);
void add_breaches(Menu& menu);
void add_sheet(Menu& menu);
void add_rota(Menu& menu);
void add_area(Menu& menu);
void add_policy_show(Menu& menu);
void add_event(Menu& menu);
void add_inbox(Menu& menu);
void add_acts(Menu& menu);
void add_sent(Menu& menu);
void add_tasks(Menu& menu);
void add_replay(Menu& menu);
void add_queues(Menu& menu);
void add_parked(Menu& menu);
void add_lists(Menu& menu);
void add_enquiries(Menu& menu);
void add_nudges(Menu& menu);
void add_feed(Menu& menu);
void add_shadow(Menu& menu);
void add_reconcile(Menu& menu);
void add_watch(Menu& menu);
void add_audit(Menu& menu);
void add_hub(Menu& menu);
void add_sandbox(Menu& menu);
void add_endpoint(Menu& menu);
void add_stored(Menu& menu);
void add_errors(Menu& menu);
void add_completion(Menu& menu);
void add_all(Menu& menu);

}  // namespace switchboard::cli
