// The hub's figures: /metrics and the live half of `status`. Labels never name a child.
// Thread: the loop (Prometheus reads its own copies).
#pragma once

#include <map>
#include <string>
#include <utility>

#include "broker/core/watch.h"
#include "broker/runtime/metrics.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::server {

class Gauges {
 public:
  explicit Gauges(Metrics& metrics);

  Counter accepted, duplicates, quarantined, refused, over_window, acts, commits, delivered,
      escalations;
  Gauge connections_cut, frames_dropped, keys_refused, sessions, free_bytes, recovering, position,
      openings, nudges_waiting, nudges_oldest, damaged, keys_expiring, keys_expired, read_only;
  Histogram commit_seconds, commit_items;

  // How many of the watchdogs' alarms stand, by what is silent: source, endpoint, probe.
  void show_silences(const std::vector<core::Watched>& watched);

  // What a key asked for and did not get, by who and why. True: the first of its sort.
  bool refuse(const std::string& principal, v1::Code code);

  // Per publishing principal, for `status`.
  v1::SourceStatus& source(const v1::PrincipalRow& who);
  const std::map<std::string, v1::SourceStatus>& sources() const { return sources_; }

 private:
  Metrics& metrics_;
  std::map<std::pair<std::string, v1::Code>, Counter> refusals_;
  std::map<std::string, Gauge, std::less<>> silences_;
  std::map<std::string, v1::SourceStatus> sources_;
};

}  // namespace switchboard::server
