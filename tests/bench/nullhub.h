// The yardstick nullhub: a one-thread ROUTER broker that puts what has arrived in one RocksDB batch
// (events, and one row per team and receipt), syncs, then confirms and delivers. No protobuf, no
// routing, no rows of ours, no CURVE. Not a limit, but what the bare design can do.
//
// Frames begin with a letter: P events, A receipts (numbers), S subscribe, R replay, F fence;
// back come C confirmed (count), E events with their numbers, s, f.
// Thread: one. Fails by ending the program.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/socket.h"

namespace switchboard::bench {

inline constexpr size_t kNullEventBytes = 1024;
inline constexpr size_t kNullRecordBytes = 8 + kNullEventBytes;  // number and event

class Nullhub {
 public:
  Nullhub(const std::string& directory, Socket& socket, size_t pack);
  // One turn; waits up to `timeout_ms` for the first frame.
  void turn(int64_t timeout_ms);

 private:
  struct Team {
    std::string address;
    uint64_t next = 0;
    uint64_t received = 0;
  };
  void take(const std::string& from, std::string_view frame);
  void take_events(const std::string& from, std::string_view events);
  void take_receipts(const std::string& from, std::string_view numbers);
  void replay(const std::string& to);
  void commit();
  void deliver();

  Socket& socket_;
  size_t pack_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::WriteBatch batch_;
  std::vector<Team> teams_;
  std::deque<std::string> log_;  // records not yet sent to every team, from number base_ on
  uint64_t base_ = 0;
  uint64_t end_ = 0;
  size_t taken_ = 0;
  std::map<std::string, uint64_t> confirms_;
  std::vector<std::string> fences_;
};

}  // namespace switchboard::bench
