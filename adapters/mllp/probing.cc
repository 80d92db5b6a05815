#include "adapters/mllp/probing.h"

#include "adapters/mllp/draft.h"

namespace switchboard::mllp {

std::optional<v1::EventHeader> probe_of(const ListenerSettings& listener, Time now) {
  if (listener.probe_teams.empty()) return std::nullopt;
  v1::EventHeader header;
  start_header(header, listener.mapping, listener.identity);
  const Hash hash = Hasher()
                        .add("switchboard probe 1")
                        .add(listener.identity.agency)
                        .add(listener.identity.system)
                        .add(listener.name)
                        .add(static_cast<uint64_t>(now.us))
                        .finish();
  header.set_event_id(std::string(make_id(now, hash).view()));
  header.set_id_origin(v1::ID_ORIGIN_CHOSEN);
  header.set_kind("probe");
  header.set_urgency(v1::URGENCY_ROUTINE);
  header.set_environment(v1::ENVIRONMENT_TEST);  // whatever the listener's: it alerts nobody
  header.mutable_occurred()->set_earliest_us(now.us);
  header.mutable_occurred()->set_latest_us((now + listener.probe_every).us);
  header.mutable_direct_to()->Add(listener.probe_teams.begin(), listener.probe_teams.end());
  return header;
}

void Probing::add(const ListenerSettings& listener) {
  if (!listener.probe_teams.empty()) schedules_.push_back({.listener = &listener});
}

Status Probing::look(Time now, int64_t boot_us) {
  if (!client_.session().open()) return ok();
  for (auto& schedule : schedules_) {
    if (boot_us < schedule.next_us) continue;
    schedule.next_us = boot_us + schedule.listener->probe_every.us;
    v1::Item item;
    item.set_header(probe_of(*schedule.listener, now)->SerializeAsString());
    const auto held = client_.publisher().append({&item, 1}, now);
    // No room: what sources say comes first, and the hub sees that no probe came.
    if (!held.ok() && held.error().code != v1::CODE_BUSY) return held.error();
  }
  return ok();
}

}  // namespace switchboard::mllp
