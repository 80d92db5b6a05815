#include "tests/support/hub_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "broker/base/bytes.h"
#include "broker/base/seal.h"
#include "tests/support/eventually.h"

namespace switchboard::test {
namespace {

const std::string kBroker = std::string(SWITCHBOARD_BINARY_DIR) + "/bin/switchboard-broker";

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

HubProcess::HubProcess() {
  std::filesystem::create_directories(store_dir());
  CHECK(wire::save_secret_key(dir_.file("hub.key"), keys_.secret_key).ok());
  const auto master = os_random_32();
  dir_.write("master.key", to_hex({reinterpret_cast<const char*>(master.data()), master.size()}));
  CHECK(::chmod(dir_.file("master.key").c_str(), 0600) == 0);
  dir_.write("admin.pub", first_admin_.public_key);
  // Small stores: a test's hub must not take a gigabyte of the machine.
  dir_.write("broker.toml", "data_dir = \"" + store_dir() +
                                "\"\n"
                                "secret_key_file = \"hub.key\"\n"
                                "master_key_file = \"master.key\"\n"
                                "first_admin_key_file = \"admin.pub\"\n"
                                "free_mark_bytes = 1\n"
                                "ballast_bytes = 0\n"
                                "[store]\n"
                                "memtable_mb = 4\n"
                                "block_cache_mb = 4\n");
}

std::vector<std::string> HubProcess::arguments(const std::vector<std::string>& settings) const {
  std::vector<std::string> all = {kBroker,
                                  "--config",
                                  dir_.file("broker.toml"),
                                  "--set",
                                  "listen=" + client_endpoint_,
                                  "--set",
                                  "admin_listen=" + admin_endpoint_};
  for (const auto& setting : settings) {
    all.push_back("--set");
    all.push_back(setting);
  }
  return all;
}

pid_t HubProcess::spawn(const std::vector<std::string>& arguments,
                        const std::string& output) const {
  std::vector<char*> argv;
  for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  const std::string key = "SWITCHBOARD_MASTER_KEY_FILE=" + dir_.file("master.key");
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  CHECK(pid >= 0);
  if (pid > 0) return pid;
  // Only what is safe after fork() in a program with threads.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  std::array<char*, 2> environment = {const_cast<char*>(key.c_str()), nullptr};
  ::execve(argv[0], argv.data(), environment.data());
  ::_exit(127);
}

bool HubProcess::read_endpoints() {
  const auto note =
      nlohmann::json::parse(read_file(store_dir() + "/endpoints.json"), nullptr, false);
  if (!note.is_object() || note.value("pid", 0) != pid_) return false;
  client_endpoint_ = note.value("client", "");
  admin_endpoint_ = note.value("admin", "");
  return true;
}

bool HubProcess::start(const std::vector<std::string>& settings) {
  kill();
  // The port of the last start may be taken for a moment by somebody's outgoing connection.
  return eventually(
      [&] {
        if (pid_ == 0) pid_ = spawn(arguments(settings), dir_.file("hub.log"));
        return !running() ? false : read_endpoints();
      },
      std::chrono::seconds(20));
}

bool HubProcess::running() {
  if (pid_ == 0) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == 0) return true;
  pid_ = 0;
  return false;
}

void HubProcess::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  wait_for(pid_);
  pid_ = 0;
}

int HubProcess::stop() {
  if (!running()) return -1;
  ::kill(pid_, SIGTERM);
  const int exit = wait_for(pid_);
  pid_ = 0;
  return exit;
}

int HubProcess::run_second() {
  return wait_for(spawn({kBroker, "--config", dir_.file("broker.toml"), "--set",
                         "listen=tcp://127.0.0.1:0", "--set", "admin_listen=tcp://127.0.0.1:0"},
                        dir_.file("second.log")));
}

int HubProcess::verify(const std::string& dir, std::string* said) const {
  const std::string output = dir_.file("verify.log");
  std::filesystem::remove(output);
  const int exit = wait_for(spawn({kBroker, "verify", dir}, output));
  if (said != nullptr) *said = read_file(output);
  return exit;
}

std::string HubProcess::log() const { return read_file(dir_.file("hub.log")); }

}  // namespace switchboard::test
