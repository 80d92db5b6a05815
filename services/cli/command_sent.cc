// What became of what a team sent: whom each event was told to, and the calls still to be made.
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/render_task.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

bool waits(const v1::SentRecipient& r) {
  return r.attention() == v1::ATTENTION_ACT && r.state() < v1::DELIVERY_STATE_ACKNOWLEDGED;
}
bool late(const v1::SentRecipient& r, Time now) {
  return waits(r) && r.acknowledge_by_us() != 0 && Time{r.acknowledge_by_us()} < now;
}

std::string who(const v1::Actor& actor) {
  return plain(actor.name().empty() ? actor.person() : actor.name());
}

Cell state_of(const v1::SentRecipient& r, Time now) {
  std::string words = state_words(r.state());
  if (r.has_picked_up_by()) words += " by " + who(r.picked_up_by());
  if (r.overdue_level() > 0 && waits(r)) {
    words += ", overdue level " + std::to_string(r.overdue_level());
  }
  const auto colour = late(r, now)                                   ? Colour::kRed
                      : r.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED ? Colour::kGreen
                                                                     : Colour::kNone;
  return {words, colour};
}

Cell due_of(const v1::SentRecipient& r, Time now) {
  if (!waits(r) || r.acknowledge_by_us() == 0) return "";
  const std::string left = span(Time{r.acknowledge_by_us()} - now);
  return late(r, now) ? Cell("overdue " + left, Colour::kRed) : Cell("in " + left, Colour::kYellow);
}

Table table_of(const v1::Page& page, Time now) {
  Table table({"KIND",
               "URGENCY",
               "ACCEPTED",
               "TEAM",
               "STATE",
               "PICK UP",
               "RING NOW",
               {"EVENT", Table::Align::kLeft, Table::Cut::kNever}});
  for (const auto& item : page.sent()) {
    const std::string id = event_id(item.event_id());
    if (item.recipients().empty()) {
      table.add({item.kind(), name_of(item.urgency()), at(item.accepted_us()), "(nobody)", "", "",
                 "", id});
    }
    for (const auto& r : item.recipients()) {
      table.add({item.kind(), name_of(item.urgency()), at(item.accepted_us()), r.team(),
                 state_of(r, now), due_of(r, now), waits(r) ? r.ring().phone() : "", id});
    }
    for (const auto& task : item.tasks()) {
      if (task.state() > v1::TASK_STATE_OPEN) continue;
      table.add({"", "", "", task.ring_team(), task.title(), task_due(task, now),
                 task.number_now().phone(), id});
    }
  }
  return table;
}

Result<v1::Page> collect(HubLink& hub, const Arguments& a) {
  v1::Page all;
  uint64_t before = a.before;
  do {
    v1::ReadSent read;
    read.set_team(a.team);
    read.set_open_only(a.open_only);
    read.set_before_position(before);
    read.set_limit(a.limit);
    TRY(const auto page, hub.read_sent(read));
    all.mutable_sent()->MergeFrom(page.sent());
    if (all.text().empty()) all.set_text(page.text());
    before = page.next_after();
  } while (before != 0 && all.sent_size() < static_cast<int>(a.limit));
  all.set_next_after(before);
  return all;
}

Exit ls(Call& call) {
  const Arguments& a = call.arguments();
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  const auto page = collect(**hub, a);
  if (!page.ok()) return call.fail(page.error());
  Terminal& terminal = call.terminal();
  const std::string none =
      a.team + ": nothing was sent" + (a.open_only ? " that is still open" : "");
  if (!terminal.print_list(*page, "sent", table_of(*page, call.now()), none)) return Exit::kOk;
  if (!page->text().empty()) terminal.note(plain(page->text()));
  terminal.next(
      call.command("sent show --team " + a.team + " " + event_id(page->sent(0).event_id())));
  if (page->next_after() != 0) {
    terminal.next(call.command("sent ls --team " + a.team + " --before " +
                               std::to_string(page->next_after())));
  }
  return Exit::kOk;
}

std::string render(const v1::SentItem& item, Time now) {
  std::string out = plain(item.kind()) + ", " + name_of(item.urgency()) + "  " +
                    event_id(item.event_id()) + "\naccepted " + at(item.accepted_us()) + "\n";
  for (const auto& r : item.recipients()) {
    out += "\n" + plain(r.team()) + "  " + plain(r.team_name()) + "\n  " + state_of(r, now).text;
    if (r.since_us() != 0) out += " since " + at(r.since_us());
    if (const auto due = due_of(r, now).text; !due.empty()) out += "; pick up " + due;
    out += "\n  ring now " + contact_line(r.ring()) + "\n";
  }
  for (const auto& task : item.tasks()) {
    out += "\n" + plain(task.title()) + "\n" + task_lines(task, {}, now);
  }
  return out;
}

// The pages go back as far as it takes to find the event.
Exit show(Call& call) {
  const Arguments& a = call.arguments();
  const auto id = read_event_id(a.id);
  if (!id) return call.misused("'" + plain(a.id) + "' is no event id");
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  uint64_t before = 0;
  do {
    v1::ReadSent read;
    read.set_team(a.team);
    read.set_before_position(before);
    const auto page = (*hub)->read_sent(read);
    if (!page.ok()) return call.fail(page.error());
    for (const auto& item : page->sent()) {
      if (item.event_id() != id->view()) continue;
      if (!call.terminal().tables()) {
        call.terminal().print(item);
      } else {
        call.terminal().print(render(item, call.now()));
      }
      return Exit::kOk;
    }
    before = page->next_after();
  } while (before != 0);
  return call.fail(error(v1::CODE_NOT_FOUND, a.team + " has sent no event of this id"));
}

}  // namespace

void add_sent(Menu& menu) {
  CLI::App& sent = menu.add({.name = "sent",
                             .meaning = "what became of what a team sent",
                             .examples = "switchboard sent ls --team X26-SAFEGUARDING"});
  CLI::App& list =
      menu.add(sent, {.name = "ls",
                      .meaning = "a team's own events and whom each was told to, overdue first",
                      .examples = "switchboard sent ls --team X26-SAFEGUARDING\n"
                                  "switchboard sent ls --team X26-SAFEGUARDING --open",
                      .run = ls});
  menu.team(list);
  menu.page(list);
  list.add_flag("--open", menu.arguments().open_only, "only what somebody still has to do with");
  list.add_option("--before", menu.arguments().before, "positions before this one")
      ->type_name("POSITION");
  CLI::App& one = menu.add(
      sent,
      {.name = "show",
       .meaning = "one event of the team's: who has it, the numbers to ring, the calls to make",
       .examples = "switchboard sent show --team X26-SAFEGUARDING ID",
       .run = show});
  menu.team(one);
  one.add_option("event", menu.arguments().id, "id of the event")->required()->type_name("ID");
}

}  // namespace switchboard::cli
