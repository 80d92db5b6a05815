#include <charconv>

#include "broker/base/limits.h"
#include "broker/base/seal.h"
#include "services/cli/call.h"
#include "services/cli/event_file.h"
#include "services/cli/event_rows.h"
#include "services/cli/menu.h"
#include "services/cli/render_inbox.h"
#include "services/cli/render_journey.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

Result<v1::EventGet> event_named(const std::string& text) {
  v1::EventGet get;
  uint64_t position = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (failed == std::errc() && end == text.data() + text.size() && text.size() < 20) {
    get.set_position(position);
    return get;
  }
  const auto id = read_event_id(text);
  if (!id) return error(v1::CODE_INVALID, "'" + plain(text) + "' is no event id and no position");
  get.set_event_id(std::string(id->view()));
  return get;
}

// As an operator; with --team as that team, which knows only of what it got or sent.
Result<v1::Journey> find_journey(Call& call) {
  const Arguments& a = call.arguments();
  TRY(const auto wanted, event_named(a.id));
  if (!a.team.empty()) {
    if (wanted.position() != 0) {
      return error(v1::CODE_INVALID, "a team asks by event id, not by position");
    }
    TRY(HubLink * hub, call.hub());
    v1::ReadEvent read;
    read.set_event_id(wanted.event_id());
    read.mutable_viewer()->set_team(a.team);
    read.mutable_viewer()->set_person(a.person);
    return hub->read_event(a.team, read);
  }
  v1::AdminRequest request;
  *request.mutable_event() = wanted;
  TRY(auto reply, call.ask(std::move(request)));
  return std::move(*reply.mutable_journey());
}

Exit ls(Call& call) {
  const Arguments& a = call.arguments();
  v1::EventRows all;
  uint64_t before = a.before;
  do {
    v1::AdminRequest request;
    auto& list = *request.mutable_events();
    list.set_agency(a.agency);
    list.set_kind(a.kind);
    list.set_team(a.team);
    list.set_disposition(a.disposition);
    list.set_before_position(before);
    list.set_limit(
        std::min(a.limit - static_cast<uint32_t>(all.rows_size()), limits::kPageItemsMax));
    auto reply = call.ask(std::move(request));
    if (!reply.ok()) return call.fail(reply.error());
    all.mutable_rows()->MergeFrom(reply->events().rows());
    before = reply->events().next_before();
  } while (before != 0 && all.rows_size() < static_cast<int>(a.limit));
  all.set_next_before(before);
  return print_events(call, all, "event ls");
}

Exit journey(Call& call) {
  const auto found = find_journey(call);
  if (!found.ok()) return call.fail(found.error());
  if (!call.terminal().tables()) {
    call.terminal().print(*found);
  } else {
    call.terminal().print(render_journey(*found, call.now(), call.terminal().style()));
  }
  return Exit::kOk;
}

// The entry the team was shown: what the hub disclosed, and nothing else.
Result<v1::Entry> entry_of(Call& call, const v1::Journey& journey) {
  const Arguments& a = call.arguments();
  for (const auto& recipient : journey.recipients()) {
    if (recipient.team() != a.team) continue;
    TRY(HubLink * hub, call.hub());
    TRY(auto entry, hub->read_entry(a.team, recipient.number(), a.person));
    if (entry) return std::move(*entry);
  }
  return error(v1::CODE_NOT_FOUND, a.team + " was not told of this event");
}

Exit show(Call& call) {
  const Arguments& a = call.arguments();
  const auto found = find_journey(call);
  if (!found.ok()) return call.fail(found.error());
  Terminal& terminal = call.terminal();
  if (a.team.empty()) {
    if (!terminal.tables()) {
      terminal.print(*found);
      return Exit::kOk;
    }
    terminal.print(render_journey(*found, call.now(), terminal.style()));
    terminal.note(
        "who the child is and what happened is shown to recipients only: add --team TEAM");
    return Exit::kOk;
  }
  const auto entry = entry_of(call, *found);
  if (!entry.ok()) return call.fail(entry.error());
  if (!terminal.tables()) {
    terminal.print(*entry);
  } else {
    terminal.print(render_entry(*entry, call.now(), terminal.style()));
  }
  return Exit::kOk;
}

Result<v1::Event> event_from_file(Call& call) {
  const Arguments& a = call.arguments();
  if (a.file == "-" && a.nhs_number == "-") {
    return error(v1::CODE_INVALID, "the event and the NHS number cannot both come from stdin");
  }
  TRY(const std::string text, call.read(a.file));
  TRY(auto event, read_event(text, a.file == "-" ? "stdin" : a.file));
  if (!a.nhs_number.empty()) {
    TRY(const std::string number, call.read_hidden(a.nhs_number, "NHS number"));
    TRY_DO(add_nhs_number(event, number));
  }
  return event;
}

Status complete(Call& call, v1::Event& event, const HubLink::Publisher& as) {
  const Time now = call.now();
  EventDefaults defaults{.now = now, .id = make_id(now, to_hash(os_random(kHashBytes)))};
  defaults.agency = as.agency;
  defaults.system = as.system;
  TRY_DO(complete_event(event, defaults));
  const auto missing = missing_fields(event);
  if (missing.empty()) return ok();
  std::string text = "the event file lacks what only a person can know:";
  for (const auto& field : missing) text += "\n  " + field;
  return error(v1::CODE_INVALID, text);
}

Exit publish(Call& call) {
  auto event = event_from_file(call);
  if (!event.ok()) return call.fail(event.error());
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  const auto as = (*hub)->publisher(event->header().agency(), event->header().system());
  if (!as.ok()) return call.fail(as.error());
  if (const auto done = complete(call, *event, *as); !done.ok()) return call.fail(done.error());
  const std::string id = event_id(event->header().event_id());
  // Said before it is sent: whoever is not answered can send the same event again, not a second.
  call.terminal().note("event " + id);
  if (call.arguments().dry_run) {
    call.terminal().note("not sent (--dry-run): the file is complete");
    return Exit::kOk;
  }
  const auto outcome = (*hub)->publish(*as, to_item(*event));
  if (!outcome.ok()) return call.fail(outcome.error());
  const Exit exit = print_outcome(call, id, *outcome);
  call.terminal().next(call.command("event journey " + id));
  return exit;
}

}  // namespace

Result<v1::Event> complete_event_file(Call& call, const std::string& agency,
                                      const std::string& system) {
  TRY(auto event, event_from_file(call));
  HubLink::Publisher as;
  as.agency = agency;
  as.system = system;
  TRY_DO(complete(call, event, as));
  return event;
}

void add_event_file_options(Menu& menu, CLI::App& command) {
  Arguments& a = menu.arguments();
  command.add_option("--event", a.file, "TOML file of the event, or - for stdin")
      ->required()
      ->type_name("FILE");
  command
      .add_option("--nhs-number", a.nhs_number, "- for stdin, or @FILE; never the number itself")
      ->type_name("WHERE");
}

void add_event(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& event = menu.add({.name = "event",
                              .meaning = "what agencies said, and what became of it",
                              .examples = "switchboard event ls\nswitchboard event journey ID"});
  CLI::App& list =
      menu.add(event, {.name = "ls",
                       .meaning = "accepted events, newest first",
                       .examples = "switchboard event ls\n"
                                   "switchboard event ls --agency X26 --kind discharge\n"
                                   "switchboard event ls --disposition unrouted --format jsonl",
                       .run = ls});
  menu.page(list);
  list.add_option("--agency", a.agency, "of this agency")->type_name("ODS");
  list.add_option("--kind", a.kind, "of this kind")->type_name("KIND");
  list.add_option("--team", a.team, "that this team was told of")->type_name("TEAM");
  list.add_option("--disposition", a.disposition,
                  "routed, unrouted, noted, quarantined, held or shadowed")
      ->check(CLI::IsMember({"routed", "unrouted", "noted", "quarantined", "held", "shadowed"}))
      ->type_name("WHAT");
  list.add_option("--before", a.before, "positions before this one")->type_name("POSITION");

  for (const Menu::Entry& entry : {Menu::Entry{.name = "show",
                                  .meaning = "one event; with --team what that team may see of it",
                                  .examples = "switchboard event show ID --team X26-MIDWIFERY",
                                  .run = show},
                                   Menu::Entry{.name = "journey",
                                   .meaning = "who was told, when, why, and who picked it up",
                                   .examples = "switchboard event journey ID",
                                   .run = journey}}) {
    CLI::App& one = menu.add(event, entry);
    menu.event(one);
    one.add_option("--team", a.team, "as this team")->type_name("TEAM");
    one.add_option("--person", a.person, "who looks; goes to the audit chain")->type_name("PERSON");
  }
  CLI::App& send = menu.add(
      event, {.name = "publish",
              .meaning = "publish an event written by a person",
              .examples = "switchboard event publish --event concern.toml\n"
                          "switchboard event publish --event concern.toml --nhs-number @number.txt",
              .run = publish});
  add_event_file_options(menu, send);
  send.add_flag("-n,--dry-run", a.dry_run, "check the file, send nothing");
}

}  // namespace switchboard::cli
