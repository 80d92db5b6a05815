// An adapter's own counts on their way to the hub (P10): the newest of each line until it was told.
//
// Owns: one AdapterLedger per (listener, bucket, day) that the hub has not answered for. The counts
// themselves are the adapter's, durable beside its outbox: after a restart it sets them again.
// Pure: frames go in and out as messages. Thread: the owner's. Fails: never; what the
// hub refuses is an outcome, and is not sent again until it is set again.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "broker/base/time.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::sdk {

class Ledgers {
 public:
  static constexpr size_t kLinesMax = 4096;  // untold lines; more are not taken

  // Replaces what was set for this line and not told yet. False: too many lines wait; set it again
  // later.
  bool set(v1::AdapterLedger line);
  // Nothing waits and nothing is on the way.
  bool idle() const { return waiting_.empty() && sent_.empty(); }

  // The hub's word on the lines of one frame.
  struct Outcome {
    std::vector<v1::AdapterLedger> lines;
    v1::Code code = v1::CODE_OK;  // OK: durable at the hub; else a definite refusal
    std::string text;
  };
  // Since the last call.
  std::vector<Outcome> take_outcomes() { return std::exchange(outcomes_, {}); }

  // ---- for the conversation ----
  // One frame is on the way at a time; after a retryable answer there is a pause.
  bool wants_to_send(Time now) const;
  std::optional<Time> wakes_at() const;
  v1::AdapterLedgers next(uint64_t request);  // under this request number
  // False: the page answers something else.
  bool answered(const v1::Page& page, Time now);
  // The session is gone, and the answer with it: what was sent waits again.
  void closed();

 private:
  using Line = std::tuple<std::string, int, std::string>;  // listener, bucket, day
  static Line line_of(const v1::AdapterLedger& ledger);
  std::map<Line, v1::AdapterLedger> waiting_;
  std::map<Line, v1::AdapterLedger> sent_;
  uint64_t request_ = 0;
  Time not_before_;
  std::vector<Outcome> outcomes_;
};

}  // namespace switchboard::sdk
