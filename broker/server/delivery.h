// Sends every attached endpoint its log in order, from memory where it keeps up, from the store
// where it does not (P5, P6), within its credit (P11).
//
// Owns the feeds and the recent entries. Nothing undurable is sent (P1): entries are made when
// their turn is closed and held back until they are released. An immediate item may also go at once
// to an endpoint that is behind, marked `ahead`. Thread: the loop.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "broker/core/core.h"
#include "broker/server/entry_bytes.h"
#include "broker/server/feed.h"
#include "broker/server/reader.h"
#include "broker/server/recent.h"
#include "broker/wire/router.h"

namespace switchboard::server {

class Delivery {
 public:
  struct Parts {
    core::Core& core;
    wire::Router& router;
    Reader& reader;
    // A snapshot of what is durable now.
    std::function<std::unique_ptr<store::Reads>()> snapshot;
  };
  explicit Delivery(Parts parts);

  // One feed per (log, endpoint): a newcomer takes an old connection's place.
  // `replay_through`: a replay is under way up to there, or 0.
  void attach(const std::string& address, const v1::Attach& request, store::LogId log,
              uint64_t replay_through);
  void detach(const std::string& address);
  // False: no such feed from this address.
  bool receive(const std::string& address, const v1::Received& received, store::LogId log,
               bool go_on);
  // The last number sent to it; nothing: no such feed from this address.
  std::optional<uint64_t> sent(const std::string& address, store::LogId log,
                               const std::string& endpoint) const;
  void rewind(store::LogId log, const std::string& endpoint, uint64_t through);
  // Makes the entries of the turn that was just closed, from its frames. Nothing of them is sent.
  void append(Time now);
  // Its batch is on its way to the disk; the entries made from now on are another turn's.
  void leave();
  // What has left is durable, and so is this promise: both may be sent (P1).
  void release(const v1::Promise& durable);
  void fetched(Fetched&& page);
  // What may be shown has changed: entries made before are not sent, nor are pages on their way.
  void forget_made();
  // Ends readings for which `may` (address, team) says no. Returns their addresses.
  std::vector<std::string> keep_only(
      const std::function<bool(const std::string&, const std::string&)>& may);
  // Sends what credit allows of what is durable. Call it while no turn is open and no batch is on
  // its way, as what is behind is read from a snapshot. Returns addresses whose peer is gone.
  std::vector<std::string> pump(Time now);
  size_t attached(store::LogId log) const;
  uint64_t sent_entries() const { return sent_entries_; }
  bool waiting() const { return !ready_.empty(); }  // try pump() again soon

 private:
  struct Key {
    store::LogId log;
    std::string endpoint;
    auto operator<=>(const Key&) const = default;
  };
  struct Reading {
    std::unique_ptr<Feed> feed;
    std::string address;
  };
  // The numbers of one turn that are not durable yet.
  struct Held {
    std::map<store::LogId, uint64_t> first;  // and all after it
    std::vector<std::pair<store::LogId, uint64_t>> immediate;
  };
  uint64_t durable_head(store::LogId log) const;
  void send_ahead(store::LogId log, uint64_t number, const std::string& entry);
  // False: the peer is gone or does not take it now.
  bool send_page(Reading& reading, const std::vector<std::string_view>& entries);
  enum class Step { kSent, kNotHere, kNoCredit, kNotTaken };
  Step send_recent(Reading& reading, uint64_t head);
  void fetch(Reading& reading, Time now);

  Parts parts_;
  Recent recent_;
  std::map<Key, Reading> readings_;  // ordered by log: all of a log stand together
  std::set<Key> ready_;              // something may be sent
  std::vector<std::string> gone_;
  Held made_, left_;     // of the turn that was closed last; of the one whose batch is on its way
  v1::Promise durable_;  // goes with what is sent; of nothing before the first commit
  LiveContent content_;
  uint64_t generation_ = 0;  // never used twice: a page belongs to one reading of one moment
  uint64_t sent_entries_ = 0;
};

}  // namespace switchboard::server
