#include "tests/bench/case.h"

#include <algorithm>
#include <utility>

namespace switchboard::bench {

using support::Arguments;

Case::Case(Arguments& arguments, std::string name)
    : name_(std::move(name)),
      mode_(arguments.text("mode", "e2e")),
      teams_(static_cast<int>(arguments.number("teams", 1))),
      window_(static_cast<uint64_t>(arguments.number("window", 256))),
      events_(static_cast<uint64_t>(arguments.number("events", 100'000))),
      pack_(std::min(static_cast<uint64_t>(arguments.number("pack", 32)), window_)),
      server_(static_cast<pid_t>(arguments.number("pid", 0))) {}

void Case::start() {
  server_cpu_ = cpu_seconds(server_);
  own_cpu_ = own_cpu_seconds();
  flushes_ = disk_flushes();
  start_ns_ = now_ns();
}

void Case::print(Latencies confirms, Latencies deliveries) const {
  const double flushes = disk_flushes() - flushes_;
  const auto n = static_cast<double>(events_);
  const double hundred_thousands = n / 1e5;
  JsonLine line;
  line.add("case", name_).add("mode", mode_).add("teams", teams_);
  line.add("window", static_cast<double>(window_)).add("events", n);
  if (published_ns_ != 0)
    line.add("published_per_s", n / (static_cast<double>(published_ns_ - start_ns_) / 1e9));
  line.add("events_per_s", n / (static_cast<double>(finished_ns_ - start_ns_) / 1e9));
  if (!confirms.empty()) {
    line.add("confirm_p50_us", confirms.percentile_us(0.5));
    line.add("confirm_p99_us", confirms.percentile_us(0.99));
  }
  if (!deliveries.empty()) {
    line.add("deliver_p50_us", deliveries.percentile_us(0.5));
    line.add("deliver_p99_us", deliveries.percentile_us(0.99));
  }
  line.add("server_cpu_s_per_100k", (cpu_seconds(server_) - server_cpu_) / hundred_thousands);
  line.add("client_cpu_s_per_100k", (own_cpu_seconds() - own_cpu_) / hundred_thousands);
  line.add("server_peak_mb", peak_rss_mb(server_)).add("flushes", flushes);
  line.add("flushes_per_event", flushes / n).print();
}

}  // namespace switchboard::bench
