#include "tests/support/client.h"

#include "broker/base/hash.h"

namespace switchboard::support {

Status Client::open(kv::Kv& kv) {
  auto parts = std::make_unique<Parts>();
  TRY_DO(build(kv, *parts));
  parts_ = std::move(parts);
  return ok();
}

Status Client::build(kv::Kv& kv, Parts& p) {
  const SealKey key{42};
  p.entropy.emplace(hash(options_.principal + " " + std::to_string(options_.seed) + " start " +
                         std::to_string(++lives_)));
  TRY(auto promises, sdk::Promises::open(kv));
  p.promises.emplace(std::move(promises));
  TRY(p.outbox, sdk::Outbox::open(kv, key, *p.entropy, {}));
  TRY(p.acts_outbox, sdk::Outbox::open(kv, key, *p.entropy, {.lane = sdk::Lane::kActs}));
  p.session.emplace(*p.promises, *p.entropy, sdk::Session::Options{.client = options_.principal});
  p.publisher.emplace(*p.outbox, *p.entropy,
                      sdk::Publisher::Options{.frame_items = options_.frame_items});
  p.acts.emplace(*p.acts_outbox, *p.entropy, sdk::Acts::Options{});
  sdk::Conversation::Parts conversation{
      .session = &*p.session, .publisher = &*p.publisher, .acts = &*p.acts, .endpoints = {}};
  if (!options_.team.empty()) {
    TRY(auto store, sdk::EndpointStore::open(kv, *p.entropy, {.team = options_.team, .key = key}));
    p.store.emplace(std::move(store));
    p.endpoint.emplace(
        *p.store, *p.entropy,
        sdk::Endpoint::Options{.name = options_.endpoint, .credit_items = options_.credit_items});
    conversation.endpoints.push_back(&*p.endpoint);
  }
  p.conversation.emplace(std::move(conversation));
  return ok();
}

void Client::close() {
  parts_.reset();
  connected_ = false;
}

void Client::connect(Time now) {
  disconnect();
  ++connection_;
  connected_ = true;
  parts_->conversation->connected(now);
}

void Client::disconnect() {
  connected_ = false;
  if (parts_) parts_->conversation->disconnected();
}

Status Client::say(Time now, int frames_max, const std::function<void(Packet)>& send) {
  sdk::Conversation& conversation = *parts_->conversation;
  if (!connected_ || conversation.wants_connection(now)) connect(now);
  for (int i = 0; i < frames_max; ++i) {
    TRY(auto frame, conversation.next(now));
    if (!frame) break;
    send({options_.principal, connection_, std::move(*frame)});
  }
  parts_->publisher->take_outcomes();
  parts_->acts->take_outcomes();
  return ok();
}

Status Client::hear(const Packet& packet, Time now) {
  if (packet.connection != connection_) return ok();
  return parts_->conversation->hear(packet.bytes, now);
}

std::optional<std::string> Client::alarm() const {
  const auto& alarm = parts_->session->alarm();
  if (!alarm) return std::nullopt;
  return v1::Code_Name(alarm->code) + " " + alarm->text;
}

}  // namespace switchboard::support
