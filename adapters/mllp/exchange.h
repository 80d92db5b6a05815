// One frame and its answer: what is published for it, and what its sender is told when.
//
// A frame holds one message, or the messages of a batch; each has its own outcome. Pure but for the
// control ids it counts out and the resends of refused bytes it counts. The table of conditions,
// answers and custody is ACKS.md, which a test holds to this. Not here: custody itself and the
// waiting (custody.h). Thread: one. Fails: never.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/mllp/ack.h"
#include "adapters/mllp/batch.h"
#include "adapters/mllp/map_message.h"
#include "adapters/mllp/mllp_frame.h"
#include "adapters/mllp/resends.h"
#include "broker/base/ids.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::mllp {

// What is put into the outbox, and the event's id it is known by.
struct Taken {
  Id id;
  v1::Item item;
  std::string kind;  // of the event, and whether it is about a child: for counts
  bool child = false;
};

struct Exchange {
  // Where the message stands in the adapter's ledger: each is in exactly one place. kDuplicate and
  // kFull are custody's to find.
  enum class Ledger { kPublished, kQuarantined, kDuplicate, kOutOfScope, kRefused, kFull };
  Ledger ledger = Ledger::kPublished;
  std::vector<Taken> items;  // to be taken into custody before anything is answered
  enum class Reply { kSent, kNone } reply = Reply::kSent;
  Verdict verdict = Verdict::kAccept;  // once the items, if any, are held
  AckError error;                      // unless it is an acceptance
  std::string why;                     // of a quarantine or refusal; nothing about a person
  std::string note;                    // code of the problem, for log and counts
  std::string trigger;                 // "ADT^A01", as far as it is one; for counts
  std::string header_line;             // MSH as it came: all an answer needs; empty if unreadable
};

// Who listens, and by which rules.
struct Terms {
  const Mapping& mapping;
  const ListenerIdentity& identity;
  v1::LedgerBucket bucket = v1::LEDGER_BUCKET_LIVE;
  size_t listener = 0;
  uint32_t park_after = 0;     // 0: refused bytes are refused for ever
  Resends* resends = nullptr;  // null: nothing is parked
};

// What one frame holds: one message, or all of a batch and what it said of itself. The last
// exchange of a batch whose counts are wrong is the batch as a whole, for people, without a reply.
struct Submission {
  std::vector<Exchange> parts;
  std::optional<Batch> batch;
};
Submission examine(const Frame& frame, const Terms& terms, Time received);

std::string control_id(const Exchange& exchange);  // MSH-10 of the message, or empty

// What is said of one exchange once it is settled.
struct Word {
  enum class Kind { kAsExamined, kFull, kHubRefused } kind = Kind::kAsExamined;
  v1::Code code = v1::CODE_OK;  // the hub's
};
Verdict verdict_of(const Exchange& exchange, const Word& word);

// Writes answers, each with a control id of its own: unique across restarts by `prefix`.
class Answers {
 public:
  enum class BatchReplies { kBatch, kMessages };
  explicit Answers(std::string prefix) : prefix_(std::move(prefix)) {}
  // Unframed; none where the sender asked for none. In original mode one acknowledgement, in
  // enhanced mode those that MSH-15 and MSH-16 ask for.
  std::vector<std::string> acks(const Exchange& exchange, const Word& word, Time now);
  // Framed bytes of a submission whose exchanges have these acknowledgements; empty: nothing.
  std::string frame(const Submission& submission, const std::vector<std::vector<std::string>>& acks,
                    BatchReplies how, Time now);

 private:
  std::string next_id();
  std::string prefix_;
  uint64_t count_ = 0;
};

}  // namespace switchboard::mllp
