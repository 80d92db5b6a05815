// The gateway's end of the hub's admin socket: one look at how the hub is, for the operators' page.
//
// Owns a thread, because the SDK's admin client waits for each answer, and the connection, made
// with the first look and anew after one that failed. Only asks, never changes anything: the five
// questions of look() are all there is. Questions come in from the server's thread through one
// bounded queue (P11), answers go back by `post`. Thread: look() from the server's, open and stop
// from the program's.
// Fails: CODE_BUSY while the hub cannot be reached or too much is asked, CODE_INTERNAL when it does
// not let this key in; the text says what to do.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "broker/base/time.h"
#include "broker/wire/dealer.h"
#include "switchboard/v1/screen.pb.h"

namespace switchboard::gateway {

class OperatorLink {
 public:
  using Post = std::function<void(std::function<void()>)>;
  using OnLooked = std::function<void(Result<v1::ScreenOperator>)>;
  struct Options {
    wire::Dealer::Options hub;            // its admin socket, with an operator's key
    Duration answer_within = seconds(5);  // all five answers, and the connection
  };

  static std::unique_ptr<OperatorLink> open(const Options& options, Post post);
  ~OperatorLink();
  OperatorLink(const OperatorLink&) = delete;
  OperatorLink& operator=(const OperatorLink&) = delete;

  // Waits for the look that is under way; nothing is called any more. For the program's end.
  void stop();
  // How the hub is now. `person`: who looks, as the hub is told. `then` is called once, on the
  // server's thread, unless the program ends.
  void look(const std::string& person, OnLooked then);

 private:
  OperatorLink();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace switchboard::gateway
