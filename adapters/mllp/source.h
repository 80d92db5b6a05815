// The adapter at work: listeners, connections, custody, answers, in one loop on one thread.
//
// Owns the sockets of the senders. The SDK client is poll-driven and waits on one more descriptor;
// an epoll set is a descriptor, so its wait covers all sockets here and no second thread, mailbox
// or lock is needed. One thread is also what groups commits: everything that became readable during
// one fsync goes into the next. Strictly in order per connection: read, map, custody (P1), the
// hub's word or ack_wait, answer, next. Ends at SIGTERM: no more is read, what has custody is
// answered, everything is closed. Fails: open, for addresses; run, only with the outbox's store.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/mllp/connection.h"
#include "adapters/mllp/custody.h"
#include "adapters/mllp/listener.h"
#include "adapters/mllp/poller.h"
#include "adapters/mllp/probing.h"
#include "adapters/mllp/standing.h"
#include "adapters/mllp/tallies.h"
#include "adapters/mllp/telling.h"
#include "adapters/sdk/client.h"
#include "broker/runtime/clock.h"
#include "broker/runtime/health.h"
#include "broker/runtime/signals.h"

namespace switchboard::mllp {

class Source {
 public:
  // All outlive the source.
  struct Parts {
    sdk::Client& client;
    std::vector<Listener>& listeners;
    Signals& signals;
    Tallies& tallies;
    Ledger& ledger;
    Duration hub_away_alarm;
    Health* health;  // null: off
    std::string control_id_prefix;
  };
  static Result<std::unique_ptr<Source>> open(const Parts& parts);
  ~Source();

  Status run();

 private:
  Source(const Parts& parts, Poller poller);
  Status turn();
  std::chrono::milliseconds pause() const;
  void listen_to_kernel();
  void wake(const Poller::Event& event);
  void hear_signals();
  void stop();
  bool done() const;

  void take_callers(size_t listener);
  void admit(size_t listener, Listener::Caller caller);
  bool has_room(Listener& listener, const PeerAddress& peer, Tallies::PerListener& tally);
  void complain(Listener& listener, const char* what, const std::string& peer);
  void rest(size_t listener);
  void resume_listeners();

  void advance();
  void examine_next(uint64_t id, Connection& connection);
  void answer();
  void note(const Submission& submission, const Connection& connection);
  std::string words_for(const Custody::Settled& settled, const Listener& listener,
                        Tallies::PerListener& tally);
  void sweep();
  void follow_up();
  void close(uint64_t id);
  void look();
  void see_standing();
  void show_untold();

  Parts parts_;
  Poller poller_;
  Custody custody_;
  Telling telling_;
  Probing probing_;
  Resends resends_;
  Answers answers_;
  Standing standing_;
  Clock clock_;
  Reading now_;
  int64_t hub_seen_us_;  // when there last was a session, or the start
  uint64_t next_id_;
  std::map<uint64_t, std::unique_ptr<Connection>> connections_;
  std::set<uint64_t> active_;  // something may be done for them this turn
  std::set<uint64_t> gone_;    // not watched any more
  std::set<size_t> resting_;   // listeners without room for one more descriptor
  int64_t swept_us_ = 0;
  int64_t looked_us_ = 0;
  std::optional<int64_t> stopping_since_us_;
};

}  // namespace switchboard::mllp
