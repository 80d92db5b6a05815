#include "tests/sim/network.h"

#include <utility>

namespace switchboard::sim {

static constexpr size_t kOnTheWayMax = 2000;

void Network::put(std::deque<Packet>& way, Packet packet) {
  if (cut_.contains(packet.member)) return;
  if (stormy_ && random_.chance(15)) return;                 // lost
  if (stormy_ && random_.chance(15)) way.push_back(packet);  // repeated
  way.push_back(std::move(packet));
  if (way.size() > kOnTheWayMax) way.pop_front();
}

std::vector<Packet> Network::take(std::deque<Packet>& way, size_t most) {
  std::vector<Packet> arrived;
  while (!way.empty() && arrived.size() < most) {
    if (stormy_ && way.size() > 1 && random_.chance(20)) std::swap(way[0], way[1]);
    if (!cut_.contains(way.front().member)) arrived.push_back(std::move(way.front()));
    way.pop_front();
  }
  return arrived;
}

void Network::hub_died() {
  to_hub_.clear();
  to_members_.clear();
}

void Network::calm() {
  stormy_ = false;
  cut_.clear();
}

}  // namespace switchboard::sim
