// The hub's folder: one store, one lock, one ballast, one note of where the hub listens.
//
// Owns: data_dir/{store, lock, ballast, endpoints.json}. The lock keeps a second hub out even
// before RocksDB's own. A disk that cannot be written, by its mount, its rights or its room, is no
// reason to be silent: the store is opened to be read. Fails: Result; a hub that cannot read its
// store, or finds it damaged, must not start.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "broker/base/hash.h"
#include "broker/kv/packed_kv.h"
#include "broker/kv/rocks_kv.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::server {

class StoreDir {
 public:
  static Result<std::unique_ptr<StoreDir>> open(const v1::BrokerConfig& config);
  // Offline: the folder must hold a store and nobody may have it open.
  static Result<std::unique_ptr<StoreDir>> open_offline(const std::string& dir);
  ~StoreDir();
  StoreDir(const StoreDir&) = delete;
  StoreDir& operator=(const StoreDir&) = delete;

  kv::Kv& kv() { return *kv_; }
  // Why nothing can be written, in words; empty: it can.
  const std::string& unwritable() const { return unwritable_; }
  // The first error of a flush or compaction (rocks_kv.h).
  std::optional<Error> background_error() const { return rocks_->background_error(); }
  const std::string& dir() const { return dir_; }
  uint64_t free_bytes() const;  // 0 if it cannot be told
  // Where clients and operators reach the hub, for programs started beside it. Left out where
  // nothing can be written: the log says it, too.
  Status note_endpoints(const std::string& client, const std::string& admin, uint16_t health_port);
  void forget_endpoints();

 private:
  explicit StoreDir(std::string dir) : dir_(std::move(dir)) {}
  enum class Access { kWrite, kRead };
  static Result<std::unique_ptr<StoreDir>> open_to_write(const v1::BrokerConfig& config);
  static Result<std::unique_ptr<StoreDir>> open_to_read(const v1::BrokerConfig& config,
                                                        std::string why);
  Status lock(Access access);
  std::string dir_;
  std::string unwritable_;
  int lock_fd_ = -1;
  std::unique_ptr<kv::RocksKv> rocks_;
  std::unique_ptr<kv::PackedKv> kv_;  // its rows in pages
};

// 32 bytes in hex, in a file only its owner can read.
Result<HashKey> load_master_key(const std::string& file);

}  // namespace switchboard::server
