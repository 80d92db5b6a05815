// A client of the SDK without a socket, as a program would build it: parts over one store.
// A crash is: destroy this, crash the store, build it again.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "adapters/sdk/conversation.h"
#include "broker/kv/kv.h"
#include "tests/support/fake_hub.h"

namespace switchboard::test {

struct SdkClient {
  struct Options {
    sdk::Outbox::Options outbox;
    sdk::Publisher::Options publisher;
    sdk::Endpoint::Options endpoint{.name = "screen"};
    std::string team = "X26-MIDWIFERY";
    uint8_t seed = 1;
  };
  explicit SdkClient(kv::Kv& kv) : SdkClient(kv, Options{}) {}
  SdkClient(kv::Kv& kv, const Options& options)
      : entropy({options.seed}),
        promises(sdk::Promises::open(kv).value()),
        outbox(sdk::Outbox::open(kv, key, entropy, options.outbox).value()),
        acts_outbox(sdk::Outbox::open(kv, key, entropy, {.lane = sdk::Lane::kActs}).value()),
        store(sdk::EndpointStore::open(kv, entropy, {.team = options.team, .key = key}).value()),
        session(promises, entropy, {.client = "test 1"}),
        publisher(*outbox, entropy, options.publisher),
        acts(*acts_outbox, entropy, {}),
        endpoint(store, entropy, options.endpoint),
        conversation({.session = &session,
                      .publisher = &publisher,
                      .acts = &acts,
                      .endpoints = {&endpoint}}) {}

  static v1::Item item(const std::string& header) {
    v1::Item item;
    item.set_header(header);
    return item;
  }
  // The sequence of the item.
  Result<uint64_t> publish(const std::string& header, Time now) {
    const v1::Item one = item(header);
    return publisher.append(std::span(&one, 1), now);
  }
  // The next frame; nothing when there is none. A store that fails fails the test.
  std::optional<v1::ClientFrame> next(Time now) {
    auto bytes = conversation.next(now).value();
    std::optional<v1::ClientFrame> frame;
    if (bytes) {
      EXPECT_TRUE(frame.emplace().ParseFromString(*bytes));
    }
    return frame;
  }
  void hear(const v1::HubFrame& frame, Time now) {
    EXPECT_TRUE(conversation.hear(frame.SerializeAsString(), now).ok());
  }

  // The hub hears this frame, and the client what it answers.
  void say(const v1::ClientFrame& frame, FakeHub& hub, Time now) {
    for (const auto& answer : hub.hear(1, frame.SerializeAsString(), now)) hear(answer, now);
  }
  // Carries frames both ways until the client has nothing more to say at this time.
  void talk(FakeHub& hub, Time now) {
    while (auto frame = next(now)) say(*frame, hub, now);
  }

  SealKey key{42};
  Entropy entropy;
  sdk::Promises promises;
  std::unique_ptr<sdk::Outbox> outbox;
  std::unique_ptr<sdk::Outbox> acts_outbox;
  sdk::EndpointStore store;
  sdk::Session session;
  sdk::Publisher publisher;
  sdk::Acts acts;
  sdk::Endpoint endpoint;
  sdk::Conversation conversation;
};

}  // namespace switchboard::test
