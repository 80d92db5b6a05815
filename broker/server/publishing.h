// Publish frames: kept as they came, applied after what people do, the clients in turn (P11),
// answered once each.
//
// Owns: the frames that wait, and those of this turn, as its live events are views into them, until
// end(). A source's order survives (P6): nothing is taken of a frame that begins after what was
// taken of its outbox, nor behind a retryable answer. Answers go to Outgoing. Thread: the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/core.h"
#include "broker/server/door.h"
#include "broker/server/gauges.h"
#include "broker/server/outgoing.h"
#include "broker/server/publish_queue.h"
#include "broker/server/session.h"
#include "broker/wire/frame.h"

namespace switchboard::server {

class Publishing {
 public:
  struct Parts {
    core::Core& core;
    Outgoing& outgoing;
    Sessions& sessions;
    Gauges& gauges;
    // Ends the turn and begins another: the batch is full.
    std::function<void()> flush;
    // Between two frames: what became of the turn before may be sent.
    std::function<void()> between;
  };
  explicit Publishing(Parts parts) : parts_(std::move(parts)) {}

  // Takes the frame over if it is a Publish that can be walked in place; the caller then says
  // whose it is with add(), or forgets it. False: the frame is untouched.
  bool walk(wire::Frame& frame);
  using Put = PublishQueue::Put;
  Put add(const Session& session);
  // A Publish that had to be parsed.
  Put add(const Session& session, std::unique_ptr<v1::ClientFrame> parsed);
  // A turn's worth of what waits; all of it when the hub stops.
  enum class HowMany { kATurn, kAll };
  void apply(Time now, const Door& door, HowMany how_many);
  // The frames of this turn may go: nothing refers to them any more.
  void end();
  bool waiting() const { return !queue_.empty(); }  // publishes are left for the next turn
  size_t items() const { return items_; }           // applied in this turn

 private:
  using Entry = PublishQueue::Entry;
  Entry& fresh();
  void apply(const Entry& entry, const Door& door);
  void take_items(const Entry& entry, const Door& door, v1::Accepted& accepted);
  core::Answer publish_item(const Door& door, const v1::PrincipalRow& who,
                            const core::ItemView& item, const core::OutboxItem& at);
  void count(v1::SourceStatus& source, v1::Code code);
  static std::optional<Error> wrong_with(const Session& session, const PublishFrame& publish);

  Parts parts_;
  Time now_;
  PublishQueue queue_;
  PublishQueue::Ptr fresh_;               // being read; nobody's yet
  std::vector<PublishQueue::Ptr> kept_;   // applied in this turn
  std::vector<PublishQueue::Ptr> spare_;  // used again: their views keep their memory
  size_t items_ = 0;
};

}  // namespace switchboard::server
