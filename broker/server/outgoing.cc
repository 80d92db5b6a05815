#include "broker/server/outgoing.h"

namespace switchboard::server {

static void fill_in(v1::HubFrame& frame, const v1::Promise& promise) {
  switch (frame.body_case()) {
    case v1::HubFrame::kWelcome:
      *frame.mutable_welcome()->mutable_promise() = promise;
      break;
    case v1::HubFrame::kAccepted:
      *frame.mutable_accepted()->mutable_promise() = promise;
      break;
    case v1::HubFrame::kAttached:
      *frame.mutable_attached()->mutable_promise() = promise;
      break;
    case v1::HubFrame::kActed:
      *frame.mutable_acted()->mutable_promise() = promise;
      break;
    case v1::HubFrame::kPong:
      *frame.mutable_pong()->mutable_promise() = promise;
      break;
    default:
      break;
  }
}

v1::HubFrame& Outgoing::to_client(const std::string& address) {
  clients_.push_back(std::make_unique<ToClient>());
  clients_.back()->address = address;
  return clients_.back()->frame;
}
v1::AdminReply& Outgoing::to_admin(const std::string& address, uint64_t request) {
  admins_.push_back(std::make_unique<ToAdmin>());
  admins_.back()->address = address;
  admins_.back()->reply.set_request(request);
  return admins_.back()->reply;
}
void Outgoing::refuse(const std::string& address, v1::Code code, std::string text,
                      bool session_ends) {
  v1::Refused& refused = *to_client(address).mutable_refused();
  refused.set_code(code);
  refused.set_text(std::move(text));
  refused.set_session_ends(session_ends);
}

std::vector<std::string> Outgoing::send(wire::Router& clients, wire::Router& admins,
                                        const v1::Promise& promise) {
  std::vector<std::string> gone;
  for (auto& to : clients_) {
    fill_in(to->frame, promise);
    if (clients.send(to->address, to->frame.SerializeAsString()) != wire::Sent::kYes) {
      gone.push_back(to->address);
    }
  }
  for (auto& to : admins_) {
    if (to->reply.has_applied()) *to->reply.mutable_applied()->mutable_promise() = promise;
    // An operator who has gone away asks again: replies on this socket are not kept.
    (void)admins.send(to->address, to->reply.SerializeAsString());
  }
  clients_.clear();
  admins_.clear();
  return gone;
}

}  // namespace switchboard::server
