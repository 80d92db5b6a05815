// The hub's core on a disk that fails: sessions and feeds as the server has them, no sockets.
//
// Owns: its ground, and everything a process has while it is up. A turn that fails has sent nothing
// (P1) and the process is down; start() is recovery. Thread: the run's.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/core.h"
#include "broker/kv/packed_kv.h"
#include "broker/store/journal.h"
#include "tests/fault/ground.h"
#include "tests/support/hub_session.h"
#include "tests/support/packet.h"

namespace switchboard::fault {

using support::Packet;

// Two trusts that publish and two teams, with people, that are told of all of it.
v1::Directory disk_world();
inline constexpr uint64_t kPeople = 10;  // of each team
std::string person_of(const std::string& team, uint64_t n);

class DiskHub {
 public:
  DiskHub(std::unique_ptr<Ground> ground, uint64_t seed);

  Status start(Time now);
  void stop();
  bool up() const { return core_ != nullptr; }
  // What it says in answer; an error: it is down and has said nothing of what failed.
  Result<std::vector<Packet>> turn(const std::vector<Packet>& arrived, Time now);

  Ground& ground() { return *ground_; }
  kv::Kv& kv() { return *kv_; }
  core::Core& core() { return *core_; }
  std::optional<Error> background_error();
  uint64_t unreadable() const { return unreadable_; }  // placeholders that were served
  // Planted bug: answers leave before the sync.
  void answer_early(bool early) { answer_early_ = early; }
  // Planted bug: people are told that their acts are recorded, and they are not.
  void forget_acts(bool forget) { forget_acts_ = forget; }
  // An operator sends every log again; what was served as unreadable so far counts no more.
  Status replay(Time now);

 private:
  using Feed = support::HubSession::Feed;
  struct Session {
    uint64_t connection = 0;
    support::HubSession state;
  };
  Status open(Time now);
  Status commit();
  void begin(Time now);
  Status take(const Packet& packet, const v1::ClientFrame& frame);
  void hello(const Packet& packet, const v1::Hello& hello);
  void publish(const Packet& packet, Session& session, const v1::Publish& frame);
  void attach(const Packet& packet, Session& session, const v1::Attach& request);
  void receive(const Packet& packet, Session& session, const v1::Received& received);
  void acts(const Packet& packet, const v1::Acts& frame);
  v1::HubFrame& answer(const Packet& packet);
  void refuse(const Packet& packet, v1::Code code, bool ends);
  void say(std::vector<Packet>& out);
  void pump(std::vector<Packet>& out);
  v1::Entry entry_of(const std::string& team, uint64_t number);
  const v1::PrincipalRow& who(const std::string& id) const;
  store::LogId inbox_of(const std::string& team) const;

  std::unique_ptr<Ground> ground_;
  std::unique_ptr<kv::PackedKv> kv_;
  std::unique_ptr<store::Journal> journal_;
  std::unique_ptr<core::Core> core_;
  std::map<std::string, Session> sessions_;  // by principal
  std::vector<std::pair<Packet, v1::HubFrame>> answers_;
  uint64_t seed_;
  uint64_t turns_ = 0;
  uint64_t unreadable_ = 0;
  bool answer_early_ = false;
  bool forget_acts_ = false;
  Time now_;
};

}  // namespace switchboard::fault
