// The gateway's end of the hub: the SDK's client on a thread of its own.
//
// Owns the thread, the client with its store (outbox, acts, cursors; sealed), and who waits for
// which answer. Questions and acts come in from the server's thread through one bounded queue;
// answers, arrivals and the state of the line go back by `post`, in the order they happened. P11: a
// server's thread that falls behind is waited for, and the hub's credit does the rest. Entries are
// not kept here once they were handed over: what a browser is shown is asked of the hub anew, so
// that it decides each time what may be shown (P9).
// Thread: open, ask, act, publish and the end from the server's. Fails: with the client's store
// only: then on_failed is called once, and the program must end and start again from disk (P1).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/sdk/client.h"
#include "broker/runtime/mailbox.h"
#include "switchboard/v1/screen.pb.h"

namespace switchboard::gateway {

class HubThread {
 public:
  using Post = std::function<void(std::function<void()>)>;
  struct Arrived {
    std::string team;
    v1::LogKind log = v1::LOG_KIND_INBOX;
    sdk::Endpoint::Turn turn = sdk::Endpoint::Turn::kNew;
    uint64_t epoch = 0;
    v1::Entry entry;
  };
  struct Options {
    sdk::Client::Options client;          // with the logs to be read
    Duration answer_within = seconds(8);  // then CODE_BUSY; an act or event goes on by itself
  };
  // All are called on the server's thread.
  struct Events {
    std::function<void(Arrived)> arrived;
    // Whenever it changes, and every second; with the epoch of the hub's session (0: none yet).
    std::function<void(v1::Live, uint64_t epoch)> live;
    std::function<void(Error)> failed;
  };
  using OnPage = std::function<void(Result<v1::Page>)>;
  using OnActed = std::function<void(Result<v1::ActOutcome>)>;
  using OnPublished = std::function<void(Result<v1::ItemOutcome>)>;

  static Result<std::unique_ptr<HubThread>> open(const Options& options, Post post, Events events);
  ~HubThread();
  HubThread(const HubThread&) = delete;
  HubThread& operator=(const HubThread&) = delete;

  // Nothing is called any more; what is asked afterwards is not answered. For the program's end.
  void stop();

  // `then` is called once, unless the program ends. CODE_BUSY: too much is asked at once, or no
  // answer in time.
  void ask(v1::Read read, OnPage then);
  // Durable here before it is sent. CODE_BUSY: it is kept and goes out when the hub is back; the
  // same act again, under its id, is the same act.
  void act(v1::Act act, OnActed then);
  void publish(v1::Item item, OnPublished then);

 private:
  HubThread();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace switchboard::gateway
