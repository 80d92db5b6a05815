#include "adapters/sdk/client_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "broker/base/bytes.h"
#include "broker/base/fd.h"

namespace switchboard::sdk {
namespace {

Error failed(const std::filesystem::path& file, const char* what) {
  return error(v1::CODE_INTERNAL, file.string() + ": " + what + ": " + std::strerror(errno));
}

Status sync_folder(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const Fd dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.get() < 0 || ::fsync(dir.get()) != 0) return failed(folder, "cannot sync the folder");
  return ok();
}

// Written beside its name and linked to it, so a crash leaves a whole key or none.
Status make(const std::filesystem::path& file) {
  const auto bytes = os_random_32();
  const std::string text =
      to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()}) + "\n";
  std::filesystem::path fresh = file;
  fresh += "." + to_hex(os_random(8));
  {
    const Fd out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (out.get() < 0) return failed(file, "cannot write a new key");
    if (::write(out.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(out.get()) != 0) {
      return failed(file, "cannot write a new key");
    }
  }
  const bool linked = ::link(fresh.c_str(), file.c_str()) == 0 || errno == EEXIST;
  ::unlink(fresh.c_str());
  if (!linked) return failed(file, "cannot write a new key");
  return sync_folder(file);
}

}  // namespace

Result<SealKey> load_or_make_client_key(const std::filesystem::path& file) {
  if (::access(file.c_str(), F_OK) != 0) TRY_DO(make(file));
  const Fd in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (in.get() < 0 || ::fstat(in.get(), &status) != 0) return failed(file, "cannot read the key");
  if ((status.st_mode & 077) != 0) {
    return error(v1::CODE_NOT_ALLOWED, file.string() + ": others may read it; chmod 600");
  }
  std::array<char, 128> text{};
  const ssize_t n = ::read(in.get(), text.data(), text.size());
  std::string_view hex(text.data(), n > 0 ? static_cast<size_t>(n) : 0);
  while (!hex.empty() && (hex.back() == '\n' || hex.back() == '\r')) hex.remove_suffix(1);
  const auto bytes = from_hex(hex);
  SealKey key;
  if (!bytes || bytes->size() != key.size()) {
    return error(v1::CODE_INVALID, file.string() + ": not a key of 32 bytes in hexadecimal");
  }
  std::memcpy(key.data(), bytes->data(), key.size());
  return key;
}

}  // namespace switchboard::sdk
