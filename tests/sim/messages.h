// What sources say on a stormy day, by the run's randomness: every kind, corrections of each, test
// messages, messages of sources on trial and their live twins.
//
// Owns: the count of messages. Thread: the run's.
#pragma once

#include <deque>
#include <string>

#include "broker/base/ids.h"
#include "switchboard/v1/session.pb.h"
#include "tests/sim/random.h"
#include "tests/support/builders.h"

namespace switchboard::sim {

struct Message {
  v1::Item item;
  std::string agency;
  Id id;
  bool trial = false;  // this item says that its source is on trial
  enum class World { kLive, kTest, kTrial, kTrialAndLive } world = World::kLive;
};

class Messages {
 public:
  explicit Messages(Random& random) : random_(random) {}
  Message next(const std::string& agency);
  uint64_t made() const { return made_; }

 private:
  support::Event event();
  support::Event correction();
  support::Event identity_changed();
  v1::Thread thread_of(const std::string& kind);
  Message::World world();

  Random& random_;
  std::deque<Message> twins_;  // live ones of what a source on trial said
  uint64_t made_ = 0;
};

}  // namespace switchboard::sim
