// Frames on their way, lost, repeated, reordered and cut off by a seed.
//
// An address is a connection: what is on its way when a member connects anew never arrives.
// Bounded: when too much is on its way, the oldest is lost. Thread: the run's.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/random.h"

namespace switchboard::sim {

struct Packet {
  std::string member;
  uint64_t connection = 0;
  std::string bytes;
};

class Network {
 public:
  explicit Network(Random& random) : random_(random) {}
  void to_hub(Packet packet) { put(to_hub_, std::move(packet)); }
  void to_member(Packet packet) { put(to_members_, std::move(packet)); }
  // What arrives now.
  std::vector<Packet> at_hub(size_t most) { return take(to_hub_, most); }
  std::vector<Packet> at_members(size_t most) { return take(to_members_, most); }
  void cut(const std::string& member) { cut_.insert(member); }
  void mend(const std::string& member) { cut_.erase(member); }
  bool is_cut(const std::string& member) const { return cut_.contains(member); }
  void hub_died();
  void calm();  // from now on nothing is lost
  bool quiet() const { return to_hub_.empty() && to_members_.empty(); }

 private:
  void put(std::deque<Packet>& way, Packet packet);
  std::vector<Packet> take(std::deque<Packet>& way, size_t most);
  Random& random_;
  std::deque<Packet> to_hub_, to_members_;
  std::set<std::string> cut_;
  bool stormy_ = true;
};

}  // namespace switchboard::sim
