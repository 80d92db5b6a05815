#include "broker/kv/rocks_manifest.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <optional>
#include <utility>

#include "broker/kv/rocks_crc.h"
#include "broker/kv/rocks_manifest_sum.h"
#include "broker/kv/rocks_status.h"

namespace switchboard::kv {

namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr std::string_view kManifestPrefix = "MANIFEST-";
constexpr size_t kBlock = 32 * 1024;  // of RocksDB's log format
constexpr size_t kHeader = 7;         // checksum 4, length 2, type 1; little-endian
enum : uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

std::optional<uint64_t> number_of(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (!name.starts_with(kManifestPrefix)) return std::nullopt;
  uint64_t number = 0;
  for (const char c : name.substr(kManifestPrefix.size())) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  return number;
}

// A MANIFEST being written: RocksDB appends to it and syncs it, nothing else.
class NotedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  NotedFile(std::unique_ptr<rocksdb::FSWritableFile> file, uint64_t number,
            std::shared_ptr<ManifestSums> sums)
      : FSWritableFileOwnerWrapper(std::move(file)), number_(number), sums_(std::move(sums)) {}

  IOStatus Append(const Slice& data, const IOOptions& how, IODebugContext* dbg) override {
    return appended(data, FSWritableFileOwnerWrapper::Append(data, how, dbg));
  }
  IOStatus Append(const Slice& data, const IOOptions& how,
                  const rocksdb::DataVerificationInfo& checks, IODebugContext* dbg) override {
    return appended(data, FSWritableFileOwnerWrapper::Append(data, how, checks, dbg));
  }
  IOStatus Sync(const IOOptions& how, IODebugContext* dbg) override {
    return synced(FSWritableFileOwnerWrapper::Sync(how, dbg));
  }
  IOStatus Fsync(const IOOptions& how, IODebugContext* dbg) override {
    return synced(FSWritableFileOwnerWrapper::Fsync(how, dbg));
  }

 private:
  IOStatus appended(const Slice& data, IOStatus done) {
    if (!done.ok()) return done;
    written_.bytes += data.size();
    written_.crc = crc32c({data.data(), data.size()}, written_.crc);
    return done;
  }
  IOStatus synced(IOStatus done) { return done.ok() ? sums_->add(number_, written_) : done; }

  const uint64_t number_;
  const std::shared_ptr<ManifestSums> sums_;
  ManifestSums::Sum written_;
};

class NotedFiles final : public rocksdb::FileSystemWrapper {
 public:
  NotedFiles(const std::shared_ptr<rocksdb::FileSystem>& files, const std::string& dir)
      : FileSystemWrapper(files), sums_(std::make_shared<ManifestSums>(files, dir)) {}
  const char* Name() const override { return "NotedFiles"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& how,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* dbg) override {
    IOStatus made = FileSystemWrapper::NewWritableFile(path, how, file, dbg);
    const auto number = number_of(path);
    if (made.ok() && number) *file = std::make_unique<NotedFile>(std::move(*file), *number, sums_);
    return made;
  }

 private:
  const std::shared_ptr<ManifestSums> sums_;
};

// All of `base` but its files.
class NotedEnv final : public rocksdb::EnvWrapper {
 public:
  NotedEnv(rocksdb::Env& base, const std::string& dir) : EnvWrapper(&base) {
    file_system_ = std::make_shared<NotedFiles>(base.GetFileSystem(), dir);
  }
  const char* Name() const override { return "NotedEnv"; }
};

uint32_t u32_le(std::string_view bytes) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])); };
  return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
}

// A sum as RocksDB's logs hold it.
uint32_t masked(uint32_t sum) { return ((sum >> 15) | (sum << 17)) + 0xa282ead8U; }

Error not_as_noted(const std::string& path, uint64_t bytes) {
  return error(v1::CODE_INTERNAL, "storage corrupt: open: the first " + std::to_string(bytes) +
                                      " bytes of " + path +
                                      " are not what was synced: it is not certain which files "
                                      "make up the store (runbooks damaged, outbox-damaged)");
}

// The MANIFEST in force, as far as there is one and a note of it.
struct Noted {
  std::string name, bytes;
  ManifestSums::Sum sum;
};

// The notes are read first: beside a live writer what they cover is there.
Result<std::optional<Noted>> read_noted(rocksdb::FileSystem& files, const std::string& dir) {
  TRY(const auto sums, ManifestSums::read(files, dir));
  Noted noted;
  if (!rocksdb::ReadFileToString(&files, dir + "/CURRENT", &noted.name).ok()) {
    return std::optional<Noted>();  // RocksDB says what is wrong with it
  }
  while (!noted.name.empty() && noted.name.back() == '\n') noted.name.pop_back();
  const auto number = number_of(noted.name);
  const auto sum = number ? sums.find(*number) : sums.end();
  if (sum == sums.end()) return std::optional<Noted>();
  noted.sum = sum->second;
  TRY_DO(to_status(rocksdb::ReadFileToString(&files, dir + "/" + noted.name, &noted.bytes),
                   "open: read " + noted.name));
  return std::optional(std::move(noted));
}

// Under the lock of the store, and looked at again: another process may have gone on meanwhile.
Status cut_tail(rocksdb::Env& env, const std::string& dir) {
  rocksdb::FileLock* lock = nullptr;
  if (!env.LockFile(dir + "/LOCK", &lock).ok()) return ok();  // to be told when it is opened
  const auto files = env.GetFileSystem();
  auto noted = read_noted(*files, dir);
  Status done = ok();
  if (noted.ok() && noted.value()) {
    const Noted& there = *noted.value();
    std::unique_ptr<rocksdb::FSWritableFile> file;
    done = to_status(replace_file(*files, dir, there.name,
                                  there.bytes.substr(0, whole_records(there.bytes)), file),
                     "open: cut off what is behind " + there.name);
  }
  env.UnlockFile(lock).PermitUncheckedError();
  return noted.ok() ? done : Status(noted.error());
}

}  // namespace

size_t whole_records(std::string_view log) {
  size_t whole = 0, at = 0;
  while (at + kHeader <= log.size()) {
    const size_t room = kBlock - at % kBlock;
    if (room < kHeader) {
      at += room;
      continue;
    }
    const size_t bytes = kHeader + (u32_le(log.substr(at + 3)) >> 8 & 0xFFFFU);
    const auto type = static_cast<uint8_t>(log[at + 6]);
    if (type < kFull || type > kLast || bytes > room || at + bytes > log.size()) break;
    const std::string_view summed = log.substr(at + 6, bytes - 6);
    if (masked(crc32c(summed)) != u32_le(log.substr(at))) break;
    at += bytes;
    if (type == kFull || type == kLast) whole = at;
  }
  return whole;
}

Status check_manifest(rocksdb::Env& env, const std::string& dir, bool mend) {
  TRY(const auto noted, read_noted(*env.GetFileSystem(), dir));
  if (!noted) return ok();
  const std::string_view there(noted->bytes);
  const uint64_t bytes = noted->sum.bytes;
  if (there.size() < bytes || crc32c(there.substr(0, bytes)) != noted->sum.crc) {
    return not_as_noted(dir + "/" + noted->name, bytes);
  }
  const size_t whole = whole_records(there);
  if (whole == there.size() || whole < bytes || !mend) return ok();
  return cut_tail(env, dir);
}

std::unique_ptr<rocksdb::Env> noting_manifests(rocksdb::Env& base, const std::string& dir) {
  return std::make_unique<NotedEnv>(base, dir);
}

}  // namespace switchboard::kv
