// The hub's folder: one store, one lock, one ballast, one note of where the hub listens.
//
// Owns: data_dir/{store, lock, ballast, endpoints.json}. The lock keeps a second hub out even
// before RocksDB's own. Fails: Result; a hub that cannot open its store must not start.
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
  // The first error of a flush or compaction (rocks_kv.h).
  std::optional<Error> background_error() const { return rocks_->background_error(); }
  const std::string& dir() const { return dir_; }
  uint64_t free_bytes() const;  // 0 if it cannot be told
  // Where clients and operators reach the hub, for programs started beside it.
  Status note_endpoints(const std::string& client, const std::string& admin, uint16_t health_port);
  void forget_endpoints();

 private:
  explicit StoreDir(std::string dir) : dir_(std::move(dir)) {}
  Status lock();
  std::string dir_;
  int lock_fd_ = -1;
  std::unique_ptr<kv::RocksKv> rocks_;
  std::unique_ptr<kv::PackedKv> kv_;  // its rows in pages
};

// 32 bytes in hex, in a file only its owner can read.
Result<HashKey> load_master_key(const std::string& file);

}  // namespace switchboard::server
