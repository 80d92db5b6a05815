// A client's session with a hub that runs in the test's process, and the frames that answer it.
//
// Owns: where the client is in its outbox, and its feeds: as broker/server/conversation.cc and
// delivery.cc have them, for the hubs of the simulation and of the disk's faults. Not here: turns
// and commits, and so when an answer may leave (P1); what is shown of an entry. Thread: the run's.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/core.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::support {

class HubSession {
 public:
  // One endpoint's reading of one log.
  struct Feed {
    std::string team;
    std::string endpoint;
    v1::LogKind log = v1::LOG_KIND_INBOX;
    uint64_t sent = 0;
    uint64_t received = 0;
    uint64_t credit = 0;  // items that may be sent and not received
  };

  // P6: gives each item to `take`, in order, with its sequence; nothing of a frame that does not
  // follow on.
  v1::Accepted publish(const v1::Publish& frame,
                       const std::function<core::Answer(const v1::Item&, uint64_t)>& take);
  // Begins to send, after what the core said.
  v1::Attached attach(const v1::Attach& request, const core::Attachment& attached);
  // Gives `take` what may be believed of it: nobody has stored what was not sent.
  void receive(const v1::Received& received, const std::function<void(const v1::Received&)>& take);

  std::vector<Feed>& feeds() { return feeds_; }
  const std::vector<Feed>& feeds() const { return feeds_; }

 private:
  std::optional<uint64_t> next_;  // of its outbox
  std::vector<Feed> feeds_;
};

v1::Welcome welcome(const core::Core& core, const core::Greeting& greeting, Time now,
                    uint32_t window_items);
v1::Refused refusal(v1::Code code, const std::string& text, bool ends);
// A frame for what follows what was sent; without items yet.
v1::Deliver delivery_after(const HubSession::Feed& feed, const core::Core& core);
// To whichever answer the frame is: what it promises is durable (P1).
void add_promise(v1::HubFrame& frame, const v1::Promise& promise);

}  // namespace switchboard::support
