// The Publish frames of a turn: kept as they came, applied after what people do, answered once
// each.
//
// Owns: the frames, as this turn's live events are views into them, until end(). A source's order
// survives (P6): nothing is taken of a frame that begins after what was taken of its outbox, nor
// behind a retryable answer. Answers go to Outgoing. Thread: the loop.
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
#include "broker/server/publish_frame.h"
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
  size_t add(const Session& session);
  // A Publish that had to be parsed. Both return the number of its items.
  size_t add(const Session& session, std::unique_ptr<v1::ClientFrame> parsed);
  void apply(Time now, const Door& door);
  // The frames of this turn may go: nothing refers to them any more.
  void end();
  size_t items() const { return items_; }  // of this turn

 private:
  struct Waiting {
    std::string address;
    std::string principal;
    wire::Frame frame;
    std::unique_ptr<v1::ClientFrame> parsed;
    PublishFrame publish;
  };
  Waiting& next();
  const v1::PrincipalRow* principal(const std::string& id) const;
  void apply(const Waiting& waiting, const Door& door);
  void take_items(const Waiting& waiting, const Door& door, v1::Accepted& accepted);
  core::Answer publish_item(const Door& door, const v1::PrincipalRow& who,
                            const core::ItemView& item);
  void count(v1::SourceStatus& source, v1::Code code);
  static std::optional<Error> wrong_with(const Session& session, const PublishFrame& publish);

  Parts parts_;
  Time now_;
  // The first count_ wait or were applied in this turn; all are used again in the next.
  std::vector<std::unique_ptr<Waiting>> waiting_;
  size_t count_ = 0;
  size_t items_ = 0;
};

}  // namespace switchboard::server
