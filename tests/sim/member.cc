#include "tests/sim/member.h"

#include <span>

#include "broker/base/check.h"
#include "broker/base/hash.h"

namespace switchboard::sim {

Member::Member(const Options& options) : options_(options) { start(); }

void Member::start() {
  const SealKey key{42};
  parts_ = std::make_unique<Parts>();
  Parts& p = *parts_;
  p.entropy.emplace(hash(options_.principal + " " + std::to_string(options_.seed) + " start " +
                         std::to_string(++starts_)));
  p.promises.emplace(sdk::Promises::open(disk_).value());
  p.outbox = sdk::Outbox::open(disk_, key, *p.entropy, {}).value();
  p.acts_outbox = sdk::Outbox::open(disk_, key, *p.entropy, {.lane = sdk::Lane::kActs}).value();
  p.session.emplace(*p.promises, *p.entropy, sdk::Session::Options{.client = options_.principal});
  p.publisher.emplace(*p.outbox, *p.entropy, sdk::Publisher::Options{.frame_items = 4});
  p.acts.emplace(*p.acts_outbox, *p.entropy, sdk::Acts::Options{});
  sdk::Conversation::Parts parts{
      .session = &*p.session, .publisher = &*p.publisher, .acts = &*p.acts, .endpoints = {}};
  if (!adapter()) {
    p.store.emplace(
        sdk::EndpointStore::open(disk_, *p.entropy, {.team = options_.team, .key = key}).value());
    p.endpoint.emplace(*p.store, *p.entropy,
                       sdk::Endpoint::Options{.name = "desk", .credit_items = 16});
    parts.endpoints.push_back(&*p.endpoint);
  }
  p.conversation.emplace(std::move(parts));
}

void Member::publish(const v1::Item& item, Time world) {
  CHECK(parts_->publisher->append(std::span(&item, 1), here(world)).ok());
}

void Member::act(v1::Act act, Time world) {
  CHECK(parts_->acts->submit(std::move(act), here(world)).ok());
}

void Member::send(Network& network, Time world) {
  const Time now = here(world);
  sdk::Conversation& conversation = *parts_->conversation;
  if (!connected_ || conversation.wants_connection(now)) {
    conversation.disconnected();
    ++connection_;
    connected_ = true;
    conversation.connected(now);
  }
  for (int i = 0; i < 8; ++i) {
    auto frame = conversation.next(now).value();
    if (!frame) break;
    network.to_hub({options_.principal, connection_, std::move(*frame)});
  }
  parts_->publisher->take_outcomes();
  parts_->acts->take_outcomes();
}

void Member::hear(const Packet& packet, Time world) {
  if (packet.connection != connection_) return;
  CHECK(parts_->conversation->hear(packet.bytes, here(world)).ok());
  for (const auto& refused : parts_->conversation->take_refusals()) {
    refusal_ = v1::Code_Name(refused.code()) + " " + refused.text();
  }
}

void Member::use_arrivals(const sdk::Endpoint::Use& use) {
  if (parts_->endpoint) parts_->endpoint->use_arrivals(use);
}

std::vector<sdk::EndpointStore::Parked> Member::parked() const {
  return parts_->store ? parts_->store->parked().value()
                       : std::vector<sdk::EndpointStore::Parked>();
}

void Member::release(uint64_t number) { CHECK(parts_->endpoint->release(number).ok()); }

void Member::flush() { CHECK(parts_->conversation->flush().ok()); }

void Member::crash(Random& random) {
  parts_.reset();
  disk_.crash(disk_.unsynced() == 0 ? 0 : random.below(disk_.unsynced() + 1));
  connected_ = false;
  clock_.restart({});
  start();
}

bool Member::believes(const v1::Promise& promise, Time world) {
  const Time now = here(world);
  disconnect();
  ++connection_;
  parts_->conversation->connected(now);
  CHECK(parts_->conversation->next(now).ok());  // Hello
  v1::HubFrame frame;
  v1::Welcome& welcome = *frame.mutable_welcome();
  welcome.set_protocol(sdk::kProtocol);
  welcome.set_now_us(world.us);
  *welcome.mutable_promise() = promise;
  CHECK(parts_->conversation->hear(frame.SerializeAsString(), now).ok());
  const bool believed = parts_->session->open();
  disconnect();
  return believed;
}

void Member::forget_promises() {
  kv::Batch batch;
  for (const char* key : {"promise", "promises"}) batch.erase(kv::Family::kMeta, key);
  CHECK(disk_.write_synced(batch).ok());
  parts_.reset();
  connected_ = false;
  start();
}

void Member::disconnect() {
  connected_ = false;
  parts_->conversation->disconnected();
}

std::optional<std::string> Member::alarm() const {
  const auto& alarm = parts_->session->alarm();
  if (!alarm) return std::nullopt;
  return v1::Code_Name(alarm->code) + " " + alarm->text;
}

}  // namespace switchboard::sim
