// One session with the hub: greeting, liveness, refusals, and when to connect anew.
//
// Pure: the owner tells it of connections and frames, asks it what to send, and opens a new
// connection when it wants one. A hub that shows less than it promised before gets nothing from
// this client (alarm STALE_EPOCH); it is asked again once a minute, as an operator may bring back
// the right one. Not here: what is said in an open session (conversation.h). Thread: the owner's.
// Fails: with the store of promises only (final).
#pragma once

#include <optional>
#include <string>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/promises.h"

namespace switchboard::sdk {

inline constexpr uint32_t kProtocol = 1;

class Session {
 public:
  struct Options {
    std::string client;  // program and version
    Duration ping_after = seconds(5);
    Duration dead_after = seconds(20);  // nothing heard for so long: connect anew
    Duration greet_within = seconds(10);
    Duration reconnect_first = milliseconds(200);
    Duration reconnect_most = seconds(30);
    Duration refused_wait = seconds(60);  // after a definite refusal or an old hub
    Duration draining_wait = seconds(10);
  };
  enum class State {
    kDown,
    kGreeting,
    kOpen,
    kDraining,  // open, but the hub takes nothing new
  };
  // What an operator must know; stands until a session opens. The text names no child.
  struct Alarm {
    v1::Code code = v1::CODE_OK;
    std::string text;
  };

  Session(Promises& promises, Entropy& entropy, const Options& options);

  void connected(Time now);
  void disconnected();
  void heard(Time now);  // any frame of the hub
  // All that was held when this session opened has been answered: a recovering hub is told at once,
  // any other with the next Ping.
  void resent();
  // True if this opened the session; then welcome() holds. Its promise is the owner's to note, once
  // what the hub asks for again is durable: a hub that is shown its newest promise asks no more.
  Result<bool> welcomed(const v1::Welcome& welcome, Time now);
  void refused(const v1::Refused& refused, Time now);
  void draining(Time now);
  // Gives this connection up.
  void drop(std::string why, Time now);

  // Hello or Ping, if it is time for one. The owner completes Hello with its outbox.
  std::optional<v1::ClientFrame> next(Time now);
  bool wants_connection(Time now) const { return reopen_.due(now); }
  void reconnecting();
  std::optional<Time> wakes_at() const;

  State state() const { return state_; }
  Time last_heard() const { return last_heard_; }  // of the hub, in any session; zero: never
  bool open() const { return state_ == State::kOpen || state_ == State::kDraining; }
  const v1::Welcome& welcome() const { return welcome_; }
  const std::optional<Alarm>& alarm() const { return alarm_; }
  const std::string& last_drop() const { return last_drop_; }
  Promises& promises() { return promises_; }

 private:
  void end(v1::Code code, std::string text, Duration wait, Time now);

  Promises& promises_;
  Entropy& entropy_;
  Options options_;
  Backoff backoff_;
  State state_ = State::kDown;
  bool hello_due_ = false;
  Timer silence_;  // kGreeting: until Welcome must be here; open: until the hub counts as dead
  Timer ping_;
  Timer reopen_;
  uint64_t nonce_ = 0;
  bool resent_ = false;
  bool tell_resent_ = false;
  v1::Welcome welcome_;
  std::optional<Alarm> alarm_;
  std::string last_drop_;
  Time last_heard_;
};

}  // namespace switchboard::sdk
