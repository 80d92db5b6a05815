// How far one endpoint has been sent one log, and how much more may be on the way (P6, P11).
//
// Pure: numbers and bytes in, decisions out. Credit counts unreceived items and bytes; at least one
// item may always be on the way. Thread: the loop.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "broker/store/keys.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::server {

class Feed {
 public:
  Feed(std::string team, store::LogId log, std::string endpoint, uint64_t through,
       uint32_t credit_items, uint64_t credit_bytes);

  const std::string& team() const { return team_; }
  store::LogId log() const { return log_; }
  v1::LogKind kind() const;
  const std::string& endpoint() const { return endpoint_; }
  uint64_t next() const { return sent_ + 1; }
  uint64_t sent() const { return sent_; }
  uint64_t received() const { return received_; }

  // May an entry of these bytes go behind a page that is being made of items and bytes?
  bool may_add(size_t page_items, size_t page_bytes, size_t entry_bytes) const;
  uint32_t items_left() const;  // 0: nothing may be sent now
  uint64_t bytes_left() const;
  void sent(uint64_t number, size_t bytes);  // `number` must be next()
  void receive(uint64_t through);
  // An extra copy out of turn; bounded, as nothing says that it was received but its number.
  bool may_send_ahead() const { return !stopped_ && ahead_.size() < kAheadMax; }
  void sent_ahead(uint64_t number) { ahead_.push_back(number); }
  // An operator's replay: reading starts again after `through`.
  void rewind(uint64_t through);
  // Numbers up to here were sent before the replay: they come marked.
  uint64_t replayed_through() const { return replayed_through_; }
  void set_replayed_through(uint64_t through) { replayed_through_ = through; }
  void set_stopped(bool stopped) { stopped_ = stopped; }  // too many parked entries
  bool stopped() const { return stopped_; }

  // One page at a time is fetched from the store; its answer names the generation it was for.
  bool fetching = false;
  uint64_t generation = 0;
  // What is being fetched is not wanted any more.
  void start_anew(uint64_t new_generation) {
    fetching = false;
    generation = new_generation;
  }

 private:
  struct OnTheWay {
    uint64_t number;
    size_t bytes;
  };
  std::string team_;
  store::LogId log_;
  std::string endpoint_;
  uint64_t sent_;
  uint64_t received_;
  uint64_t replayed_through_ = 0;
  uint32_t credit_items_;
  uint64_t credit_bytes_;
  uint64_t bytes_on_the_way_ = 0;
  std::deque<OnTheWay> on_the_way_;
  static constexpr size_t kAheadMax = 8;
  std::deque<uint64_t> ahead_;  // ascending; settled when their turn is received
  bool stopped_ = false;
};

}  // namespace switchboard::server
