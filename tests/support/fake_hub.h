// The hub's side of the protocol in memory, frame by frame: what a client may rely on.
//
// Owns: accepted items in order with dedupe, one log per team with cursors and credit, acts by id,
// epochs, a lost tail. Tests script refusals and count what came. Not a hub: nothing is routed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "broker/base/time.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::test {

class FakeHub {
 public:
  using Frames = std::vector<v1::HubFrame>;

  // Every frame the hub sends in answer, in order. A connection begins with its first frame.
  Frames hear(uint64_t connection, std::string_view bytes, Time now);
  // What may go to this connection under its credit.
  Frames deliver(uint64_t connection);
  void restart() { sessions_.clear(); }
  void forget(uint64_t connection) { sessions_.erase(connection); }

  void add_entry(const std::string& team, const std::string& header);
  // Loses the last items with the time from which they must come again: a new epoch, recovering.
  void lose_tail(size_t items);
  // An old copy: as it was `items` ago, and it does not know.
  void restore_silently(size_t items);

  // The answer to an item: nothing = take it. Asked for each item that is not a duplicate.
  std::function<std::optional<v1::Code>(const v1::Item&)> judge;
  std::function<std::optional<v1::Code>(const v1::Act&)> judge_act;

  struct Taken {
    std::string header;
    Time at;
    int64_t adapter_us = 0;  // Item.taken_us
  };
  const std::vector<Taken>& taken() const { return taken_; }
  const std::vector<v1::Act>& acts() const { return acts_; }
  const std::vector<std::string>& log(const std::string& team) { return logs_[team]; }
  uint64_t received(const std::string& team) const;
  const std::vector<v1::FailedEntry>& failed() const { return failed_; }
  // What adapters counted, newest of each (listener, bucket, day).
  std::vector<v1::AdapterLedger> ledgers() const;
  const std::optional<v1::Hello>& last_hello() const { return last_hello_; }
  uint64_t out_of_turn() const { return out_of_turn_; }
  uint64_t most_unanswered_items() const { return most_items_; }
  void set_window(uint64_t bytes, uint32_t items) {
    window_bytes_ = bytes;
    window_items_ = items;
  }
  v1::Promise promise() const;

 private:
  struct Reading {
    v1::Attach attach;
    uint64_t sent = 0;
    uint64_t received = 0;
  };
  struct Session {
    bool open = false;
    std::optional<uint64_t> next;  // of the outbox; set by its first frame
    std::map<std::string, Reading> readings;
  };
  v1::HubFrame welcome(const v1::Hello& hello, Time now);
  v1::HubFrame publish(Session& session, const v1::Publish& frame, Time now);
  v1::HubFrame attach(Session& session, const v1::Attach& frame);
  v1::HubFrame acted(const v1::Acts& frame);

  std::map<uint64_t, Session> sessions_;
  std::vector<Taken> taken_;
  std::map<std::string, uint64_t> positions_;  // header -> position
  std::vector<v1::Act> acts_;
  std::map<std::string, std::vector<std::string>> logs_;
  std::map<std::string, uint64_t> cursors_;
  std::vector<v1::FailedEntry> failed_;
  std::map<std::string, v1::AdapterLedger> ledgers_;
  std::optional<v1::Hello> last_hello_;
  uint64_t epoch_ = 1;
  uint64_t lost_from_us_ = 0;
  uint64_t window_bytes_ = 64 * 1024;
  uint32_t window_items_ = 64;
  uint64_t out_of_turn_ = 0;
  uint64_t most_items_ = 0;
};

}  // namespace switchboard::test
