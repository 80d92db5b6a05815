// What the server counts: requests by route, seconds, connections, streams.
//
// By the route's pattern, never by a path: a path may name a child. All series are made at open, on
// the owner's thread. Thread: open from the owner's, then any. Fails: not at all.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "broker/runtime/metrics.h"

namespace switchboard::gateway {

class HttpTallies {
 public:
  // `routes`: "GET /api/session", as Router::paths() has them.
  HttpTallies(Metrics& metrics, const std::vector<std::string>& routes);

  // `route` as `routes` has it; any other is counted as "other unknown".
  void answered(const std::string& route, unsigned status, double within_s);

  Gauge connections, streams;
  Counter streams_cut;  // a browser that did not read, or not fast enough
  Counter unanswered;   // requests that nobody answered, or not in time

 private:
  void add(Metrics& metrics, const std::string& route);
  using ByClass = std::map<unsigned, Counter>;  // 2 for 2xx
  std::map<std::string, ByClass, std::less<>> requests_;
  Histogram seconds_;
};

}  // namespace switchboard::gateway
