#include <algorithm>

#include "services/cli/call.h"
#include "services/cli/list_change.h"
#include "services/cli/menu.h"
#include "services/cli/render_inbox.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

constexpr Duration kLookEvery = milliseconds(500);
constexpr uint32_t kRecent = 10;  // entries `follow` begins with

v1::ReadInbox inbox_of(const Arguments& a) {
  v1::ReadInbox read;
  read.set_team(a.team);
  read.set_log(a.sent ? v1::LOG_KIND_SENT : v1::LOG_KIND_INBOX);
  read.set_open_only(a.open_only);
  read.mutable_viewer()->set_person(a.person);
  read.mutable_viewer()->set_team(a.team);
  return read;
}

// The hub's own words: whatever a route is called, a probe is a test that was addressed.
bool is_probe(const v1::Notice& n) {
  return n.test() && n.cause() == v1::CAUSE_DIRECT && n.route() == "probe";
}

bool wanted(const Arguments& a, const v1::Entry& entry) {
  if (!a.probes && is_probe(entry.notice())) return false;
  return a.changes || a.sent || entry.notice().type() != v1::ENTRY_TYPE_CHANGE;
}

// Sections stay out of lists, machine formats included, unless they are asked for.
void strip(const Arguments& a, v1::Entry& entry) {
  if (!a.full) entry.clear_sections();
}

// Without --after or --open the latest are wanted: after the first page, which says how long the
// inbox is, go on near its end. A delivery has some changes behind it, so four numbers a row.
uint64_t go_on_after(const Arguments& a, const v1::Page& page) {
  if (page.next_after() == 0 || a.after != 0 || a.open_only) return page.next_after();
  const uint64_t stretch = a.changes || a.sent ? a.limit : uint64_t{a.limit} * 4;
  return std::max(page.next_after(), page.head() - std::min(page.head(), stretch));
}

Result<v1::Page> collect(HubLink& hub, const Arguments& a) {
  v1::Page all;
  uint64_t after = a.after;
  do {
    v1::ReadInbox read = inbox_of(a);
    read.set_after(after);
    TRY(auto page, hub.read_inbox(read));
    for (auto& entry : *page.mutable_items()) {
      if (!wanted(a, entry)) continue;
      strip(a, entry);
      *all.add_items() = std::move(entry);
    }
    all.set_head(page.head());
    all.set_as_of_position(page.as_of_position());
    after = go_on_after(a, page);
  } while (after != 0 && (a.after == 0 || all.items_size() < static_cast<int>(a.limit)));
  const int surplus = all.items_size() - static_cast<int>(a.limit);
  if (surplus > 0 && a.after != 0) {
    all.mutable_items()->DeleteSubrange(static_cast<int>(a.limit), surplus);
  } else if (surplus > 0) {
    all.mutable_items()->DeleteSubrange(0, surplus);
  }
  return all;
}

Exit ls(Call& call) {
  const Arguments& a = call.arguments();
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  const auto page = collect(**hub, a);
  if (!page.ok()) return call.fail(page.error());
  Terminal& terminal = call.terminal();
  if (terminal.tables()) note_stale_caseload(call, a.team);
  Table table = inbox_table();
  const v1::Entry* to_pick_up = nullptr;
  for (const auto& entry : page->items()) {
    add_entry(table, entry, call.now());
    const auto& n = entry.notice();
    const bool waits = n.type() == v1::ENTRY_TYPE_DELIVERY && n.attention() == v1::ATTENTION_ACT &&
                       n.state() < v1::DELIVERY_STATE_ACKNOWLEDGED;
    if (waits && to_pick_up == nullptr) to_pick_up = &entry;
  }
  const std::string none = a.team + ": nothing " + (a.open_only ? "open" : "here yet");
  if (!terminal.print_list(*page, "items", table, none)) return Exit::kOk;
  if (to_pick_up != nullptr) {
    terminal.next(call.command("ack --team " + a.team + " " + std::to_string(to_pick_up->number()) +
                               " --event " + event_id(to_pick_up->notice().event_id()) +
                               " --person PERSON"));
  }
  return Exit::kOk;
}

Exit show(Call& call) {
  const Arguments& a = call.arguments();
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  if (a.number == 0) return call.misused("numbers begin at 1");
  v1::ReadInbox read = inbox_of(a);
  read.set_after(a.number - 1);
  read.set_limit(1);
  const auto page = (*hub)->read_inbox(read);
  if (!page.ok()) return call.fail(page.error());
  if (page->items().empty() || page->items(0).number() != a.number) {
    return call.fail(error(v1::CODE_NOT_FOUND, a.team + " has no number " +
                                                   std::to_string(a.number) + " yet; the last is " +
                                                   std::to_string(page->head())));
  }
  if (!call.terminal().tables()) {
    call.terminal().print(page->items(0));
  } else {
    call.terminal().print(render_entry(page->items(0), call.now(), call.terminal().style()));
  }
  return Exit::kOk;
}

void print_line(Call& call, const v1::Entry& entry) {
  const bool people = call.terminal().tables();
  call.terminal().print((people ? entry_line(entry, call.now()) : to_json(entry, Format::kJsonl)) +
                        "\n");
}

// Looks again and again from a snapshot: unlike an endpoint it stores nothing, so it must not make
// the hub believe that the team has received anything.
Exit follow(Call& call) {
  const Arguments& a = call.arguments();
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  Terminal& terminal = call.terminal();
  Arguments recent = a;
  recent.limit = kRecent;
  recent.changes = true;
  const auto before = collect(**hub, recent);
  if (!before.ok()) return call.fail(before.error());
  for (const auto& entry : before->items()) print_line(call, entry);
  uint64_t after = before->items().empty() ? a.after : before->items().rbegin()->number();
  terminal.note("following " + a.team + "; stop with Ctrl-C");
  v1::ReadInbox read = inbox_of(a);
  while (true) {
    read.set_after(after);
    const auto page = (*hub)->read_inbox(read);
    if (!page.ok()) return call.fail(page.error());
    for (auto entry : page->items()) {
      after = std::max(after, entry.number());
      if (!a.probes && is_probe(entry.notice())) continue;
      strip(a, entry);
      print_line(call, entry);
    }
    if (page->next_after() == 0 && !(*hub)->pause(kLookEvery)) return Exit::kOk;
  }
}

}  // namespace

void add_inbox(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& inbox = menu.add({.name = "inbox",
                              .meaning = "what a team was told",
                              .examples = "switchboard inbox ls --team X26-MIDWIFERY"});
  CLI::App& list = menu.add(
      inbox, {.name = "ls",
              .meaning = "the latest of a team's inbox, or what is still open",
              .examples = "switchboard inbox ls --team X26-MIDWIFERY\n"
                          "switchboard inbox ls --team X26-MIDWIFERY --open\n"
                          "switchboard inbox ls --team X26-MIDWIFERY --after 120 --format jsonl",
              .run = ls});
  menu.team(list);
  menu.page(list);
  list.add_flag("--open", a.open_only, "only deliveries that still wait for a person");
  list.add_option("--after", a.after, "numbers after this one, oldest first")->type_name("NUMBER");
  list.add_flag("--changes", a.changes, "also what became of deliveries");
  list.add_flag("--probes", a.probes, "also end-to-end probes");
  list.add_flag("--sent", a.sent, "instead: what became of what the team sent");
  list.add_flag("--full", a.full, "with --format json: also the disclosed sections");
  list.add_option("--person", a.person, "who looks; goes to the audit chain")->type_name("PERSON");

  CLI::App& one = menu.add(
      inbox, {.name = "show",
              .meaning = "one entry with the sections this team may see",
              .examples = "switchboard inbox show --team X26-MIDWIFERY 3 --person amara.osei",
              .run = show});
  menu.team(one);
  menu.number(one);
  one.add_option("--person", a.person, "who looks; goes to the audit chain")->type_name("PERSON");

  CLI::App& live =
      menu.add(inbox, {.name = "follow",
                       .meaning = "the latest entries, then a line for each as it arrives",
                       .examples = "switchboard inbox follow --team X26-MIDWIFERY\n"
                                   "switchboard inbox follow --team X26-MIDWIFERY --format jsonl",
                       .run = follow});
  menu.team(live);
  live.add_option("--after", a.after, "begin after this number")->type_name("NUMBER");
  live.add_flag("--probes", a.probes, "also end-to-end probes");
  live.add_flag("--full", a.full, "with --format jsonl: also the disclosed sections");
}

}  // namespace switchboard::cli
