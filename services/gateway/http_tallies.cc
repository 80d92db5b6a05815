#include "services/gateway/http_tallies.h"

namespace switchboard::gateway {
namespace {

constexpr const char* kOther = "other unknown";
constexpr unsigned kLeast = 2, kMost = 5;  // 2xx to 5xx: all that is ever answered

const std::vector<double> kBounds{0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20};

}  // namespace

HttpTallies::HttpTallies(Metrics& metrics, const std::vector<std::string>& routes)
    : connections(metrics.gauge("switchboard_gateway_connections", "open connections of browsers")),
      streams(metrics.gauge("switchboard_gateway_streams", "live pages")),
      streams_cut(metrics.counter("switchboard_gateway_streams_cut_total",
                                  "live pages cut because the browser did not read")),
      unanswered(metrics.counter("switchboard_gateway_unanswered_total",
                                 "requests that nothing answered, or not in time")),
      seconds_(metrics.histogram("switchboard_gateway_request_seconds",
                                 "from the whole request to its answer", kBounds)) {
  for (const std::string& route : routes) add(metrics, route);
  for (const char* route : {"GET pages", kOther}) add(metrics, route);
}

void HttpTallies::add(Metrics& metrics, const std::string& route) {
  const size_t space = route.find(' ');
  ByClass& series = requests_[route];
  for (unsigned status = kLeast; status <= kMost; ++status) {
    series.emplace(status,
                   metrics.counter("switchboard_gateway_requests_total", "requests answered",
                                   {{"method", route.substr(0, space)},
                                    {"route", route.substr(space + 1)},
                                    {"status", std::to_string(status) + "xx"}}));
  }
}

void HttpTallies::answered(const std::string& route, unsigned status, double within_s) {
  auto at = requests_.find(route);
  if (at == requests_.end()) at = requests_.find(kOther);
  const auto series = at->second.find(status / 100);
  if (series != at->second.end()) series->second.add();
  seconds_.observe(within_s);
}

}  // namespace switchboard::gateway
