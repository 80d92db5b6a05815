#include "broker/kv/rocks_mark.h"

#include <rocksdb/env.h>

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/kv/rocks_crc.h"
#include "broker/kv/rocks_status.h"

namespace switchboard::kv {

namespace {

constexpr size_t kRecordBytes = 12;
constexpr size_t kRecordsMax = 64 * 1024;  // then a new file is begun

std::string record_of(uint64_t sequence) {
  std::string record;
  put_u64(record, sequence);
  put_u32(record, crc32c(record));
  return record;
}

std::string path_of(const std::string& dir) { return dir + "/" + kSyncMarkFile; }

}  // namespace

// A record that is not whole is one that was being written, or damage: the others still hold.
Result<std::optional<uint64_t>> SyncMark::read(rocksdb::Env& env, const std::string& dir) {
  std::optional<uint64_t> highest;
  if (!env.FileExists(path_of(dir)).ok()) return highest;
  std::string bytes;
  TRY_DO(to_status(rocksdb::ReadFileToString(&env, path_of(dir), &bytes), "read SYNCED"));
  for (size_t at = 0; at + kRecordBytes <= bytes.size(); at += kRecordBytes) {
    const std::string_view record = std::string_view(bytes).substr(at, kRecordBytes);
    const uint64_t sequence = get_u64(record);
    if (record_of(sequence) == record) highest = std::max(highest.value_or(0), sequence);
  }
  return highest;
}

Result<std::unique_ptr<SyncMark>> SyncMark::start(rocksdb::Env& env, const std::string& dir,
                                                  uint64_t sequence) {
  std::unique_ptr<SyncMark> mark(new SyncMark(env, dir));
  TRY_DO(mark->begin(sequence));
  return mark;
}

SyncMark::~SyncMark() = default;

// Under another name first, so that a crash leaves the old file or the new one.
Status SyncMark::begin(uint64_t sequence) {
  const std::string fresh = path_of(dir_) + ".new";
  TRY_DO(to_status(env_.NewWritableFile(fresh, &file_, rocksdb::EnvOptions()), "begin SYNCED"));
  TRY_DO(to_status(file_->Append(record_of(sequence)), "begin SYNCED"));
  TRY_DO(to_status(env_.RenameFile(fresh, path_of(dir_)), "begin SYNCED"));
  records_ = 1;
  return ok();
}

void SyncMark::note(uint64_t sequence) {
  if (!file_) return;
  const bool full = ++records_ >= kRecordsMax;
  const bool noted = full ? begin(sequence).ok() : file_->Append(record_of(sequence)).ok();
  if (!noted) file_.reset();  // what is there stays true
}

}  // namespace switchboard::kv
