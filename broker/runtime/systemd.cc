#include "broker/runtime/systemd.h"

#include <systemd/sd-daemon.h>
#include <time.h>

#include <string>

namespace switchboard::systemd {
namespace {

constexpr int kKeepEnvironment = 0;

// A newline would begin another assignment of the protocol.
std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return out;
}

// What systemd answers changes nothing we would do.
void send(const std::string& state) { (void)sd_notify(kKeepEnvironment, state.c_str()); }

}  // namespace

void ready(std::string_view status) { send("READY=1\nSTATUS=" + one_line(status)); }

void status(std::string_view status) { send("STATUS=" + one_line(status)); }

void reloading() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  const int64_t now_us = int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1'000;
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now_us));
}

void stopping(std::string_view status) { send("STOPPING=1\nSTATUS=" + one_line(status)); }

void watchdog() { send("WATCHDOG=1"); }

std::optional<Duration> watchdog_period() {
  uint64_t us = 0;
  if (sd_watchdog_enabled(kKeepEnvironment, &us) <= 0) return std::nullopt;
  return Duration{static_cast<int64_t>(us / 2)};
}

}  // namespace switchboard::systemd
