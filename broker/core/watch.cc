#include "broker/core/watch.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/deadline.h"
#include "broker/core/in_force.h"
#include "broker/store/entry.h"
#include "broker/store/ledger_rows.h"
#include "broker/store/probe_rows.h"

namespace switchboard::core {
namespace {

constexpr int32_t kMorning = 8 * 3600;
constexpr int32_t kEvening = 20 * 3600;

bool has_role(const v1::PrincipalRow& who, v1::Role role) {
  return std::find(who.roles().begin(), who.roles().end(), role) != who.roles().end();
}

std::string in_minutes(Duration d) { return std::to_string(d.us / 60'000'000) + " min"; }

// ---- sources ---------------------------------------------------------------------------------

using Heard = std::map<std::string, int64_t, std::less<>>;  // principal -> when

void hear(Heard& heard, const std::string& principal, int64_t at_us) {
  int64_t& last = heard[principal];
  last = std::max(last, at_us);
}

// By what every commit of an item, and every count that an adapter tells, leaves behind. A count of
// nothing read is the adapter's word, not the source's.
Result<Heard> last_heard(const store::Reads& reads, Time now) {
  Heard heard;
  TRY(const auto outboxes, store::read_outboxes(reads));
  for (const auto& outbox : outboxes) {
    hear(heard, outbox.record.principal(), outbox.record.counted_us());
  }
  const Day today = london_day(now);
  TRY(const auto told, store::read_adapter_ledgers(reads, today + -1, today));
  for (const auto& line : told) {
    if (line.ledger().read() > 0) hear(heard, line.principal(), line.told_us());
  }
  return heard;
}

// When the commit of a directory row was.
Result<int64_t> time_of(const store::Reads& reads, uint64_t position) {
  const auto rows = reads.scan_back(kv::Family::kAudit, "", store::key::position(position + 1));
  TRY_DO(rows->status());
  if (!rows->valid()) return int64_t{0};
  v1::AuditBlock block;
  const auto value = rows->value();
  if (!block.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return error(v1::CODE_INTERNAL, "corrupt audit block");
  }
  return block.time_us();
}

std::string why_silent(bool heard, bool connected, const v1::PrincipalRow& who) {
  std::string why = heard ? "silent beyond its norm" : "never heard since it was enrolled";
  why += "; key " + who.id();
  why += connected ? " is connected: look at the system that feeds it"
                   : " is not connected: look at the adapter and the line";
  return why;
}

// It cannot speak from then on, whatever its norm is: nobody waits until that has passed.
void see_expired(const v1::PrincipalRow& who, Time end, Watched& w) {
  w.silent_since_us = end.us;
  w.row.set_expected_us(end.us);
  w.row.set_alarm(true);
  w.row.set_why("key " + who.id() + " has expired, its last day was " + who.expires() +
                ": renew it, or revoke it if the source is gone (runbook keys)");
}

struct Eyes {
  const store::Reads& reads;
  const Directory& directory;
  const Presence& presence;
  Time now;
  std::vector<Watched>& out;
};

Status see_source(const Eyes& eyes, const Heard& heard, const Versioned<v1::PrincipalRow>& who) {
  const auto& row = who.row;
  const auto state = key_state(row, eyes.now);
  if (state == KeyState::kRevoked || !has_role(row, v1::ROLE_PUBLISHER)) return ok();
  Watched& w = eyes.out.emplace_back();
  w.row.set_what("source " + row.agency() + "/" + row.system());
  w.principal = row.id();
  const auto at = heard.find(row.id());
  const bool spoke = at != heard.end() && at->second > 0;
  if (spoke) w.row.set_last_us(at->second);
  w.silent_since_us = w.row.last_us();
  if (state == KeyState::kExpired) {
    see_expired(row, *key_end(row), w);
    return ok();
  }
  if (row.quiet_after_s() == 0) {
    w.row.set_why("key " + row.id() + " states no norm (quiet_after_s)");
    return ok();
  }
  if (!spoke) {
    TRY(w.silent_since_us, time_of(eyes.reads, who.version));
  }
  const auto by = expected_by({w.silent_since_us}, seconds(row.quiet_after_s()),
                              seconds(row.quiet_after_night_s()));
  // A hub that was off hears everybody anew.
  const Time expected = std::max(*by, eyes.presence.since + Duration{limits::kHeardAnewUs});
  w.row.set_expected_us(expected.us);
  w.row.set_alarm(eyes.now >= expected);
  const bool connected = eyes.presence.connected.contains(row.id());
  w.row.set_why(w.row.alarm() ? why_silent(spoke, connected, row) : "key " + row.id());
  return ok();
}

// ---- endpoints -------------------------------------------------------------------------------

// How far the systems of a team have read its inbox, and when one last said so.
struct Read {
  bool ever = false;
  uint64_t through = 0;
  int64_t at_us = 0;
};

std::map<store::TeamHandle, Read> how_far(const std::vector<store::Cursor>& cursors) {
  std::map<store::TeamHandle, Read> all;
  for (const auto& cursor : cursors) {
    if (cursor.log.log != store::Log::kInbox) continue;
    Read& read = all[cursor.log.team];
    read.ever = true;
    read.through = std::max(read.through, cursor.record.through());
    read.at_us = std::max(read.at_us, cursor.record.at_us());
  }
  return all;
}

// When the entry came; 0: it does not say.
Result<int64_t> came_at(const store::Reads& reads, store::LogId log, uint64_t number) {
  TRY(const auto entry, store::read_entry(reads, log, number));
  if (!entry) return int64_t{0};
  if (entry->type == v1::ENTRY_TYPE_CHANGE) return entry->change.at_us();
  if (entry->type != v1::ENTRY_TYPE_DELIVERY) return int64_t{0};
  TRY(const auto recipients, store::read_recipients(reads, entry->position));
  for (const auto& r : recipients) {
    if (r.team_handle() == log.team && r.number() == number) return r.added_us();
  }
  return int64_t{0};
}

// The best of the keys that a team's systems have; absent: none is enrolled.
std::map<std::string_view, KeyState> keys_of_teams(const Directory& directory, Time now) {
  std::map<std::string_view, KeyState> best;
  for (const auto& [id, who] : directory.principals()) {
    const auto state = key_state(who.row, now);
    if (state == KeyState::kRevoked || !has_role(who.row, v1::ROLE_ENDPOINT)) continue;
    for (const auto& team : who.row.teams()) {
      const auto known = best.emplace(team, state).first;
      if (state == KeyState::kInForce) known->second = state;
    }
  }
  return best;
}

bool has_inbox(const v1::Team& team) {
  if (team.closed() || team.environment() == v1::ENVIRONMENT_TEST) return false;
  return team.reach() == v1::REACH_UNSPECIFIED || team.reach() == v1::REACH_INBOX;
}

struct Waiting {
  uint64_t entries = 0;
  int64_t since_us = 0;  // the first of them came; 0: not known, or there is none
};
Result<Waiting> waiting_for(const Eyes& eyes, const v1::Team& team, const Read& read) {
  const store::LogId log{team.handle(), store::Log::kInbox};
  TRY(const uint64_t head, store::read_log_head(eyes.reads, log));
  if (head <= read.through) return Waiting{};
  TRY(const int64_t since_us, came_at(eyes.reads, log, read.through + 1));
  return Waiting{head - read.through, since_us};
}

std::string why_away(const Presence::Systems& systems, const Read& read, const Waiting& waiting,
                     KeyState key) {
  std::string why = key == KeyState::kRevoked   ? "no system of it is enrolled"
                    : key == KeyState::kExpired ? "the key of its system has expired (runbook keys)"
                    : systems.attached          ? "connected, and takes nothing"
                    : read.ever                 ? "away in staffed hours"
                                                : "has never connected";
  if (waiting.entries > 0) why += "; " + std::to_string(waiting.entries) + " entries wait";
  return why;
}

// Since when it should have been there: nothing if it is, or need not be.
std::optional<Time> away_since(const Presence& presence, const Presence::Systems& systems,
                               const Read& read, const Waiting& waiting) {
  const Time came{waiting.since_us};
  if (systems.attached) {
    if (came.us == 0) return std::nullopt;
    return std::max({came, Time{read.at_us}, presence.since});
  }
  if (read.ever) return std::max({systems.last, Time{read.at_us}, presence.since});
  if (waiting.entries == 0) return std::nullopt;
  return std::max(came, presence.since);
}

Status see_endpoint(const Eyes& eyes, const v1::Team& team, const Read& read, KeyState key) {
  if (!has_inbox(team)) return ok();
  const auto known = eyes.presence.teams.find(team.handle());
  const auto systems = known == eyes.presence.teams.end() ? Presence::Systems{} : known->second;
  TRY(const auto waiting, waiting_for(eyes, team, read));
  Watched& w = eyes.out.emplace_back();
  w.row.set_what("endpoint " + team.id());
  w.row.set_team(team.id());
  w.row.set_last_us(std::max(systems.last.us, read.at_us));
  w.silent_since_us = read.at_us;
  if (const auto since = away_since(eyes.presence, systems, read, waiting)) {
    const Staffing& staffing = eyes.directory.staffing(team);
    const Time expected = staffing.add(*since, Duration{limits::kEndpointAwayUsMax});
    w.row.set_expected_us(expected.us);
    w.row.set_alarm(eyes.now >= expected && staffing.staffed(eyes.now));
  }
  w.row.set_why(w.row.alarm()      ? why_away(systems, read, waiting, key)
                : systems.attached ? "connected"
                : read.ever        ? "not connected"
                                   : "has never connected");
  return ok();
}

// ---- probes ----------------------------------------------------------------------------------

// How often its sender means to send it: the range that the probe says it stands for. 0: once.
Result<Duration> interval_of(const store::Reads& reads, const v1::ProbeRecord& probe) {
  TRY(const auto event, store::read_event(reads, probe.position()));
  if (!event) return Duration{};
  return Duration{event->occurred_latest_us() - event->occurred_earliest_us()};
}

Status see_probe(const Eyes& eyes, const store::ProbeRow& probe) {
  const v1::Team* team = eyes.directory.team(probe.team);
  if (team == nullptr || team->closed()) return ok();
  const auto& record = probe.record;
  const bool proven = record.proven_position() >= record.position();
  TRY(const Duration every, interval_of(eyes.reads, record));
  Watched& w = eyes.out.emplace_back();
  w.row.set_what("probe " + record.agency() + "/" + record.system() + " > " + team->id());
  w.row.set_team(team->id());
  if (record.proven_position() > 0) w.row.set_last_us(record.proven_us());
  // One that is sent once is waited for once; of others each proof starts the wait for the next.
  w.silent_since_us = every.us == 0 ? record.sent_us() : record.proven_us();
  if (every.us == 0 && proven) {
    w.row.set_why("proven; sent once");
    return ok();
  }
  const Duration within{std::max(2 * every.us, limits::kProbeUsMin)};
  const Time since = std::max(Time{w.silent_since_us}, eyes.presence.since);
  const Time expected = eyes.directory.staffing(*team).add(since, within);
  w.row.set_expected_us(expected.us);
  w.row.set_alarm(eyes.now >= expected);
  w.row.set_why(!w.row.alarm() ? (proven ? "proven" : "on its way")
                : proven       ? "no probe came for " + in_minutes(within) + ": look at its sender"
                               : "sent, and no system of the team has stored it");
  return ok();
}

Id silence_id(const Watched& watched) {
  return make_id({0}, Hasher()
                          .add("switchboard silence 1")
                          .add(watched.row.what())
                          .add(static_cast<uint64_t>(watched.silent_since_us))
                          .finish());
}

}  // namespace

std::optional<Time> expected_by(Time last, Duration by_day, Duration by_night) {
  if (by_day.us == 0) return std::nullopt;
  if (by_night.us == 0) return last + by_day;
  const auto [day, second, summer] = to_london(last);
  const bool night = second < kMorning || second >= kEvening;
  if (!night) {
    const Time evening = from_london(day, kEvening);
    if (last + by_day <= evening) return last + by_day;
    last = std::max(last, evening - by_night);  // the evening is the earliest
  }
  const Day next = night && second < kMorning ? day : day + 1;
  const Time morning = from_london(next, kMorning);
  const Time by = last + by_night;
  return by <= morning ? by : std::min(by, morning + by_day);
}

Result<std::vector<Watched>> watch(const store::Reads& reads, const Directory& directory,
                                   const Presence& presence, Time now) {
  std::vector<Watched> out;
  const Eyes eyes{reads, directory, presence, now, out};
  TRY(const auto heard, last_heard(reads, now));
  for (const auto& [id, who] : directory.principals()) TRY_DO(see_source(eyes, heard, who));
  TRY(const auto cursors, store::read_cursors(reads));
  auto read = how_far(cursors);
  const auto keys = keys_of_teams(directory, now);
  for (const auto& [id, team] : directory.teams()) {
    const auto key = keys.find(id);
    TRY_DO(see_endpoint(eyes, team.row, read[team.row.handle()],
                        key == keys.end() ? KeyState::kRevoked : key->second));
  }
  TRY(const auto probes, store::read_probes(reads));
  for (const auto& probe : probes) TRY_DO(see_probe(eyes, probe));
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::pair(!a.row.alarm(), a.row.what()) < std::pair(!b.row.alarm(), b.row.what());
  });
  return out;
}

void begin_silences(Turn& turn, std::vector<Watched>& watched) {
  size_t room = limits::kTicksPerTurnMax;
  for (auto& w : watched) {
    if (!w.row.alarm() || room == 0) continue;
    const Id id = silence_id(w);
    if (store::escalated(turn.journal, id)) continue;
    v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_ESCALATED);
    entry.set_team(w.row.team());
    entry.set_text("silence: " + w.row.what() + ": " + w.row.why());
    store::write_escalated(turn.journal, id, entry.position());
    w.begun = true;
    --room;
  }
}

}  // namespace switchboard::core
