#include "services/cli/list_change.h"

#include "broker/base/limits.h"
#include "broker/base/london.h"
#include "broker/base/seal.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

constexpr size_t kRowsPerPart = 8'000;
constexpr int kLinesShown = 10;

Result<ListAnswer> by_operator(Call& call, v1::MembersChange change) {
  v1::AdminRequest request;
  *request.mutable_members() = std::move(change);
  TRY(auto reply, call.ask(std::move(request)));
  return ListAnswer{std::move(*reply.mutable_members()), reply.text()};
}

void print_lines(Call& call, const google::protobuf::RepeatedField<uint32_t>& lines,
                 const std::string& what) {
  if (lines.empty() || (lines.size() == 1 && lines[0] == 0)) return;
  const auto all = static_cast<uint64_t>(lines.size());
  const bool more = all >= limits::kMemberLinesMax;
  std::string words = (more ? "at least " : "") + count(all, "line", "lines") + " " + what + ":";
  for (int i = 0; i < lines.size() && i < kLinesShown; ++i) words += " " + std::to_string(lines[i]);
  if (lines.size() > kLinesShown) words += " …";
  call.terminal().print(words + "\n");
}

// What one list is, from the hub's answers to either key.
void add_row(Table& table, const std::string& team, const std::string& list,
             const std::string& children, const std::string& as_of, const std::string& stale) {
  table.add({team,
             list,
             children,
             as_of.empty() ? "child by child" : as_of,
             {stale, stale.empty() ? Colour::kNone : Colour::kYellow}});
}

Exit lists_of_operator(Call& call, std::span<const v1::MemberList> lists) {
  v1::WatchRows all;
  for (const auto list : lists) {
    v1::AdminRequest request;
    request.mutable_members()->set_team(call.arguments().team);
    request.mutable_members()->set_list(list);
    const auto reply = call.ask(std::move(request));
    if (!reply.ok()) return call.fail(reply.error());
    all.MergeFrom(reply->watch());
  }
  if (!call.terminal().tables()) {
    call.terminal().print_rows(all, "rows");
    return Exit::kOk;
  }
  Table table({"TEAM", "LIST", "CHILDREN", "AS OF", "STALE"});
  for (const auto& row : all.rows()) {
    const size_t end = row.why().find(';');
    add_row(table, row.team(), row.what(), row.why().substr(0, end),
            row.last_us() == 0 ? "" : to_string(london_day({row.last_us()})),
            end == std::string::npos ? "" : row.why().substr(end + 2));
  }
  if (table.empty()) {
    call.terminal().note("no list yet");
  } else {
    call.terminal().print(table);
  }
  return Exit::kOk;
}

}  // namespace

Result<std::string> read_number(Call& call) {
  const std::string& where = call.arguments().nhs_number;
  return call.read_hidden(where.empty() ? "-" : where, "NHS number");
}

Result<ListAnswer> send_list_change(Call& call, v1::MembersChange change) {
  TRY(HubLink * hub, call.hub());
  if (!hub->speaks_for(change.team())) return by_operator(call, std::move(change));
  TRY(auto page, hub->change_members(change, call.arguments().person));
  return ListAnswer{std::move(*page.mutable_members()), page.text()};
}

Result<ListAnswer> send_whole_list(Call& call, v1::MembersChange change,
                                   std::span<const v1::Member> rows) {
  change.set_upload(os_random(16));
  for (uint32_t part = 0;; ++part) {
    const size_t begin = part * kRowsPerPart;
    const size_t end = std::min(rows.size(), begin + kRowsPerPart);
    change.clear_rows();
    for (size_t i = begin; i < end; ++i) *change.add_rows() = rows[i];
    change.set_part(part);
    change.set_last(end == rows.size());
    TRY(auto answer, send_list_change(call, change));
    if (change.last()) return answer;
  }
}

void print_report(Call& call, const v1::MembersReport& report) {
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) return terminal.print(report);
  terminal.print(std::to_string(report.before()) + " before, " + std::to_string(report.after()) +
                 " after: " + std::to_string(report.added()) + " added, " +
                 std::to_string(report.removed()) + " removed, " +
                 std::to_string(report.unchanged()) + " unchanged\n");
  print_lines(call, report.invalid_lines(), "with no NHS number or no birth date, left out");
  print_lines(call, report.duplicate_lines(), "with a number that is there already");
  print_lines(call, report.unknown_lines(),
              "about children nobody has told of yet, kept all the same");
  if (report.joined() > 0) {
    terminal.print(count(report.joined(), "earlier event", "earlier events") +
                   " brought to the team\n");
  }
}

static std::string list_name(v1::MemberList list) {
  std::string name = name_of(list);
  for (char& c : name) c = c == '_' ? '-' : c;
  return name;
}

v1::MemberList list_of_name(const std::string& name) {
  for (int n = v1::MemberList_MIN; n <= v1::MemberList_MAX; ++n) {
    if (list_name(static_cast<v1::MemberList>(n)) == name) return static_cast<v1::MemberList>(n);
  }
  return v1::MEMBER_LIST_UNSPECIFIED;
}

Exit print_lists(Call& call, std::span<const v1::MemberList> lists) {
  const std::string& team = call.arguments().team;
  const auto hub = call.hub();
  if (!hub.ok()) return call.fail(hub.error());
  if (team.empty() || !(*hub)->speaks_for(team)) return lists_of_operator(call, lists);
  Table table({"TEAM", "LIST", "CHILDREN", "AS OF", "STALE"});
  for (const auto list : lists) {
    v1::MembersChange look;
    look.set_team(team);
    look.set_list(list);
    const auto answer = send_list_change(call, look);
    if (!answer.ok()) return call.fail(answer.error());
    if (!call.terminal().tables()) {
      call.terminal().print(answer->report);
      continue;
    }
    add_row(table, team, list_name(list), std::to_string(answer->report.before()), answer->text,
            answer->report.problem());
  }
  if (!table.empty()) call.terminal().print(table);
  return Exit::kOk;
}

void note_stale_caseload(Call& call, const std::string& team) {
  v1::MembersChange look;
  look.set_team(team);
  look.set_list(v1::MEMBER_LIST_CASELOAD);
  const auto answer = send_list_change(call, look);
  if (!answer.ok() || answer->report.problem().empty()) return;
  call.terminal().complain("the caseload of " + team +
                           " is stale: " + plain(answer->report.problem()));
}

}  // namespace switchboard::cli
