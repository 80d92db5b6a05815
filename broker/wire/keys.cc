#include "broker/wire/keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "broker/base/bytes.h"
#include "broker/base/seal.h"

namespace switchboard::wire {

namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kKeyText = 40;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

// The path is no secret; the content never gets into a text.
Error file_error(std::string_view what, const std::filesystem::path& file) {
  const auto code = errno == ENOENT   ? v1::CODE_NOT_FOUND
                    : errno == EEXIST ? v1::CODE_CONFLICT
                                      : v1::CODE_INTERNAL;
  return error(code, std::string(what) + " " + file.string() + ": " + std::strerror(errno));
}

Status check_private(int fd, const std::filesystem::path& file) {
  struct stat status {};
  if (fstat(fd, &status) != 0) return file_error("look at", file);
  if (!S_ISREG(status.st_mode)) return error(v1::CODE_INVALID, file.string() + " is not a file");
  if (status.st_mode & kOthers) {
    return error(v1::CODE_NOT_ALLOWED, file.string() + " is open to others: chmod 600");
  }
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return error(v1::CODE_NOT_ALLOWED, file.string() + " belongs to another user");
  }
  return ok();
}

Result<std::string> read_key(int fd, const std::filesystem::path& file) {
  std::array<char, kKeyText + 3> text{};  // one more than a key and its line end
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t n = read(fd, text.data() + size, text.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error("read", file);
    if (n == 0) break;
    size += static_cast<size_t>(n);
  }
  std::string_view key(text.data(), size);
  if (key.ends_with('\n')) key.remove_suffix(1);
  if (key.ends_with('\r')) key.remove_suffix(1);
  if (!is_public_key(key)) return error(v1::CODE_INVALID, file.string() + " holds no Z85 key");
  return std::string(key);
}

Status write_all(int fd, std::string_view bytes, const std::filesystem::path& file) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error("write", file);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  if (fsync(fd) != 0) return file_error("sync", file);
  return ok();
}

Status write_new(const std::filesystem::path& file, std::string_view text) {
  const File out(open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (out.fd() < 0) return file_error("create", file);
  return write_all(out.fd(), text, file);
}

Status sync_folder(const std::filesystem::path& folder) {
  const File opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.fd() < 0 || fsync(opened.fd()) != 0) return file_error("sync", folder);
  return ok();
}

}  // namespace

KeyPair make_key_pair() {
  std::array<char, kKeyText + 1> public_key{}, secret_key{};
  CHECK(zmq_curve_keypair(public_key.data(), secret_key.data()) == 0);
  return {public_key.data(), secret_key.data()};
}

Result<KeyPair> load_key_pair(const std::filesystem::path& secret_key_file) {
  // The mode is checked on what was opened, not on what the name means a moment later.
  const File in(open(secret_key_file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (in.fd() < 0) return file_error("open", secret_key_file);
  TRY_DO(check_private(in.fd(), secret_key_file));
  KeyPair pair;
  TRY(pair.secret_key, read_key(in.fd(), secret_key_file));
  std::array<char, kKeyText + 1> public_key{};
  CHECK(zmq_curve_public(public_key.data(), pair.secret_key.c_str()) == 0);
  pair.public_key = public_key.data();
  return pair;
}

Status save_secret_key(const std::filesystem::path& file, std::string_view secret_key) {
  if (!is_public_key(secret_key)) return error(v1::CODE_INVALID, "not a Z85 key");
  auto fresh = file;
  fresh += "." + to_hex(os_random(8)) + ".new";
  const auto written = write_new(fresh, std::string(secret_key) + "\n");
  // link, not rename: it refuses a name that is taken.
  const bool linked = written.ok() && link(fresh.c_str(), file.c_str()) == 0;
  const Status outcome = !written.ok() ? written : linked ? ok() : Status(file_error("save", file));
  unlink(fresh.c_str());
  TRY_DO(outcome);
  return sync_folder(file.has_parent_path() ? file.parent_path() : ".");
}

bool is_public_key(std::string_view z85) {
  if (z85.size() != kKeyText || z85.find('\0') != std::string_view::npos) return false;
  std::array<uint8_t, kKeyBytes> key{};
  return zmq_z85_decode(key.data(), std::string(z85).c_str()) != nullptr;
}

}  // namespace switchboard::wire
