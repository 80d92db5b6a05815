#include "adapters/sdk/session.h"

#include <utility>

#include "adapters/sdk/verdict.h"

namespace switchboard::sdk {

Session::Session(Promises& promises, Entropy& entropy, const Options& options)
    : promises_(promises),
      entropy_(entropy),
      options_(options),
      backoff_(options.reconnect_first, options.reconnect_most) {}

std::optional<v1::ClientFrame> Session::next(Time now) {
  if (state_ == State::kDown) return std::nullopt;
  if (silence_.due(now)) {
    drop(open() ? "the hub has gone silent" : "the hub does not answer Hello", now);
    return std::nullopt;
  }
  v1::ClientFrame frame;
  if (state_ == State::kGreeting && hello_due_) {
    hello_due_ = false;
    auto& hello = *frame.mutable_hello();
    hello.set_protocol_min(kProtocol);
    hello.set_protocol_max(kProtocol);
    hello.set_client(options_.client);
    if (promises_.highest().epoch() != 0) *hello.mutable_highest() = promises_.highest();
    if (promises_.earlier().items_size() > 0) *hello.mutable_earlier() = promises_.earlier();
    return frame;
  }
  if (open() && (ping_.due(now) || tell_resent_)) {
    ping_.start(now, options_.ping_after);
    tell_resent_ = false;
    frame.mutable_ping()->set_nonce(++nonce_);
    frame.mutable_ping()->set_resent(resent_);
    return frame;
  }
  return std::nullopt;
}

Result<bool> Session::welcomed(const v1::Welcome& welcome, Time now) {
  if (state_ != State::kGreeting || hello_due_) return false;
  if (welcome.protocol() != kProtocol) {
    end(v1::CODE_UNSUPPORTED_VERSION, "the hub speaks another protocol version",
        options_.refused_wait, now);
    return false;
  }
  // I15, P10: nothing is handed to a copy of the hub that is behind what the hub has promised.
  if (!promises_.credible(welcome.promise())) {
    end(v1::CODE_STALE_EPOCH,
        "the hub shows epoch " + std::to_string(welcome.promise().epoch()) + " position " +
            std::to_string(welcome.promise().position()) + ", but promised epoch " +
            std::to_string(promises_.highest().epoch()) + " position " +
            std::to_string(promises_.highest().position()) + " before",
        options_.refused_wait, now);
    return false;
  }
  welcome_ = welcome;
  state_ = State::kOpen;
  resent_ = tell_resent_ = false;
  alarm_.reset();
  silence_.start(now, options_.dead_after);
  ping_.start(now, options_.ping_after);
  return true;
}

void Session::resent() {
  if (resent_ || !open()) return;
  resent_ = true;
  tell_resent_ = welcome_.recovering();
}

void Session::heard(Time now) {
  if (!open()) return;
  last_heard_ = now;
  // Only an open session that goes on counts as success: one that opens and ends is backed off.
  backoff_.reset();
  silence_.start(now, options_.dead_after);
  ping_.start(now, options_.ping_after);
}

void Session::refused(const v1::Refused& refused, Time now) {
  if (state_ == State::kDown || (!refused.session_ends() && open())) return;
  // Out of turn is what a frame meets that crossed with a reconnect: nothing for an operator.
  if (refused.code() == v1::CODE_OUT_OF_TURN) {
    drop(refused.text(), now);
    return;
  }
  const bool definite = verdict(refused.code()) == Verdict::kRefused;
  end(refused.code(), refused.text(), definite ? options_.refused_wait : backoff_.next(entropy_),
      now);
}

void Session::draining(Time now) {
  if (!open()) return;
  state_ = State::kDraining;
  reopen_.start(now, options_.draining_wait);
}

void Session::connected(Time now) {
  state_ = State::kGreeting;
  hello_due_ = true;
  reopen_.stop();
  ping_.stop();
  silence_.start(now, options_.greet_within);
}

void Session::disconnected() {
  state_ = State::kDown;
  silence_.stop();
  ping_.stop();
}

void Session::drop(std::string why, Time now) {
  last_drop_ = std::move(why);
  disconnected();
  reopen_.start(now, backoff_.next(entropy_));
}

void Session::end(v1::Code code, std::string text, Duration wait, Time now) {
  alarm_ = Alarm{code, text};
  last_drop_ = std::move(text);
  disconnected();
  reopen_.start(now, wait);
}

void Session::reconnecting() {
  disconnected();
  reopen_.stop();
}

std::optional<Time> Session::wakes_at() const {
  std::optional<Time> at;
  for (const Timer* timer : {&silence_, &ping_, &reopen_}) {
    if (timer->running() && (!at || timer->at() < *at)) at = timer->at();
  }
  return at;
}

}  // namespace switchboard::sdk
