#include "services/cli/call.h"
#include "services/cli/menu.h"

namespace switchboard::cli {
namespace {

// Decisions of an operator about the hub itself: each with a reason, each in the audit chain.
Exit decide(Call& call, v1::AdminRequest request) {
  if (call.arguments().reason.empty()) return call.misused("say why: --reason TEXT");
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  if (call.terminal().tables()) {
    call.terminal().print(reply->text() + "\n");
  } else {
    call.terminal().print(*reply);
  }
  call.terminal().next(call.command("status"));
  return Exit::kOk;
}

Exit release(Call& call) {
  v1::AdminRequest request;
  request.mutable_release()->set_reason(call.arguments().reason);
  return decide(call, std::move(request));
}

Exit accept_clock(Call& call) {
  v1::AdminRequest request;
  request.mutable_accept_clock();
  return decide(call, std::move(request));
}

}  // namespace

void add_hub(Menu& menu) {
  CLI::App& hub = menu.add({.name = "hub",
                            .meaning = "decisions about the hub itself",
                            .examples = "switchboard hub release --reason TEXT\n"
                                        "switchboard hub accept-clock --reason TEXT"});
  const auto add = [&](const char* name, const char* meaning, const char* example, Run run) {
    CLI::App& command =
        menu.add(hub, {.name = name, .meaning = meaning, .examples = example, .run = run});
    menu.reason(command);
    command.add_option("--person", menu.arguments().person, "who decides; goes to the audit chain")
        ->type_name("PERSON");
  };
  add("release", "end the hold after a lost tail: deadlines go on",
      "switchboard hub release --reason \"all adapters have resent\"", release);
  add("accept-clock", "the clock stepped and is right now: deadlines go on by it",
      "switchboard hub accept-clock --reason \"time server was repaired\"", accept_clock);
}

}  // namespace switchboard::cli
