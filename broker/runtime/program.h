// The manners every daemon's main() shares: --help with examples, --version, --config, --set,
// --print-config, commands that take arguments, and exits by exit_codes.h.
//
//   const auto parsed = program::parse(argc, argv, kAbout);
//   if (const auto* exit = std::get_if<Exit>(&parsed)) return static_cast<int>(*exit);
//   const auto& call = std::get<program::Call>(parsed);
//   auto config = load_config<v1::BrokerConfig>(call.config_file, call.overrides);
//   if (!config.ok()) return program::fail(Exit::kConfig, config.error());
//
// parse() also forbids core files (core_dump.h): keys are read after it. The only door to CLI11 for
// daemons is the .cc. Fails: with an Exit, having said why on stderr.
#pragma once

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "broker/base/result.h"
#include "broker/runtime/exit_codes.h"

namespace switchboard::program {

// `switchboard-broker verify DIR`, or with a name that begins with -- an option that takes as many
// arguments as are named here: `switchboard-mllp --check-mapping MAPPING SAMPLE`.
struct Command {
  std::string name;
  std::string meaning;
  std::vector<std::string> arguments;
};
// `--show-identity`
struct Switch {
  std::string name;
  std::string meaning;
};
// `--events FILE`
struct Value {
  std::string name;
  std::string meaning;
  std::string argument;
};

struct About {
  std::string name;     // "switchboard-broker"
  std::string version;  // SWITCHBOARD_VERSION
  std::string summary;
  std::string examples;  // whole lines, shown first among the texts of --help
  std::vector<Command> commands;
  std::vector<Switch> switches;
  std::vector<Value> values;
};

struct Call {
  std::string config_file;  // given unless there is a command
  std::vector<std::string> overrides;
  bool print_config = false;
  std::string command;                        // empty: run as a daemon
  std::string folder;                         // argument of a command that is a word
  std::vector<std::string> arguments;         // of one that is an option
  std::set<std::string> switches;             // those given
  std::map<std::string, std::string> values;  // those given, by name
};

// An Exit when there is nothing left to do (--help, --version) or the call is wrong.
std::variant<Call, Exit> parse(int argc, const char* const* argv, const About& about);

// Says the error on stderr, a line for each problem, and returns the number for main.
int fail(Exit exit, const Error& error);

}  // namespace switchboard::program
