// Words to the supervisor. Without systemd (no NOTIFY_SOCKET) every call does nothing.
#pragma once

#include <optional>
#include <string_view>

#include "broker/base/time.h"

namespace switchboard::systemd {

// Call once the sockets are bound and the store is open.
void ready(std::string_view status);
void status(std::string_view status);
void reloading();
void stopping(std::string_view status);
// Proof of a turning loop; only the loop calls it, so that a stuck loop is restarted.
void watchdog();
// How often watchdog() is due: half of the unit's WatchdogSec. Nothing when it is off.
std::optional<Duration> watchdog_period();

}  // namespace switchboard::systemd
