#include <map>

#include "adapters/sdk/acts.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

const std::map<std::string, v1::NotOurs> kWhy{{"never", v1::NOT_OURS_NEVER},
                                              {"no-longer", v1::NOT_OURS_NO_LONGER},
                                              {"not-known", v1::NOT_OURS_NOT_KNOWN}};

struct Verb {
  v1::ActKind kind;
  std::string_view done;  // "#3 is picked up"
  std::string_view next;  // the rung after it, or nothing
};

// What the command line says of the act beside who and where.
Result<v1::Act> filled(const Arguments& a, v1::Act act) {
  act.set_outcome(a.outcome);
  act.set_to_team(a.to_team);
  if (!a.why.empty()) act.set_not_ours(kWhy.at(a.why));
  if (a.undoes.empty()) return act;
  const auto undoes = read_event_id(a.undoes);
  if (!undoes) return error(v1::CODE_INVALID, "'" + plain(a.undoes) + "' is no act id");
  act.set_undoes(std::string(undoes->view()));
  return act;
}

// The delivery as it stands now. By its number alone where that is not one of a delivery, or where
// the entry cannot be read: a person can act on it all the same.
Result<v1::Entry> look(HubLink& hub, const Arguments& a) {
  v1::Entry seen;
  seen.set_number(a.number);
  auto entry = hub.read_entry(a.team, a.number, a.person);
  if (!entry.ok()) return hub.unreachable() ? Result<v1::Entry>(entry.error()) : seen;
  const bool delivery = *entry && (*entry)->notice().type() == v1::ENTRY_TYPE_DELIVERY;
  return delivery ? std::move(**entry) : seen;
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

bool can_be_undone(v1::ActKind kind) {
  return kind != v1::ACT_KIND_OPEN && kind != v1::ACT_KIND_DECLINE && kind != v1::ACT_KIND_UNDO;
}

std::string done_line(const Arguments& a, const Verb& verb, const v1::ActOutcome& answer) {
  std::string line = a.team + " #" + std::to_string(a.number) + " " + std::string(verb.done) +
                     " by " + plain(a.person) +
                     (answer.code() == v1::CODE_DUPLICATE ? " (it was already)" : "");
  if (!answer.text().empty()) line += ": " + plain(answer.text());
  line += "; recorded at position " + std::to_string(answer.position());
  if (can_be_undone(verb.kind)) line += ", act " + event_id(answer.act_id());
  return line + "\n";
}

Exit act(Call& call, const Verb& verb) {
  const Arguments& a = call.arguments();
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  if (a.number == 0) return call.misused("numbers begin at 1");
  const auto seen = meant(**hub, a);
  if (!seen.ok()) return call.fail(seen.error());
  auto wanted = filled(a, sdk::act_on(a.team, *seen, verb.kind, a.person));
  if (!wanted.ok()) return call.fail(wanted.error());
  wanted->set_at_us(call.now().us);
  const auto answer = (*hub)->act(*wanted);
  if (!answer.ok()) return call.fail(answer.error());
  if (call.terminal().tables()) {
    call.terminal().print(done_line(a, verb, *answer));
  } else {
    call.terminal().print(*answer);
  }
  const auto next = [&](std::string_view name, const std::string& rest) {
    const std::string event = event_id(seen->notice().event_id());
    call.terminal().next(
        call.command(std::string(name) + " --team " + a.team + " " + std::to_string(a.number) +
                     (event.empty() ? "" : " --event " + event) + " --person " + a.person + rest));
  };
  if (!verb.next.empty()) next(verb.next, " --outcome TEXT");
  if (answer->position() > 0 && can_be_undone(verb.kind)) {
    next("undo", " --act " + event_id(answer->act_id()));
  }
  return Exit::kOk;
}

Exit open(Call& call) { return act(call, {v1::ACT_KIND_OPEN, "was opened", ""}); }
Exit acknowledge(Call& call) {
  return act(call, {v1::ACT_KIND_ACKNOWLEDGE, "is picked up", "action"});
}
Exit action(Call& call) { return act(call, {v1::ACT_KIND_ACTION, "is actioned", "finish"}); }
Exit finish(Call& call) { return act(call, {v1::ACT_KIND_FINISH, "is finished", ""}); }
Exit not_ours(Call& call) {
  const Arguments& a = call.arguments();
  if (a.why == "never" && a.outcome.empty()) {
    return call.misused("say why it was never yours: --reason TEXT, without names");
  }
  return act(call, {v1::ACT_KIND_NOT_OURS, "is not theirs", ""});
}
Exit hand_over(Call& call) { return act(call, {v1::ACT_KIND_HAND_OVER, "is offered", ""}); }
Exit take(Call& call) { return act(call, {v1::ACT_KIND_TAKE, "is taken", "action"}); }
Exit decline(Call& call) { return act(call, {v1::ACT_KIND_DECLINE, "is declined", ""}); }
Exit undo(Call& call) {
  const Arguments& a = call.arguments();
  if (a.undoes.empty() == !a.last) {
    return call.misused(
        "say which act: --act ID as it was shown, or --last for the person's newest");
  }
  return act(call, {v1::ACT_KIND_UNDO, "is as it was before", ""});
}

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

void add_reason(Menu& menu, CLI::App& command, bool required) {
  command.add_option("--reason", menu.arguments().outcome, "why; no names")
      ->required(required)
      ->type_name("TEXT");
}

void add_passing_on(Menu& menu) {
  CLI::App& refusal = add_act(
      menu, {.name = "not-ours",
             .meaning = "say that a delivery is not the team's: the next one is told, the clock "
                        "goes on",
             .examples = "switchboard not-ours --team X26-MIDWIFERY 3 --person amara.osei "
                         "--why no-longer\n"
                         "switchboard not-ours --team X26-MIDWIFERY 3 --person amara.osei "
                         "--why never --reason \"lives in another area\"",
             .run = not_ours});
  refusal
      .add_option("--why", menu.arguments().why,
                  "never (not ours), no-longer, not-known (not known here)")
      ->required()
      ->check(CLI::IsMember({"never", "no-longer", "not-known"}))
      ->type_name("WHY");
  add_reason(menu, refusal, false);
  CLI::App& offer =
      add_act(menu, {.name = "hand-over",
                     .meaning = "offer a delivery to another team; it stays until they take it",
                     .examples = "switchboard hand-over --team X26-MIDWIFERY 3 --person "
                                 "amara.osei --to X99-HEALTH-VISITING",
                     .run = hand_over});
  offer.add_option("--to", menu.arguments().to_team, "the other team's id")
      ->required()
      ->type_name("TEAM");
  add_reason(menu, offer, false);
  add_act(menu, {.name = "take",
                 .meaning = "take what another team hands over; it leaves them, and is picked up",
                 .examples = "switchboard take --team X99-HEALTH-VISITING 4 --person chloe.ng",
                 .run = take});
  CLI::App& refused =
      add_act(menu, {.name = "decline",
                     .meaning = "do not take what another team hands over; it stays with them",
                     .examples = "switchboard decline --team X99-HEALTH-VISITING 4 --person "
                                 "chloe.ng --reason \"closed to us last week\"",
                     .run = decline});
  add_reason(menu, refused, true);
}

void add_undo(Menu& menu) {
  CLI::App& command = add_act(
      menu, {.name = "undo",
             .meaning = "undo an act of the team, for the minutes that policy gives; its deadline "
                        "is the original one",
             .examples = "switchboard undo --team X26-MIDWIFERY 3 --person amara.osei --last\n"
                         "switchboard undo --team X26-MIDWIFERY 3 --person amara.osei --act ID",
             .run = undo});
  auto* act = command.add_option("--act", menu.arguments().undoes, "the act's id, as it was shown")
                  ->type_name("ID");
  command.add_flag("--last", menu.arguments().last, "the newest act of this person on it")
      ->excludes(act);
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
  add_passing_on(menu);
  add_undo(menu);
}

}  // namespace switchboard::cli
