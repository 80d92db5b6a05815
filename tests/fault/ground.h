// What one process of a test stands on: a folder on a disk of its own, or a store in memory.
//
// Owns: the disk, the environment RocksDB sees it through, the open store. Several parts of a world
// need no real store; theirs is in memory, so that many cases fit into a minute. Thread: the run's.
// Fails: as kv::RocksKv::open does.
#pragma once

#include <memory>
#include <string>

#include "broker/kv/mem_kv.h"
#include "broker/kv/rocks_kv.h"
#include "tests/fault/disk.h"

namespace switchboard::fault {

enum class Kind : uint8_t { kHubsDisk, kClientsDisk, kInMemory };

class Ground {
 public:
  explicit Ground(Kind kind);
  ~Ground();

  Result<kv::Kv*> open();
  void close();
  // Neither store nor process may be open. A power cut where the power is off.
  std::unique_ptr<Ground> copy() const;

  Kind kind() const { return kind_; }
  Disk& disk() { return *disk_; }
  rocksdb::Env* env() { return env_.get(); }
  kv::RocksKv* rocks() { return rocks_.get(); }
  static constexpr const char* kFolder = "/machine/store";

 private:
  Kind kind_;
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<kv::RocksKv> rocks_;
  std::unique_ptr<kv::MemKv> memory_;
};

}  // namespace switchboard::fault
