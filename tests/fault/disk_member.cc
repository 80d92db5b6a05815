#include "tests/fault/disk_member.h"

#include <span>

#include "broker/base/hash.h"

namespace switchboard::fault {

DiskMember::DiskMember(std::unique_ptr<Ground> ground, Options options)
    : ground_(std::move(ground)), options_(std::move(options)) {}

Status DiskMember::start() {
  auto parts = std::make_unique<Parts>();
  const Status opened = open(*parts);
  if (opened.ok()) {
    parts_ = std::move(parts);
  } else {
    parts.reset();
    ground_->close();
  }
  return opened;
}

Status DiskMember::open(Parts& p) {
  const SealKey key{42};
  TRY(kv::Kv* const kv, ground_->open());
  p.entropy.emplace(hash(options_.principal + " " + std::to_string(options_.seed) + " start " +
                         std::to_string(++starts_)));
  TRY(auto promises, sdk::Promises::open(*kv));
  p.promises.emplace(std::move(promises));
  TRY(p.outbox, sdk::Outbox::open(*kv, key, *p.entropy, {}));
  p.session.emplace(*p.promises, *p.entropy, sdk::Session::Options{.client = options_.principal});
  p.publisher.emplace(*p.outbox, *p.entropy, sdk::Publisher::Options{.frame_items = 8});
  sdk::Conversation::Parts parts{
      .session = &*p.session, .publisher = &*p.publisher, .acts = nullptr, .endpoints = {}};
  if (!publisher()) {
    TRY(auto store, sdk::EndpointStore::open(*kv, *p.entropy, {.team = options_.team, .key = key}));
    p.store.emplace(std::move(store));
    TRY(p.acts_outbox, sdk::Outbox::open(*kv, key, *p.entropy, {.lane = sdk::Lane::kActs}));
    p.acts.emplace(*p.acts_outbox, *p.entropy, sdk::Acts::Options{});
    parts.acts = &*p.acts;
    p.endpoint.emplace(*p.store, *p.entropy,
                       sdk::Endpoint::Options{.name = options_.endpoint, .credit_items = 64});
    parts.endpoints.push_back(&*p.endpoint);
  }
  p.conversation.emplace(std::move(parts));
  return ok();
}

void DiskMember::stop() {
  parts_.reset();
  ground_->close();
  connected_ = false;
}

void DiskMember::disconnect() {
  connected_ = false;
  if (parts_) parts_->conversation->disconnected();
}

Status DiskMember::publish(const v1::Item& item, Time now) {
  const auto taken = parts_->publisher->append(std::span(&item, 1), now);
  return taken.ok() ? ok() : Status(taken.error());
}

Status DiskMember::send(std::vector<Packet>& out, Time now) {
  sdk::Conversation& conversation = *parts_->conversation;
  if (!connected_ || conversation.wants_connection(now)) {
    conversation.disconnected();
    ++connection_;
    connected_ = true;
    conversation.connected(now);
  }
  for (int i = 0; i < 16; ++i) {
    TRY(auto frame, conversation.next(now));
    if (!frame) break;
    out.push_back({options_.principal, connection_, std::move(*frame)});
  }
  parts_->publisher->take_outcomes();
  return ok();
}

Status DiskMember::hear(const Packet& packet, Time now) {
  if (packet.connection != connection_) return ok();
  TRY_DO(parts_->conversation->hear(packet.bytes, now));
  if (!parts_->acts) return ok();
  for (const auto& outcome : parts_->acts->take_outcomes()) {
    const bool held = outcome.code == v1::CODE_OK || outcome.code == v1::CODE_DUPLICATE;
    if (held) told_.emplace_back(outcome.act_id.view());
  }
  return ok();
}

Status DiskMember::act(const v1::Act& act, Time now) {
  const auto taken = parts_->acts->submit(act, now);
  return taken.ok() ? ok() : Status(taken.error());
}

Status DiskMember::flush() {
  if (parts_->endpoint) {
    parts_->endpoint->use_arrivals([](const auto&) { return std::string(); });
  }
  return parts_->conversation->flush();
}

bool DiskMember::idle() const {
  const bool acted = !parts_->acts || parts_->acts->idle();
  return parts_->publisher->idle() && acted && parts_->session->open();
}

Result<std::vector<v1::Entry>> DiskMember::log() const {
  std::vector<v1::Entry> entries;
  for (uint64_t number = 1; number <= parts_->store->through(); ++number) {
    TRY(auto stored, parts_->store->find(number));
    if (stored) entries.push_back(std::move(stored->entry));
  }
  return entries;
}

size_t DiskMember::refused() const {
  const auto refusals = parts_->outbox->refusals(0, 1000);
  return refusals.ok() ? refusals->size() : 1;
}

std::optional<std::string> DiskMember::alarm() const {
  const auto& alarm = parts_->session->alarm();
  if (!alarm) return std::nullopt;
  return v1::Code_Name(alarm->code) + " " + alarm->text;
}

}  // namespace switchboard::fault
