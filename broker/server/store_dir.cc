#include "broker/server/store_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/runtime/disk_space.h"
#include "broker/runtime/log.h"
#include "broker/store/layout.h"

namespace switchboard::server {
namespace {

std::string store_of(const std::string& dir) { return dir + "/store"; }
std::string endpoints_of(const std::string& dir) { return dir + "/endpoints.json"; }

std::string words(const std::string& path, int because) {
  return path + ": " + std::strerror(because);
}

// Also for root, whom rights do not stop: a file is made. Empty: it could be.
std::string why_no_file(const std::string& dir) {
  const std::string path = dir + "/writable.new";
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return words(dir, errno);
  const int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  ::unlink(path.c_str());
  return failed == 0 ? "" : words(dir, failed);
}

// Why the store in this folder cannot be written: looked at before RocksDB tries, which changes
// what it finds. Empty: it can, or there is none yet.
std::string why_unwritable(const std::string& dir) {
  if (!std::filesystem::exists(store_of(dir))) return {};
  for (const char* name : {"", "/lock", "/store", "/store/LOCK", "/store/CURRENT"}) {
    const std::string path = dir + name;
    if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0 && errno != ENOENT) {
      return words(path, errno);
    }
  }
  const auto free = free_bytes(dir);
  if (free.ok() && *free < limits::kStartFreeBytesMin) return words(dir, ENOSPC);
  if (auto why = why_no_file(dir); !why.empty()) return why;
  return why_no_file(store_of(dir));
}

}  // namespace

StoreDir::~StoreDir() {
  kv_.reset();
  rocks_.reset();
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

Status StoreDir::lock(Access access) {
  const std::string path = dir_ + "/lock";
  const int how = access == Access::kWrite ? O_RDWR | O_CREAT : O_RDONLY;
  lock_fd_ = ::open(path.c_str(), how | O_CLOEXEC, 0600);
  if (lock_fd_ < 0 && access == Access::kRead && errno == ENOENT) return ok();  // no hub ever ran
  if (lock_fd_ < 0) {
    return error(v1::CODE_INTERNAL, "cannot open " + path + ": " + std::strerror(errno));
  }
  if (::flock(lock_fd_, LOCK_EX | LOCK_NB) != 0) {
    return error(v1::CODE_CONFLICT, "another hub has " + dir_ + " open");
  }
  return ok();
}

Result<std::unique_ptr<StoreDir>> StoreDir::open(const v1::BrokerConfig& config) {
  std::string why = why_unwritable(config.data_dir());
  if (why.empty()) {
    auto writing = open_to_write(config);
    if (writing.ok() || writing.error().code != v1::CODE_DISK_LOW) return writing;
    why = writing.error().text;
  }
  return open_to_read(config, std::move(why));
}

Result<std::unique_ptr<StoreDir>> StoreDir::open_to_read(const v1::BrokerConfig& config,
                                                         std::string why) {
  const std::string& dir = config.data_dir();
  if (!std::filesystem::exists(store_of(dir))) {
    return error(v1::CODE_NOT_FOUND,
                 "there is no store in " + dir + " and none can be made: " + why);
  }
  std::unique_ptr<StoreDir> opened(new StoreDir(dir));
  TRY_DO(opened->lock(Access::kRead));
  kv::RocksKv::Options options;
  options.dir = store_of(dir);
  options.read_only = true;
  options.memtable_mb = config.store().memtable_mb();
  options.block_cache_mb = config.store().block_cache_mb();
  options.warn = [](std::string_view text) { log::warn("store", {{"text", text}}); };
  TRY(opened->rocks_, kv::RocksKv::open(options));
  opened->kv_ = std::make_unique<kv::PackedKv>(*opened->rocks_, store::packing());
  TRY_DO(store::check_format(*opened->kv_));
  opened->unwritable_ = std::move(why);
  return opened;
}

Result<std::unique_ptr<StoreDir>> StoreDir::open_to_write(const v1::BrokerConfig& config) {
  std::unique_ptr<StoreDir> opened(new StoreDir(config.data_dir()));
  std::error_code ec;
  std::filesystem::create_directories(opened->dir_, ec);
  if (ec) return error(v1::CODE_INTERNAL, "cannot make " + opened->dir_ + ": " + ec.message());
  std::filesystem::permissions(opened->dir_, std::filesystem::perms::owner_all, ec);
  TRY_DO(opened->lock(Access::kWrite));
  kv::RocksKv::Options options;
  options.dir = store_of(opened->dir_);
  options.create = true;
  options.memtable_mb = config.store().memtable_mb();
  options.block_cache_mb = config.store().block_cache_mb();
  options.warn = [](std::string_view text) { log::warn("store", {{"text", text}}); };
  TRY(opened->rocks_, kv::RocksKv::open(options));
  opened->kv_ = std::make_unique<kv::PackedKv>(*opened->rocks_, store::packing());
  TRY_DO(store::check_or_make_format(*opened->kv_));
  if (config.ballast_bytes() > 0) {
    // One that was given up for room is not taken again at the cost of that room.
    const auto beside = std::max(config.free_mark_bytes(), limits::kStartFreeBytesMin);
    const auto made = create_ballast(opened->dir_ + "/ballast", config.ballast_bytes(), beside);
    if (!made.ok()) log::warn("no room for the ballast file", {{"why", made.error().text}});
  }
  return opened;
}

Result<std::unique_ptr<StoreDir>> StoreDir::open_offline(const std::string& dir) {
  std::unique_ptr<StoreDir> opened(new StoreDir(dir));
  if (!std::filesystem::exists(store_of(dir))) {
    return error(v1::CODE_NOT_FOUND, "no store in " + dir);
  }
  TRY_DO(opened->lock(Access::kRead));
  kv::RocksKv::Options options;
  options.dir = store_of(dir);
  options.read_only = true;
  TRY(opened->rocks_, kv::RocksKv::open(options));
  opened->kv_ = std::make_unique<kv::PackedKv>(*opened->rocks_, store::packing());
  TRY_DO(store::check_format(*opened->kv_));
  return opened;
}

uint64_t StoreDir::free_bytes() const {
  const auto free = switchboard::free_bytes(dir_);
  return free.ok() ? *free : 0;
}

Status StoreDir::note_endpoints(const std::string& client, const std::string& admin,
                                uint16_t health_port) {
  if (!unwritable_.empty()) return ok();
  const nlohmann::json note = {
      {"client", client}, {"admin", admin}, {"health_port", health_port}, {"pid", ::getpid()}};
  const std::string path = endpoints_of(dir_);
  const std::string temporary = path + ".new";
  std::ofstream(temporary) << note.dump(2) << "\n";
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return error(v1::CODE_INTERNAL, "cannot write " + path + ": " + std::strerror(errno));
  }
  return ok();
}

void StoreDir::forget_endpoints() {
  if (unwritable_.empty()) ::unlink(endpoints_of(dir_).c_str());
}

Result<HashKey> load_master_key(const std::string& file) {
  struct stat st {};
  if (::stat(file.c_str(), &st) != 0) {
    return error(v1::CODE_NOT_FOUND, "cannot read master key file " + file);
  }
  if ((st.st_mode & 077) != 0) {
    return error(v1::CODE_NOT_ALLOWED, "others can read " + file + ": chmod 600 it");
  }
  std::ifstream in(file);
  std::string hex;
  in >> hex;
  const auto bytes = from_hex(hex);
  HashKey key;
  if (!bytes || bytes->size() != key.size()) {
    return error(v1::CODE_INVALID, file + " must hold 64 hex digits (32 random bytes)");
  }
  std::memcpy(key.data(), bytes->data(), key.size());
  return key;
}

}  // namespace switchboard::server
