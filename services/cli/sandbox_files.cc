#include "services/cli/sandbox_files.h"

#include <map>

#include "broker/base/bytes.h"
#include "broker/base/seal.h"
#include "broker/wire/keys.h"
#include "services/cli/sandbox_directory.h"
#include "services/cli/sandbox_hl7.h"
#include "services/cli/sandbox_mapping.h"
#include "services/cli/sandbox_screens.h"

#include <fstream>
#include <system_error>

namespace switchboard::cli {
namespace fs = std::filesystem;
namespace {

constexpr fs::perms kPrivate = fs::perms::owner_read | fs::perms::owner_write;
constexpr fs::perms kShared = kPrivate | fs::perms::group_read | fs::perms::others_read;

constexpr const char* kBroker =
    R"(# The sandbox's hub. Port 0: any free one; `switchboard sandbox run` says which.
# Every key and its meaning: switchboard-broker --config broker.toml --print-config

name = "sandbox"
data_dir = "hub"
listen = "tcp://127.0.0.1:0"
admin_listen = "tcp://127.0.0.1:0"
secret_key_file = "keys/hub.key"
master_key_file = "keys/master.key"
first_admin_key_file = "keys/operator.pub"   # let in while the directory names no administrator
free_mark_bytes = 67108864
ballast_bytes = 16777216
)";

class Writer {
 public:
  Writer(fs::path folder, Time now) : folder_(std::move(folder)), now_(now) {}

  Result<SandboxMade> write() {
    TRY_DO(make_folders());
    TRY_DO(make_keys());
    TRY_DO(file("broker.toml", kBroker, kShared));
    TRY_DO(file("directory.toml", sandbox_directory(public_keys_, london_day(now_)), kShared));
    for (const SandboxSource& source : sandbox_sources()) {
      TRY_DO(file(std::string(source.config_file), sandbox_mllp_config(source, hub_.public_key),
                  kShared));
      TRY_DO(file("mapping-" + std::string(source.principal) + ".toml", sandbox_mapping(source),
                  kShared));
    }
    TRY_DO(make_screens());
    TRY_DO(file("connect.toml", sandbox_connection(hub_.public_key, "", ""), kShared));
    TRY_DO(file("concern.toml", sandbox_concern(), kShared));
    for (const SampleMessage& message : sandbox_messages(now_)) {
      TRY_DO(file("hl7/" + message.file, message.text, kShared));
    }
    return std::move(made_);
  }

 private:
  Status make_folders() {
    std::error_code failed;
    if (fs::exists(folder_, failed) && !fs::is_empty(folder_, failed)) {
      return error(v1::CODE_CONFLICT, folder_.string() +
                                          " is there and not empty; name a new "
                                          "folder");
    }
    for (const char* name : {"keys", "hl7", "logs"}) {
      fs::create_directories(folder_ / name, failed);
      if (failed) return error(v1::CODE_INTERNAL, folder_.string() + ": " + failed.message());
    }
    fs::permissions(folder_ / "keys", fs::perms::owner_all, failed);
    if (failed) return error(v1::CODE_INTERNAL, folder_.string() + ": " + failed.message());
    return ok();
  }

  Status make_keys() {
    hub_ = wire::make_key_pair();
    TRY_DO(wire::save_secret_key(folder_ / "keys/hub.key", hub_.secret_key));
    TRY_DO(file("keys/hub.pub", hub_.public_key + "\n", kShared));
    for (const SandboxPrincipal& principal : sandbox_principals()) {
      const std::string id(principal.id);
      const wire::KeyPair pair = wire::make_key_pair();
      TRY_DO(wire::save_secret_key(folder_ / ("keys/" + id + ".key"), pair.secret_key));
      public_keys_[id] = pair.public_key;
    }
    TRY_DO(file("keys/operator.pub", public_keys_["operator"] + "\n", kShared));
    return file("keys/master.key", to_hex(os_random(32)) + "\n", kPrivate);
  }

  Status make_screens() {
    for (const SandboxGateway& gateway : sandbox_gateways()) {
      TRY_DO(file(std::string(gateway.config_file),
                  sandbox_gateway_config(gateway, hub_.public_key), kShared));
    }
    const std::string pass_phrase = make_pass_phrase();
    TRY_DO(file(kPassPhraseFile, pass_phrase + "\n", kPrivate));
    return file(kSignInsFile, sandbox_sign_ins(pass_phrase), kPrivate);
  }

  Status file(const std::string& name, const std::string& text, fs::perms mode) {
    made_.files.push_back(name);
    return write_file(folder_ / name, text, mode);
  }

  fs::path folder_;
  Time now_;
  wire::KeyPair hub_;
  std::map<std::string, std::string> public_keys_;
  SandboxMade made_;
};

}  // namespace

Result<SandboxMade> init_sandbox(const fs::path& folder, Time now) {
  return Writer(folder, now).write();
}

std::string sandbox_connection(const std::string& hub_public_key, const std::string& client,
                               const std::string& admin) {
  const std::string nowhere = "tcp://127.0.0.1:0";
  std::string out =
      "# How the command line reaches the sandbox's hub, and as whom:\n"
      "#   export SWITCHBOARD_CONNECT=…/connect.toml\n"
      "# Port 0: it is not running. `switchboard sandbox run` writes the addresses in.\n\n"
      "connect = \"" +
      (client.empty() ? nowhere : client) + "\"\n" + "admin = \"" +
      (admin.empty() ? nowhere : admin) + "\"\n" + "hub_public_key = '" + hub_public_key + "'\n";
  for (const SandboxPrincipal& p : sandbox_principals()) {
    if (p.screen || p.role == v1::ROLE_OPERATOR) continue;  // its key is the gateway's alone
    const std::string id(p.id);
    out +=
        "\n[[identity]]\nprincipal = \"" + id + "\"\nsecret_key_file = \"keys/" + id + ".key\"\n";
    if (!p.agency.empty()) out += "agency = \"" + std::string(p.agency) + "\"\n";
    if (!p.system.empty()) out += "system = \"" + std::string(p.system) + "\"\n";
    if (!p.team.empty()) out += "teams = [\"" + std::string(p.team) + "\"]\n";
    if (p.role == v1::ROLE_ADMINISTRATOR) out += "admin = true\n";
  }
  return out;
}

Status write_file(const fs::path& file, const std::string& text, fs::perms mode) {
  const fs::path beside = file.string() + ".new";
  std::error_code failed;
  fs::remove(beside, failed);
  {
    std::ofstream out(beside, std::ios::binary);
    fs::permissions(beside, mode, failed);  // before there is anything to read
    out << text;
    out.flush();
    if (!out || failed) return error(v1::CODE_INTERNAL, "cannot write " + file.string());
  }
  fs::rename(beside, file, failed);
  if (failed) return error(v1::CODE_INTERNAL, file.string() + ": " + failed.message());
  return ok();
}

}  // namespace switchboard::cli
