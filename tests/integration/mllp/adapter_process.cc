#include "tests/integration/mllp/adapter_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/eventually.h"
#include "tests/support/raw_sender.h"

namespace switchboard::test {
namespace {

const std::string kProgram = std::string(SWITCHBOARD_BINARY_DIR) + "/bin/switchboard-mllp";
const std::string kMapping =
    std::string(SWITCHBOARD_SOURCE_DIR) + "/deploy/config/mapping-example.toml";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// The example mapping, for the world's trust and area.
std::string mapping_text() {
  std::string text = replaced(read_text(kMapping), "\"xa1-safety-net\"", "\"X26-NET\"");
  return replaced(text, "\"E06009902\"", "\"" + std::string(kArea) + "\"");
}

}  // namespace

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

AdapterProcess::AdapterProcess(HubWorld& world, Options options)
    : AdapterProcess({.dir = world.hub.dir().file(options.name),
                      .endpoint = world.hub.client_endpoint(),
                      .hub_public_key = world.hub.public_key(),
                      .secret_key = world.keys(options.principal).secret_key},
                     options) {}

AdapterProcess::AdapterProcess(Beside hub, Options options)
    : hub_(std::move(hub)), options_(std::move(options)), dir_(hub_.dir) {
  std::filesystem::create_directories(dir_);
  CHECK(wire::save_secret_key(file("adapter.key"), hub_.secret_key).ok());
  std::ofstream(file("mapping.toml")) << mapping_text();
}

void AdapterProcess::write_config() const {
  std::ofstream out(file("mllp.toml"));
  const auto& hub = options_.connect.empty() ? hub_.endpoint : options_.connect;
  out << options_.settings << "metrics_listen = \"127.0.0.1:0\"\n[hub]\nconnect = \"" << hub
      << "\"\nhub_public_key = '" << hub_.hub_public_key
      << "'\nsecret_key_file = \"adapter.key\"\n[outbox]\ndir = \"outbox\"\n"
      << options_.outbox << "\n";
  for (const auto& listener : options_.listeners) {
    const auto given = [&](const char* key) {
      return listener.settings.find(key) != std::string::npos;
    };
    out << "[[listener]]\nname = \"" << listener.name << "\"\nbind = \"127.0.0.1:0\"\n"
        << "mapping_file = \"mapping.toml\"\nsystem = \"PAS\"\n"
        << (given("agency") ? "" : "agency = \"X26\"\n")
        << (given("environment") ? "" : "environment = \"test\"\n") << listener.settings << "\n";
  }
}

bool AdapterProcess::start() {
  kill();
  write_config();
  std::filesystem::remove(file("outbox/endpoints.json"));
  const std::string config = file("mllp.toml"), output = file("log");
  const char* const argv[] = {kProgram.c_str(), "--config", config.c_str(), nullptr};
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  CHECK(pid_ >= 0);
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(argv[0], const_cast<char* const*>(argv));
    ::_exit(127);
  }
  return eventually([this] { return read_endpoints(); }, std::chrono::seconds(20));
}

bool AdapterProcess::read_endpoints() {
  const auto note = nlohmann::json::parse(read_text(file("outbox/endpoints.json")), nullptr, false);
  if (!note.is_object() || note.value("pid", 0) != pid_) return false;
  health_port_ = note.value("health_port", uint16_t{0});
  for (const auto& listener : note["listeners"]) {
    const std::string address = listener["address"];
    ports_[listener["name"]] =
        static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  return true;
}

int AdapterProcess::wait() {
  if (pid_ == 0) return -1;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void AdapterProcess::kill() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

void AdapterProcess::ask_to_stop() { ::kill(pid_, SIGTERM); }

int AdapterProcess::stop() {
  if (pid_ == 0) return -1;
  ask_to_stop();
  return wait();
}

bool AdapterProcess::endpoints_file_is_there() const {
  return std::filesystem::exists(file("outbox/endpoints.json"));
}

std::string AdapterProcess::http_get(const std::string& path) const {
  RawSender http(health_port_);
  http.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  return http.read_to_end();
}

std::string AdapterProcess::metrics() const { return http_get("/metrics"); }
std::string AdapterProcess::readiness() const { return http_get("/readyz"); }

double AdapterProcess::metric(const std::string& series) const {
  const std::string text = metrics();
  const size_t at = text.find("\n" + series + " ");
  return at == std::string::npos ? 0 : std::stod(text.substr(at + series.size() + 2));
}

size_t AdapterProcess::resident_bytes() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/statm");
  size_t whole = 0, resident = 0;
  in >> whole >> resident;
  return resident * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

std::string AdapterProcess::log() const { return read_text(file("log")); }

}  // namespace switchboard::test
