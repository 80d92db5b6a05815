#include <set>

#include "services/cli/applying.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/postcode_file.h"
#include "services/cli/render_sheet.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

void want_areas(v1::DirectoryRequest& request) { request.set_agencies(true); }

std::string table_words(const v1::Directory& rows) {
  if (!rows.has_postcodes()) return "no postcode table yet: switchboard area load";
  return "postcode table " + plain(rows.postcodes().edition()) + ", " +
         count(static_cast<uint64_t>(rows.postcodes().rows_size()), "prefix", "prefixes");
}

Exit areas(Call& call) {
  auto rows = ask_directory(call, want_areas);
  if (!rows.ok()) return call.fail(rows.error());
  if (!call.terminal().tables()) {
    call.terminal().print_rows(*rows, "areas");
    return Exit::kOk;
  }
  Table table({"AREA", "NAME", "SOCIAL CARE", "DUTY TEAM", "RING", "OUT OF HOURS"});
  for (const auto& a : rows->areas()) {
    table.add({a.id(), a.name(), a.social_care_team(), a.edt_team(), contact_words(a.office()),
               contact_words(a.out_of_hours())});
  }
  call.terminal().print(table);
  call.terminal().note(table_words(*rows));
  return Exit::kOk;
}

Exit practices(Call& call) {
  const auto rows = ask_directory(call, want_areas);
  if (!rows.ok()) return call.fail(rows.error());
  Table table({"PRACTICE", "NAME", "TEAM", "RING", "CLOSED", "SUCCESSOR"});
  for (const auto& p : rows->practices()) {
    table.add(
        {p.id(), p.name(), p.team(), contact_words(p.office()), p.closed_on(), p.successor()});
  }
  call.terminal().print_list(*rows, "practices", table,
                             "no practices yet: [[practices]] in switchboard apply");
  return Exit::kOk;
}

Exit area_of(Call& call) {
  const auto postcode = call.read_hidden(call.arguments().file, "postcode");
  if (!postcode.ok()) return call.fail(postcode.error());
  const auto rows = ask_directory(call, want_areas);
  if (!rows.ok()) return call.fail(rows.error());
  std::string prefix;
  const std::string code = area_in(rows->postcodes(), *postcode, prefix);
  if (code.empty()) {
    return call.fail(error(v1::CODE_NOT_FOUND, "no area is known for it; " + table_words(*rows)));
  }
  v1::Area area;
  area.set_id(code);
  for (const auto& row : rows->areas()) {
    if (row.id() == code) area = row;
  }
  if (!call.terminal().tables()) {
    call.terminal().print(area);
    return Exit::kOk;
  }
  call.terminal().print(plain(code + (area.name().empty() ? "" : "  " + area.name())) + "\n");
  const std::string ring = contact_words(area.office());
  if (!ring.empty()) call.terminal().print("ring " + plain(ring) + "\n");
  if (area.has_out_of_hours()) {
    call.terminal().print("out of hours " + plain(contact_words(area.out_of_hours())) + "\n");
  }
  call.terminal().note("by " + table_words(*rows));
  return Exit::kOk;
}

// An area that no row names has no number to ring.
void warn_of_unknown(Call& call, const v1::PostcodeTable& table) {
  const auto rows = ask_directory(call, want_areas);
  if (!rows.ok()) return;
  std::set<std::string> unknown;
  for (const auto& row : table.rows()) unknown.insert(row.area());
  for (const auto& area : rows->areas()) unknown.erase(area.id());
  if (unknown.empty()) return;
  call.terminal().note(count(unknown.size(), "area", "areas") +
                       " of the table without a row of its own, e.g. " + plain(*unknown.begin()) +
                       ": name it in [[areas]], with its numbers to ring");
}

Exit load(Call& call) {
  const Arguments& a = call.arguments();
  const auto text = call.read(a.file);
  if (!text.ok()) return call.fail(text.error());
  const auto table = read_postcode_file(*text, a.edition);
  if (!table.ok()) {
    call.terminal().complain(plain(a.file) + ":\n" + table.error().text);
    return Exit::kBadInput;
  }
  v1::Directory change;
  *change.mutable_postcodes() = *table;
  const Exit done = apply_rows(call, change, "area load --edition \"" + a.edition + "\" " + a.file);
  if (done == Exit::kOk) warn_of_unknown(call, *table);
  return done;
}

void add_past(Menu& menu, CLI::App& command) {
  command.add_option("--at-position", menu.arguments().at_position, "as it stood then; 0 = now")
      ->type_name("POSITION");
}

void add_load(Menu& menu, CLI::App& area) {
  Arguments& a = menu.arguments();
  CLI::App& command = menu.add(
      area,
      {.name = "load",
       .meaning = "put a table of postcode prefixes in force; old ones stay answerable",
       .examples = "switchboard area load --edition \"ONSPD 2026-08\" prefixes.csv --dry-run\n"
                   "switchboard area load --edition \"ONSPD 2026-08\" prefixes.csv "
                   "--reason \"August edition\"",
       .run = load});
  command.add_option("file", a.file, "CSV, prefix,area a line, or - for stdin")
      ->required()
      ->type_name("FILE");
  command.add_option("--edition", a.edition, "which table this is")->required()->type_name("NAME");
  command.add_flag("-n,--dry-run", a.dry_run, "say what would change");
  menu.reason(command);
  command.add_option("--person", a.person, "who changes it; goes to the audit chain")
      ->type_name("PERSON");
}

}  // namespace

void add_area(Menu& menu) {
  CLI::App& area = menu.add({.name = "area",
                             .meaning = "local authorities, and where a postcode lies",
                             .examples = "switchboard area ls\nswitchboard area of -"});
  CLI::App& ls = menu.add(area, {.name = "ls",
                                 .meaning = "areas with whom to ring there",
                                 .examples = "switchboard area ls",
                                 .run = areas});
  add_past(menu, ls);
  CLI::App& of = menu.add(area, {.name = "of",
                                 .meaning = "the area of a postcode; it is not shown or kept",
                                 .examples = "switchboard area of -\n"
                                             "switchboard area of @postcode.txt --at-position 4711",
                                 .run = area_of});
  of.add_option("postcode", menu.arguments().file, "- (asked for, or stdin) or @FILE")
      ->required()
      ->type_name("-|@FILE");
  add_past(menu, of);
  add_load(menu, area);
  CLI::App& practice = menu.add({.name = "practice",
                                 .meaning = "GP practices, and who has the children of closed ones",
                                 .examples = "switchboard practice ls"});
  CLI::App& all = menu.add(practice, {.name = "ls",
                                      .meaning = "practices in force",
                                      .examples = "switchboard practice ls",
                                      .run = practices});
  add_past(menu, all);
}

}  // namespace switchboard::cli
