// What sources say on a stormy day, by the run's randomness: every kind, corrections of each, test
// messages, messages of sources on trial and their live twins, ids of a source's own choice used
// twice, probes.
//
// Owns: the count of messages, and what is still to be said of those before. Thread: the run's.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "broker/base/ids.h"
#include "switchboard/v1/session.pb.h"
#include "tests/sim/random.h"
#include "tests/support/builders.h"

namespace switchboard::sim {

struct Message {
  v1::Item item;
  std::string agency;
  Id id;
  bool trial = false;   // this item says that its source is on trial
  bool chosen = false;  // its source chose the id
  bool probe = false;
  enum class World { kLive, kTest, kTrial, kTrialAndLive } world = World::kLive;
};

class Messages {
 public:
  explicit Messages(Random& random) : random_(random) {}
  Message next(const std::string& agency);
  // Other content under an id that the agency's source has chosen before, or nothing.
  std::optional<Message> conflict(const std::string& agency);
  // An end-to-end probe of X26's, once an hour.
  Message probe(Time now);
  static std::string words_of(const Message& message);
  uint64_t made() const { return made_; }

 private:
  support::Event event();
  support::Event correction();
  support::Event identity_changed();
  v1::Thread thread_of(const std::string& kind);
  Message::World world();
  void choose_id(support::Event& event);

  Random& random_;
  std::deque<Message> twins_;  // live ones of what a source on trial said
  std::vector<Message> chosen_;
  uint64_t made_ = 0;
};

}  // namespace switchboard::sim
