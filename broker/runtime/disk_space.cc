#include "broker/runtime/disk_space.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace switchboard {
namespace {

Error failed(const std::string& what, const std::string& path, int reason) {
  const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  return error(full ? v1::CODE_DISK_LOW : v1::CODE_INTERNAL,
               what + " " + path + ": " + std::generic_category().message(reason));
}

bool is_allocated(const std::string& path, uint64_t size_bytes) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return false;
  return static_cast<uint64_t>(found.st_size) == size_bytes &&
         static_cast<uint64_t>(found.st_blocks) * 512 >= size_bytes;
}

uint64_t free_in(const struct statvfs& found) {
  return uint64_t{found.f_bavail} * uint64_t{found.f_frsize};
}

// 0, or the reason.
int allocate(int fd, uint64_t size_bytes, uint64_t beside_bytes) {
  if (ftruncate(fd, 0) != 0) return errno;
  struct statvfs found {};
  if (fstatvfs(fd, &found) != 0) return errno;
  if (free_in(found) < size_bytes + beside_bytes) return ENOSPC;
  if (size_bytes > 0) {
    if (const int reason = posix_fallocate(fd, 0, static_cast<off_t>(size_bytes))) return reason;
  }
  return fsync(fd) == 0 ? 0 : errno;
}

}  // namespace

Result<uint64_t> free_bytes(const std::string& folder) {
  struct statvfs found {};
  if (statvfs(folder.c_str(), &found) != 0) return failed("free space of", folder, errno);
  return free_in(found);
}

Status create_ballast(const std::string& path, uint64_t size_bytes, uint64_t beside_bytes) {
  if (is_allocated(path, size_bytes)) return ok();
  const int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) return failed("ballast", path, errno);
  const int reason = allocate(fd, size_bytes, beside_bytes);
  close(fd);
  if (reason == 0) return ok();
  unlink(path.c_str());
  return failed("ballast", path, reason);
}

Status release_ballast(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return ok();
  return failed("ballast", path, errno);
}

}  // namespace switchboard
