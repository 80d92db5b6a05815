#include "broker/kv/rocks_kv.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/listener.h>
#include <rocksdb/write_buffer_manager.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <utility>
#include <vector>

#include "broker/kv/rocks_backup.h"
#include "broker/kv/rocks_crc.h"
#include "broker/kv/rocks_log.h"
#include "broker/kv/rocks_manifest.h"
#include "broker/kv/rocks_mark.h"
#include "broker/kv/rocks_options.h"
#include "broker/kv/rocks_status.h"

namespace switchboard::kv {

namespace {

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }
size_t index(Family family) { return static_cast<size_t>(family) - 1; }

std::string_view reason_name(rocksdb::BackgroundErrorReason reason) {
  using Reason = rocksdb::BackgroundErrorReason;
  switch (reason) {
    case Reason::kFlush:
    case Reason::kFlushNoWAL:
      return "flush";
    case Reason::kCompaction:
      return "compaction";
    case Reason::kWriteCallback:
      return "log write";
    case Reason::kMemTable:
      return "memtable";
    case Reason::kManifestWrite:
    case Reason::kManifestWriteNoWAL:
      return "manifest";
  }
  return "background";
}

std::string_view severity_name(rocksdb::Status::Severity severity) {
  switch (severity) {
    case rocksdb::Status::kSoftError:
      return "soft";
    case rocksdb::Status::kHardError:
      return "hard";
    case rocksdb::Status::kFatalError:
      return "fatal";
    case rocksdb::Status::kUnrecoverableError:
      return "unrecoverable";
    default:
      return "unknown";
  }
}

}  // namespace

// Keeps the first of the errors that several threads meet: the first of them takes the slot, fills
// it and publishes it; nobody waits.
class RocksKv::FirstError {
 public:
  void set(Error error) {
    int empty = kEmpty;
    if (!state_.compare_exchange_strong(empty, kFilling, std::memory_order_relaxed)) return;
    error_ = std::move(error);
    state_.store(kFilled, std::memory_order_release);
  }
  const Error* get() const {
    return state_.load(std::memory_order_acquire) == kFilled ? &error_ : nullptr;
  }

 private:
  static constexpr int kEmpty = 0, kFilling = 1, kFilled = 2;
  std::atomic<int> state_{kEmpty};
  Error error_;
};

// RocksDB calls it from its own threads.
class RocksKv::Listener final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override {
    const std::string doing = std::string(reason_name(reason)) + " (" +
                              std::string(severity_name(status->severity())) + ")";
    first_.set(to_error(*status, doing));
    if (status->severity() >= rocksdb::Status::kHardError) stopped_.set(to_error(*status, doing));
  }
  // RocksDB would poll a full disk and go on by itself. One rule instead: the error stands.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
  const Error* get() const { return first_.get(); }
  // After this one RocksDB writes nothing more.
  const Error* stopped() const { return stopped_.get(); }

 private:
  FirstError first_, stopped_;
};

namespace {

rocksdb::Env* env_of(const RocksKv::Options& options) {
  return options.env != nullptr ? options.env : rocksdb::Env::Default();
}

// Whether someone else has the lock: RocksDB tells only by a text, so try it.
bool is_locked(const RocksKv::Options& options) {
  rocksdb::Env* env = env_of(options);
  const std::string path = options.dir + "/LOCK";
  rocksdb::FileLock* lock = nullptr;
  if (!env->FileExists(path).ok()) return false;
  if (!env->LockFile(path, &lock).ok()) return true;
  env->UnlockFile(lock).PermitUncheckedError();
  return false;
}

// RocksDB syncs the folder it makes, and nobody the names above it: after a power cut a store that
// has promised something could be gone as a whole. A folder further up that may not be opened or
// synced was not made by us.
Status sync_names_above(const RocksKv::Options& options) {
  rocksdb::Env* env = env_of(options);
  std::filesystem::path folder = std::filesystem::absolute(options.dir).lexically_normal();
  for (bool direct = true; folder.has_relative_path(); direct = false) {
    folder = folder.parent_path();
    std::unique_ptr<rocksdb::Directory> names;
    const auto opened = env->NewDirectory(folder, &names);
    if (!opened.ok() && !direct) return ok();
    TRY_DO(to_status(opened, "open the folder above the store"));
    const auto synced = names->Fsync();
    if (direct) TRY_DO(to_status(synced, "sync the folder above the store"));
  }
  return ok();
}

// RocksDB takes a folder without its CURRENT file for an empty one and would start afresh beside
// the tables that are there: that is a damaged store, not a missing one.
Status check_folder(const RocksKv::Options& options) {
  rocksdb::Env* env = env_of(options);
  if (env->FileExists(options.dir + "/CURRENT").ok()) return ok();
  std::vector<std::string> names;
  env->GetChildren(options.dir, &names).PermitUncheckedError();  // absent is empty
  for (const std::string& file : names) {
    if (file.ends_with(".sst")) {
      return error(v1::CODE_INTERNAL,
                   "storage corrupt: open: tables but no CURRENT file in " + options.dir);
    }
  }
  if (options.create && !options.read_only) return ok();
  return error(v1::CODE_NOT_FOUND, "storage: open: no store in " + options.dir);
}

}  // namespace

struct RocksKv::Open {
  RocksShared shared;
  Listener* listener = nullptr;  // is shared.listener
  FirstError failed;             // write() and sync() may be two threads
  std::unique_ptr<SyncMark> mark;
  std::unique_ptr<rocksdb::Env> env;  // outlives db
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies.size()> families{};
  rocksdb::ColumnFamilyHandle* unused = nullptr;  // "default", which RocksDB insists on
  rocksdb::WriteBatch batch{0, 0, 8, 0};  // kept for its memory; 8 bytes protect each operation
  bool read_only = false;

  Status open(const Options& options);
  Status start_mark(const Options& options);
  Status sync();
  Status write(const Batch& from);
  ~Open();
};

// A forward or backward range of one family. Owns the bounds: RocksDB only borrows them.
class RocksKv::Cursor final : public Scan {
 public:
  enum class Direction { kForward, kBack };

  Cursor(const Open& open, const rocksdb::Snapshot* snapshot, Family family, std::string_view from,
         std::string_view until, Direction direction)
      : from_(from), until_(until), direction_(direction) {
    if (!until_.empty() && from_ >= until_) return;
    lower_ = slice(from_);
    upper_ = slice(until_);
    rocksdb::ReadOptions how;
    how.snapshot = snapshot;
    how.total_order_seek = true;
    how.iterate_lower_bound = &lower_;
    if (!until_.empty()) how.iterate_upper_bound = &upper_;
    rows_.reset(open.db->NewIterator(how, open.families[index(family)]));
    direction_ == Direction::kForward ? rows_->Seek(lower_) : rows_->SeekToLast();
  }

  bool valid() const override { return rows_ && rows_->Valid(); }
  std::string_view key() const override { return view(rows_->key()); }
  std::string_view value() const override { return view(rows_->value()); }
  void next() override {
    CHECK(valid());
    direction_ == Direction::kForward ? rows_->Next() : rows_->Prev();
  }
  Status status() const override { return rows_ ? to_status(rows_->status(), "scan") : ok(); }

 private:
  std::string from_, until_;
  rocksdb::Slice lower_, upper_;
  Direction direction_;
  std::unique_ptr<rocksdb::Iterator> rows_;
};

// Reads of what is there now, or of one snapshot.
class RocksKv::View final : public Reads {
 public:
  View(const Open& open, const rocksdb::Snapshot* snapshot) : open_(open), snapshot_(snapshot) {}
  ~View() override {
    if (snapshot_ != nullptr) open_.db->ReleaseSnapshot(snapshot_);
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    rocksdb::ReadOptions how;
    how.snapshot = snapshot_;
    std::string value;
    const auto status = open_.db->Get(how, open_.families[index(family)], slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    TRY_DO(to_status(status, "get"));
    return std::optional(std::move(value));
  }
  std::unique_ptr<Scan> scan(Family family, std::string_view from,
                             std::string_view until) const override {
    return std::make_unique<Cursor>(open_, snapshot_, family, from, until,
                                    Cursor::Direction::kForward);
  }
  std::unique_ptr<Scan> scan_back(Family family, std::string_view from,
                                  std::string_view until) const override {
    return std::make_unique<Cursor>(open_, snapshot_, family, from, until,
                                    Cursor::Direction::kBack);
  }

 private:
  const Open& open_;
  const rocksdb::Snapshot* snapshot_;
};

// Looks without writing: to open for writing would delete the damaged log. A store that cannot even
// be read says why itself when it is opened.
Status RocksKv::check_mark(const Options& options) {
  if (!options.mark_synced) return ok();
  TRY(const auto synced, SyncMark::read(*env_of(options), options.dir));
  if (!synced) return ok();
  Options look = options;
  look.read_only = true;
  look.create = false;
  Open there;
  if (!there.open(look).ok()) return ok();
  const uint64_t has = there.db->GetLatestSequenceNumber();
  if (has >= *synced) return ok();
  return error(v1::CODE_INTERNAL, "storage corrupt: open: the newest log in " + options.dir +
                                      " is damaged, cut short "
                                      "or missing: the last " +
                                      std::to_string(*synced - has) +
                                      " rows that were synced "
                                      "are not there (runbook outbox-damaged)");
}

Result<std::unique_ptr<RocksKv>> RocksKv::open(const Options& options) {
  CHECK(crc32c("123456789") == 0xE3069283);  // ours, which RocksDB uses too (adr/0017)
  TRY_DO(check_folder(options));
  TRY_DO(check_manifest(*env_of(options), options.dir, !options.read_only));
  TRY_DO(check_mark(options));
  auto open = std::make_unique<Open>();
  auto opened = open->open(options);
  if (opened.ok() && options.create) opened = sync_names_above(options);
  if (opened.ok() && options.mark_synced) opened = open->start_mark(options);
  if (opened.ok()) return std::unique_ptr<RocksKv>(new RocksKv(std::move(open)));
  open.reset();  // is_locked() must not meet our own lock
  if (!options.read_only && is_locked(options)) {
    return error(v1::CODE_CONFLICT, "storage locked: another process has it open: " + options.dir);
  }
  return std::move(opened).error();
}

RocksKv::RocksKv(std::unique_ptr<Open> open) : open_(std::move(open)) {}
RocksKv::~RocksKv() = default;

Status RocksKv::Open::open(const Options& options) {
  constexpr size_t kMb = 1024 * 1024;
  auto made = std::make_shared<Listener>();
  listener = made.get();
  shared.listener = std::move(made);
  shared.logger = make_logger(options.warn);
  shared.cache = rocksdb::NewLRUCache(options.block_cache_mb * kMb);
  shared.memtables = std::make_shared<rocksdb::WriteBufferManager>(options.memtable_mb * kMb);
  read_only = options.read_only;

  std::vector<rocksdb::ColumnFamilyDescriptor> wanted;
  wanted.emplace_back(rocksdb::kDefaultColumnFamilyName,
                      family_options(Family::kMeta, options, shared));
  for (const Family family : kFamilies) {
    wanted.emplace_back(std::string(name(family)), family_options(family, options, shared));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  auto how = database_options(options, shared);
  env = noting_manifests(*env_of(options), options.dir);
  if (!read_only) how.env = env.get();
  const auto status =
      read_only ? rocksdb::DB::OpenForReadOnly(how, options.dir, wanted, &handles, &opened)
                : rocksdb::DB::Open(how, options.dir, wanted, &handles, &opened);
  TRY_DO(to_status(status, "open"));
  db.reset(opened);
  unused = handles[0];
  for (size_t i = 0; i < families.size(); ++i) families[i] = handles[i + 1];
  return ok();
}

RocksKv::Open::~Open() {
  if (!db) return;
  for (auto* family : families) db->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  db->DestroyColumnFamilyHandle(unused).PermitUncheckedError();
  db->Close().PermitUncheckedError();  // what is written is in the log; there is nothing to save
}

// Not synced: one Write with sync = true was measured to cost the same as Write and SyncWAL (64 x
// 1 KiB: 3.4 ms either way, 0.2 ms of it the write), so there is one path to the disk, not two.
Status RocksKv::Open::write(const Batch& from) {
  batch.Clear();
  rocksdb::Status status;
  size_t seen = 0;
  from.for_each([&](Batch::Op op, Family family, std::string_view key, std::string_view value) {
    auto* rows = families[index(family)];
    ++seen;
    if (!status.ok()) return;
    status = op == Batch::Op::kPut ? batch.Put(rows, slice(key), slice(value))
                                   : batch.Delete(rows, slice(key));
  });
  CHECK(seen == from.count());
  if (status.ok()) status = db->Write(rocksdb::WriteOptions(), &batch);
  return to_status(status, "write");
}

// A log whose sync failed in a flush must not be synced again: RocksDB aborts the process then.
Status RocksKv::Open::sync() {
  if (const Error* stopped = listener->stopped()) return *stopped;
  const uint64_t covers = mark ? db->GetLatestSequenceNumber() : 0;
  TRY_DO(to_status(db->SyncWAL(), "sync"));
  if (mark) mark->note(covers);
  return ok();
}

Status RocksKv::Open::start_mark(const Options& options) {
  TRY(mark, SyncMark::start(*env_of(options), options.dir, db->GetLatestSequenceNumber()));
  return ok();
}

Status RocksKv::write(const Batch& batch) {
  if (const Error* failed = open_->failed.get()) return *failed;
  if (open_->read_only) return error(v1::CODE_READ_ONLY, "storage: opened read-only");
  if (batch.oversize()) return error(v1::CODE_OVERSIZE, "batch over its limit");
  return fail_for_ever(open_->write(batch));
}

Status RocksKv::sync() {
  if (const Error* failed = open_->failed.get()) return *failed;
  if (open_->read_only) return error(v1::CODE_READ_ONLY, "storage: opened read-only");
  return fail_for_ever(open_->sync());
}

// P1: a failed write or fsync is final. A second fsync could succeed without the lost pages.
Status RocksKv::fail_for_ever(Status status) {
  if (!status.ok()) open_->failed.set(status.error());
  return status;
}

std::unique_ptr<Reads> RocksKv::snapshot() const {
  return std::make_unique<View>(*open_, open_->db->GetSnapshot());
}

Result<std::optional<std::string>> RocksKv::get(Family family, std::string_view key) const {
  return View(*open_, nullptr).get(family, key);
}

std::unique_ptr<Scan> RocksKv::scan(Family family, std::string_view from,
                                    std::string_view until) const {
  return View(*open_, nullptr).scan(family, from, until);
}

std::unique_ptr<Scan> RocksKv::scan_back(Family family, std::string_view from,
                                         std::string_view until) const {
  return View(*open_, nullptr).scan_back(family, from, until);
}

std::optional<Error> RocksKv::background_error() const {
  const Error* first = open_->listener->get();
  return first == nullptr ? std::nullopt : std::optional(*first);
}

bool RocksKv::healthy() const {
  return open_->failed.get() == nullptr && open_->listener->get() == nullptr;
}

Status RocksKv::verify_checksums() const {
  TRY_DO(to_status(open_->db->VerifyChecksum(), "verify"));
  return to_status(open_->db->VerifyFileChecksums(rocksdb::ReadOptions()), "verify");
}

Status RocksKv::checkpoint(const std::string& dir) const {
  return make_checkpoint(*open_->db, dir);
}

Status RocksKv::backup(const std::string& dir) const { return make_backup(*open_->db, dir); }

Status RocksKv::restore(const std::string& backup_dir, const std::string& to_dir,
                        rocksdb::Env* env) {
  return restore_backup(env != nullptr ? *env : *rocksdb::Env::Default(), backup_dir, to_dir);
}

}  // namespace switchboard::kv
