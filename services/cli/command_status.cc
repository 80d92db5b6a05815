#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/render_keys.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

Colour alarm(uint64_t n) { return n == 0 ? Colour::kNone : Colour::kRed; }

std::string head_text(Terminal& terminal, const v1::Status& s, Time now) {
  const bool open = s.mode() == "open";
  std::string out = terminal.emphasis(plain(s.hub()), Colour::kBold) + "  " +
                    terminal.emphasis(plain(s.mode()), open ? Colour::kGreen : Colour::kRed);
  if (!s.why().empty()) out += ": " + plain(s.why());
  if (s.started_us() != 0) out += ", up " + span(now - Time{s.started_us()});
  out += "\nposition " + std::to_string(s.promise().position()) + ", " +
         count(s.events(), "event", "events") + ", opened " + count(s.openings(), "time", "times") +
         "\n";
  out += terminal.emphasis(
             std::to_string(s.open_act()) + " open, " + std::to_string(s.overdue()) + " overdue",
             s.overdue() > 0 ? Colour::kRed : Colour::kNone) +
         ", " + std::to_string(s.unrouted()) + " unrouted, " +
         std::to_string(s.quarantined_open()) + " in quarantine\n";
  out +=
      size(s.free_bytes()) + " free, new work is refused below " + size(s.free_mark_bytes()) + "\n";
  if (s.clock_frozen()) {
    out += terminal.emphasis(
        "the clock was stepped: deadlines are frozen until `hub accept-clock`\n", Colour::kRed);
  }
  for (const auto& key : s.expiring()) {
    out += terminal.emphasis(expiring_line(key, now) + "\n",
                             key.expired() ? Colour::kRed : Colour::kYellow);
  }
  for (const auto& loss : s.losses()) {
    out += terminal.emphasis("lost tail: positions " + std::to_string(loss.lost_after() + 1) +
                                 " to " + std::to_string(loss.lost_through()) + ", found " +
                                 at(loss.detected_us()) +
                                 (loss.recovering() ? ", recovering" : "") + "\n",
                             Colour::kRed);
  }
  return out;
}

Table teams_table(const v1::Status& s, Time now) {
  const auto right = Table::Align::kRight;
  Table table({"TEAM",
               "NAME",
               {"HEAD", right},
               {"BEHIND", right},
               {"OPEN", right},
               {"OVERDUE", right},
               {"PARKED", right},
               "OLDEST OPEN",
               {"ENDPOINTS", right}});
  for (const auto& t : s.teams()) {
    const uint64_t behind = t.head() > t.received() ? t.head() - t.received() : 0;
    table.add({t.team(),
               t.name(),
               std::to_string(t.head()),
               {std::to_string(behind), behind == 0 ? Colour::kNone : Colour::kYellow},
               std::to_string(t.open_act()),
               {std::to_string(t.overdue()), alarm(t.overdue())},
               {std::to_string(t.parked()), alarm(t.parked())},
               from_now(t.oldest_open_us(), now),
               {std::to_string(t.endpoints_connected()),
                t.endpoints_connected() == 0 ? Colour::kYellow : Colour::kNone}});
  }
  return table;
}

Table sources_table(const v1::Status& s, Time now) {
  const auto right = Table::Align::kRight;
  Table table({"SOURCE",
               "AGENCY",
               "SYSTEM",
               "CONNECTED",
               "LAST SEEN",
               {"ACCEPTED", right},
               {"QUARANTINED", right}});
  for (const auto& source : s.sources()) {
    table.add(
        {source.principal(),
         source.agency(),
         source.system(),
         {source.connected() ? "yes" : "no", source.connected() ? Colour::kGreen : Colour::kYellow},
         from_now(source.last_seen_us(), now),
         std::to_string(source.accepted()),
         {std::to_string(source.quarantined()), alarm(source.quarantined())}});
  }
  return table;
}

constexpr Duration kNudgeLate = seconds(120);
constexpr Duration kNudgeRecent = seconds(24 * 3600);

// Somebody is to be told outside the hub and is not: an alarm. A hub that does not know the
// question has none.
std::string nudges_alarm(Call& call, Time now) {
  v1::AdminRequest request;
  request.mutable_nudges();
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return {};
  uint64_t late = 0;
  uint64_t failed = 0;
  for (const auto& row : reply->nudges().rows()) {
    const Duration age = now - Time{row.at_us()};
    late += row.state() == v1::NUDGE_STATE_WAITING && age > kNudgeLate;
    failed += row.state() == v1::NUDGE_STATE_FAILED && age < kNudgeRecent;
  }
  if (late + failed == 0) return {};
  return "nudges: " + std::to_string(late) + " not sent yet, " + std::to_string(failed) +
         " failed within a day: somebody may not know\n";
}

// An alarm of each list that is too old to be relied on.
void say_stale_lists(Call& call) {
  v1::AdminRequest request;
  request.mutable_members();
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return;
  for (const auto& row : reply->watch().rows()) {
    if (!row.alarm()) continue;
    call.terminal().complain("the list " + plain(row.what()) + " of " + plain(row.team()) +
                             " is stale: " + plain(row.why()));
  }
}

// First, as it is what nobody else will say. A hub that does not know the question keeps quiet.
std::string silence_text(Call& call) {
  v1::AdminRequest request;
  request.mutable_watch();
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return {};
  uint64_t alarms = 0;
  std::string first;
  for (const auto& row : reply->watch().rows()) {
    if (!row.alarm()) continue;
    if (alarms++ == 0) first = row.what();
  }
  if (alarms == 0) return {};
  call.terminal().next(call.command("watch --alarms"));
  return call.terminal().emphasis(count(alarms, "silence alarm", "silence alarms") + ": " +
                                      plain(first) + (alarms > 1 ? " and others" : "") + "\n",
                                  Colour::kRed);
}

Exit status(Call& call) {
  v1::AdminRequest request;
  request.mutable_status();
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  const v1::Status& s = reply->status();
  Terminal& terminal = call.terminal();
  if (!terminal.tables()) {
    terminal.print(s);
    return Exit::kOk;
  }
  const Time now = s.now_us() == 0 ? call.now() : Time{s.now_us()};
  const std::string nudges = nudges_alarm(call, now);
  terminal.print(silence_text(call) + head_text(terminal, s, now));
  if (!nudges.empty()) terminal.print(terminal.emphasis(nudges, Colour::kRed));
  if (s.teams_size() > 0) terminal.print("\n" + teams_table(s, now).text(terminal.style()));
  if (s.sources_size() > 0) terminal.print("\n" + sources_table(s, now).text(terminal.style()));
  say_stale_lists(call);
  if (s.quarantined_open() > 0) terminal.next(call.command("quarantine ls"));
  if (!nudges.empty()) terminal.next(call.command("nudge ls"));
  if (s.unrouted() > 0) terminal.next(call.command("unrouted ls"));
  if (s.expiring_size() > 0) terminal.next(call.command("key ls"));
  for (const auto& team : s.teams()) {
    if (team.parked() > 0) terminal.next(call.command("parked ls --team " + plain(team.team())));
  }
  return Exit::kOk;
}

Exit version(Call& call) {
  call.terminal().print("switchboard " SWITCHBOARD_VERSION "\n");
  return Exit::kOk;
}

}  // namespace

void add_status(Menu& menu) {
  menu.add({.name = "status",
            .meaning = "how the hub, its teams and its sources are",
            .examples = "switchboard status\nswitchboard status --format json",
            .run = status});
  menu.add({.name = "version",
            .meaning = "the version of this program",
            .examples = "switchboard version",
            .run = version});
}

}  // namespace switchboard::cli
