// Frames on their way: lost, repeated, reordered, delayed, and links cut one way or both.
//
// An address is a connection: what is on its way when a member connects anew never arrives.
// Bounded: when too much is on its way, the oldest is lost. Thread: the run's.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "broker/base/time.h"
#include "tests/sim/faults.h"
#include "tests/support/packet.h"

namespace switchboard::sim {

using support::Packet;

class Network {
 public:
  explicit Network(Faults& faults) : faults_(faults) {}
  void to_hub(Packet packet) { put(to_hub_, std::move(packet)); }
  void to_member(Packet packet) { put(to_members_, std::move(packet)); }
  // What arrives now.
  std::vector<Packet> at_hub(Time now, size_t most) { return take(to_hub_, now, most); }
  std::vector<Packet> at_members(Time now, size_t most) { return take(to_members_, now, most); }
  // Nothing passes that way until then.
  enum class Way { kToHub, kFromHub, kBoth };
  void cut(const std::string& member, Way way, Time until);
  // What the hub sends it takes that much longer, until then.
  void slow(const std::string& member, Duration delay, Time until);
  void hub_died();
  void calm();  // every link is whole

 private:
  struct Line {
    std::deque<Packet> frames;
    std::multimap<Time, Packet> held;  // by when they go on
    std::map<std::string, Time> cut;   // by member, until when
  };
  struct Slow {
    Duration delay;
    Time until;
  };
  bool is_cut(const Line& line, const std::string& member) const;
  void put(Line& line, Packet packet);
  std::vector<Packet> take(Line& line, Time now, size_t most);

  Faults& faults_;
  Time now_;
  Line to_hub_, to_members_;
  std::map<std::string, Slow> slow_;
};

}  // namespace switchboard::sim
