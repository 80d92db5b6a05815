// The disk of the shapehub: RocksDB with the families of DESIGN §9, one write batch per commit.
// Thread: one writer. Fails by ending the program.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "broker/kv/kv.h"

namespace switchboard::bench {

enum class Durability { kSync, kNoSync, kNone };

class ShapeStore {
 public:
  struct Options {
    std::string directory;
    Durability durability = Durability::kSync;
    bool one_family = false;      // all rows in one family, keys prefixed
    bool bloom_in_memory = true;  // a bloom filter over the dedupe family's memtable
    bool hash_index = true;  // the index family's memtable hashes prefixes; keys there are random
    int64_t index_buffer_mb = 0;  // 0: as large as the rest
    bool insert_hints = true;     // inbox and state remember where each team's last row went
    bool pages = true;            // rows in pages, as the hub stores them
    bool one_writer = true;       // RocksDB's settings for a single writing thread
  };
  explicit ShapeStore(const Options& options);
  ~ShapeStore();
  ShapeStore(const ShapeStore&) = delete;
  ShapeStore& operator=(const ShapeStore&) = delete;

  void put(kv::Family family, std::string_view key, std::string_view value);
  bool get(kv::Family family, std::string_view key, std::string& value);
  // Makes the batch visible; sync() makes it durable.
  void write();
  void sync();
  bool durable() const { return options_.durability == Durability::kSync; }
  bool stores() const { return options_.durability != Durability::kNone; }
  std::unique_ptr<rocksdb::Iterator> scan(kv::Family family);
  // The family's rows only if each has its own.
  bool one_family() const { return options_.one_family; }
  // Rows of event, payload, key and inbox that follow each other share a row, under the last key:
  // for each, lengths (varint) and bytes of key and value.
  bool paged(kv::Family family) const;

 private:
  struct Page {
    kv::Family family = kv::Family::kEvent;
    std::string prefix;  // the team's, of an inbox
    std::string last;
    std::string rows;
  };
  void put_row(kv::Family family, std::string_view key, std::string_view value);
  void put_in_page(kv::Family family, std::string_view key, std::string_view value);
  void close(Page& page);
  rocksdb::ColumnFamilyHandle* column(kv::Family family) const;
  Options options_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> columns_;  // destroyed before db_
  rocksdb::WriteBatch batch_;
  std::string prefixed_;
  std::vector<Page> pages_;
};

}  // namespace switchboard::bench
