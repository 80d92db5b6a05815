// The frame-level hub of tests/support behind a real socket, on a thread of its own.
//
// stop() ends the thread and closes the socket, as a killed hub would; what the hub knows may be
// looked at then. start() opens the same address again.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "broker/runtime/clock.h"
#include "broker/wire/context.h"
#include "broker/wire/dealer.h"
#include "broker/wire/poller.h"
#include "broker/wire/router.h"
#include "broker/wire/zap.h"
#include "tests/support/eventually.h"
#include "tests/support/fake_hub.h"

namespace switchboard::test {

class SocketHub {
 public:
  // Answers one message with any number of others.
  using Answer = std::function<std::vector<std::string>(uint64_t peer, std::string_view bytes)>;

  SocketHub() : zap_(wire::Zap::start(context_).value()) {
    zap_->allow("clients", {keys_.public_key});
    start();
  }
  ~SocketHub() { stop(); }

  void start() {
    stopping_ = false;
    // A closed socket leaves its address a moment later.
    CHECK(eventually([this] {
      auto router = wire::Router::open(
          context_, {.bind = endpoint_, .keys = hub_keys_, .zap_domain = "clients"});
      if (router.ok()) router_ = std::move(*router);
      return router.ok();
    }));
    endpoint_ = router_->endpoint();
    thread_ = std::thread([this] { serve(); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    thread_.join();
    router_.reset();
    fake.restart();
  }
  wire::Dealer::Options dial() const { return dial(keys_); }
  wire::Dealer::Options dial(const wire::KeyPair& keys) const {
    return {.connect = endpoint_, .keys = keys, .hub_public_key = hub_keys_.public_key};
  }
  wire::Context& context() { return context_; }
  const wire::KeyPair& client_keys() const { return keys_; }
  const std::string& public_key() const { return hub_keys_.public_key; }
  const std::string& endpoint() const { return endpoint_; }

  FakeHub fake;   // while stopped
  Answer answer;  // instead of the fake; set while stopped

 private:
  void serve() {
    wire::Poller poller;
    poller.add(*router_);
    while (!stopping_) {
      poller.wait(std::chrono::milliseconds(5));
      wire::Sender from;
      wire::Frame frame;
      while (router_->receive(from, frame)) {
        const auto [it, fresh] = peers_.try_emplace(from.address, peers_.size() + 1);
        for (auto& bytes : reply(it->second, frame.bytes())) router_->send(from.address, bytes);
      }
      for (const auto& [address, peer] : peers_) {
        for (const auto& f : fake.deliver(peer)) router_->send(address, f.SerializeAsString());
      }
    }
    peers_.clear();
  }
  std::vector<std::string> reply(uint64_t peer, std::string_view bytes) {
    if (answer) return answer(peer, bytes);
    std::vector<std::string> frames;
    for (const auto& f : fake.hear(peer, bytes, clock_.read().now)) {
      frames.push_back(f.SerializeAsString());
    }
    return frames;
  }

  wire::Context context_;
  const wire::KeyPair hub_keys_ = wire::make_key_pair();
  const wire::KeyPair keys_ = wire::make_key_pair();
  std::unique_ptr<wire::Zap> zap_;
  std::unique_ptr<wire::Router> router_;
  std::string endpoint_ = "tcp://127.0.0.1:0";
  Clock clock_;
  std::map<std::string, uint64_t> peers_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace switchboard::test
