#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

struct Verb {
  v1::ActKind kind;
  std::string_view done;  // "#3 is picked up"
  std::string_view next;  // the rung after it, or nothing
};

Exit act(Call& call, const Verb& verb) {
  const Arguments& a = call.arguments();
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  if (a.number == 0) return call.misused("numbers begin at 1");
  v1::Act wanted;
  wanted.set_team(a.team);
  wanted.set_number(a.number);
  wanted.set_kind(verb.kind);
  wanted.set_outcome(a.outcome);
  wanted.set_at_us(call.now().us);
  wanted.mutable_actor()->set_person(a.person);
  wanted.mutable_actor()->set_team(a.team);
  wanted.mutable_actor()->set_assurance(v1::ASSURANCE_ASSERTED);
  const auto answer = (*hub)->act(wanted);
  if (!answer.ok()) return call.fail(answer.error());
  if (!call.terminal().tables()) {
    call.terminal().print(*answer);
  } else {
    call.terminal().print(a.team + " #" + std::to_string(a.number) + " " + std::string(verb.done) +
                          " by " + plain(a.person) +
                          (answer->code() == v1::CODE_DUPLICATE ? " (it was already)" : "") +
                          "; recorded at position " + std::to_string(answer->position()) + "\n");
  }
  if (!verb.next.empty()) {
    call.terminal().next(call.command(std::string(verb.next) + " --team " + a.team + " " +
                                      std::to_string(a.number) + " --person " + a.person +
                                      " --outcome TEXT"));
  }
  return Exit::kOk;
}

Exit open(Call& call) { return act(call, {v1::ACT_KIND_OPEN, "was opened", ""}); }
Exit acknowledge(Call& call) {
  return act(call, {v1::ACT_KIND_ACKNOWLEDGE, "is picked up", "action"});
}
Exit action(Call& call) { return act(call, {v1::ACT_KIND_ACTION, "is actioned", "finish"}); }
Exit finish(Call& call) { return act(call, {v1::ACT_KIND_FINISH, "is finished", ""}); }

CLI::App& add_act(Menu& menu, const Menu::Entry& entry) {
  CLI::App& command = menu.add(entry);
  menu.team(command);
  menu.number(command);
  command.add_option("--person", menu.arguments().person, "id of the enrolled person who did it")
      ->required()
      ->type_name("PERSON");
  return command;
}

}  // namespace

void add_acts(Menu& menu) {
  const char* outcome = "what was done, or why it ended; no names";
  add_act(menu, {.name = "open",
                 .meaning = "record that a person opened a delivery",
                 .examples = "switchboard open --team X26-MIDWIFERY 3 --person amara.osei",
                 .run = open});
  add_act(menu, {.name = "ack",
                 .meaning = "record that a named person picked a delivery up; stops its clock",
                 .examples = "switchboard ack --team X26-MIDWIFERY 3 --person amara.osei",
                 .run = acknowledge});
  add_act(menu, {.name = "action",
                 .meaning = "record what was done about it",
                 .examples = "switchboard action --team X26-MIDWIFERY 3 --person amara.osei "
                             "--outcome \"visit booked\"",
                 .run = action})
      .add_option("--outcome", menu.arguments().outcome, outcome)
      ->required()
      ->type_name("TEXT");
  add_act(menu, {.name = "finish",
                 .meaning = "record that nothing more is to do, and why",
                 .examples = "switchboard finish --team X26-MIDWIFERY 3 --person amara.osei "
                             "--outcome \"seen at home, plan in place\"",
                 .run = finish})
      .add_option("--outcome", menu.arguments().outcome, outcome)
      ->required()
      ->type_name("TEXT");
}

}  // namespace switchboard::cli
