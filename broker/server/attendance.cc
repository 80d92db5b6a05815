#include "broker/server/attendance.h"

namespace switchboard::server {

void Attendance::look(const Delivery& delivery, const Sessions& sessions,
                      const core::Directory& directory, Time now) {
  for (const auto& [id, team] : directory.teams()) {
    auto& systems = seen_.teams[team.row.handle()];
    systems.attached = delivery.attached({team.row.handle(), store::Log::kInbox}) > 0;
    if (systems.attached) systems.last = now;
  }
  seen_.connected.clear();
  for (const auto& [address, session] : sessions.all()) seen_.connected.insert(session.principal);
}

}  // namespace switchboard::server
