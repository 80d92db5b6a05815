// How the hub sets RocksDB, with the reason for each setting in the source.
//
// Owns: no state; the cache and the memtable budget are made by the caller and passed in.
#pragma once

#include <memory>

#include "broker/kv/rocks_kv.h"

namespace rocksdb {
class Cache;
class EventListener;
class Logger;
class WriteBufferManager;
struct ColumnFamilyOptions;
struct DBOptions;
}  // namespace rocksdb

namespace switchboard::kv {

// RocksDB shares these between its families and threads, so they are shared_ptr.
struct RocksShared {
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::WriteBufferManager> memtables;
  std::shared_ptr<rocksdb::EventListener> listener;
  std::shared_ptr<rocksdb::Logger> logger;
};

rocksdb::DBOptions database_options(const RocksKv::Options& options, const RocksShared& shared);
rocksdb::ColumnFamilyOptions family_options(Family family, const RocksKv::Options& options,
                                            const RocksShared& shared);

}  // namespace switchboard::kv
