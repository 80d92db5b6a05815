// What script commands do: a hub core, its world, and what a bystander sees of each turn.
//
// Every command gives its answer first and then what it added to the teams' logs. The commands are
// in README.txt beside the scripts. Thread: the test's.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/scenario/script.h"
#include "tests/support/hub_core.h"

namespace switchboard::scenario {

class Stage {
 public:
  std::string run(const Command& command);

 private:
  std::string publish(const Command& c);
  std::string act(const Command& c);
  std::string task(const Command& c);
  std::string tasks(const Command& c);
  std::string attach(const Command& c);
  std::string receive(const Command& c);
  std::string advance(const Command& c);
  std::string log(const Command& c);
  std::string queue(const Command& c);
  std::string clear(const Command& c);
  std::string ledger(const Command& c);
  std::string told(const Command& c);
  std::string corrected(const Command& c);
  std::string apply(const Command& c);
  std::string disk(const Command& c);
  std::string show(const Command& c);
  std::string probe(const Command& c);
  std::string watch(const Command& c);
  std::string leave(const Command& c);
  std::string verify(const Command& c);

  support::Event event_of(const Command& c) const;
  std::string message_of(uint64_t position) const;
  std::string answer(const std::string& principal, const v1::Act& act);
  std::string effects() const;
  std::string entry_line(store::LogId id, uint64_t number) const;

  support::HubCore hub_;
  core::Presence presence_{.since = support::kNoon, .teams = {}, .connected = {}};
  std::map<std::string, uint64_t> positions_;  // by source message id, the newest
  std::map<std::string, v1::Promise> promises_;
  std::map<std::string, std::unique_ptr<kv::MemKv>> disks_;
  unsigned acts_ = 0;
};

}  // namespace switchboard::scenario
