#include "broker/runtime/toml_message.h"
#include "services/cli/applying.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/render_policy.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

// Of --file, else the one in force.
Result<v1::Policy> wanted_policy(Call& call) {
  const std::string& file = call.arguments().file;
  if (file.empty()) {
    TRY(auto rows, ask_directory(call, [](v1::DirectoryRequest& r) { r.set_policy(true); }));
    return std::move(*rows.mutable_policy());
  }
  TRY(const auto text, call.read(file));
  v1::Directory rows;
  TRY([[maybe_unused]] const auto origins, toml_to_message(text, file, rows));
  if (!rows.has_policy()) return error(v1::CODE_INVALID, plain(file) + " has no [policy]");
  return std::move(*rows.mutable_policy());
}

Exit show(Call& call) {
  const auto policy = wanted_policy(call);
  if (!policy.ok()) return call.fail(policy.error());
  Terminal& terminal = call.terminal();
  if (call.arguments().format == "markdown") {
    terminal.print(policy_markdown(*policy));
  } else if (!terminal.tables()) {
    terminal.print_rows(*policy, "rows");
  } else {
    terminal.print(policy_table(*policy));
    if (policy->rows().empty()) terminal.note("no policy yet: everything is act within 4 hours");
    terminal.note(plain(sign_off_words(*policy)));
  }
  return Exit::kOk;
}

}  // namespace

void add_policy_show(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App* group = nullptr;
  const auto is_policy = [](const CLI::App* app) { return app->get_name() == "policy"; };
  for (CLI::App* known : menu.root().get_subcommands(is_policy)) group = known;
  if (group == nullptr) {
    group = &menu.add({.name = "policy",
                       .meaning = "what is asked of teams, and how soon",
                       .examples = "switchboard policy show"});
  }
  CLI::App& command = menu.add(
      *group, {.name = "show",
               .meaning = "the policy as a table: what is asked, by when, and who is told next",
               .examples = "switchboard policy show\n"
                           "switchboard policy show --file policy.toml --format markdown",
               .run = show});
  command.add_option("--file", a.file, "a policy in a file, not the one in force; - for stdin")
      ->type_name("FILE");
  command.add_option("--at-position", a.at_position, "as it stood then; 0 = now")
      ->type_name("POSITION");
  command.add_option("--format", a.format, "table, json, jsonl or markdown")
      ->check(CLI::IsMember({"table", "json", "jsonl", "markdown"}))
      ->type_name("FORMAT");
}

}  // namespace switchboard::cli
