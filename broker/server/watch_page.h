// The watchdogs' page: what is silent, alarms first. Thread: the reader.
#pragma once

#include "broker/core/watch.h"
#include "broker/server/pages.h"

namespace switchboard::server {

// At most kWatchRowsMax rows (P11): what is left out is no alarm before an alarm is.
Result<v1::WatchRows> watch_rows(const View& view, const core::Presence& presence);

}  // namespace switchboard::server
