// One frame and its answer: what is published for it, and what its sender is told when.
//
// Pure but for the control ids it counts out. The table of conditions, answers and custody is
// ACKS.md, which a test holds to this. Not here: custody itself and the waiting (source.h).
// Thread: one. Fails: never.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/mllp/ack.h"
#include "adapters/mllp/map_message.h"
#include "adapters/mllp/mllp_frame.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::mllp {

struct Exchange {
  // Where the message stands in the adapter's ledger: each frame read is in exactly one.
  enum class Ledger { kPublished, kQuarantined, kOutOfScope, kRefused, kFull };
  Ledger ledger = Ledger::kPublished;
  std::vector<v1::Item> items;  // to be taken into custody, together, before anything is answered
  enum class Reply { kSent, kNone } reply = Reply::kSent;
  Verdict verdict = Verdict::kAccept;  // once the items, if any, are held
  AckError error;                      // unless it is an acceptance
  std::string why;                     // of a quarantine or refusal; nothing about a person
  std::string note;                    // code of the problem, for log and metrics
  std::string header_line;             // MSH as it came: all an answer needs; empty if unreadable
};

// `frame` is of a peer of this listener.
Exchange examine(const Frame& frame, const Mapping& mapping, const ListenerIdentity& listener,
                 Time received);

std::string control_id(const Exchange& exchange);  // MSH-10 of the message, or empty

// Writes answers, each with a control id of its own: unique across restarts by `prefix`.
class Answers {
 public:
  explicit Answers(std::string prefix) : prefix_(std::move(prefix)) {}
  // Framed bytes; empty where the sender asked for none. In original mode one acknowledgement, in
  // enhanced mode those that MSH-15 and MSH-16 ask for.
  std::string write(const Exchange& exchange, Time now);
  // We do not hold it: our outbox is full. Keep it and resend.
  std::string write_full(const Exchange& exchange, Time now);
  // The hub never takes it: resending unchanged is useless.
  std::string write_refused(const Exchange& exchange, v1::Code code, Time now);

 private:
  std::string frame_all(const Exchange& exchange, AckContent content);
  std::string next_id();
  std::string prefix_;
  uint64_t count_ = 0;
};

}  // namespace switchboard::mllp
