#include "tests/sim/member.h"

#include <span>

#include "broker/base/check.h"

namespace switchboard::sim {

Member::Member(const Options& options) : client_(options) { start(); }

void Member::start() { CHECK(client_.open(disk_).ok()); }

void Member::publish(const v1::Item& item, Time world) {
  CHECK(parts().publisher->append(std::span(&item, 1), here(world)).ok());
}

void Member::act(v1::Act act, Time world) {
  CHECK(parts().acts->submit(std::move(act), here(world)).ok());
}

void Member::send(Network& network, Time world) {
  CHECK(
      client_.say(here(world), 8, [&](Packet packet) { network.to_hub(std::move(packet)); }).ok());
}

void Member::hear(const Packet& packet, Time world) {
  if (packet.connection != connection()) return;
  CHECK(client_.hear(packet, here(world)).ok());
  for (const auto& refused : parts().conversation->take_refusals()) {
    refusal_ = v1::Code_Name(refused.code()) + " " + refused.text();
  }
}

void Member::use_arrivals(const sdk::Endpoint::Use& use) {
  if (parts().endpoint) parts().endpoint->use_arrivals(use);
}

std::vector<sdk::EndpointStore::Parked> Member::parked() const {
  return parts().store ? parts().store->parked().value()
                       : std::vector<sdk::EndpointStore::Parked>();
}

void Member::release(uint64_t number) { CHECK(parts().endpoint->release(number).ok()); }

void Member::flush() { CHECK(parts().conversation->flush().ok()); }

void Member::crash(Random& random) {
  client_.close();
  disk_.crash(disk_.unsynced() == 0 ? 0 : random.below(disk_.unsynced() + 1));
  clock_.restart({});
  start();
}

bool Member::believes(const v1::Promise& promise, Time world) {
  const Time now = here(world);
  client_.connect(now);
  CHECK(parts().conversation->next(now).ok());  // Hello
  v1::HubFrame frame;
  v1::Welcome& welcome = *frame.mutable_welcome();
  welcome.set_protocol(sdk::kProtocol);
  welcome.set_now_us(world.us);
  *welcome.mutable_promise() = promise;
  CHECK(parts().conversation->hear(frame.SerializeAsString(), now).ok());
  const bool believed = parts().session->open();
  disconnect();
  return believed;
}

void Member::forget_promises() {
  kv::Batch batch;
  for (const char* key : {"promise", "promises"}) batch.erase(kv::Family::kMeta, key);
  CHECK(disk_.write_synced(batch).ok());
  client_.close();
  start();
}

}  // namespace switchboard::sim
