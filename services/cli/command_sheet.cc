#include <filesystem>

#include "services/cli/applying.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/moments.h"
#include "services/cli/render_rota.h"
#include "services/cli/render_sheet.h"
#include "services/cli/sandbox_files.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto kForTheTeam = fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read;
constexpr auto kForAll = kForTheTeam | fs::perms::others_read;

// The team's view at --at, else now; the public list without a team.
Result<v1::DirectorySheet> sheet(Call& call, const std::string& team) {
  v1::ReadSheet read;
  read.set_team(team);
  const auto at = read_clock(call.arguments().at);  // none is given: now
  if (at) read.set_at_us(at->us);
  TRY(HubLink * hub, call.hub());
  return hub->read_sheet(read);
}

// Some team's view: all of them name who is on duty everywhere.
Result<v1::DirectorySheet> any_teams_sheet(Call& call) {
  TRY(auto listed, sheet(call, ""));
  TRY(HubLink * hub, call.hub());
  for (const auto& entry : listed.entries()) {
    if (entry.agency().empty() || !hub->may_read_sheet(entry.team())) continue;
    return sheet(call, entry.team());
  }
  return listed;
}

std::string page_of(const v1::DirectorySheet& made, const std::string& team,
                    const std::string& format) {
  if (format == "csv") return sheet_csv(made);
  if (format == "html") return sheet_html(made, team);
  if (format == "json") return to_json(made, Format::kJson) + "\n";
  return sheet_heading(made) + "\n" + sheet_table(made).text({});
}

Exit print_sheet(Call& call, const v1::DirectorySheet& made, const std::string& team) {
  Terminal& terminal = call.terminal();
  const std::string& format = call.arguments().format;
  if (format == "csv" || format == "html") {
    terminal.print(page_of(made, team, format));
  } else if (!terminal.tables()) {
    terminal.print_rows(made, "entries");
  } else {
    terminal.print(sheet_heading(made) + "\n");
    terminal.print(sheet_table(made));
    if (made.entries().empty()) terminal.note("no teams yet: switchboard apply FILE");
  }
  return Exit::kOk;
}

Status write_sheet(Call& call, const fs::path& folder, const std::string& team) {
  const std::string& format = call.arguments().format;
  TRY(const auto made, sheet(call, team));
  const std::string name = team.empty() ? "public-list" : team;
  const fs::path file = folder / (name + "." + (format == "table" ? "txt" : format));
  TRY_DO(write_file(file, page_of(made, team, format), team.empty() ? kForAll : kForTheTeam));
  call.terminal().print(file.string() + "\n");
  return ok();
}

Exit export_all(Call& call) {
  const fs::path folder = call.arguments().all_dir;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return call.fail(error(v1::CODE_INVALID, folder.string() + ": " + failed.message()));
  const auto listed = sheet(call, "");
  if (!listed.ok()) return call.fail(listed.error());
  if (auto done = write_sheet(call, folder, ""); !done.ok()) return call.fail(done.error());
  for (const auto& entry : listed->entries()) {
    if (entry.agency().empty()) continue;
    auto done = write_sheet(call, folder, entry.team());
    if (!done.ok()) return call.fail(done.error());
  }
  call.terminal().note(
      "teams' sheets name people on duty: give each to its team; the public list "
      "names nobody");
  return Exit::kOk;
}

Exit export_sheet(Call& call) {
  const Arguments& a = call.arguments();
  const int asked =
      (a.team.empty() ? 0 : 1) + (a.public_list ? 1 : 0) + (a.all_dir.empty() ? 0 : 1);
  if (asked != 1) return call.misused("say which: --team TEAM, --public, or --all DIR");
  if (!a.all_dir.empty()) return export_all(call);
  const auto made = sheet(call, a.team);
  return made.ok() ? print_sheet(call, *made, a.team) : call.fail(made.error());
}

Exit list(Call& call) {
  const auto made = sheet(call, "");
  return made.ok() ? print_sheet(call, *made, "") : call.fail(made.error());
}

Exit show(Call& call) {
  const std::string& team = call.arguments().team;
  const auto made = any_teams_sheet(call);
  if (!made.ok()) return call.fail(made.error());
  for (const auto& entry : made->entries()) {
    if (entry.team() != team) continue;
    if (!call.terminal().tables()) {
      call.terminal().print(entry);
      return Exit::kOk;
    }
    call.terminal().print(sheet_heading(*made) + "\n" + render_contact(entry));
    return Exit::kOk;
  }
  return call.fail(error(v1::CODE_NOT_FOUND, "no team and no authority '" + plain(team) +
                                                 "'; see: switchboard directory ls"));
}

Exit print_week(Call& call, const std::string& team) {
  const auto rows = ask_directory(call, [](v1::DirectoryRequest& r) { r.set_people(true); });
  if (!rows.ok()) {
    call.terminal().note("its week can be seen by operators");
    return Exit::kOk;
  }
  for (const auto& rota : rows->rotas()) {
    if (rota.id() == team) call.terminal().print(rota_table(rota, *rows));
  }
  return Exit::kOk;
}

Exit duty(Call& call) {
  const std::string& team = call.arguments().team;
  auto made = any_teams_sheet(call);
  if (!made.ok()) return call.fail(made.error());
  v1::DirectorySheet wanted;
  wanted.set_at_us(made->at_us());
  for (auto& entry : *made->mutable_entries()) {
    if (entry.agency().empty() || (!team.empty() && entry.team() != team)) continue;
    *wanted.add_entries() = std::move(entry);
  }
  if (wanted.entries().empty() && !team.empty()) {
    return call.fail(error(v1::CODE_NOT_FOUND, "no team '" + plain(team) + "'"));
  }
  if (!call.terminal().tables()) {
    call.terminal().print_rows(wanted, "entries");
    return Exit::kOk;
  }
  call.terminal().print(sheet_heading(wanted) + "\n");
  call.terminal().print(duty_table(wanted));
  return team.empty() ? Exit::kOk : print_week(call, team);
}

// What is no moment is said before the hub is asked.
std::string no_moment(const std::string& text) {
  return read_clock(text) ? "" : "must be like \"2026-12-24 17:30\" (London), or with its zone";
}

void add_at(Menu& menu, CLI::App& command) {
  command.add_option("--at", menu.arguments().at, "right at that moment, not now; in London")
      ->check(no_moment)
      ->type_name("TIME");
}

void add_export(Menu& menu, CLI::App& group) {
  Arguments& a = menu.arguments();
  CLI::App& command = menu.add(
      group, {.name = "export",
              .meaning = "a dated sheet of numbers to print, for a team or for everybody",
              .examples = "switchboard directory export --public --format html > numbers.html\n"
                          "switchboard directory export --team X26-ED --at \"2026-12-24 17:30\"\n"
                          "switchboard directory export --all sheets --format html",
              .run = export_sheet});
  command.add_option("--team", a.team, "this team's sheet: names who is on duty")
      ->type_name("TEAM");
  command.add_flag("--public", a.public_list, "the public list: names no person");
  command.add_option("--all", a.all_dir, "one file for each team, and the public list")
      ->type_name("DIR");
  command.add_option("--format", a.format, "table, csv, html, json or jsonl")
      ->check(CLI::IsMember({"table", "csv", "html", "json", "jsonl"}))
      ->type_name("FORMAT");
  add_at(menu, command);
}

}  // namespace

void add_sheet(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& group =
      menu.add({.name = "directory",
                .meaning = "whom to ring, on which number, right now",
                .examples = "switchboard directory ls\n"
                            "switchboard directory show X26-MIDWIFERY\n"
                            "switchboard directory export --all sheets --format html"});
  CLI::App& ls = menu.add(group, {.name = "ls",
                                  .meaning = "the public list: numbers right at this moment",
                                  .examples = "switchboard directory ls\n"
                                              "switchboard directory ls --at \"2026-12-25 03:00\"",
                                  .run = list});
  add_at(menu, ls);
  CLI::App& one = menu.add(group, {.name = "show",
                                   .meaning = "one team: number, who is on duty, who is next",
                                   .examples = "switchboard directory show X26-MIDWIFERY",
                                   .run = show});
  one.add_option("team", a.team, "the team's id, or an authority's code")
      ->required()
      ->type_name("TEAM");
  add_at(menu, one);
  add_export(menu, group);
  CLI::App& now = menu.add({.name = "duty",
                            .meaning = "who is on duty now, and a team's week",
                            .examples = "switchboard duty\nswitchboard duty X26-MIDWIFERY",
                            .run = duty});
  now.add_option("team", a.team, "the team's id")->type_name("TEAM");
  add_at(menu, now);
}

}  // namespace switchboard::cli
