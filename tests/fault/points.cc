// Preloaded into a program (LD_PRELOAD), kills it with SIGKILL at a named point, or holds its
// syncs.
//
//   SWITCHBOARD_FAULT_POINT, _COUNT  die at the n-th time it comes there; see kPoints
//   SWITCHBOARD_FAULT_MARK           file that then gets the point's name: it was really reached
//   SWITCHBOARD_FAULT_HOLD           while this file is there, a sync of the log does not return;
//                                    FILE.held says that one waits
// For tests only. Counts calls of all threads; files are known by their names.
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

enum class File : unsigned char { kUnknown, kLog, kTable, kManifest, kInternet, kOther };

// Of each descriptor, once it was asked for; forgotten when it is closed.
constexpr int kDescriptors = 65536;
std::array<std::atomic<File>, kDescriptors> files{};
std::atomic<long> passed{0};
std::atomic<bool> synced{false};

std::string_view setting(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string_view{} : std::string_view{text};
}
std::string_view point() {
  static const std::string_view chosen = setting("SWITCHBOARD_FAULT_POINT");
  return chosen;
}
long wanted() {
  static const long count = std::atol(setting("SWITCHBOARD_FAULT_COUNT").data());
  return count;
}

void write_mark(const char* path, std::string_view text) {
  const long fd = ::syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (fd < 0) return;
  (void)::syscall(SYS_write, fd, text.data(), text.size());
  (void)::syscall(SYS_close, fd);
}

void die() {
  write_mark(setting("SWITCHBOARD_FAULT_MARK").data(), point());
  ::syscall(SYS_kill, ::getpid(), SIGKILL);
}

// The program comes to this point.
void at(std::string_view name) {
  if (point() == name && ++passed == wanted()) die();
}

File by_name(std::string_view path) {
  const size_t slash = path.rfind('/');
  const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (name.ends_with(".sst")) return File::kTable;
  if (name.ends_with(".log") && name.find_first_not_of("0123456789") == name.size() - 4) {
    return File::kLog;
  }
  return name.starts_with("MANIFEST-") ? File::kManifest : File::kOther;
}

File look(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0) {
    return address.ss_family == AF_INET ? File::kInternet : File::kOther;
  }
  char link[64] = "/proc/self/fd/", target[4096];
  char digits[16];
  size_t n = 0;
  for (int rest = fd; rest > 0 || n == 0; rest /= 10) {
    digits[n++] = static_cast<char>('0' + rest % 10);
  }
  char* out = link + std::strlen(link);
  while (n > 0) *out++ = digits[--n];
  const ssize_t size = ::readlink(link, target, sizeof target);
  return size <= 0 ? File::kOther : by_name({target, static_cast<size_t>(size)});
}

File file(int fd) {
  if (fd < 0 || fd >= kDescriptors) return File::kOther;
  auto& known = files[static_cast<size_t>(fd)];
  File kind = known.load(std::memory_order_relaxed);
  if (kind == File::kUnknown) {
    const int kept = errno;
    kind = look(fd);
    errno = kept;
    known.store(kind, std::memory_order_relaxed);
  }
  return kind;
}

bool compacting() {
  char name[16] = {};
  ::prctl(PR_GET_NAME, name);
  return std::string_view(name).starts_with("rocksdb:low");
}

void before_write(int fd) {
  switch (file(fd)) {
    case File::kLog:
      return at("log-write");
    case File::kManifest:
      return at("manifest-write");
    case File::kTable:
      return at(compacting() ? "compaction-write" : "table-write");
    case File::kInternet:
      if (synced.load()) at("answer");
      return;
    default:
      return;
  }
}
void after_write(int fd) {
  if (file(fd) == File::kLog) at("log-written");
}

void hold() {
  static const std::string_view path = setting("SWITCHBOARD_FAULT_HOLD");
  if (path.empty()) return;
  char held[4096] = {};
  if (path.size() + 6 > sizeof held) return;
  std::memcpy(held, path.data(), path.size());
  std::memcpy(held + path.size(), ".held", 5);
  for (bool first = true; ::access(path.data(), F_OK) == 0; first = false) {
    if (first) write_mark(held, "held\n");
    ::poll(nullptr, 0, 1);
  }
}
void before_sync(int fd) {
  if (file(fd) != File::kLog) return;
  at("log-sync");
  hold();
}
void after_sync(int fd) {
  if (file(fd) != File::kLog) return;
  at("log-synced");
  synced = true;
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}
#define NEXT(name) static const auto real = next<decltype(&::name)>(#name)

// One of several calls that write bytes, or that flush them, with the points around it. Where a
// file is written at an offset, nobody waits for what comes after.
template <typename Real, typename... Arguments>
ssize_t write_at_points(Real real, int fd, const Arguments&... arguments) {
  before_write(fd);
  return real(fd, arguments...);
}
template <typename Real>
int sync_at_points(Real real, int fd) {
  before_sync(fd);
  const int done = real(fd);
  after_sync(fd);
  return done;
}
template <typename Real>
int open_at_points(Real real, const char* path, int flags, mode_t mode) {
  if (by_name(path) == File::kManifest) at("manifest-open");
  return real(path, flags, mode);
}

// A caller gives the mode only with a file that may be made.
mode_t mode_of(int flags, va_list more) { return flags & O_CREAT ? va_arg(more, mode_t) : 0; }

}  // namespace

extern "C" {

ssize_t write(int fd, const void* bytes, size_t size) {
  NEXT(write);
  const ssize_t done = write_at_points(real, fd, bytes, size);
  after_write(fd);
  return done;
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  NEXT(pwrite);
  return write_at_points(real, fd, bytes, size, offset);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  NEXT(pwrite64);
  return write_at_points(real, fd, bytes, size, offset);
}

ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  NEXT(send);
  return write_at_points(real, fd, bytes, size, flags);
}

int fdatasync(int fd) {
  NEXT(fdatasync);
  return sync_at_points(real, fd);
}

int fsync(int fd) {
  NEXT(fsync);
  return sync_at_points(real, fd);
}

int close(int fd) {
  NEXT(close);
  if (fd >= 0 && fd < kDescriptors) files[static_cast<size_t>(fd)] = File::kUnknown;
  return real(fd);
}

int open(const char* path, int flags, ...) {
  NEXT(open);
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_at_points(real, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  NEXT(open64);
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_at_points(real, path, flags, mode);
}

int rename(const char* from, const char* to) noexcept {
  NEXT(rename);
  at("rename");
  return real(from, to);
}

int ftruncate(int fd, off_t size) noexcept {
  NEXT(ftruncate);
  at("truncate");
  return real(fd, size);
}

int ftruncate64(int fd, off64_t size) noexcept {
  NEXT(ftruncate64);
  at("truncate");
  return real(fd, size);
}

int unlink(const char* path) noexcept {
  NEXT(unlink);
  at("unlink");
  return real(path);
}

}  // extern "C"
