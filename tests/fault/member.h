// One process of a fault test beside the hub: a publisher, a feed, its adapter, or an endpoint; how
// to start it again, and what it left behind for the judge.
//
// Owns: the child. Its folder is the world's. Thread: the test's.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/fault/judge.h"
#include "tests/support/child.h"

namespace switchboard::test {

enum class Role { kPublisher, kFeed, kAdapter, kEndpoint };
inline constexpr Role kRoles[] = {Role::kPublisher, Role::kFeed, Role::kAdapter, Role::kEndpoint};
const char* name_of(Role role);

class Member {
 public:
  struct Options {
    std::string name;  // of its folder
    Role role = Role::kPublisher;
    std::string dir;
    std::string log;                     // file of its outputs
    std::vector<std::string> arguments;  // the program first
    std::string agency;                  // of a publisher or feed: whom it speaks for
    std::string team, person;            // of an endpoint
  };
  explicit Member(Options options) : options_(std::move(options)) {}

  void start() { child_.start({options_.arguments, environment_, options_.log}); }
  void set_environment(std::vector<std::string> more) { environment_ = std::move(more); }
  Child& child() { return child_; }
  const std::string& name() const { return options_.name; }
  Role role() const { return options_.role; }
  const Options& options() const { return options_; }
  // What ends by itself when all it published is answered.
  bool publishes() const { return role() == Role::kPublisher || role() == Role::kFeed; }
  std::string file(const std::string& name) const { return options_.dir + "/" + name; }

  void ask_to_finish() const;  // what publishes
  uint64_t count() const;      // … how much in all, once it has finished
  uint64_t through() const;    // how far an endpoint has stored
  // What a publisher was promised; `wrong` gets what it should not have been told.
  uint64_t promises(std::vector<std::string>& wrong) const;
  std::vector<ActAnswer> act_answers() const;
  // Each entry of an endpoint's own store, in order; it must not run. How far it has come.
  uint64_t read_log(const std::function<void(const v1::Entry&)>& see) const;

 private:
  Options options_;
  std::vector<std::string> environment_;
  Child child_;
};

}  // namespace switchboard::test
