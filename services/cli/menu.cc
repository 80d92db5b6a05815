#include "services/cli/menu.h"

#include <sstream>
#include <utility>

namespace switchboard::cli {
namespace {

// Examples stand first: most people look for a line to copy.
class ExamplesFirst : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
    std::ostringstream out;
    out << (name.empty() ? app->get_name() : name) << ": " << app->get_description() << "\n\n";
    std::istringstream examples(app->get_footer());
    for (std::string line; std::getline(examples, line);) out << "  " << line << '\n';
    if (!app->get_footer().empty()) out << '\n';
    out << "Usage:" << make_usage(app, name).substr(std::string("Usage:").size());
    out << make_positionals(app) << make_groups(app, mode) << make_subcommands(app, mode);
    return without_wide_gaps(out.str());
  }

  // "--limit N": the check's own words and the default stand in the description.
  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string type = option->get_type_name();
    return option->get_items_expected_max() == 0 || type.empty()
               ? ""
               : " " + type.substr(0, type.find(':'));
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    std::string words = option->get_description();
    if (option->get_required()) words += " (required)";
    if (!option->get_default_str().empty()) words += " (" + option->get_default_str() + ")";
    return words;
  }

 private:
  static std::string without_wide_gaps(std::string text) {
    for (size_t at = text.find("\n\n\n"); at != std::string::npos; at = text.find("\n\n\n")) {
      text.erase(at, 1);
    }
    while (text.ends_with("\n\n")) text.pop_back();
    return text;
  }
};

}  // namespace

Menu::Menu(Arguments& arguments)
    : app_("who is told, who picked it up, what was missed", "switchboard"), arguments_(arguments) {
  ExamplesFirst examples_first;
  examples_first.column_width(26);
  app_.formatter_fn(
      [examples_first](const CLI::App* app, std::string name, CLI::AppFormatMode mode) {
        return examples_first.make_help(app, std::move(name), mode);
      });
  app_.set_help_flag("-h,--help", "this help");
  app_.require_subcommand(1);
  app_.fallthrough();  // options of every command may stand after it
  app_.footer(
      "switchboard sandbox init demo && switchboard sandbox run demo\n"
      "export SWITCHBOARD_CONNECT=demo/connect.toml\n"
      "switchboard status\n"
      "switchboard inbox ls --team X26-MIDWIFERY\n"
      "switchboard ack --team X26-MIDWIFERY 3 --person amara.osei\n"
      "switchboard event journey ID");
  add_globals();
}

void Menu::add_globals() {
  auto& a = arguments_;
  const char* group = "Options of every command";
  app_.add_option("--connect", a.connect, "connection file; else $SWITCHBOARD_CONNECT")
      ->type_name("FILE")
      ->group(group);
  app_.add_option("--as", a.identity, "identity of the connection file to use")
      ->type_name("NAME")
      ->group(group);
  app_.add_option("--format", a.format, "table, json or jsonl")
      ->check(CLI::IsMember({"table", "json", "jsonl"}))
      ->type_name("FORMAT")
      ->group(group);
  app_.add_flag("--json", a.json, "the same as --format json")->group(group);
  app_.add_flag("-q,--quiet", a.quiet, "no messages and hints on stderr, errors only")
      ->group(group);
  app_.add_flag("--no-color,--no-colour", a.no_colour, "as with NO_COLOR set")->group(group);
  app_.add_flag("--no-input", a.no_input, "never ask; fail instead")->group(group);
  app_.add_option("--timeout", a.timeout_s, "seconds to wait for the hub")
      ->check(CLI::Range(0.1, 3600.0))
      ->type_name("S")
      ->group(group);
}

CLI::App& Menu::add(CLI::App& parent, const Entry& entry) {
  CLI::App* command = parent.add_subcommand(entry.name, entry.meaning);
  command->footer(entry.examples);
  if (entry.run == nullptr) {
    command->require_subcommand(1);
  } else {
    command->final_callback([this, run = entry.run] { chosen_ = run; });
  }
  return *command;
}

void Menu::team(CLI::App& command) {
  command.add_option("--team", arguments_.team, "the team's id")->required()->type_name("TEAM");
}

void Menu::number(CLI::App& command) {
  command.add_option("number", arguments_.number, "of the delivery in the team's inbox")
      ->required()
      ->type_name("NUMBER");
}

void Menu::page(CLI::App& command) {
  command.add_option("--limit", arguments_.limit, "rows at most")
      ->check(CLI::Range(1u, 1'000'000u))
      ->capture_default_str()
      ->type_name("N");
}

void Menu::event(CLI::App& command) {
  command.add_option("event", arguments_.id, "id of the event, or its position")
      ->required()
      ->type_name("ID");
}

void Menu::reason(CLI::App& command) {
  command.add_option("--reason", arguments_.reason, "goes to the audit chain; no names")
      ->type_name("TEXT");
}

void add_all(Menu& menu) {
  add_status(menu);
  add_inbox(menu);
  add_acts(menu);
  add_tasks(menu);
  add_sent(menu);
  add_breaches(menu);
  add_event(menu);
  add_directory(menu);
  add_key(menu);
  add_policy(menu);
  add_sheet(menu);
  add_rota(menu);
  add_area(menu);
  add_policy_show(menu);
  add_replay(menu);
  add_queues(menu);
  add_parked(menu);
  add_lists(menu);
  add_enquiries(menu);
  add_nudges(menu);
  add_feed(menu);
  add_shadow(menu);
  add_reconcile(menu);
  add_watch(menu);
  add_audit(menu);
  add_hub(menu);
  add_sandbox(menu);
  add_endpoint(menu);
  add_stored(menu);
  add_errors(menu);
  add_completion(menu);
}

}  // namespace switchboard::cli
