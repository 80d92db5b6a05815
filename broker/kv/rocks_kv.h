// The families on disk: one RocksDB, one column family for each.
//
// Owns: the folder (RocksDB's LOCK keeps a second opener out), its options (rocks_options.cc).
// write() reaches the operating system, sync() the disk. P1: after one failed write or sync both
// answer that error for ever; only a new process, which recovers from the disk, may go on.
// Flush and compaction fail in RocksDB's threads: background_error(). Then: accept nothing new,
// keep reading, alarm. RocksDB retries neither; the error stands until the folder is reopened.
// Thread: as kv.h says; verify_checksums, checkpoint, backup, background_error, healthy from any.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "broker/kv/kv.h"

namespace rocksdb {
class Env;
}

namespace switchboard::kv {

class RocksKv final : public Kv {
 public:
  struct Options {
    std::string dir;
    // All memtables together, those being flushed included, and the cache of blocks, indexes and
    // filters. With what RocksDB takes beside them (flush and compaction buffers, open tables) the
    // defaults were measured to add 75 MB to a process at 300,000 events.
    size_t memtable_mb = 24;
    size_t block_cache_mb = 16;
    bool read_only = false;  // takes no lock and writes no file: also beside a live writer
    bool create = false;     // where there is no store yet
    // Notes what was synced, and refuses to open with less (rocks_mark.h): for a store that holds
    // what nobody else knows of. One thread writes and syncs.
    bool mark_synced = false;
    // RocksDB's warnings, a line each, from its threads; empty: dropped.
    std::function<void(std::string_view)> warn;
    // A file system that fails on purpose; borrowed. Null: the real one.
    rocksdb::Env* env = nullptr;
  };

  // CODE_CONFLICT if another process has it open, CODE_NOT_FOUND if there is none,
  // CODE_DISK_LOW if the disk is full, else CODE_INTERNAL. The text names the file.
  static Result<std::unique_ptr<RocksKv>> open(const Options& options);
  // Snapshots and scans must be gone by now.
  ~RocksKv() override;

  Status write(const Batch& batch) override;
  Status sync() override;
  std::unique_ptr<Reads> snapshot() const override;
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override;
  std::unique_ptr<Scan> scan(Family family, std::string_view from,
                             std::string_view until) const override;
  std::unique_ptr<Scan> scan_back(Family family, std::string_view from,
                                  std::string_view until) const override;

  // The first error of a flush or compaction (or of the log), with its reason and severity.
  std::optional<Error> background_error() const;
  // Neither that nor a failed write or sync.
  bool healthy() const;

  // Reads every file and compares its checksums: long, for night time or offline.
  Status verify_checksums() const;
  // Hard links to the files as they are now. `dir` must not exist; same file system.
  Status checkpoint(const std::string& dir) const;
  // Adds a backup to the folder, then verifies it. Files it has already are not copied again.
  Status backup(const std::string& dir) const;
  // The latest backup; `to_dir` must be empty or absent. The caller starts a new epoch (DESIGN §9).
  static Status restore(const std::string& backup_dir, const std::string& to_dir,
                        rocksdb::Env* env = nullptr);

 private:
  struct Open;  // what RocksDB holds; its types stay in the sources
  class FirstError;
  class Listener;
  class View;
  class Cursor;
  explicit RocksKv(std::unique_ptr<Open> open);
  static Status check_mark(const Options& options);
  Status fail_for_ever(Status status);

  std::unique_ptr<Open> open_;
};

}  // namespace switchboard::kv
