// The note of what was synced of a store's MANIFESTs (rocks_manifest.h).
//
// Owns: DIR/MANIFEST.sum: records of number (u64), bytes (u64), CRC-32C of those bytes (u32),
// CRC-32C of the record (u32). Each is synced before RocksDB acts on what it notes: never ahead of
// the MANIFEST, and behind it only by what RocksDB has not acted on. Thread: any.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "broker/base/result.h"

namespace rocksdb {
class FileSystem;
class FSWritableFile;
class IOStatus;
}  // namespace rocksdb

namespace switchboard::kv {

inline constexpr const char* kManifestSumFile = "MANIFEST.sum";

class ManifestSums {
 public:
  struct Sum {
    uint64_t bytes = 0;
    uint32_t crc = 0;  // CRC-32C of them
  };
  // The longest of each MANIFEST by its number; nothing where there is no file. Fails: I/O.
  static Result<std::map<uint64_t, Sum>> read(rocksdb::FileSystem& files, const std::string& dir);

  ManifestSums(std::shared_ptr<rocksdb::FileSystem> files, std::string dir);
  ~ManifestSums();
  // Synced when it returns. What was noted before this opening is kept.
  rocksdb::IOStatus add(uint64_t number, const Sum& sum);

 private:
  rocksdb::IOStatus begin(const std::string& record);

  const std::shared_ptr<rocksdb::FileSystem> files_;
  const std::string dir_;
  std::unique_ptr<rocksdb::FSWritableFile> file_;
  size_t records_ = 0;
};

// A new file under the name of an old one, synced: a crash leaves one of them, whole. Empty: ready
// to be appended to.
rocksdb::IOStatus replace_file(rocksdb::FileSystem& files, const std::string& dir,
                               const std::string& name, const std::string& bytes,
                               std::unique_ptr<rocksdb::FSWritableFile>& file);

}  // namespace switchboard::kv
