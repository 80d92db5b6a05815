// The hub of the simulation: the real core behind sessions and feeds as the server has them.
//
// Owns sessions, what each endpoint was sent, and the planted bug. Answers leave after the sync
// (P1), unless the bug says otherwise. What is said and committed is shown to a witness.
// Thread: the run's.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/bug.h"
#include "tests/sim/machine_clock.h"
#include "tests/sim/network.h"
#include "tests/support/hub_core.h"
#include "tests/support/hub_session.h"

namespace switchboard::sim {

// Sees what the hub does, as its partners and its disk see it.
class Witness {
 public:
  virtual ~Witness() = default;
  // `frozen`: by the hub's clocks no deadline may ring.
  virtual void committed(bool frozen) = 0;
  virtual void lost_tail() = 0;
  virtual void promised(const std::string& agency, const Id& event, uint64_t position) = 0;
  virtual void acted(const v1::Act& act, const v1::ActOutcome& outcome) = 0;
  virtual void said(const v1::Promise& promise) = 0;
  virtual void sent(const std::string& member, const v1::Deliver& frame, uint64_t unreceived) = 0;
  virtual void refused_spy(bool refused) = 0;
};

class SimHub {
 public:
  SimHub(Random& random, Faults& faults, Bug bug, uint64_t seed);
  void watch(Witness* witness) { witness_ = witness; }

  // One turn: what arrived, deadlines, one commit, then answers and deliveries. `now`: the world's.
  void turn(std::vector<Packet> arrived, Network& network, Time now);
  // A turn of something else than what its clients say.
  void operate(const std::function<void(core::Core&)>& commands);
  void crash(Network& network);
  // The disk goes back to what it was when it was remembered, one of the last `copies` times.
  void remember(size_t copies);
  void lose_tail(Network& network);
  // An operator sends a team's inbox again from a number on.
  void replay(const std::string& team, uint64_t from_number);
  // A team's caseload changes: a child comes or goes, or a new list is sent.
  void change_list(const std::string& team, v1::MembersMode mode, unsigned child);
  // Another team's endpoint tries to read and to act.
  void spy(const std::string& spy, const std::string& team);

  // What became of keys whose last day was over.
  struct Expired {
    uint64_t sessions_ended = 0;
    uint64_t frames_refused = 0;
    uint64_t let_in_again = 0;
  };
  const Expired& expired() const { return expired_; }

  bool busy() const { return !left_over_.empty(); }  // another turn has something to do
  // Who is connected and reads, as the watchdogs ask.
  core::Presence presence() const;
  MachineClock& clock() { return clock_; }
  support::HubCore& hub() { return hub_; }
  uint64_t crashes() const { return crashes_; }
  std::string last() const { return last_; }

 private:
  using Feed = support::HubSession::Feed;
  struct Session {
    std::string principal;
    support::HubSession state;
  };
  struct Answer {
    Packet to;
    v1::HubFrame frame;
    std::vector<std::pair<Id, uint64_t>> accepted;
    std::vector<std::pair<v1::Act, v1::ActOutcome>> acts;
  };
  void start_anew(Network& network);
  void commands(std::vector<Packet>& arrived, core::Core& core);
  void take(const Packet& packet, core::Core& core);
  void hello(const Packet& packet, const v1::Hello& hello, core::Core& core);
  const v1::Item& forgetful(const v1::Item& item);
  void publish(const Packet& packet, Session& session, const v1::Publish& frame, core::Core& core);
  void attach(const Packet& packet, Session& session, const v1::Attach& request, core::Core& core);
  void acts(const Packet& packet, Session& session, const v1::Acts& frame, core::Core& core);
  void receive(Session& session, const v1::Received& received, core::Core& core);
  void refuse(const Packet& packet, v1::Code code, const std::string& text, bool ends);
  Answer& answer(const Packet& packet);
  void say(Network& network);
  void pump(Network& network);
  void feed(const std::string& address, const Session& session, Feed& feed, Network& network);
  v1::Entry entry_of(const std::string& team, uint64_t number);
  bool drops_conflict(const v1::Item& item);
  bool taken(const std::string& principal) const;
  void expire_keys();
  void end_barred();
  void plant();

  Random& random_;
  Faults& faults_;
  Bug bug_;
  support::HubCore hub_;
  MachineClock clock_;
  Time opened_;
  std::map<store::TeamHandle, Time> last_read_;
  std::map<std::string, std::string> seen_;  // items by event id, for a planted bug
  Witness* witness_ = nullptr;
  std::map<std::string, Session> sessions_;               // by address
  std::vector<std::unique_ptr<v1::ClientFrame>> frames_;  // of this turn
  std::vector<std::unique_ptr<v1::Item>> altered_;        // by a planted bug
  std::vector<Answer> answers_;
  std::vector<Packet> left_over_;  // a command that must be the first of its turn
  std::deque<std::unique_ptr<kv::MemKv>> remembered_;
  std::set<std::string> known_expired_, locked_out_;
  Expired expired_;
  uint64_t crashes_ = 0;
  std::string last_;
};

}  // namespace switchboard::sim
