#include "services/gateway/enrol.h"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <ostream>

#include "services/gateway/credentials.h"
#include "services/gateway/password_rules.h"

namespace switchboard::gateway {
namespace {

constexpr size_t kPersonBytesMax = 128;
constexpr const char* kUsage =
    "switchboard-gateway people set-password PERSON [--keep] --config FILE\n"
    "switchboard-gateway people remove PERSON --config FILE\n"
    "switchboard-gateway people ls --config FILE\n";

// While it is there, what is typed is not shown.
class NoEcho {
 public:
  explicit NoEcho(int fd) : fd_(fd) {
    on_ = ::tcgetattr(fd, &before_) == 0;
    if (!on_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    on_ = ::tcsetattr(fd, TCSAFLUSH, &quiet) == 0;
  }
  ~NoEcho() {
    if (on_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  const int fd_;
  termios before_{};
  bool on_ = false;
};

// One line without its end; byte by byte, so that what follows stays for the next reader.
Result<std::string> read_line(int fd) {
  std::string line;
  char c = 0;
  while (::read(fd, &c, 1) == 1 && c != '\n') {
    line.push_back(c);
    if (line.size() > 2 * kPasswordBytesMax) return error(v1::CODE_INVALID, "too long");
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

Result<std::string> ask(const Enrolment& e, const char* prompt) {
  e.err << prompt << std::flush;
  auto line = read_line(e.password_from);
  e.err << "\n";
  return line;
}

Result<std::string> read_password(const Enrolment& e) {
  if (::isatty(e.password_from) == 0) return read_line(e.password_from);
  const NoEcho quiet(e.password_from);
  TRY(std::string one, ask(e, "Password: "));
  TRY(std::string two, ask(e, "Once more: "));
  const bool same = one == two;
  wipe(two);
  if (same) return one;
  wipe(one);
  return error(v1::CODE_INVALID, "the two are not the same");
}

Status check_id(const std::string& person) {
  const bool plain = std::none_of(person.begin(), person.end(),
                                  [](unsigned char c) { return std::iscntrl(c) != 0; });
  if (!person.empty() && person.size() <= kPersonBytesMax && plain) return ok();
  return error(v1::CODE_INVALID, "PERSON must be an enrolled person's id");
}

Status set_password(Credentials& people, const std::string& id, bool keep, const Enrolment& e) {
  TRY_DO(check_id(id));
  TRY(std::string password, read_password(e));
  const auto good = check_new_password(password, id, {});
  auto hash = good.ok() ? hash_password(password, e.cost) : Result<std::string>(good.error());
  wipe(password);
  TRY(const std::string made, std::move(hash));
  const v1::GatewayPerson* before = people.find(id);
  v1::GatewayPerson person;
  person.set_id(id);
  person.set_hash(made);
  person.set_must_change(!keep);
  person.set_set_us(before == nullptr ? e.now.us : std::max(e.now.us, before->set_us() + 1));
  TRY_DO(people.set(person));
  e.out << "password of " << id << " set";
  e.out << (keep ? "\n" : "; must change at first sign-in\n");
  return ok();
}

Status remove(Credentials& people, const std::string& id, const Enrolment& e) {
  TRY_DO(people.remove(id));
  e.out << id << " can no longer sign in; open screens are signed out\n";
  return ok();
}

Status list(const Credentials& people, const Enrolment& e) {
  size_t width = 8;
  for (const auto& person : people.all().people()) width = std::max(width, person.id().size() + 2);
  for (const auto& person : people.all().people()) {
    e.out << person.id() << std::string(width - person.id().size(), ' ')
          << to_rfc3339(Time{person.set_us()}) << (person.must_change() ? "  must change" : "")
          << "\n";
  }
  if (people.all().people().empty()) e.err << "nobody has a password here\n";
  return ok();
}

}  // namespace

Exit run_people(const std::vector<std::string>& words, const Enrolment& e) {
  std::vector<std::string> rest = words;
  const bool keep = std::erase(rest, "--keep") > 0;
  const std::string verb = rest.empty() ? "" : rest[0];
  const bool named = rest.size() == 2;
  const bool set = verb == "set-password" && named;
  const bool known =
      set || (!keep && ((verb == "remove" && named) || (verb == "ls" && rest.size() == 1)));
  if (!known) {
    e.err << kUsage;
    return Exit::kUsage;
  }
  auto people = Credentials::open(e.state_dir);
  Status done = ok();
  if (!people.ok()) {
    done = people.error();
  } else if (set) {
    done = set_password(*people, rest[1], keep, e);
  } else {
    done = verb == "remove" ? remove(*people, rest[1], e) : list(*people, e);
  }
  if (done.ok()) return Exit::kOk;
  e.err << done.error().text << "\n";
  return exit_for(done.error().code);
}

}  // namespace switchboard::gateway
