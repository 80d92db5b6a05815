// A hub under load from real processes: two publishers, a feed with its adapter, three endpoints
// with people; each can be killed, stopped and started again. In the end, the judgement.
//
// Owns: the hub, the members, their folders. Judged from the endpoints' own stores and from what
// senders and people were told; what went wrong is kept as words. Thread: the test's.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/fault/member.h"
#include "tests/support/hub_world.h"
#include "tests/support/tcp_proxy.h"

namespace switchboard::test {

class FaultWorld {
 public:
  struct Options {
    int pace_ms = 20;  // of each publisher
    std::vector<std::string> hub_settings;
    bool proxied = false;  // all reach the hub through proxy()
    bool alone = false;    // no members but those that are added
  };
  FaultWorld() : FaultWorld(Options{}) {}
  explicit FaultWorld(Options options);

  Member& add_publisher(const std::string& agency, const std::string& role = "publish",
                        const std::string& last = "");
  Member& add_endpoint(const std::string& principal, const std::string& team,
                       const std::string& person);
  void add_feed();
  std::vector<std::unique_ptr<Member>>& members() { return members_; }
  Member& member(const std::string& name);

  void start();  // everybody
  TcpProxy& proxy() { return *proxy_; }
  bool start_hub() { return world.hub.start(options_.hub_settings); }
  void launch_hub() { world.hub.launch(options_.hub_settings); }
  uint64_t progress() const;  // how far all endpoints together have come
  // Work goes on: so many entries more; false after a time in which anything should have moved.
  bool moves_on(uint64_t by, std::chrono::seconds at_most = std::chrono::seconds(60));
  // This member did something more: stored an entry, was promised one, had one acknowledged.
  uint64_t done(const Member& member) const;  // grows with it
  bool works(const Member& member, std::chrono::seconds at_most = std::chrono::seconds(60));
  // P1: the hub counts as received only what the (stopped) endpoint would find after a crash.
  void check_receipts(const Member& endpoint);

  struct Verdict {
    Findings found;
    uint64_t promises = 0;
    uint64_t events = 0;
    std::vector<std::string> troubles;
    bool clean() const { return found.clean() && troubles.empty(); }
    std::string text() const;
  };
  // Publishers finish, endpoints read to the end, all stop; then what they hold is judged. Wrong if
  // nobody does anything for so long before that.
  Verdict finish(std::chrono::seconds at_most = std::chrono::seconds(120));
  void trouble(std::string what) { troubles_.push_back(std::move(what)); }
  const std::vector<std::string>& troubles() const { return troubles_; }
  std::string logs() const;  // the last words of all

  HubWorld world;

 private:
  std::string dir(const std::string& name) const { return world.hub.dir().file(name); }
  std::string key_file(const std::string& principal);
  std::string address() const;
  void enrol();
  Member& add(Member::Options options);
  bool adapter_is_done() const;
  bool all_read();
  bool while_moving(const std::function<bool()>& met, std::chrono::seconds at_most) const;
  bool let_end(std::chrono::seconds at_most);
  void judge_all(Verdict& verdict);

  Options options_;
  std::unique_ptr<TcpProxy> proxy_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<std::string> troubles_;
  std::chrono::steady_clock::time_point asked_{};  // the hub, how far it is
};

}  // namespace switchboard::test
