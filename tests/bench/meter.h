// What is measured and how: monotonic time, time stamp counter, CPU and memory of a process,
// flushes of the disks, percentiles, one JSON line per case. Linux only (/proc).
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::bench {

uint64_t now_ns();
// CPU seconds, user and system, of a live process; 0 if there is none.
double cpu_seconds(pid_t pid);
double own_cpu_seconds();
// Highest resident set so far, in MB.
double peak_rss_mb(pid_t pid);
// Flush requests all whole disks have completed: the evidence of who really syncs.
double disk_flushes();

// Samples in nanoseconds. One per thread, merged at the end.
class Latencies {
 public:
  void reserve(size_t n) { ns_.reserve(n); }
  void add(uint64_t ns) { ns_.push_back(ns > UINT32_MAX ? UINT32_MAX : static_cast<uint32_t>(ns)); }
  void merge(const Latencies& other);
  bool empty() const { return ns_.empty(); }
  // In microseconds; `share` is 0.5 for the median.
  double percentile_us(double share);

 private:
  std::vector<uint32_t> ns_;
};

class JsonLine {
 public:
  JsonLine& add(std::string_view name, std::string_view text);
  JsonLine& add(std::string_view name, double number);
  void print() const;

 private:
  std::string text_;
};

// Names of the parts of a hub's turn, in the order of a turn.
enum class Part : uint8_t {
  kReceive,
  kFrame,
  kHeader,
  kDigest,
  kDedupe,
  kSubject,
  kSeal,
  kRecord,
  kInbox,
  kIndex,
  kAudit,
  kWrite,
  kSync,
  kAccepted,
  kDeliver,
  kReceipts,
  kIdle,
  kCount
};
std::string_view name(Part part);

// Adds up where one thread's time goes: lap(part) charges the time since the last lap to `part`.
// Two reads of the time stamp counter per part and event cost about 20 ns each.
class Stopwatch {
 public:
  explicit Stopwatch(bool on) : on_(on) {}
  void start();
  void lap(Part part);
  // The sums are divided by `events`; what is 0 is left out.
  void print(std::string_view label, uint64_t events) const;

 private:
  bool on_;
  uint64_t begin_ticks_ = 0;
  uint64_t begin_ns_ = 0;
  uint64_t last_ = 0;
  std::array<uint64_t, static_cast<size_t>(Part::kCount)> ticks_{};
};

}  // namespace switchboard::bench
