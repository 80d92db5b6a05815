#include "broker/server/gauges.h"

namespace switchboard::server {

Gauges::Gauges(Metrics& m)
    : accepted(m.counter("switchboard_events_accepted_total", "events accepted as new")),
      duplicates(m.counter("switchboard_events_duplicate_total", "resends of accepted events")),
      quarantined(m.counter("switchboard_events_quarantined_total", "items held in quarantine")),
      refused(m.counter("switchboard_events_refused_total", "items not taken")),
      over_window(m.counter("switchboard_frames_over_window_total",
                            "publishes beyond what a client may have on the way")),
      acts(m.counter("switchboard_acts_total", "acts of people recorded")),
      commits(m.counter("switchboard_commits_total", "batches written and synced")),
      delivered(m.counter("switchboard_entries_sent_total", "log entries sent to endpoints")),
      escalations(m.counter("switchboard_deadlines_passed_total", "deadlines that passed")),
      connections_cut(m.gauge("switchboard_connections_cut",
                              "cut since the start: too many of a key, own routing id, silent")),
      frames_dropped(m.gauge("switchboard_frames_dropped",
                             "dropped unread since the start: several parts, nobody's")),
      keys_refused(m.gauge("switchboard_keys_refused", "handshakes refused since the start")),
      sessions(m.gauge("switchboard_sessions", "clients connected")),
      free_bytes(m.gauge("switchboard_free_bytes", "free space of the store's file system")),
      recovering(m.gauge("switchboard_recovering", "1 while a lost tail is being recovered")),
      position(m.gauge("switchboard_position", "journal position")),
      openings(m.gauge("switchboard_openings", "times the store was opened")),
      nudges_waiting(m.gauge("switchboard_nudges_waiting", "taps outside the hub not sent yet")),
      nudges_oldest(m.gauge("switchboard_nudges_oldest_seconds", "age of the oldest of them")),
      damaged(m.gauge("switchboard_damaged_rows", "rows the disk gave back damaged")),
      keys_expiring(
          m.gauge("switchboard_keys_expiring", "keys in force whose last day is within 30 days")),
      keys_expired(
          m.gauge("switchboard_keys_expired", "keys past their last day that are not revoked")),
      read_only(m.gauge("switchboard_read_only", "1 while the hub takes nothing new: its disk")),
      commit_seconds(m.histogram("switchboard_commit_seconds", "write and sync of one batch",
                                 {0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1})),
      commit_items(m.histogram("switchboard_commit_positions", "journal positions in one batch",
                               {1, 4, 16, 64, 256, 1024})),
      metrics_(m) {
  for (const char* what : {"source", "endpoint", "probe"}) {
    silences_.emplace(what, m.gauge("switchboard_watch_alarms", "what should have been heard of",
                                    {{"what", what}}));
  }
}

bool Gauges::refuse(const std::string& principal, v1::Code code) {
  const auto at = std::make_pair(principal, code);
  const auto known = refusals_.find(at);
  if (known != refusals_.end()) {
    known->second.add();
    return false;
  }
  if (refusals_.size() >= Metrics::kSeriesMax) return false;
  const auto counter =
      metrics_.counter("switchboard_requests_refused_total", "what a key asked for and did not get",
                       {{"principal", principal}, {"code", v1::Code_Name(code)}});
  refusals_.emplace(at, counter).first->second.add();
  return true;
}

void Gauges::show_silences(const std::vector<core::Watched>& watched) {
  std::map<std::string_view, double> alarms;
  for (const auto& w : watched) {
    if (!w.row.alarm()) continue;
    const std::string_view what = w.row.what();
    ++alarms[what.substr(0, what.find(' '))];
  }
  for (auto& [what, gauge] : silences_) gauge.set(alarms[what]);
}

v1::SourceStatus& Gauges::source(const v1::PrincipalRow& who) {
  v1::SourceStatus& source = sources_[who.id()];
  source.set_principal(who.id());
  source.set_agency(who.agency());
  source.set_system(who.system());
  return source;
}

}  // namespace switchboard::server
