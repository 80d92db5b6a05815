#include "tests/bench/meter.h"

#include <sys/resource.h>
#include <unistd.h>
#include <x86intrin.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>

namespace switchboard::bench {

uint64_t now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(t.tv_nsec);
}

double cpu_seconds(pid_t pid) {
  if (pid <= 0) return 0;
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const size_t end_of_name = line.rfind(')');
  if (end_of_name == std::string::npos) return 0;
  std::istringstream rest(line.substr(end_of_name + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) rest >> skipped;  // fields 3 to 13
  double user = 0;
  double system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double own_cpu_seconds() {
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

double peak_rss_mb(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid > 0 ? pid : getpid()) + "/status");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

static bool is_whole_disk(const std::string& disk) {
  if (disk.starts_with("loop") || disk.starts_with("dm-") || disk.starts_with("ram")) return false;
  if (disk.starts_with("nvme")) return disk.find('p') == std::string::npos;
  return !(disk.back() >= '0' && disk.back() <= '9');
}

double disk_flushes() {
  std::ifstream file("/proc/diskstats");
  std::string line;
  double sum = 0;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string major, minor, disk;
    fields >> major >> minor >> disk;
    if (!is_whole_disk(disk)) continue;
    double value = 0;
    for (int i = 4; i <= 19 && fields >> value; ++i) {
      if (i == 19) sum += value;  // flush requests completed (Documentation/admin-guide/iostats)
    }
  }
  return sum;
}

void Latencies::merge(const Latencies& other) {
  ns_.insert(ns_.end(), other.ns_.begin(), other.ns_.end());
}

double Latencies::percentile_us(double share) {
  if (ns_.empty()) return 0;
  const size_t at =
      std::min(ns_.size() - 1, static_cast<size_t>(share * static_cast<double>(ns_.size())));
  const auto nth = ns_.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(ns_.begin(), nth, ns_.end());
  return *nth / 1000.0;
}

JsonLine& JsonLine::add(std::string_view name, std::string_view text) {
  text_ += text_.empty() ? "{" : ",";
  text_.append("\"").append(name).append("\":\"").append(text).append("\"");
  return *this;
}
JsonLine& JsonLine::add(std::string_view name, double number) {
  char shown[64];
  std::snprintf(shown, sizeof shown, number >= 1000 ? "%.0f" : "%.5g", number);
  text_ += text_.empty() ? "{" : ",";
  text_.append("\"").append(name).append("\":").append(shown);
  return *this;
}
void JsonLine::print() const {
  std::printf("%s}\n", text_.c_str());
  std::fflush(stdout);
}

std::string_view name(Part part) {
  static constexpr std::array<std::string_view, static_cast<size_t>(Part::kCount)> kNames = {
      "receive", "frame", "header", "digest", "dedupe",   "subject", "seal",     "record", "inbox",
      "index",   "audit", "write",  "sync",   "accepted", "deliver", "receipts", "idle"};
  return kNames[static_cast<size_t>(part)];
}

void Stopwatch::start() {
  if (!on_) return;
  ticks_.fill(0);
  begin_ns_ = now_ns();
  begin_ticks_ = last_ = __rdtsc();
}
void Stopwatch::lap(Part part) {
  if (!on_) return;
  const uint64_t now = __rdtsc();
  ticks_[static_cast<size_t>(part)] += now - last_;
  last_ = now;
}
void Stopwatch::print(std::string_view label, uint64_t events) const {
  if (!on_ || events == 0) return;
  const double us_per_tick = static_cast<double>(now_ns() - begin_ns_) / 1000.0 /
                             static_cast<double>(__rdtsc() - begin_ticks_);
  JsonLine line;
  line.add("case", label).add("events", static_cast<double>(events));
  double busy = 0;
  for (size_t i = 0; i < ticks_.size(); ++i) {
    if (ticks_[i] == 0) continue;
    const double us = static_cast<double>(ticks_[i]) * us_per_tick / static_cast<double>(events);
    line.add(std::string(name(static_cast<Part>(i))) + "_us", us);
    if (static_cast<Part>(i) != Part::kIdle) busy += us;
  }
  line.add("busy_us", busy).print();
}

}  // namespace switchboard::bench
