#include "tests/support/hub_process.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "broker/base/bytes.h"
#include "broker/base/seal.h"
#include "tests/support/eventually.h"

namespace switchboard::test {
namespace {

const std::string kBroker = std::string(SWITCHBOARD_BINARY_DIR) + "/bin/switchboard-broker";

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

Child::Options HubProcess::call(std::vector<std::string> arguments,
                                const std::string& output) const {
  std::vector<std::string> environment = {"SWITCHBOARD_MASTER_KEY_FILE=" + dir_.file("master.key")};
  const char* sanitizer = std::getenv("TSAN_OPTIONS");
  if (sanitizer != nullptr) environment.push_back(std::string("TSAN_OPTIONS=") + sanitizer);
  return {std::move(arguments), std::move(environment), dir_.file(output)};
}

bool HubProcess::read_endpoints() {
  const auto note =
      nlohmann::json::parse(read_file(store_dir() + "/endpoints.json"), nullptr, false);
  if (!note.is_object() || note.value("pid", 0) != pid()) return false;
  client_endpoint_ = note.value("client", "");
  admin_endpoint_ = note.value("admin", "");
  return true;
}

void HubProcess::launch(const std::vector<std::string>& settings) {
  auto options = call(arguments(settings), "hub.log");
  options.environment.insert(options.environment.end(), environment_.begin(), environment_.end());
  child_.start(options);
}

bool HubProcess::start(const std::vector<std::string>& settings) {
  kill();
  // The port of the last start may be taken for a moment by somebody's outgoing connection.
  return eventually(
      [&] {
        if (!running()) launch(settings);
        return read_endpoints();
      },
      std::chrono::seconds(20));
}

int HubProcess::run_second() {
  return Child::run(call({kBroker, "--config", dir_.file("broker.toml"), "--set",
                          "listen=tcp://127.0.0.1:0", "--set", "admin_listen=tcp://127.0.0.1:0"},
                         "second.log"));
}

int HubProcess::verify(const std::string& dir, std::string* said) const {
  std::filesystem::remove(dir_.file("verify.log"));
  const int exit = Child::run(call({kBroker, "verify", dir}, "verify.log"));
  if (said != nullptr) *said = read_file(dir_.file("verify.log"));
  return exit;
}

std::string HubProcess::log() const { return read_file(dir_.file("hub.log")); }

}  // namespace switchboard::test
