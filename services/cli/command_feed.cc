// A publisher's own view of its feed: what of it is held in quarantine.
#include <charconv>

#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

// The source whose identity asks: --source, else the first that publishes.
Result<HubLink::Publisher> source(Call& call) {
  TRY(HubLink * hub, call.hub());
  const std::string& named = call.arguments().source;
  const size_t slash = named.find('/');
  if (named.empty()) return hub->publisher("", "");
  return hub->publisher(named.substr(0, slash),
                        slash == std::string::npos ? "" : named.substr(slash + 1));
}

// An id or a position into the two fields that a request has for them.
template <typename Request>
Status name_one(const std::string& text, Request& request) {
  uint64_t position = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (failed == std::errc() && end == text.data() + text.size() && text.size() < 20) {
    request.set_position(position);
    return ok();
  }
  const auto id = read_event_id(text);
  if (!id) return error(v1::CODE_INVALID, "'" + plain(text) + "' is no event id and no position");
  request.set_event_id(std::string(id->view()));
  return ok();
}

Table table_of(const v1::Page& page) {
  Table table({{"POSITION", Table::Align::kRight},
               "HELD SINCE",
               "MESSAGE ID",
               "TRIGGER",
               "ENVIRONMENT",
               {"BYTES", Table::Align::kRight},
               "CODE",
               "WHY",
               {"EVENT", Table::Align::kLeft, Table::Cut::kNever}});
  for (const auto& item : page.quarantine()) {
    table.add({std::to_string(item.position()), at(item.accepted_us()), item.source_message_id(),
               item.trigger(), name_of(item.environment()), std::to_string(item.payload_bytes()),
               v1::Code_Name(item.code()), item.text(), event_id(item.event_id())});
  }
  return table;
}

Exit ls(Call& call) {
  const Arguments& a = call.arguments();
  const auto as = source(call);
  if (!as.ok()) return call.fail(as.error());
  v1::Page all;
  uint64_t before = a.before;
  do {
    v1::ReadQuarantine read;
    read.set_before_position(before);
    read.set_limit(a.limit - static_cast<uint32_t>(all.quarantine_size()));
    const auto page = (*call.hub())->read_quarantine(*as, read);
    if (!page.ok()) return call.fail(page.error());
    all.mutable_quarantine()->MergeFrom(page->quarantine());
    before = page->next_after();
  } while (before != 0 && all.quarantine_size() < static_cast<int>(a.limit));
  all.set_next_after(before);
  if (!call.terminal().tables()) {
    call.terminal().print_rows(all, "quarantine");
    return Exit::kOk;
  }
  if (all.quarantine().empty()) {
    call.terminal().note("nothing of " + as->agency + "/" + as->system + " is held");
    return Exit::kOk;
  }
  call.terminal().print(table_of(all));
  call.terminal().next(
      call.command("feed quarantine show " + std::to_string(all.quarantine(0).position())));
  if (before != 0) {
    call.terminal().next(call.command("feed quarantine ls --before " + std::to_string(before)));
  }
  return Exit::kOk;
}

// The source's bytes as they are, for a file or a pipe; a terminal is not driven by them.
void print_source(Call& call, const std::string& bytes) {
  if (!call.terminal().traits().out_is_terminal) return call.terminal().print(bytes);
  std::string line;
  for (const char c : bytes) {
    if (c != '\r' && c != '\n') {
      line += c;
      continue;
    }
    call.terminal().print(plain(line) + "\n");
    line.clear();
  }
  if (!line.empty()) call.terminal().print(plain(line) + "\n");
}

Exit show(Call& call) {
  const auto as = source(call);
  if (!as.ok()) return call.fail(as.error());
  v1::ReadQuarantine read;
  if (const auto named = name_one(call.arguments().id, read); !named.ok()) {
    return call.misused(named.error().text);
  }
  read.mutable_viewer()->set_person(call.arguments().person);
  const auto page = (*call.hub())->read_quarantine(*as, read);
  if (!page.ok()) return call.fail(page.error());
  if (!call.terminal().tables()) {
    call.terminal().print(*page);
    return Exit::kOk;
  }
  for (const auto& item : page->quarantine()) {
    call.terminal().note(v1::Code_Name(item.code()) + ": " + plain(item.text()) + "; held since " +
                         at(item.accepted_us()));
  }
  for (const auto& entry : page->items()) {
    for (const auto& section : entry.sections()) {
      v1::Source bytes;
      if (section.kind() != v1::SECTION_KIND_SOURCE) continue;
      print_source(call, bytes.ParseFromString(section.body()) ? bytes.content() : section.body());
    }
  }
  return Exit::kOk;
}

Exit clear(Call& call) {
  const Arguments& a = call.arguments();
  const auto as = source(call);
  if (!as.ok()) return call.fail(as.error());
  v1::ClearQuarantined request;
  if (const auto named = name_one(a.id, request); !named.ok()) {
    return call.misused(named.error().text);
  }
  if (a.reason.empty()) return call.misused("say why: --reason TEXT, without names");
  request.set_reason(a.reason);
  request.mutable_actor()->set_person(a.person.empty() ? as->person : a.person);
  if (request.actor().person().empty()) {
    return call.misused("who has dealt with it? --person PERSON");
  }
  const auto page = (*call.hub())->clear_quarantined(*as, request);
  if (!page.ok()) return call.fail(page.error());
  if (!call.terminal().tables()) {
    call.terminal().print(*page);
  } else {
    call.terminal().print(page->text().empty() ? "cleared\n" : plain(page->text()) + "\n");
  }
  return Exit::kOk;
}

void add_one(Menu& menu, CLI::App& command) {
  menu.event(command);
  command.add_option("--person", menu.arguments().person, "who looks or clears; goes to the audit")
      ->type_name("PERSON");
}

void add_source(Menu& menu, CLI::App& command) {
  command
      .add_option("--source", menu.arguments().source, "AGENCY/SYSTEM, where the file has several")
      ->type_name("SOURCE");
}

}  // namespace

void add_feed(Menu& menu) {
  CLI::App& feed = menu.add({.name = "feed",
                             .meaning = "a sender's own messages",
                             .examples = "switchboard feed quarantine ls"});
  CLI::App& held =
      menu.add(feed, {.name = "quarantine",
                      .meaning = "messages of one's own that the hub holds and told nobody of",
                      .examples = "switchboard feed quarantine ls"});
  CLI::App& rows = menu.add(held, {.name = "ls",
                                   .meaning = "one's own, newest first",
                                   .examples = "switchboard feed quarantine ls",
                                   .run = ls});
  menu.page(rows);
  add_source(menu, rows);
  rows.add_option("--before", menu.arguments().before, "positions before this one")
      ->type_name("POSITION");
  CLI::App& one = menu.add(
      held, {.name = "show",
             .meaning = "the bytes of one as they were sent: they name a child; it is recorded",
             .examples = "switchboard feed quarantine show 4711 > held.hl7",
             .run = show});
  add_one(menu, one);
  add_source(menu, one);
  CLI::App& done = menu.add(
      held, {.name = "clear",
             .meaning = "it was dealt with: it leaves the list, with who and why",
             .examples = "switchboard feed quarantine clear 4711 --person ivy.engineer \\\n"
                         "    --reason \"field 8 corrected, sent again as 20027\"",
             .run = clear});
  add_one(menu, done);
  add_source(menu, done);
  menu.reason(done);
}

}  // namespace switchboard::cli
