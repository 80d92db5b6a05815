#include "tests/bench/shape_store.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/memtablerep.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include "broker/base/bytes.h"
#include "tests/support/arguments.h"

namespace switchboard::bench {

using support::die;
namespace {

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

rocksdb::ColumnFamilyOptions family_options(kv::Family family, const ShapeStore::Options& choice) {
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kLZ4Compression;
  // Sealed bytes do not compress.
  if (family == kv::Family::kPayload || family == kv::Family::kKey)
    options.compression = rocksdb::kNoCompression;
  rocksdb::BlockBasedTableOptions table;
  if (family == kv::Family::kDedupe) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    if (choice.bloom_in_memory) {
      options.memtable_whole_key_filtering = true;
      options.memtable_prefix_bloom_size_ratio = 0.1;
    }
  }
  if (family == kv::Family::kIndex && choice.index_buffer_mb > 0)
    options.write_buffer_size = static_cast<size_t>(choice.index_buffer_mb) << 20;
  if (family == kv::Family::kIndex && choice.hash_index) {
    // Scans stay within one subject, thread or source id: its letter and 16 hashed bytes.
    options.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(17));
    options.memtable_factory.reset(rocksdb::NewHashLinkListRepFactory(1u << 16));
  }
  // Rows of one team follow each other, but teams take turns: a hint per team finds its place.
  if (choice.insert_hints && family == kv::Family::kInbox)
    options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(5));
  if (choice.insert_hints && family == kv::Family::kState)
    options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(6));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

ShapeStore::ShapeStore(const Options& options) : options_(options) {
  if (!stores()) return;
  rocksdb::DBOptions db;
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  db.max_background_jobs = 2;
  db.db_write_buffer_size = 64u << 20;
  db.max_total_wal_size = 256u << 20;
  db.avoid_flush_during_shutdown = true;
  if (options.one_writer) {
    db.allow_concurrent_memtable_write = false;
    db.enable_write_thread_adaptive_yield = false;
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions()}};
  if (options.one_family) {
    families[0].options = family_options(kv::Family::kEvent, options);
  } else {
    for (const kv::Family family : kv::kFamilies)
      families.emplace_back("f" + std::to_string(static_cast<int>(family)),
                            family_options(family, options));
  }
  rocksdb::DB* opened = nullptr;
  const auto status =
      rocksdb::DB::Open(db, options.directory + "/store", families, &columns_, &opened);
  if (!status.ok()) die("cannot open the store: " + status.ToString());
  db_.reset(opened);
}

ShapeStore::~ShapeStore() {
  for (auto* column : columns_) (void)db_->DestroyColumnFamilyHandle(column);
}

rocksdb::ColumnFamilyHandle* ShapeStore::column(kv::Family family) const {
  return options_.one_family ? columns_[0] : columns_[static_cast<size_t>(family)];
}

bool ShapeStore::paged(kv::Family family) const {
  return options_.pages && !options_.one_family &&
         (family == kv::Family::kEvent || family == kv::Family::kPayload ||
          family == kv::Family::kKey || family == kv::Family::kInbox);
}

void ShapeStore::put(kv::Family family, std::string_view key, std::string_view value) {
  if (!stores()) return;
  if (paged(family)) return put_in_page(family, key, value);
  put_row(family, key, value);
}

void ShapeStore::put_in_page(kv::Family family, std::string_view key, std::string_view value) {
  const std::string_view prefix = key.substr(0, key.size() - 8);
  Page* page = nullptr;
  for (auto& known : pages_) {
    if (known.family == family && known.prefix == prefix) page = &known;
  }
  if (page == nullptr) page = &pages_.emplace_back(family, std::string(prefix), "", "");
  if (page->rows.size() + key.size() + value.size() > 16 * 1024) close(*page);
  page->last.assign(key);
  put_varint(page->rows, key.size());
  page->rows.append(key);
  put_varint(page->rows, value.size());
  page->rows.append(value);
}

void ShapeStore::close(Page& page) {
  if (page.rows.empty()) return;
  put_row(page.family, page.last, page.rows);
  page.rows.clear();
}

void ShapeStore::put_row(kv::Family family, std::string_view key, std::string_view value) {
  if (options_.one_family) {
    prefixed_.assign(1, static_cast<char>(family)).append(key);
    key = prefixed_;
  }
  if (!batch_.Put(column(family), slice(key), slice(value)).ok()) die("put");
}

bool ShapeStore::get(kv::Family family, std::string_view key, std::string& value) {
  if (!stores()) return false;
  if (options_.one_family) {
    prefixed_.assign(1, static_cast<char>(family)).append(key);
    key = prefixed_;
  }
  const auto status = db_->Get(rocksdb::ReadOptions(), column(family), slice(key), &value);
  if (!status.ok() && !status.IsNotFound()) die("get: " + status.ToString());
  return status.ok();
}

void ShapeStore::write() {
  if (!stores()) return;
  for (auto& page : pages_) close(page);
  rocksdb::WriteOptions options;
  const auto status = db_->Write(options, &batch_);
  if (!status.ok()) die("write: " + status.ToString());
  batch_.Clear();
}

void ShapeStore::sync() {
  if (!durable()) return;
  const auto status = db_->SyncWAL();
  if (!status.ok()) die("sync: " + status.ToString());
}

std::unique_ptr<rocksdb::Iterator> ShapeStore::scan(kv::Family family) {
  return std::unique_ptr<rocksdb::Iterator>(
      db_->NewIterator(rocksdb::ReadOptions(), column(family)));
}

}  // namespace switchboard::bench
