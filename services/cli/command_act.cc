#include "adapters/sdk/acts.h"
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

// The delivery as it stands now. By its number alone where that is not one of a delivery, or where
// the entry cannot be read: a person can act on it all the same.
Result<v1::Entry> look(HubLink& hub, const Arguments& a) {
  v1::ReadInbox read;
  read.set_team(a.team);
  read.set_log(v1::LOG_KIND_INBOX);
  read.set_after(a.number - 1);
  read.set_limit(1);
  read.mutable_viewer()->set_person(a.person);
  read.mutable_viewer()->set_team(a.team);
  v1::Entry seen;
  seen.set_number(a.number);
  const auto page = hub.read_inbox(read);
  if (!page.ok()) return hub.unreachable() ? Result<v1::Entry>(page.error()) : seen;
  const bool there = !page->items().empty() && page->items(0).number() == a.number;
  if (there && page->items(0).notice().type() == v1::ENTRY_TYPE_DELIVERY) seen = page->items(0);
  return seen;
}

// The entry the person means: by the event they name, else by what the number stands for now.
Result<v1::Entry> meant(HubLink& hub, const Arguments& a) {
  if (a.id.empty()) return look(hub, a);
  const auto id = read_event_id(a.id);
  if (!id) return error(v1::CODE_INVALID, "'" + plain(a.id) + "' is no event id");
  v1::Entry seen;
  seen.set_number(a.number);
  seen.mutable_notice()->set_event_id(std::string(id->view()));
  return seen;
}

Exit act(Call& call, const Verb& verb) {
  const Arguments& a = call.arguments();
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  if (a.number == 0) return call.misused("numbers begin at 1");
  const auto seen = meant(**hub, a);
  if (!seen.ok()) return call.fail(seen.error());
  v1::Act wanted = sdk::act_on(a.team, *seen, verb.kind, a.person);
  wanted.set_outcome(a.outcome);
  wanted.set_at_us(call.now().us);
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
    const std::string event = event_id(seen->notice().event_id());
    call.terminal().next(call.command(
        std::string(verb.next) + " --team " + a.team + " " + std::to_string(a.number) +
        (event.empty() ? "" : " --event " + event) + " --person " + a.person + " --outcome TEXT"));
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
  command
      .add_option("--event", menu.arguments().id,
                  "the event you saw under the number; finds it also after a restored hub gave "
                  "the number to another")
      ->type_name("ID");
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
