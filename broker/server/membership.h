// Changes of lists of children, from a team's own key or from operators: to the core, and back when
// the work that they began is done.
//
// A change is a turn of its own, as a batch is bounded; a whole list takes many turns, one piece
// each, before anything else of the turn (P11). Owns who waits for which answer. Thread: the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "broker/core/core.h"
#include "broker/server/door.h"
#include "broker/server/outgoing.h"

namespace switchboard::server {

class Membership {
 public:
  struct Parts {
    core::Core& core;
    Outgoing& outgoing;
    std::function<void()> flush;  // ends the turn and begins another
  };
  explicit Membership(Parts parts) : parts_(std::move(parts)) {}

  // P9: for teams of the key's own.
  void take(const std::string& address, const v1::PrincipalRow& who,
            const v1::MembersRequest& request, const Door& door, Time now);
  // The caller has seen that the operator may.
  void take(const std::string& address, const v1::PrincipalRow& who,
            const v1::AdminRequest& request);
  bool waiting() const { return parts_.core.has_work(); }
  void work();

 private:
  struct Asked {
    std::string address;
    uint64_t request = 0;
    enum class By { kTeam, kOperator } by = By::kTeam;
  };
  void change(Asked asked, const core::MembersCommand& command);
  void answer(const Asked& asked, core::MembersAnswer answer);

  Parts parts_;
  std::map<uint64_t, Asked> asked_;  // by ticket
  uint64_t last_ticket_ = 0;
};

}  // namespace switchboard::server
