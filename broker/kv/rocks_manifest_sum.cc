#include "broker/kv/rocks_manifest_sum.h"

#include <rocksdb/file_system.h>

#include <utility>

#include "broker/base/bytes.h"
#include "broker/kv/rocks_crc.h"
#include "broker/kv/rocks_status.h"

namespace switchboard::kv {

namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr size_t kRecordBytes = 24;
constexpr size_t kRecordsMax = 64 * 1024;  // then the file is begun again

std::string record_of(uint64_t number, const ManifestSums::Sum& sum) {
  std::string record;
  put_u64(record, number);
  put_u64(record, sum.bytes);
  put_u32(record, sum.crc);
  put_u32(record, crc32c(record));
  return record;
}

IOStatus sync_names(rocksdb::FileSystem& files, const std::string& dir) {
  std::unique_ptr<rocksdb::FSDirectory> names;
  IOStatus opened = files.NewDirectory(dir, IOOptions(), &names, nullptr);
  return opened.ok() ? names->Fsync(IOOptions(), nullptr) : opened;
}

}  // namespace

IOStatus replace_file(rocksdb::FileSystem& files, const std::string& dir, const std::string& name,
                      const std::string& bytes, std::unique_ptr<rocksdb::FSWritableFile>& file) {
  const std::string path = dir + "/" + name, fresh = path + ".new";
  IOStatus done = files.NewWritableFile(fresh, rocksdb::FileOptions(), &file, nullptr);
  if (done.ok()) done = file->Append(bytes, IOOptions(), nullptr);
  if (done.ok()) done = file->Sync(IOOptions(), nullptr);
  if (done.ok()) done = files.RenameFile(fresh, path, IOOptions(), nullptr);
  return done.ok() ? sync_names(files, dir) : done;
}

// A record that is not whole was being written, or is damage: the others still hold.
Result<std::map<uint64_t, ManifestSums::Sum>> ManifestSums::read(rocksdb::FileSystem& files,
                                                                 const std::string& dir) {
  std::map<uint64_t, Sum> sums;
  const std::string path = dir + "/" + kManifestSumFile;
  if (!files.FileExists(path, IOOptions(), nullptr).ok()) return sums;
  std::string bytes;
  TRY_DO(to_status(rocksdb::ReadFileToString(&files, path, &bytes), "read MANIFEST.sum"));
  for (size_t at = 0; at + kRecordBytes <= bytes.size(); at += kRecordBytes) {
    const std::string_view record = std::string_view(bytes).substr(at, kRecordBytes);
    const uint64_t number = get_u64(record);
    const Sum sum{get_u64(record.substr(8)), get_u32(record.substr(16))};
    if (record_of(number, sum) != record) continue;
    Sum& longest = sums[number];
    if (sum.bytes >= longest.bytes) longest = sum;
  }
  return sums;
}

ManifestSums::ManifestSums(std::shared_ptr<rocksdb::FileSystem> files, std::string dir)
    : files_(std::move(files)), dir_(std::move(dir)) {}

ManifestSums::~ManifestSums() = default;

IOStatus ManifestSums::add(uint64_t number, const Sum& sum) {
  const std::string record = record_of(number, sum);
  IOStatus done;
  if (file_ == nullptr || ++records_ >= kRecordsMax) {
    done = begin(record);
  } else {
    done = file_->Append(record, IOOptions(), nullptr);
    if (done.ok()) done = file_->Sync(IOOptions(), nullptr);
  }
  if (!done.ok()) file_.reset();  // half a record may be there: the next one begins afresh
  return done;
}

// Only the newest of those from before can matter: a MANIFEST is gone when the next is in force.
IOStatus ManifestSums::begin(const std::string& record) {
  const auto before = read(*files_, dir_);
  if (!before.ok()) return IOStatus::IOError(before.error().text);
  std::string bytes;
  if (!before.value().empty()) {
    const auto& [number, sum] = *before.value().rbegin();
    bytes = record_of(number, sum);
  }
  bytes += record;
  records_ = bytes.size() / kRecordBytes;
  return replace_file(*files_, dir_, kManifestSumFile, bytes, file_);
}

}  // namespace switchboard::kv
