#include "services/gateway/credentials.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "broker/base/fd.h"
#include "services/gateway/screen_json.h"

namespace switchboard::gateway {
namespace {

Error failed(const std::string& file, const char* doing) {
  return error(v1::CODE_INTERNAL,
               std::string("cannot ") + doing + " " + file + ": " + std::strerror(errno));
}

Result<std::string> read_all(const Fd& in, const std::string& file, size_t most) {
  std::string text;
  char block[64 * 1024];
  ssize_t got = 0;
  while ((got = ::read(in.get(), block, sizeof block)) > 0) {
    text.append(block, static_cast<size_t>(got));
    if (text.size() > most) return error(v1::CODE_INVALID, file + " is too large");
  }
  if (got < 0) return failed(file, "read");
  return text;
}

Status write_all(const Fd& out, const std::string& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(out.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return failed(file, "write");
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return ok();
}

Status write_new(const std::string& file, std::string_view bytes) {
  ::unlink(file.c_str());  // of a program that was killed; we hold the lock
  const Fd out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (out.get() < 0) return failed(file, "create");
  TRY_DO(write_all(out, file, bytes));
  if (::fsync(out.get()) != 0) return failed(file, "sync");
  return ok();
}

Status check_folder(const std::string& dir) {
  struct stat st {};
  if (::stat(dir.c_str(), &st) != 0 || !S_ISDIR(st.st_mode)) {
    return error(v1::CODE_INVALID, "state_dir: " + dir + " is no folder");
  }
  if ((st.st_mode & 022) != 0) {
    return error(v1::CODE_INVALID, "state_dir: others can write in " + dir + ": chmod 700");
  }
  return ok();
}

}  // namespace

Credentials::Credentials(const std::string& state_dir)
    : dir_(state_dir), file_(state_dir + "/people.json") {}

Result<Credentials> Credentials::open(const std::string& state_dir) {
  TRY_DO(check_folder(state_dir));
  Credentials credentials(state_dir);
  TRY_DO(credentials.refresh());
  return credentials;
}

Result<Credentials::Mark> Credentials::look() const {
  struct stat st {};
  if (::lstat(file_.c_str(), &st) != 0) {
    if (errno == ENOENT) return Mark{};
    return failed(file_, "look at");
  }
  if (!S_ISREG(st.st_mode)) return error(v1::CODE_INVALID, file_ + " is not a plain file");
  if ((st.st_mode & 077) != 0) {
    return error(v1::CODE_INVALID, "others can read " + file_ + ": chmod 600");
  }
  return Mark{.changed_ns = st.st_mtim.tv_sec * 1'000'000'000 + st.st_mtim.tv_nsec,
              .inode = st.st_ino,
              .bytes = st.st_size};
}

Status Credentials::refresh() {
  TRY(const Mark mark, look());
  return mark == mark_ ? ok() : read(mark);
}

Status Credentials::read(const Mark& mark) {
  v1::GatewayPeople people;
  if (mark.bytes >= 0) {
    const Fd in(::open(file_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (in.get() < 0) return failed(file_, "open");
    TRY(const std::string text, read_all(in, file_, kFileBytesMax));
    if (!from_json(text, people, kFileBytesMax).ok()) {
      return error(v1::CODE_INVALID, file_ + " is damaged: restore it, or set passwords anew");
    }
  }
  people_ = std::move(people);
  mark_ = mark;
  return ok();
}

const v1::GatewayPerson* Credentials::find(std::string_view person) const {
  for (const v1::GatewayPerson& one : people_.people()) {
    if (one.id() == person) return &one;
  }
  return nullptr;
}

v1::GatewayPerson* Credentials::find_mutable(std::string_view person) {
  return const_cast<v1::GatewayPerson*>(find(person));
}

template <typename Change>
Status Credentials::change(Change&& apply) {
  // A file of its own: people.json is another file after each change, and its lock would be, too.
  const std::string lock_file = file_ + ".lock";
  const Fd lock(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (lock.get() < 0) return failed(lock_file, "open");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return error(v1::CODE_BUSY, "somebody else changes passwords at this moment: try again");
  }
  TRY_DO(refresh());
  const v1::GatewayPeople before = people_;
  auto applied = apply();
  if (applied.ok()) applied = write(people_);
  if (!applied.ok()) people_ = before;
  return applied;
}

Status Credentials::write(const v1::GatewayPeople& people) {
  const std::string fresh = file_ + ".new";
  auto written = write_new(fresh, to_json(people) + "\n");
  if (written.ok() && std::rename(fresh.c_str(), file_.c_str()) != 0) {
    written = failed(file_, "replace");
  }
  if (!written.ok()) {
    ::unlink(fresh.c_str());
    return written;
  }
  const Fd folder(::open(dir_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0) return failed(dir_, "sync");
  TRY(mark_, look());
  return ok();
}

Status Credentials::set(const v1::GatewayPerson& person) {
  return change([&]() -> Status {
    v1::GatewayPerson* row = find_mutable(person.id());
    if (row == nullptr && static_cast<size_t>(people_.people_size()) >= kPeopleMax) {
      return error(v1::CODE_OVERSIZE, "there are too many people: remove some");
    }
    *(row != nullptr ? row : people_.add_people()) = person;
    return ok();
  });
}

Status Credentials::rehash(std::string_view person, const std::string& old_hash,
                           const std::string& hash) {
  return change([&]() -> Status {
    v1::GatewayPerson* row = find_mutable(person);
    if (row != nullptr && row->hash() == old_hash) row->set_hash(hash);
    return ok();
  });
}

Status Credentials::remove(std::string_view person) {
  return change([&]() -> Status {
    auto* rows = people_.mutable_people();
    const auto at = std::find_if(rows->begin(), rows->end(),
                                 [&](const auto& one) { return one.id() == person; });
    if (at == rows->end()) {
      return error(v1::CODE_NOT_FOUND, "this person has no password here");
    }
    rows->erase(at);
    return ok();
  });
}

}  // namespace switchboard::gateway
