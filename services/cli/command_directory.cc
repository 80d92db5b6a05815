#include "broker/runtime/toml_message.h"
#include "services/cli/applying.h"
#include "services/cli/call.h"
#include "services/cli/estimate.h"
#include "services/cli/event_file.h"
#include "services/cli/event_rows.h"
#include "services/cli/menu.h"
#include "services/cli/team_verified.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

Exit apply(Call& call) {
  const Arguments& a = call.arguments();
  const auto text = call.read(a.file);
  if (!text.ok()) return call.fail(text.error());
  v1::Directory rows;
  const auto parsed = toml_to_message(*text, a.file == "-" ? "stdin" : a.file, rows);
  if (!parsed.ok()) {
    call.terminal().complain(parsed.error().text);
    return Exit::kBadInput;
  }
  const Exit done = apply_rows(call, rows, "apply " + a.file);
  if (done == Exit::kOk) warn_of_capacity(call, rows);
  return done;
}

std::string hours(const v1::Contact& contact) {
  return contact.hours().empty() ? contact.phone() : contact.phone() + " " + contact.hours();
}

Exit teams(Call& call) {
  const auto rows = ask_directory(call, [](v1::DirectoryRequest& r) { r.set_teams(true); });
  if (!rows.ok()) return call.fail(rows.error());
  Table table({"TEAM",
               "NAME",
               "AGENCY",
               "KIND",
               "RING",
               "OUT OF HOURS",
               "DEPUTY",
               "REACH",
               "NUMBERS TRIED",
               {"ACT A DAY", Table::Align::kRight},
               "STATE"});
  for (const auto& t : rows->teams()) {
    table.add({t.id(),
               t.name(),
               t.agency(),
               t.kind(),
               hours(t.office()),
               t.out_of_hours().phone(),
               t.deputy_team(),
               name_of(t.reach()),
               t.last_verified(),
               t.act_per_day() == 0 ? "" : std::to_string(t.act_per_day()),
               {t.closed() ? "closed" : "", Colour::kYellow}});
  }
  call.terminal().print_list(*rows, "teams", table, "no teams yet: switchboard apply FILE");
  return Exit::kOk;
}

std::string joined(const google::protobuf::RepeatedPtrField<std::string>& list,
                   const char* when_empty) {
  std::string words;
  for (const auto& item : list) words += (words.empty() ? "" : ", ") + item;
  return words.empty() ? when_empty : words;
}

std::string clause_words(const v1::Clause& clause) {
  switch (clause.by_case()) {
    case v1::Clause::kCaseload:
      return "caseload";
    case v1::Clause::kArea:
      return "area " + clause.area();
    case v1::Clause::kPractice:
      return "practice " + clause.practice();
    case v1::Clause::kPlace:
      return "place " + clause.place();
    default:
      return "";
  }
}

std::string ages(const v1::Route& route) {
  if (!route.has_ages()) return "any";
  const auto& band = route.ages();
  if (band.only_unborn()) return "unborn only";
  std::string words = band.from_months() == 0 ? "" : "from " + std::to_string(band.from_months());
  if (band.below_months() != 0) {
    words += (words.empty() ? "below " : " below ") + std::to_string(band.below_months());
  }
  words += words.empty() ? "any" : " months";
  return words + (band.unborn() ? ", unborn" : "");
}

Exit routes(Call& call) {
  const auto rows = ask_directory(call, [](v1::DirectoryRequest& r) { r.set_routes(true); });
  if (!rows.ok()) return call.fail(rows.error());
  Table table({"ROUTE", "TEAM", "KINDS", "WHERE", "SOURCES", "LEAST URGENCY", "AGES", "STATE"});
  for (const auto& r : rows->routes()) {
    table.add({r.id(),
               r.team(),
               joined(r.kinds(), "every kind"),
               clause_words(r.clause()),
               joined(r.sources(), "any"),
               name_of(r.least_urgency()),
               ages(r),
               {r.disabled() ? "disabled" : "", Colour::kYellow}});
  }
  call.terminal().print_list(*rows, "routes", table, "no routes yet: switchboard apply FILE");
  return Exit::kOk;
}

Exit route_test(Call& call) {
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  // Tried as if its agency had published it; the file may leave that to the connection file.
  const auto known = (*hub)->publisher(call.arguments().agency, "");
  const auto as = known.ok() ? *known : HubLink::Publisher{};
  const auto event = complete_event_file(call, as.agency, as.system);
  if (!event.ok()) return call.fail(event.error());
  v1::AdminRequest request;
  *request.mutable_route_test()->mutable_item() = to_item(*event);
  request.mutable_route_test()->set_agency(event->header().agency());
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  const v1::RouteExplanation& result = reply->routes();
  if (!call.terminal().tables()) {
    call.terminal().print_rows(result, "teams");
    return Exit::kOk;
  }
  Table table({"TEAM", "ROUTE", "TOLD", "WHY", "ATTENTION", "WITHIN", "SEES"});
  for (const auto& e : result.teams()) {
    table.add({e.team(),
               e.route(),
               {e.matches() ? "yes" : "no", e.matches() ? Colour::kGreen : Colour::kDim},
               e.why(),
               name_of(e.attention()),
               e.acknowledge_within_s() == 0 ? "" : span(seconds(e.acknowledge_within_s())),
               name_of(e.disclosure())});
  }
  call.terminal().print(table);
  call.terminal().note("result: " + plain(result.disposition()) + "; nothing was sent");
  return Exit::kOk;
}

}  // namespace

void add_directory(Menu& menu) {
  Arguments& a = menu.arguments();
  CLI::App& change = menu.add(
      {.name = "apply",
       .meaning = "change the directory: agencies, teams, hours, people, rotas, keys, routes, "
                  "areas, policy",
       .examples = "switchboard apply directory.toml --dry-run\n"
                   "switchboard apply directory.toml --reason \"new health visiting team\"",
       .run = apply});
  change.add_option("file", a.file, "TOML of a directory, or - for stdin")
      ->required()
      ->type_name("FILE");
  change.add_flag("-n,--dry-run", a.dry_run, "say what would change");
  menu.reason(change);
  change.add_option("--person", a.person, "who changes it; goes to the audit chain")
      ->type_name("PERSON");

  CLI::App& team =
      menu.add({.name = "team", .meaning = "who can be told", .examples = "switchboard team ls"});
  menu.add(team, {.name = "ls",
                  .meaning = "teams with their numbers to ring",
                  .examples = "switchboard team ls\nswitchboard team ls --format jsonl",
                  .run = teams});
  add_team_verified(menu, team);

  CLI::App& route = menu.add(
      {.name = "route", .meaning = "who is told of what", .examples = "switchboard route ls"});
  menu.add(route, {.name = "ls",
                   .meaning = "routes in force",
                   .examples = "switchboard route ls",
                   .run = routes});
  CLI::App& test = menu.add(
      route, {.name = "test",
              .meaning = "who would be told of this event, who not, and why; sends nothing",
              .examples = "switchboard route test --event concern.toml",
              .run = route_test});
  add_event_file_options(menu, test);
  add_estimate(menu, route);
  test.add_option("--agency", a.agency, "as if this agency had published it")->type_name("ODS");
}

}  // namespace switchboard::cli
