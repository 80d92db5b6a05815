#include "services/cli/applying.h"

#include "services/cli/call.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

void print_applied(Call& call, const v1::Applied& applied) {
  Terminal& terminal = call.terminal();
  const bool dry = call.arguments().dry_run;
  for (const auto& change : applied.changed()) {
    terminal.print((dry ? "would change: " : "changed: ") + plain(change) + "\n");
  }
  terminal.note(count(static_cast<uint64_t>(applied.changed_size()), "change", "changes") + ", " +
                std::to_string(applied.unchanged_size()) + " unchanged" +
                (dry ? "; nothing was applied (--dry-run)"
                     : ", at position " + std::to_string(applied.promise().position())));
}

}  // namespace

Result<v1::Directory> ask_directory(Call& call, void (*want)(v1::DirectoryRequest&)) {
  v1::AdminRequest request;
  want(*request.mutable_directory());
  request.mutable_directory()->set_at_position(call.arguments().at_position);
  TRY(auto reply, call.ask(std::move(request)));
  return std::move(*reply.mutable_directory());
}

Exit apply_rows(Call& call, const v1::Directory& rows, const std::string& again) {
  v1::AdminRequest request;
  request.mutable_apply()->set_dry_run(call.arguments().dry_run);
  *request.mutable_apply()->mutable_directory() = rows;
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  const v1::Applied& applied = reply->applied();
  if (!call.terminal().tables()) {
    call.terminal().print(applied);
  } else if (applied.problems().empty()) {
    print_applied(call, applied);
  }
  for (const auto& problem : applied.problems()) call.terminal().complain(plain(problem));
  if (!applied.problems().empty()) {
    call.terminal().note("nothing was applied");
    return Exit::kBadInput;
  }
  if (call.arguments().dry_run && applied.changed_size() > 0) {
    call.terminal().next(call.command(again + " --reason TEXT"));
  }
  return Exit::kOk;
}

}  // namespace switchboard::cli
