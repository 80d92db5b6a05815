#include "broker/runtime/program.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "broker/runtime/core_dump.h"

namespace switchboard::program {
namespace {

void add_command_option(CLI::App& app, Call& call, const Command& command) {
  std::string names;
  for (const auto& argument : command.arguments) names += (names.empty() ? "" : " ") + argument;
  app.add_option_function<std::vector<std::string>>(
         command.name,
         [&call, name = command.name](const std::vector<std::string>& given) {
           call.command = name;
           call.arguments = given;
         },
         command.meaning)
      ->expected(static_cast<int>(command.arguments.size()))
      ->type_name(names);
}

void add_command(CLI::App& app, Call& call, const Command& command) {
  if (command.name.starts_with("--")) return add_command_option(app, call, command);
  CLI::App* sub = app.add_subcommand(command.name, command.meaning);
  sub->add_option("DIR", call.folder, "the folder")->required();
  sub->callback([&call, name = command.name] { call.command = name; });
}

void add_options(CLI::App& app, Call& call, const About& about) {
  app.set_version_flag("--version", about.name + " " + about.version);
  app.set_help_flag("-h,--help", "show this text");
  app.add_option("-c,--config", call.config_file, "settings, a TOML file")->type_name("FILE");
  app.add_option("--set", call.overrides, "override a setting: section.key=value; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_flag("--print-config", call.print_config,
               "show the effective settings, each with its meaning and origin, and end");
  for (const Command& command : about.commands) add_command(app, call, command);
  for (const Switch& one : about.switches) {
    app.add_flag_callback(
        one.name, [&call, name = one.name] { call.switches.insert(name); }, one.meaning);
  }
  for (const Value& one : about.values) {
    app.add_option_function<std::string>(
           one.name,
           [&call, name = one.name](const std::string& given) { call.values[name] = given; },
           one.meaning)
        ->type_name(one.argument);
  }
  app.require_subcommand(0, 1);
  app.footer("Examples:\n" + about.examples);
}

Exit usage(const About& about, const std::string& why) {
  std::cerr << about.name << ": " << why << "\nTry '" << about.name << " --help'.\n";
  return Exit::kUsage;
}

}  // namespace

std::variant<Call, Exit> parse(int argc, const char* const* argv, const About& about) {
  forbid_core_dumps();
  Call call;
  CLI::App app(about.summary, about.name);
  add_options(app, call, about);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& said) {
    app.exit(said, std::cout, std::cerr);
    return Exit::kOk;
  } catch (const CLI::ParseError& wrong) {
    return usage(about, wrong.what());
  }
  if (call.command.empty() && call.config_file.empty()) {
    return usage(about, "--config FILE is required");
  }
  return call;
}

int fail(Exit exit, const Error& error) {
  std::fprintf(stderr, "%s\n", error.text.c_str());
  return static_cast<int>(exit);
}

}  // namespace switchboard::program
