// A whole client without its socket: bytes of frames in, bytes of frames out.
//
// Owns: which part hears what, and the order of what is sent: session, receipts, people's acts,
// reads, publishes. The client (client.h) drives it with a Dealer, the simulation with a seeded
// network. Frames of an unknown kind are counted and ignored: a newer hub may send them.
// Pure but for the parts' stores. Thread: the owner's. Fails: with a store only; that is final.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/acts.h"
#include "adapters/sdk/endpoint.h"
#include "adapters/sdk/publisher.h"
#include "adapters/sdk/session.h"

namespace switchboard::sdk {

class Conversation {
 public:
  // Borrowed; null where a client does not do such a thing.
  struct Parts {
    Session* session = nullptr;
    Publisher* publisher = nullptr;
    Acts* acts = nullptr;
    std::vector<Endpoint*> endpoints;
  };
  explicit Conversation(Parts parts) : parts_(std::move(parts)) {}

  void connected(Time now);
  void disconnected();
  Status hear(std::string_view bytes, Time now);
  // Syncs what endpoints stored, so that their receipts may go. Call it once the owner has seen
  // the arrivals, before next().
  Status flush();
  // The next frame to send; nothing when there is none at this time.
  Result<std::optional<std::string>> next(Time now);
  // When next() may have something again although nothing was heard.
  std::optional<Time> wakes_at() const;
  // The present connection is of no use: open another and say connected() when it is up.
  bool wants_connection(Time now) const { return parts_.session->wants_connection(now); }

  // Asks for a page; asked again after a reconnect until it is here or given up.
  uint64_t ask(v1::Read read);
  // An adapter's own count; the page that answers says whether the hub has it.
  uint64_t tell(v1::AdapterLedgers ledgers);
  std::optional<v1::Page> take_page(uint64_t request);
  void give_up(uint64_t request);
  // What became of nudges; told until the page that answers is here or it is given up.
  uint64_t report(v1::NudgeReports reports);
  // A publisher has dealt with a quarantined message of its own; asked again like a page, as
  // saying it twice changes nothing.
  uint64_t clear(v1::ClearQuarantined request);

  // A list of children changes, or is asked about. Parts are asked one after the other.
  uint64_t change_members(v1::MembersRequest request);

  // Refusals that did not end the session; they do not say which frame they answer.
  std::vector<v1::Refused> take_refusals() { return std::exchange(refusals_, {}); }
  uint64_t ignored_frames() const { return ignored_frames_; }
  Session& session() { return *parts_.session; }
  const Parts& parts() const { return parts_; }

 private:
  Status hear_frame(v1::HubFrame& frame, Time now);
  Status open_parts();
  void close_parts();
  Status note(const v1::Promise& promise) { return parts_.session->promises().note(promise); }
  Endpoint* endpoint(const std::string& team, v1::LogKind log, const std::string& name);
  Result<std::optional<v1::ClientFrame>> next_frame(Time now);
  Result<std::optional<v1::ClientFrame>> next_of_parts(Time now);
  void give_up_if_stuck(Time now);
  bool resent() const;

  Parts parts_;
  std::map<uint64_t, v1::ClientFrame> asked_;  // what a page answers
  std::set<uint64_t> asked_here_;              // in this session
  std::map<uint64_t, v1::Page> pages_;
  std::vector<v1::Refused> refusals_;
  uint64_t last_request_ = 0;
  uint64_t ignored_frames_ = 0;
};

}  // namespace switchboard::sdk
