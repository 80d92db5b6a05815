// One loop: ask the hub what is owed, have it carried, tell the hub what became of it.
//
// What was carried is told until the hub has answered for it, also over new sessions, and is not
// carried again meanwhile. A crash in between carries it again, under the same ids. Thread: main's.
// Fails: run() only when the client cannot go on.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "adapters/sdk/client.h"
#include "broker/runtime/health.h"
#include "broker/runtime/metrics.h"
#include "broker/runtime/signals.h"
#include "services/nudge/courier.h"

namespace switchboard::nudge {

class Rounds {
 public:
  struct Parts {
    sdk::Client& client;
    Courier& courier;
    Signals& signals;
    Metrics& metrics;
    const Settings& settings;
    Health* health = nullptr;  // null: none is served
  };
  explicit Rounds(const Parts& parts);

  // Until SIGTERM or SIGINT. What is under way then is carried again by the next run.
  Status run();

 private:
  void ask();
  void hear_jobs();
  void carry(v1::NudgeJob job);
  void note(const Carried& carried);
  void report();
  void hear_report();
  void refused(const v1::Page& page);
  void show();

  Parts parts_;
  Time now_;
  std::map<std::string, v1::NudgeReport> untold_;  // by nudge id
  v1::NudgeReports telling_;
  std::optional<uint64_t> told_;  // requests under way
  std::optional<uint64_t> asked_;
  sdk::Timer pause_;  // before the hub is asked again
  Duration after_refusal_;
  std::string refusal_;                          // the hub's, until it serves us again
  std::map<v1::NudgeVia, std::string> failing_;  // why the last tap of that way was not sent
  Time open_seen_;
};

}  // namespace switchboard::nudge
