// How far a store's log was certainly on the disk, in a file of its own.
//
// RocksDB takes a log that ends early for a torn tail, and goes on without a word. Where nobody
// else knows what was promised (an outbox), that would lose it in silence: so each sync notes here
// the sequence it covered, and a store that comes up with less is refused. Owns: DIR/SYNCED:
// records of sequence (u64), CRC-32C. Never synced itself: it may be behind, never ahead. Thread:
// the writer's. Fails: read() only for I/O; a note that cannot be written is left out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "broker/base/result.h"

namespace rocksdb {
class Env;
class WritableFile;
}  // namespace rocksdb

namespace switchboard::kv {

inline constexpr const char* kSyncMarkFile = "SYNCED";

class SyncMark {
 public:
  // The highest sequence noted; nothing if there is no file, or no whole record in it.
  static Result<std::optional<uint64_t>> read(rocksdb::Env& env, const std::string& dir);
  // A new file, in place of what was there.
  static Result<std::unique_ptr<SyncMark>> start(rocksdb::Env& env, const std::string& dir,
                                                 uint64_t sequence);
  ~SyncMark();
  void note(uint64_t sequence);

 private:
  SyncMark(rocksdb::Env& env, std::string dir) : env_(env), dir_(std::move(dir)) {}
  Status begin(uint64_t sequence);

  rocksdb::Env& env_;
  const std::string dir_;
  std::unique_ptr<rocksdb::WritableFile> file_;
  size_t records_ = 0;
};

}  // namespace switchboard::kv
