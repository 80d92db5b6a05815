// What strikes the links, the clients and the hub's machine, by the run's faults.
//
// Clients crash, are away for hours, crawl, are cut off one way or both; clocks are stepped, by
// days too, and set right; the hub's disk goes back, it crashes while it recovers; a copy that is
// behind speaks in its place. Thread: the run's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/member.h"
#include "tests/sim/sim_hub.h"

namespace switchboard::sim {

class Weather {
 public:
  struct Parts {
    Random& random;
    Faults& faults;
    Network& network;
    SimHub& hub;
    std::vector<std::unique_ptr<Member>>& members;
    std::function<void(std::string)> note;
    std::function<void(const std::string&)> believed;  // a client believed a stale hub
  };
  struct Losses {
    bool tails = false;   // the hub's disk loses its tail now and then
    bool copies = false;  // … and goes back to any of its last copies, also of a lost history
  };
  Weather(Parts parts, Losses losses, Bug bug)
      : parts_(std::move(parts)), losses_(losses), bug_(bug) {}

  void strike(Time now);
  // Nobody is away, cut off or slow any more, and the hub's clock is right.
  void calm(Time now);
  bool away(const Member& member, Time now) const;

 private:
  Member& any();
  void strike_links(Time now);
  void strike_clients(Time now);
  void strike_clock();
  void strike_days();
  static std::string step_by_days(MachineClock& clock, Random& random);
  void strike_hub();
  void show_stale_hub(Time now);
  Time until(Fault fault, Time now, int64_t most_s);

  Parts parts_;
  Losses losses_;
  Bug bug_;
  std::map<std::string, Time> away_;  // by member, until when
  std::vector<v1::Promise> old_;      // that the hub has made
};

}  // namespace switchboard::sim
