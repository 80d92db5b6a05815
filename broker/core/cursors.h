// Where each endpoint is in its team's log, and which entries it could not use.
//
// Owns: every cursor, in memory and as a row. A cursor is all that is stored of a reader (P6): it
// moves when an endpoint attaches, stores, or is sent back for a replay, and rides on the next
// commit. Bounded for each log (P11). Not here: who may read (core.h), whether a reader's numbers
// are this hub's (recovery.h), what is being sent (server/delivery.h). Thread: the loop.
#pragma once

#include <map>
#include <string>

#include "broker/core/turn.h"
#include "broker/store/keys.h"

namespace switchboard::core {

class Probes;

class Cursors {
 public:
  Status load(const store::Reads& reads);

  // Known already, or one more may be kept.
  bool room_for(store::LogId log, const std::string& endpoint) const;
  // Of an endpoint that (re)starts: what it holds through `common` is the hub's as well. Returns
  // its record, that says where it goes on.
  const v1::CursorRecord& attach(store::LogId log, const std::string& endpoint, uint64_t common,
                                 Time now, uint64_t epoch);
  // False if it never attached, or cannot use so much that it must stop.
  bool receive(store::LogId log, const v1::Received& received, Time now);
  // Those that are past it go back to this number: what follows is a replay. Empty: every endpoint.
  // Returns how many.
  size_t rewind(store::LogId log, const std::string& endpoint, uint64_t to_number);

  bool changed() const { return changed_; }
  // What changed since, with an audit entry for each (P10), and what it proves of probes.
  void write(Turn& turn, Probes& probes);

  uint64_t through(store::LogId log, const std::string& endpoint) const;

 private:
  struct Key {
    store::LogId log;
    std::string endpoint;
    auto operator<=>(const Key&) const = default;
  };
  struct Cursor {
    v1::CursorRecord record;
    bool dirty = false;
    uint64_t received = 0;  // highest number ever received
  };
  static void write_receipt(Turn& turn, Probes& probes, const Key& key, Cursor& cursor);

  std::map<Key, Cursor> cursors_;
  bool changed_ = false;
};

}  // namespace switchboard::core
