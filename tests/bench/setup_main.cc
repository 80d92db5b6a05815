// Makes the folder of a hub that is to be measured, and gives the hub its directory.
//
//   bench_setup --dir D [--curve]                keys and D/broker.toml, before the hub starts
//   bench_setup --dir D --apply [--teams N] [--attention file|act] [--curve]
//                                                over its admin socket, once it listens
//
// The second writes D/ready (endpoint, then CURVE public key), as the other servers do by
// themselves. Never part of the product: a hub of these settings is for loopback only.
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "adapters/sdk/admin_client.h"
#include "broker/base/bytes.h"
#include "broker/base/seal.h"
#include "broker/wire/keys.h"
#include "tests/bench/hub_directory.h"
#include "tests/support/arguments.h"

namespace switchboard::bench {

using support::die;
using support::need;
namespace {

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path) << text << "\n";
  if (::chmod(path.c_str(), 0600) != 0) die("cannot write " + path);
}

std::string make_key(const std::string& dir, const std::string& name) {
  const auto keys = wire::make_key_pair();
  need(wire::save_secret_key(dir + "/" + name + ".key", keys.secret_key));
  return keys.public_key;
}

void make_folder(const std::string& dir, bool curve) {
  make_key(dir, "hub");
  make_key(dir, "publisher");
  make_key(dir, "endpoint");
  write_file(dir + "/admin.pub", make_key(dir, "admin"));
  write_file(dir + "/master.hex", to_hex(os_random(32)));
  write_file(dir + "/broker.toml",
             "data_dir = \"" + dir +
                 "/hub\"\n"
                 "listen = \"tcp://127.0.0.1:0\"\nadmin_listen = \"tcp://127.0.0.1:0\"\n"
                 "secret_key_file = \"" +
                 dir +
                 "/hub.key\"\n"
                 "master_key_file = \"" +
                 dir +
                 "/master.hex\"\n"
                 "first_admin_key_file = \"" +
                 dir +
                 "/admin.pub\"\n"
                 "ballast_bytes = 0\nfree_mark_bytes = 1\ncurve = " +
                 (curve ? "true" : "false") + "\n[log]\nlevel = \"error\"\n");
}

std::string public_key(const std::string& dir, const std::string& name) {
  return need(wire::load_key_pair(dir + "/" + name + ".key")).public_key;
}

void apply(const std::string& dir, bool curve, v1::Directory&& directory) {
  const auto note = nlohmann::json::parse(std::ifstream(dir + "/hub/endpoints.json"));
  const auto hub = need(wire::load_key_pair(dir + "/hub.key"));
  wire::Dealer::Options options;
  options.connect = note.at("admin").get<std::string>();
  options.curve = curve;
  options.keys = need(wire::load_key_pair(dir + "/admin.key"));
  options.hub_public_key = hub.public_key;
  wire::Context context;
  const auto admin = need(sdk::AdminClient::open(context, options));
  v1::AdminRequest request;
  request.set_reason("benchmark");
  *request.mutable_apply()->mutable_directory() = std::move(directory);
  const auto parts = need(admin->ask(std::move(request), std::chrono::seconds(20)));
  for (const auto& problem : parts.front().applied().problems()) die(problem);
  std::ofstream(dir + "/ready.part") << note.at("client").get<std::string>() << "\n"
                                     << (curve ? hub.public_key : "") << "\n";
  if (std::rename((dir + "/ready.part").c_str(), (dir + "/ready").c_str()) != 0) die("ready");
}

}  // namespace
}  // namespace switchboard::bench

int main(int count, char** values) {
  using namespace switchboard;
  support::Arguments arguments(count, values);
  const std::string dir = arguments.text("dir", "");
  const bool curve = arguments.flag("curve");
  const bool asked_to_apply = arguments.flag("apply");
  const int64_t teams = arguments.number("teams", 1);
  const auto attention =
      arguments.text("attention", "file") == "act" ? v1::ATTENTION_ACT : v1::ATTENTION_FILE;
  arguments.finish();
  if (!asked_to_apply) {
    bench::make_folder(dir, curve);
  } else {
    bench::apply(dir, curve,
                 bench::make_directory({teams, attention, bench::public_key(dir, "publisher"),
                                        bench::public_key(dir, "endpoint")}));
  }
}
