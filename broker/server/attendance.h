// Which teams' systems are here, second by second, and which principals are connected: what the
// watchdogs go by beside the tables. Nothing of it outlives the process. Thread: the loop.
#pragma once

#include "broker/core/watch.h"
#include "broker/server/delivery.h"
#include "broker/server/session.h"

namespace switchboard::server {

class Attendance {
 public:
  // The hub listens from now on.
  void begin(Time now) { seen_.since = now; }
  void look(const Delivery& delivery, const Sessions& sessions, const core::Directory& directory,
            Time now);
  const core::Presence& seen() const { return seen_; }

 private:
  core::Presence seen_;
};

}  // namespace switchboard::server
