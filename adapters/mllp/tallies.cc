#include "adapters/mllp/tallies.h"

namespace switchboard::mllp {
namespace {

using Ledger = Exchange::Ledger;

template <typename T>
Counter by_word(Metrics& metrics, const char* name, const char* help, const std::string& listener,
                const char* label, T value) {
  return metrics.counter(name, help, {{"listener", listener}, {label, word(value)}});
}

Counter ledger(Metrics& m, const std::string& listener, Ledger row) {
  return by_word(m, "switchboard_mllp_messages_total",
                 "messages by what became of them; the sum is what was read", listener, "outcome",
                 row);
}
Counter answers(Metrics& m, const std::string& listener, Verdict verdict) {
  return by_word(m, "switchboard_mllp_answers_total", "acknowledgements sent", listener, "code",
                 verdict);
}

Tallies::PerListener make(Metrics& m, const std::string& name) {
  const Metrics::Labels at{{"listener", name}};
  return {.read = m.counter("switchboard_mllp_frames_read_total",
                            "messages read; a batch is as many as it holds", at),
          .ledger = {ledger(m, name, Ledger::kPublished), ledger(m, name, Ledger::kQuarantined),
                     ledger(m, name, Ledger::kDuplicate), ledger(m, name, Ledger::kOutOfScope),
                     ledger(m, name, Ledger::kRefused), ledger(m, name, Ledger::kFull)},
          .answers = {answers(m, name, Verdict::kAccept), answers(m, name, Verdict::kError),
                      answers(m, name, Verdict::kReject)},
          .unanswered = m.counter("switchboard_mllp_unanswered_total",
                                  "frames without an answer: none asked for, or nobody there", at),
          .own_custody = m.counter("switchboard_mllp_own_custody_total",
                                   "answered before the hub's word came", at),
          .turned_away = m.counter("switchboard_mllp_turned_away_total",
                                   "connections of peers that are not allowed", at),
          .over_limit = m.counter("switchboard_mllp_over_limit_total",
                                  "connections closed: connections_max are open", at),
          .over_peer_limit = m.counter("switchboard_mllp_over_peer_limit_total",
                                       "connections closed: this address has its share", at),
          .timed_out = m.counter("switchboard_mllp_timed_out_total",
                                 "connections closed: too slow, or silent too long", at),
          .junk_bytes = m.counter("switchboard_mllp_junk_bytes_total",
                                  "bytes outside any frame, ignored", at),
          .connections = m.gauge("switchboard_mllp_connections", "open connections", at)};
}

}  // namespace

const char* word(Ledger row) {
  switch (row) {
    case Ledger::kPublished:
      return "published";
    case Ledger::kQuarantined:
      return "quarantined";
    case Ledger::kDuplicate:
      return "duplicate";
    case Ledger::kOutOfScope:
      return "out_of_scope";
    case Ledger::kRefused:
      return "refused";
    case Ledger::kFull:
      return "full";
  }
  return "";
}

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccept:
      return "AA";
    case Verdict::kError:
      return "AE";
    case Verdict::kReject:
      return "AR";
  }
  return "";
}

Tallies::Tallies(Metrics& metrics, const std::vector<std::string>& listeners)
    : outbox_items(
          metrics.gauge("switchboard_mllp_outbox_items", "items the hub may not hold yet")),
      outbox_bytes(metrics.gauge("switchboard_mllp_outbox_bytes", "bytes the outbox holds")),
      outbox_refused(metrics.gauge("switchboard_mllp_outbox_refused",
                                   "items the hub will never take, listed until dismissed")),
      hub_open(
          metrics.gauge("switchboard_mllp_hub_open", "1 while a session with the hub is open")),
      ledger_untold(metrics.gauge("switchboard_mllp_ledger_untold",
                                  "counts of a listener and day that the hub does not have yet")),
      metrics_(metrics) {
  for (const auto& name : listeners) per_listener_.push_back(make(metrics, name));
}

void Tallies::hub_said(v1::Code code) {
  metrics_
      .counter("switchboard_mllp_hub_answers_total", "items by the hub's answer",
               {{"code", v1::Code_Name(code)}})
      .add();
}

void Tallies::alarm(const std::string& name, bool raised) {
  metrics_.gauge("switchboard_mllp_alarm", "1 while the alarm stands", {{"alarm", name}})
      .set(raised ? 1 : 0);
}

}  // namespace switchboard::mllp
