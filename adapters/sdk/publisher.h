// Publishes what the outbox holds, in order, within the hub's window, until the hub has it.
//
// Pure: frames come in and go out as messages, time and entropy are arguments (P12).
// Relies on: one Accepted per Publish, in their order; a hub that takes nothing of a frame that
// does not follow on what it took in this session. Whatever happens in between (lost, repeated, out
// of order) ends in a resend from the last item that is certainly answered, never in a gap. Not
// here: custody (outbox.h), the session (session.h). Thread: the owner's. Fails: with the store
// only; that is final, the owner exits.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/outbox.h"

namespace switchboard::sdk {

class Publisher {
 public:
  struct Options {
    Duration answer_within = seconds(30);  // else the session is given up
    Duration pause_first = milliseconds(200);
    Duration pause_most = seconds(30);
    size_t frame_items = 256;
    size_t frame_bytes = 256 * 1024;  // or one item
  };
  // What the hub said of one item. Items are reported in order; after a resend, again.
  struct Outcome {
    uint64_t sequence = 0;
    v1::Code code = v1::CODE_OK;  // OK, DUPLICATE, QUARANTINED, or a definite refusal
    uint64_t position = 0;        // 0: not said
    std::string text;
  };

  Publisher(Outbox& outbox, Entropy& entropy, const Options& options);

  // P1: durable when it returns the sequence of the first. CODE_BUSY: the outbox is full, answer
  // AR.
  Result<uint64_t> append(std::span<const v1::Item> items, Time now);

  void greet(v1::Hello& hello) const;
  Status opened(const v1::Welcome& welcome);
  void closed();
  Status answered(const v1::Accepted& accepted, Time now);
  // The next frame to send, if there is one to send now.
  Result<std::optional<v1::Publish>> next(Time now);

  // Answers are missing or do not fit: the session must be opened anew.
  bool wants_new_session() const { return wants_new_session_; }
  std::optional<Time> wakes_at() const;
  // Since the last call.
  std::vector<Outcome> take_outcomes();
  bool idle() const { return outbox_.confirmed() + 1 == outbox_.next(); }
  // All that was in the outbox when the session opened has been answered.
  bool resent() const { return open_ && outbox_.confirmed() >= held_through_; }
  // Why nothing goes out at the moment: the retryable code the hub last answered with, or OK.
  v1::Code pausing() const { return pause_.running() ? pause_code_ : v1::CODE_OK; }
  Outbox& outbox() { return outbox_; }

 private:
  struct Flight {
    uint64_t first = 0;
    uint64_t last = 0;
    size_t bytes = 0;
  };
  bool may_send(Time now);
  Status settle(uint64_t through, const v1::Accepted& accepted, Time now);
  Status skip_unreadable(Time now);
  void land();
  void go_back(v1::Code code, Time now);

  Outbox& outbox_;
  Entropy& entropy_;
  Options options_;
  Backoff backoff_;
  std::vector<Outcome> outcomes_;
  // Of the session:
  bool open_ = false;
  bool proven_ = false;
  bool wants_new_session_ = false;
  uint64_t held_through_ = 0;
  uint64_t next_send_ = 1;
  uint64_t window_bytes_ = 0;
  uint64_t window_items_ = 0;
  std::deque<Flight> flights_;  // unanswered, oldest first, consecutive from confirmed() + 1
  size_t flight_bytes_ = 0;
  size_t flight_items_ = 0;
  size_t stale_answers_ = 0;  // still to come for frames behind one that was cut short
  Timer answer_;
  Timer pause_;
  v1::Code pause_code_ = v1::CODE_OK;
};

}  // namespace switchboard::sdk
