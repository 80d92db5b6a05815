#include "broker/server/key_dates.h"

#include <algorithm>

#include "broker/core/key_expiry.h"
#include "broker/runtime/log.h"

namespace switchboard::server {

void KeyDates::look(const core::Directory& directory, Time now) {
  next_ = core::next_key_end(directory, now).value_or(Time{INT64_MAX});
  const auto keys = core::expiring_keys(directory, now);
  const auto expired =
      std::count_if(keys.begin(), keys.end(), [](const auto& key) { return key.expired(); });
  gauges_.keys_expired.set(static_cast<double>(expired));
  gauges_.keys_expiring.set(static_cast<double>(keys.size()) - static_cast<double>(expired));
}

void KeyDates::remind(const core::Directory& directory, Time now) {
  const Day today = london_day(now);
  if (reminded_ == today) return;
  reminded_ = today;
  look(directory, now);  // another day, another thirty
  for (const auto& key : core::expiring_keys(directory, now)) {
    log::warn(key.expired() ? "a key has expired and is not taken: renew or revoke it"
                            : "a key expires soon: renew it",
              {{"principal", key.principal()}, {"last_day", key.expires()}});
  }
  if (const auto words = core::lock_out(directory, now); !words.empty()) {
    log::error("alarm: the hub is about to lock its administrators out", {{"why", words}});
  }
}

}  // namespace switchboard::server
