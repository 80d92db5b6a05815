// What the design asks of each event, without the decisions: parse, digest, dedupe, subject, seal,
// and the rows of DESIGN §9, each part with a switch so that its cost can be seen.
//
// It routes nothing: every team gets every event, and inbox numbers equal positions.
// Thread: one. Fails by ending the program.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "broker/base/hash.h"
#include "broker/base/seal.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/record.pb.h"
#include "switchboard/v1/session.pb.h"
#include "tests/bench/meter.h"
#include "tests/bench/shape_store.h"
#include "tests/support/arguments.h"

namespace switchboard::bench {

enum class SealUnit { kNone, kWhole, kSections };

struct ShapeOptions {
  explicit ShapeOptions(support::Arguments& arguments);
  int teams;
  bool header, digest, dedupe, subject, record, inbox, index, audit;
  bool act;  // attention `act`: an open row and a due row per delivery
  SealUnit seal;
  size_t index_delta;  // index rows held back and written sorted, that many at a time; 0: at once
  ShapeStore::Options store;
};

// One item of a Publish, as views of the received bytes.
struct ItemView {
  struct Section {
    uint64_t kind = 0;
    std::string_view body;
  };
  std::string_view header;
  std::vector<Section> sections;
  bool parse(std::string_view item);
};

// An event as teams get it: fields 3 and 4 of v1.Entry, made once for all teams.
struct LiveEvent {
  uint64_t position = 0;
  int64_t accepted_us = 0;
  std::string event_id;
  std::string body;
};

class Shape {
 public:
  Shape(const ShapeOptions& options, Stopwatch& stopwatch);

  // Adds the rows of one event to the open batch; false: not an item.
  bool accept(const ItemView& item, int64_t now_us);
  // The cursor rides on the next commit.
  void received(int team, std::string_view endpoint, uint64_t through, int64_t now_us);
  // One batch, one sync. Afterwards promise() covers everything accepted.
  void commit(int64_t now_us);

  uint64_t position() const { return position_; }
  uint64_t uncommitted() const { return position_ - committed_; }
  const v1::Promise& promise() const { return promise_; }
  std::deque<LiveEvent>& live() { return live_; }
  ShapeStore& store() { return store_; }
  // Field 2 of v1.Entry for one team.
  void put_notice(std::string& out, const LiveEvent& event, int team);
  // The sealed bytes of one event as LiveEvent::body.
  Result<std::string> open_payload(std::string_view position_key, std::string_view key_row,
                                   std::string_view sealed);

 private:
  SealKey event_key_of(std::string_view position_key, std::string_view row) const;
  void put_dedupe();
  void put_subject();
  void put_payload(const ItemView& item);
  void put_record(int64_t now_us);
  void put_inboxes(int64_t now_us);
  void put_indexes();
  void put_audit();
  void put_audit_block(int64_t now_us);
  void put_index_delta();

  ShapeOptions options_;
  Stopwatch& stopwatch_;
  ShapeStore store_;
  HashKey index_key_, digest_key_, witness_key_;
  SealKey master_key_;
  Entropy entropy_;
  uint64_t position_ = 0;
  uint64_t committed_ = 0;
  std::deque<LiveEvent> live_;
  v1::Promise promise_;
  Hash head_{};
  // Of the event at hand; kept for their capacity.
  v1::EventHeader header_;
  v1::Identity identity_;
  v1::EventRecord record_;
  v1::AuditBlock block_;
  v1::Notice notice_;
  Hash digest_{};
  Hash record_hash_{};
  std::vector<std::string> index_delta_;
  std::string key_, row_, found_, subject_;
};

}  // namespace switchboard::bench
