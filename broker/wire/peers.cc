#include "broker/wire/peers.h"

#include <sys/socket.h>
#include <zmq.h>

#include <cstring>

namespace switchboard::wire {

namespace {

constexpr int kEvents = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED;
constexpr std::chrono::seconds kLookEvery{1};

struct Event {
  uint16_t what = 0;
  int32_t value = 0;
};

// First part: event number (16 bits) and value (32 bits), in the machine's order. Second: where.
bool next_event(Socket& monitor, Event& event) {
  Frame part;
  if (!monitor.receive_part(part)) return false;
  event = {};
  if (part.bytes().size() >= sizeof event.what + sizeof event.value) {
    std::memcpy(&event.what, part.bytes().data(), sizeof event.what);
    std::memcpy(&event.value, part.bytes().data() + sizeof event.what, sizeof event.value);
  }
  monitor.drop_rest(part);
  return true;
}

// P9: an address that libzmq gave, five bytes that begin with 0. Who chooses one could choose that
// of another and be sent what is another's.
bool is_given(std::string_view address) { return address.size() == 5 && address.front() == 0; }

}  // namespace

Result<Peers> Peers::open(Context& context, Socket& socket, size_t per_key_max) {
  Peers peers;
  peers.per_key_max_ = per_key_max;
  const auto name = "inproc://peers-" + std::to_string(reinterpret_cast<uintptr_t>(socket.raw()));
  if (zmq_socket_monitor(socket.raw(), name.c_str(), kEvents) != 0) {
    return socket_error("monitor the clients' socket");
  }
  TRY(peers.monitor_, Socket::open(context, ZMQ_PAIR));
  // Unlimited, as a full queue would stop libzmq's I/O thread; it is read in every turn.
  TRY_DO(peers.monitor_.set(ZMQ_RCVHWM, 0));
  TRY_DO(peers.monitor_.set(ZMQ_LINGER, 0));
  if (zmq_connect(peers.monitor_.raw(), name.c_str()) != 0) {
    return socket_error("connect the monitor of clients");
  }
  return peers;
}

void Peers::close(Socket& socket) {
  if (monitor_.raw() != nullptr) zmq_socket_monitor(socket.raw(), nullptr, 0);
}

Peers::Peer* Peers::find(int descriptor) {
  if (descriptor < 0 || static_cast<size_t>(descriptor) >= peers_.size()) return nullptr;
  Peer& peer = peers_[static_cast<size_t>(descriptor)];
  return peer.open ? &peer : nullptr;
}

void Peers::came(int descriptor, Clock::time_point now) {
  if (descriptor < 0) return;
  went(descriptor);
  const auto at = static_cast<size_t>(descriptor);
  if (at >= peers_.size()) peers_.resize(at + 1);
  peers_[at].open = true;
  peers_[at].since = now;
}

void Peers::went(int descriptor) {
  Peer* const peer = find(descriptor);
  if (peer == nullptr) return;
  const auto count = of_key_.find(peer->key);
  if (count != of_key_.end() && --count->second == 0) of_key_.erase(count);
  const auto address = by_address_.find(peer->address);
  if (address != by_address_.end() && address->second == descriptor) by_address_.erase(address);
  *peer = {};
}

void Peers::follow(Clock::time_point now) {
  Event event;
  while (next_event(monitor_, event)) {
    if (event.what == ZMQ_EVENT_ACCEPTED) came(event.value, now);
    if (event.what == ZMQ_EVENT_DISCONNECTED) went(event.value);
  }
  if (now - looked_ < kLookEvery) return;
  looked_ = now;
  cut_silent(now);
}

bool Peers::admit(int descriptor, std::string_view key, std::string_view address) {
  Peer* peer = find(descriptor);
  if (peer != nullptr && peer->key == key && peer->address == address) return !peer->cut;
  follow(Clock::now());
  peer = find(descriptor);
  // The last frames of one that is gone already: they count for nobody.
  if (peer == nullptr) return is_given(address);
  if (!peer->key.empty()) return !peer->cut;
  return name(*peer, descriptor, key, address);
}

bool Peers::name(Peer& peer, int descriptor, std::string_view key, std::string_view address) {
  peer.key = key;
  peer.address = address;
  const bool fits = ++of_key_[peer.key] <= per_key_max_ || per_key_max_ == 0;
  if (fits && is_given(address)) {
    by_address_[peer.address] = descriptor;
    return true;
  }
  cut(peer, descriptor);
  return false;
}

bool Peers::reaches(const std::string& address) {
  follow(Clock::now());
  return by_address_.contains(address);
}

void Peers::cut(Peer& peer, int descriptor) {
  peer.cut = true;
  ++cuts_;
  ::shutdown(descriptor, SHUT_RDWR);
}

void Peers::cut_silent(Clock::time_point now) {
  for (size_t at = 0; at < peers_.size(); ++at) {
    Peer& peer = peers_[at];
    if (!peer.open || peer.cut || !peer.key.empty() || now - peer.since < kSilence) continue;
    cut(peer, static_cast<int>(at));
  }
}

}  // namespace switchboard::wire
