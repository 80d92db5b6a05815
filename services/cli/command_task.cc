// What people of a team are to do beside their deliveries, and the acts that belong to it: a call
// logged, a question, a reply, a disagreement.
#include <map>

#include "adapters/sdk/acts.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/moments.h"
#include "services/cli/render_task.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

v1::ReadTasks tasks_of(const Arguments& a) {
  v1::ReadTasks read;
  read.set_team(a.team);
  read.set_open_only(!a.all);
  read.set_limit(a.limit);
  read.mutable_viewer()->set_person(a.person);
  read.mutable_viewer()->set_team(a.team);
  return read;
}

Table table_of(const v1::Page& page, Time now) {
  Table table({{"NUMBER", Table::Align::kRight},
               "KIND",
               "WHAT",
               "URGENCY",
               "DUE",
               "STATE",
               "RING NOW",
               "ASKED BY",
               {"EVENT", Table::Align::kLeft, Table::Cut::kNever}});
  for (const auto& row : page.tasks()) {
    table.add({std::to_string(row.number()), name_of(row.task().kind()), row.task().title(),
               name_of(row.urgency()), task_due(row.task(), now), task_state(row.task()),
               row.task().number_now().phone(), row.asked_by(), event_id(row.event_id())});
  }
  return table;
}

Exit ls(Call& call) {
  const Arguments& a = call.arguments();
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  const auto page = (*hub)->read_tasks(tasks_of(a));
  if (!page.ok()) return call.fail(page.error());
  const Table table = table_of(*page, call.now());
  if (!call.terminal().print_list(*page, "tasks", table, a.team + ": nothing to do")) {
    return Exit::kOk;
  }
  call.terminal().next(
      call.command("task show --team " + a.team + " " + std::to_string(page->tasks(0).number())));
  return Exit::kOk;
}

// A task, or a delivery.
Result<v1::Entry> entry_of(HubLink& hub, const Arguments& a) {
  TRY(auto entry, hub.read_entry(a.team, a.number, a.person));
  if (entry) return std::move(*entry);
  return error(v1::CODE_NOT_FOUND, a.team + " has no number " + std::to_string(a.number));
}

std::string render(const v1::Entry& entry, Time now) {
  const auto& n = entry.notice();
  return task_words(n.task()) + "\n" + "event          " + event_id(n.event_id()) + "\n" +
         task_lines(n.task(), plain(n.outcome()), now);
}

Exit show(Call& call) {
  const Arguments& a = call.arguments();
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  if (a.number == 0) return call.misused("numbers begin at 1");
  const auto entry = entry_of(**hub, a);
  if (!entry.ok()) return call.fail(entry.error());
  if (entry->notice().type() != v1::ENTRY_TYPE_TASK) {
    return call.fail(error(v1::CODE_NOT_FOUND, "#" + std::to_string(a.number) + " is no task"));
  }
  if (!call.terminal().tables()) {
    call.terminal().print(*entry);
  } else {
    call.terminal().print(render(*entry, call.now()));
  }
  return Exit::kOk;
}

// What the act is about: the entry of the number, or the team's own event.
Result<v1::Act> act_of(Call& call, v1::ActKind kind) {
  const Arguments& a = call.arguments();
  TRY(HubLink * hub, call.hub());
  v1::Entry seen;
  if (a.number != 0) {
    TRY(seen, entry_of(*hub, a));
  } else {
    const auto id = read_event_id(a.id);
    if (!id) return error(v1::CODE_INVALID, "name a NUMBER of the inbox, or --event ID");
    seen.mutable_notice()->set_event_id(std::string(id->view()));
  }
  v1::Act act = sdk::act_on(a.team, seen, kind, a.person);
  act.set_outcome(a.outcome);
  act.set_at_us(call.now().us);
  if (seen.notice().type() == v1::ENTRY_TYPE_TASK) {
    act.set_task_id(seen.notice().task().task_id());
  }
  return act;
}

Exit send(Call& call, const Result<v1::Act>& act, const std::string& done) {
  if (!act.ok()) return call.fail(act.error());
  const auto answer = (*call.hub())->act(*act);
  if (!answer.ok()) return call.fail(answer.error());
  if (!call.terminal().tables()) {
    call.terminal().print(*answer);
    return Exit::kOk;
  }
  std::string words = done;
  if (answer->code() == v1::CODE_DUPLICATE) words += " (it was already)";
  if (!answer->text().empty()) words += ": " + plain(answer->text());
  if (answer->state() >= v1::DELIVERY_STATE_ACKNOWLEDGED) {
    words += "; the item is " + state_words(answer->state());
  }
  call.terminal().print(words + "; recorded at position " + std::to_string(answer->position()) +
                        "\n");
  return Exit::kOk;
}

Exit log_call(Call& call) {
  static const std::map<std::string, v1::CallResult> kResults{
      {"reached", v1::CALL_RESULT_REACHED},
      {"left-message", v1::CALL_RESULT_LEFT_MESSAGE},
      {"no-answer", v1::CALL_RESULT_NO_ANSWER},
      {"wrong-number", v1::CALL_RESULT_WRONG_NUMBER}};
  const Arguments& a = call.arguments();
  auto act = act_of(call, v1::ACT_KIND_LOG_CALL);
  if (act.ok()) {
    act->mutable_call()->set_result(kResults.at(a.result));
    act->mutable_call()->set_spoke_to(a.spoke_to);
    act->mutable_call()->set_number(a.rang);
    act->mutable_call()->set_at_us(call.now().us);
  }
  return send(call, act, "the call is logged");
}

Exit reply(Call& call) {
  auto act = act_of(call, v1::ACT_KIND_REPLY);
  if (act.ok()) act->set_no_change(call.arguments().no_change);
  return send(call, act, "replied");
}

// "2h" from now, or a moment with its zone.
std::optional<Time> read_by(const std::string& text, Time now) {
  const auto moment = read_since(text, now);
  const bool span_of_time = !text.empty() && std::string("smhd").find(text.back()) != text.npos;
  if (!moment || !span_of_time) return moment;
  return now + (now - *moment);
}

Exit ask(Call& call) {
  const auto by = read_by(call.arguments().within, call.now());
  if (!by || *by <= call.now()) return call.misused("--within is a time ahead, e.g. 2h or 1d");
  auto act = act_of(call, v1::ACT_KIND_ASK);
  if (act.ok()) act->set_reply_by_us(by->us);
  return send(call, act, "asked");
}

Exit disagree(Call& call) {
  auto act = act_of(call, v1::ACT_KIND_DISAGREE);
  if (act.ok()) act->set_to_team(call.arguments().other);
  return send(call, act, "the disagreement is recorded");
}

CLI::App& add_person(Menu& menu, CLI::App& command) {
  command.add_option("--person", menu.arguments().person, "id of the enrolled person who does it")
      ->required()
      ->type_name("PERSON");
  return command;
}

void add_outcome(Menu& menu, CLI::App& command, const char* meaning, bool required) {
  auto* option = command.add_option("--outcome", menu.arguments().outcome, meaning);
  option->type_name("TEXT");
  if (required) option->required();
}

// By number, or for what the team itself sent by --event.
void add_about(Menu& menu, CLI::App& command) {
  menu.team(command);
  command.add_option("number", menu.arguments().number, "of an entry in the team's inbox")
      ->type_name("NUMBER");
  command.add_option("--event", menu.arguments().id, "instead: an event that the team sent")
      ->type_name("ID");
  add_person(menu, command);
}

void add_task_lists(Menu& menu) {
  CLI::App& task = menu.add({.name = "task",
                             .meaning = "what people of a team are to do: calls, replies, reviews",
                             .examples = "switchboard task ls --team X26-SAFEGUARDING"});
  CLI::App& list = menu.add(task, {.name = "ls",
                                   .meaning = "open tasks of a team, the one due first first",
                                   .examples = "switchboard task ls --team X26-SAFEGUARDING\n"
                                               "switchboard task ls --team X26-SAFEGUARDING --all",
                                   .run = ls});
  menu.team(list);
  menu.page(list);
  list.add_flag("--all", menu.arguments().all, "also those that have ended");
  list.add_option("--person", menu.arguments().person, "who looks; goes to the audit chain")
      ->type_name("PERSON");
  CLI::App& one = menu.add(task, {.name = "show",
                                  .meaning = "one task: whom to ring now, what to say, until when",
                                  .examples = "switchboard task show --team X26-SAFEGUARDING 7",
                                  .run = show});
  menu.team(one);
  menu.number(one);
  one.add_option("--person", menu.arguments().person, "who looks; goes to the audit chain")
      ->type_name("PERSON");
}

void add_calls(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& call = menu.add({.name = "call",
                             .meaning = "telephone calls",
                             .examples = "switchboard call log --team X26-SAFEGUARDING 7 \\\n"
                                         "    --person amara.osei --result no-answer"});
  CLI::App& log = menu.add(
      call, {.name = "log",
             .meaning = "record a call that was made: on a call task, or about a delivery",
             .examples = "switchboard call log --team X26-SAFEGUARDING 7 --person amara.osei \\\n"
                         "    --result reached --spoke-to \"duty health visitor\" \\\n"
                         "    --outcome \"will visit today\"",
             .run = log_call});
  add_about(menu, log);
  log.add_option("--result", a.result, "reached, left-message, no-answer or wrong-number")
      ->required()
      ->check(CLI::IsMember({"reached", "left-message", "no-answer", "wrong-number"}))
      ->type_name("RESULT");
  log.add_option("--spoke-to", a.spoke_to, "name or role of who was reached")->type_name("WHO");
  log.add_option("--rang", a.rang, "the number that was rung")->type_name("NUMBER");
  add_outcome(menu, log, "what came of it; no names of children", false);
}

void add_words(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& answer =
      menu.add({.name = "reply",
                .meaning = "answer a task: a question, a review, a step of a disagreement",
                .examples = "switchboard reply --team X99-HV 9 --person amara.osei \\\n"
                            "    --outcome \"seen on Monday, no worries\"",
                .run = reply});
  menu.team(answer);
  menu.number(answer);
  add_person(menu, answer);
  answer.add_flag("--no-change", a.no_change, "of a review: nothing changes, because --outcome");
  add_outcome(menu, answer, "the answer, or why nothing changes; no names", true);

  CLI::App& question =
      menu.add({.name = "ask",
                .meaning = "ask every team that has something open on the child what it knows",
                .examples = "switchboard ask --team X99-MASH 4 --person amara.osei --within 4h \\\n"
                            "    --outcome \"who saw the family this week?\"",
                .run = ask});
  add_about(menu, question);
  question.add_option("--within", a.within, "until when they should reply: 4h, 1d, or a moment")
      ->required()
      ->type_name("TIME");
  add_outcome(menu, question, "the question; no names", true);

  CLI::App& against = menu.add(
      {.name = "disagree",
       .meaning = "open a professional disagreement about an item, or take it to its next step",
       .examples = "switchboard disagree --team X99-HV 3 --person amara.osei \\\n"
                   "    --outcome \"this meets the threshold\"",
       .run = disagree});
  add_about(menu, against);
  against.add_option("--with", a.other, "with which team; else the one that sent it")
      ->type_name("TEAM");
  add_outcome(menu, against, "what you disagree with, and why; no names", true);
}

}  // namespace

void add_tasks(Menu& menu) {
  add_task_lists(menu);
  add_calls(menu);
  add_words(menu);
}

}  // namespace switchboard::cli
