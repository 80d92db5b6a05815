// End-to-end probes on a schedule: an event that is about nobody, flagged test, to the teams that a
// listener names, so that the hub can say when the way to each was last proven.
//
// Goes through the outbox like any event, but only while there is a session: a probe that waited
// proves nothing. Counted in no ledger, on either side. Thread: the source's. Fails: with the
// outbox's store only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "adapters/mllp/settings.h"
#include "adapters/sdk/client.h"

namespace switchboard::mllp {

// The probe of a listener; nothing if it names no teams. It stands for the time until the next.
std::optional<v1::EventHeader> probe_of(const ListenerSettings& listener, Time now);

class Probing {
 public:
  explicit Probing(sdk::Client& client) : client_(client) {}
  void add(const ListenerSettings& listener);
  Status look(Time now, int64_t boot_us);

 private:
  struct Schedule {
    const ListenerSettings* listener = nullptr;  // outlives this
    int64_t next_us = 0;                         // boot time
  };
  sdk::Client& client_;
  std::vector<Schedule> schedules_;
};

}  // namespace switchboard::mllp
