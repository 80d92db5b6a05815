// A client without the SDK: any frame or bytes out, frames of the hub in. For those who break the
// rules, and for looking at single answers. Thread: the test's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "broker/base/check.h"
#include "broker/wire/dealer.h"
#include "switchboard/v1/session.pb.h"
#include "tests/support/eventually.h"

namespace switchboard::test {

class RawClient {
 public:
  RawClient(wire::Context& context, const wire::Dealer::Options& options)
      : dealer_(wire::Dealer::open(context, options).value()) {}

  // False: not connected in time.
  bool send_bytes(const std::string& bytes) {
    return eventually([&] { return dealer_->send(std::string(bytes)); });
  }
  bool send(const v1::ClientFrame& frame) { return send_bytes(frame.SerializeAsString()); }

  // The next frame; nothing when none came in time.
  std::optional<v1::HubFrame> next(std::chrono::milliseconds within = std::chrono::seconds(10)) {
    wire::Frame bytes;
    std::optional<v1::HubFrame> frame;
    if (!eventually([&] { return dealer_->receive(bytes); }, within)) return frame;
    frame.emplace();
    CHECK(frame->ParseFromArray(bytes.bytes().data(), static_cast<int>(bytes.bytes().size())));
    return frame;
  }
  // The next frame of this kind, past others; empty when none came in time.
  v1::HubFrame next_of(v1::HubFrame::BodyCase kind,
                       std::chrono::milliseconds within = std::chrono::seconds(10)) {
    for (;;) {
      auto frame = next(within);
      if (!frame) return {};
      if (frame->body_case() == kind) return *frame;
    }
  }

  v1::HubFrame hello(const v1::Promise& highest = {}, uint32_t protocol = 1) {
    v1::ClientFrame frame;
    frame.mutable_hello()->set_protocol_min(protocol);
    frame.mutable_hello()->set_protocol_max(protocol);
    frame.mutable_hello()->set_client("raw 1");
    if (highest.epoch() != 0) *frame.mutable_hello()->mutable_highest() = highest;
    return send(frame) ? next().value_or(v1::HubFrame{}) : v1::HubFrame{};
  }
  v1::HubFrame ask(const v1::ClientFrame& frame) {
    return send(frame) ? next().value_or(v1::HubFrame{}) : v1::HubFrame{};
  }
  v1::HubFrame ping() {
    v1::ClientFrame frame;
    frame.mutable_ping()->set_nonce(++nonce_);
    return ask(frame);
  }
  v1::HubFrame publish(uint64_t first, std::vector<v1::Item> items,
                       const std::string& outbox = std::string(16, 'o')) {
    return ask(publish_frame(first, std::move(items), outbox));
  }
  static v1::ClientFrame publish_frame(uint64_t first, std::vector<v1::Item> items,
                                       const std::string& outbox = std::string(16, 'o')) {
    v1::ClientFrame frame;
    frame.mutable_publish()->set_outbox(outbox);
    frame.mutable_publish()->set_first(first);
    for (auto& item : items) *frame.mutable_publish()->add_items() = std::move(item);
    return frame;
  }
  static v1::ClientFrame attach_frame(const std::string& team, uint64_t through,
                                      uint32_t credit_items, uint64_t credit_bytes) {
    v1::ClientFrame frame;
    auto& attach = *frame.mutable_attach();
    attach.set_team(team);
    attach.set_log(v1::LOG_KIND_INBOX);
    attach.set_endpoint("raw");
    attach.set_through(through);
    attach.set_credit_items(credit_items);
    attach.set_credit_bytes(credit_bytes);
    return frame;
  }
  static v1::ClientFrame received_frame(const std::string& team, uint64_t through) {
    v1::ClientFrame frame;
    auto& received = *frame.mutable_received();
    received.set_team(team);
    received.set_log(v1::LOG_KIND_INBOX);
    received.set_endpoint("raw");
    received.set_through(through);
    return frame;
  }
  wire::Dealer& dealer() { return *dealer_; }

 private:
  std::unique_ptr<wire::Dealer> dealer_;
  uint64_t nonce_ = 0;
};

}  // namespace switchboard::test
