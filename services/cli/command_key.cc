#include "services/cli/applying.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/render_keys.h"

namespace switchboard::cli {
namespace {

Exit keys(Call& call) {
  const auto rows = ask_directory(call, [](v1::DirectoryRequest& r) { r.set_principals(true); });
  if (!rows.ok()) return call.fail(rows.error());
  if (!call.terminal().tables()) {
    call.terminal().print_rows(*rows, "principals");
    return Exit::kOk;
  }
  const auto table = keys_table(*rows, call.now());
  call.terminal().print(table);
  if (table.empty()) call.terminal().note("no keys yet: switchboard apply FILE");
  return Exit::kOk;
}

}  // namespace

void add_key(Menu& menu) {
  CLI::App& key =
      menu.add({.name = "key", .meaning = "who is let in", .examples = "switchboard key ls"});
  menu.add(key, {.name = "ls",
                 .meaning = "enrolled keys: whose they are, what they may, their last day",
                 .examples = "switchboard key ls\nswitchboard key ls --format jsonl",
                 .run = keys});
}

}  // namespace switchboard::cli
