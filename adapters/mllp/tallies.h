// What the adapter counts, for /metrics. Labels are listeners' names and fixed words only.
//
// Per listener: read = published + quarantined + duplicate + out_of_scope + refused + full once all
// is settled (P10); the durable count is the ledger's (ledger.h).
// Thread: the source's (Prometheus reads its own copies). Fails: never.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "adapters/mllp/exchange.h"
#include "broker/runtime/metrics.h"

namespace switchboard::mllp {

class Tallies {
 public:
  Tallies(Metrics& metrics, const std::vector<std::string>& listeners);

  struct PerListener {
    Counter read;
    std::array<Counter, 6> ledger;   // by Exchange::Ledger
    std::array<Counter, 3> answers;  // by Verdict
    Counter unanswered;              // nothing asked for, or nobody there
    Counter own_custody;             // AA without the hub's word in time
    Counter turned_away;             // not an allowed peer
    Counter over_limit;              // more connections than allowed
    Counter over_peer_limit;         // … of one address
    Counter timed_out;
    Counter junk_bytes;
    Gauge connections;
    Counter& in(Exchange::Ledger row) { return ledger[static_cast<size_t>(row)]; }
    Counter& answered(Verdict verdict) { return answers[static_cast<size_t>(verdict)]; }
  };
  PerListener& at(size_t listener) { return per_listener_[listener]; }

  // One item's answer by the hub, each item once.
  void hub_said(v1::Code code);
  void alarm(const std::string& name, bool raised);

  Gauge outbox_items, outbox_bytes, outbox_refused, hub_open, ledger_untold;

 private:
  Metrics& metrics_;
  std::vector<PerListener> per_listener_;
};

const char* word(Exchange::Ledger row);
const char* word(Verdict verdict);

}  // namespace switchboard::mllp
