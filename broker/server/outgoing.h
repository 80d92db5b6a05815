// What waits for this turn's sync before it may be sent (P1).
//
// Answers are collected while commands apply; after the sync the promise is filled in and they go
// out in order. Thread: the loop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "broker/wire/router.h"
#include "switchboard/v1/admin.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::server {

class Outgoing {
 public:
  // The frame to fill in; it lives until send().
  v1::HubFrame& to_client(const std::string& address);
  v1::AdminReply& to_admin(const std::string& address, uint64_t request);
  void refuse(const std::string& address, v1::Code code, std::string text, bool session_ends);
  bool empty() const { return clients_.empty() && admins_.empty(); }
  // Returns addresses whose peer is gone or does not read.
  std::vector<std::string> send(wire::Router& clients, wire::Router& admins,
                                const v1::Promise& promise);

 private:
  struct ToClient {
    std::string address;
    v1::HubFrame frame;
  };
  struct ToAdmin {
    std::string address;
    v1::AdminReply reply;
  };
  std::vector<std::unique_ptr<ToClient>> clients_;
  std::vector<std::unique_ptr<ToAdmin>> admins_;
};

}  // namespace switchboard::server
