#include "broker/kv/rocks_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>

namespace switchboard::kv {

namespace {

constexpr size_t kMb = 1024 * 1024;

// In the hub their rows lie in pages of about 16 KiB (packed_kv.h), found by a seek.
bool is_paged(Family family) {
  return family == Family::kEvent || family == Family::kInbox || family == Family::kPayload ||
         family == Family::kKey;
}

// Ciphertext does not compress.
bool is_sealed(Family family) { return family == Family::kPayload || family == Family::kKey; }

// Families that are mostly asked for keys they do not have: is this event new, is this child known.
bool is_asked_for_absent(Family family) {
  return family == Family::kDedupe || family == Family::kIndex;
}

rocksdb::CompressionType compression(Family family) {
  if (is_sealed(family)) return rocksdb::kNoCompression;
  const auto has = rocksdb::GetSupportedCompressions();
  const bool has_lz4 = std::find(has.begin(), has.end(), rocksdb::kLZ4Compression) != has.end();
  return has_lz4 ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
}

// Finding a row's place in the memtable is the dearest part of a write: it made up two thirds of
// one with plain skip lists (tests/bench/PROFILE.md).
void ease_insertion(Family family, rocksdb::ColumnFamilyOptions& options) {
  switch (family) {
    case Family::kInbox:
      // Rows of one log follow each other, but logs take turns: a hint per log keeps its place.
      options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(4));
      break;
    case Family::kState:
      // A tag, then a team, a log or the high bytes of a time.
      options.memtable_insert_with_hint_prefix_extractor.reset(
          rocksdb::NewCappedPrefixTransform(5));
      break;
    case Family::kIndex:
      // Most rows come in sorted runs (adr/0010), each of a tag of its own.
      options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
      break;
    default:
      break;
  }
}

rocksdb::BlockBasedTableOptions table_options(Family family, const RocksShared& shared) {
  rocksdb::BlockBasedTableOptions table;
  table.format_version = 5;
  table.block_cache = shared.cache;
  // Memory must not grow with history (P11): indexes and filters live in the cache, cut into
  // blocks; the top of each is pinned and the blocks outlive ordinary data in the cache.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_top_level_index_and_filter = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.whole_key_filtering = true;
  // 15 bits: one false alarm in 1,000. Elsewhere 10 bits, for the few point reads there are. A seek
  // asks no filter.
  if (!is_paged(family)) {
    table.filter_policy.reset(
        rocksdb::NewBloomFilterPolicy(is_asked_for_absent(family) ? 15 : 10, false));
  }
  // A full page is a block of its own; small ones and single rows share one.
  table.block_size = 8 * 1024;
  return table;
}

}  // namespace

rocksdb::DBOptions database_options(const RocksKv::Options& options, const RocksShared& shared) {
  rocksdb::DBOptions db;
  if (options.env != nullptr) db.env = options.env;
  db.create_if_missing = options.create;
  db.create_missing_column_families = options.create;

  // ---- durability (P1) ----
  // Each write goes from RocksDB's buffer to the file at once, so that sync() syncs all of them;
  // a buffered log write that failed has left families inconsistent.
  db.manual_wal_flush = false;
  // A normal power cut tears the log's tail: strict modes refuse to start after one. What is lost
  // before the tail is found by the audit chain and the clients' promises.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  db.track_and_verify_wals_in_manifest = true;  // a closed log that is missing or short is found
  db.recycle_log_file_num = 0;                  // recycled logs have lost acknowledged writes
  db.wal_bytes_per_sync = 0;                    // could sync a newer log before an older one
  db.unordered_write = false;                   // replay and dry runs need stable snapshots
  db.two_write_queues = false;
  db.enable_pipelined_write = false;           // helps only many concurrent writers
  db.allow_concurrent_memtable_write = false;  // one writer
  db.avoid_flush_during_recovery = false;      // after recovery the old logs are not needed
  db.paranoid_checks = true;
  db.verify_sst_unique_id_in_manifest = true;
  db.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  // Never retry a failed flush or sync: the page cache may have dropped what it could not write.
  db.max_bgerror_resume_count = 0;
  db.listeners = {shared.listener};

  // ---- memory and disk (P11) ----
  db.write_buffer_manager = shared.memtables;
  // The log is kept until its oldest family has flushed; a quiet family must not pin it for ever.
  // It also bounds the memory and the time of recovery, where the shared budget does not apply.
  db.max_total_wal_size = 2 * options.memtable_mb * kMb;
  db.max_open_files = 512;
  db.max_background_jobs = 2;
  db.max_file_opening_threads = 2;
  db.bytes_per_sync = kMb;      // smooths flushes, so that they do not hold up the log's fsync
  db.info_log = shared.logger;  // no LOG file: rocks_log.h says why
  db.info_log_level = rocksdb::WARN_LEVEL;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  return db;
}

rocksdb::ColumnFamilyOptions family_options(Family family, const RocksKv::Options& options,
                                            const RocksShared& shared) {
  rocksdb::ColumnFamilyOptions family_options;
  family_options.table_factory.reset(
      rocksdb::NewBlockBasedTableFactory(table_options(family, shared)));
  // One compression at all levels, so that files of ascending keys move down without a rewrite.
  family_options.compression = compression(family);
  family_options.bottommost_compression = rocksdb::kDisableCompressionOption;
  family_options.compaction_style = rocksdb::kCompactionStyleLevel;
  // The shared budget flushes the oldest memtable long before most families reach their own size.
  const size_t share = family == Family::kPayload ? 2 : 4;
  family_options.write_buffer_size = std::max<size_t>(kMb, options.memtable_mb * kMb / share);
  family_options.arena_block_size = 256 * 1024;  // ten families, most of them nearly empty
  // A stall in one family stalls all: leave room for flushes that are behind.
  family_options.max_write_buffer_number = 4;
  family_options.max_write_buffer_size_to_maintain = 0;
  family_options.target_file_size_base = (family == Family::kPayload ? 64 : 16) * kMb;
  family_options.max_bytes_for_level_base = (family == Family::kPayload ? 256 : 64) * kMb;
  family_options.level_compaction_dynamic_level_bytes = true;
  family_options.optimize_filters_for_hits = false;  // absent keys are asked for: keep every filter
  family_options.memtable_protection_bytes_per_key = 8;
  family_options.paranoid_file_checks = true;  // reads each new file back before it counts
  family_options.force_consistency_checks = true;
  ease_insertion(family, family_options);
  if (is_asked_for_absent(family)) {
    family_options.memtable_whole_key_filtering = true;
    family_options.memtable_prefix_bloom_size_ratio = 0.02;
  }
  return family_options;
}

}  // namespace switchboard::kv
