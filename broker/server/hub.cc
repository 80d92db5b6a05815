#include "broker/server/hub.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/runtime/log.h"
#include "broker/server/enrolment.h"
#include "broker/server/loop.h"
#include "broker/server/verify.h"

namespace switchboard::server {
namespace {

Exit failed(const char* what, const Error& error) {
  log::error(what, {{"why", error.text}});
  return exit_for(error.code) == Exit::kOk ? Exit::kInternal : exit_for(error.code);
}

Result<std::string> read_key(const std::string& file) {
  std::ifstream in(file);
  std::string key;
  in >> key;
  if (!wire::is_public_key(key)) {
    return error(v1::CODE_INVALID, file + " must hold a public key (Z85, 40 characters)");
  }
  return key;
}

// Operators get in even during a storm, and only from this machine: an admin socket on a network is
// a mistake, not a setting.
Status check_admin_listen(const std::string& address) {
  for (const char* local : {"tcp://127.", "tcp://[::1]:", "tcp://localhost:", "ipc://"}) {
    if (address.starts_with(local)) return ok();
  }
  return error(v1::CODE_INVALID, "admin_listen must be loopback or ipc, not " + address);
}

Result<std::unique_ptr<wire::Router>> open_router(wire::Context& context,
                                                  const v1::BrokerConfig& config,
                                                  const wire::KeyPair& keys,
                                                  const std::string& bind,
                                                  const std::string& domain) {
  wire::Router::Options options;
  options.bind = bind;
  options.curve = config.curve();
  options.keys = keys;
  options.zap_domain = domain;
  options.high_water_in = limits::kFramesInMax;
  options.high_water_out = limits::kFramesOutMax;
  options.per_key_max = limits::kConnectionsPerKeyMax;
  return wire::Router::open(context, options);
}

// Everything the loop stands on, in the order it is built.
struct Hub {
  std::unique_ptr<Signals> signals;
  HashKey master{};
  wire::KeyPair keys;
  std::string first_admin_key;
  std::unique_ptr<StoreDir> store;
  std::unique_ptr<store::Journal> journal;
  std::unique_ptr<core::Core> core;
  Clock clock;
  std::unique_ptr<wire::Context> context;
  std::unique_ptr<wire::Zap> zap;
  std::unique_ptr<wire::Router> clients;
  std::unique_ptr<wire::Router> admins;
  Metrics metrics;
  std::unique_ptr<Health> health;

  Status build(const v1::BrokerConfig& config, const char* version);
  Status open_sockets(const v1::BrokerConfig& config);
  Status open_health(const v1::BrokerConfig& config, const char* version);
};

Status Hub::build(const v1::BrokerConfig& config, const char* version) {
  TRY_DO(check_admin_listen(config.admin_listen()));
  TRY(signals, Signals::open());
  TRY(master, load_master_key(config.master_key_file()));
  TRY(keys, wire::load_key_pair(config.secret_key_file()));
  if (!config.first_admin_key_file().empty()) {
    TRY(first_admin_key, read_key(config.first_admin_key_file()));
  }
  TRY(store, StoreDir::open(config));
  journal = std::make_unique<store::Journal>(store->kv());
  TRY(core, core::Core::open(*journal, master));
  clock = Clock(core->head().time);
  TRY_DO(open_sockets(config));
  return open_health(config, version);
}

Status Hub::open_sockets(const v1::BrokerConfig& config) {
  context = std::make_unique<wire::Context>();
  if (config.curve()) {
    TRY(zap, wire::Zap::start(*context));
    admit_keys(*zap, *core->directory(), first_admin_key, clock.read().now);
  } else {
    log::warn("CURVE is off: for benchmarks on loopback only");
  }
  TRY(clients, open_router(*context, config, keys, config.listen(), kClientsDomain));
  TRY(admins, open_router(*context, config, keys, config.admin_listen(), kAdminsDomain));
  if (!config.curve()) return ok();
  // P9: a hub that would let a stranger in must not start.
  TRY_DO(wire::self_test(*context, *zap, kClientsDomain, clients->endpoint(), keys));
  return wire::self_test(*context, *zap, kAdminsDomain, admins->endpoint(), keys);
}

Status Hub::open_health(const v1::BrokerConfig& config, const char* version) {
  if (config.metrics_listen().empty()) return ok();
  Health::Options options;
  options.listen = config.metrics_listen();
  options.program = "switchboard-broker";
  options.version = version;
  options.metrics_text = [this] { return metrics.text(); };
  options.stall_after = seconds(30);
  TRY(health, Health::open(std::move(options)));
  return ok();
}

}  // namespace

Exit run_hub(const v1::BrokerConfig& config, const char* version) {
  if (const auto ready = log::init("switchboard-broker", config.log()); !ready.ok()) {
    std::fprintf(stderr, "%s\n", ready.error().text.c_str());
    return Exit::kConfig;
  }
  Hub hub;
  if (const auto built = hub.build(config, version); !built.ok()) {
    return failed("the hub cannot start", built.error());
  }
  Gauges gauges(hub.metrics);
  Loop loop({config, *hub.store, *hub.journal, *hub.core, hub.zap.get(), *hub.clients, *hub.admins,
             *hub.signals, hub.clock, gauges, hub.health.get(), hub.first_admin_key,
             config.name() + " " + version});
  const auto ended = loop.run();
  hub.store->forget_endpoints();
  if (!ended.ok()) return failed("the hub must end: recovery starts from disk", ended.error());
  return Exit::kOk;
}

Exit verify_offline(const std::string& dir) {
  const char* key_file = std::getenv("SWITCHBOARD_MASTER_KEY_FILE");
  const auto master = load_master_key(key_file != nullptr ? key_file : dir + "/master.key");
  auto store = StoreDir::open_offline(dir);
  if (!master.ok() || !store.ok()) {
    const auto& why = !master.ok() ? master.error() : store.error();
    std::fprintf(stderr, "cannot verify: %s\n", why.text.c_str());
    return exit_for(why.code);
  }
  // A snapshot keeps the pages it reads: verification goes through them in order.
  const auto reads = store.value()->kv().snapshot();
  const auto report = verify(*reads, core::Secrets(*master), {}, Depth::kContents);
  if (!report.ok()) {
    std::fprintf(stderr, "cannot verify: %s\n", report.error().text.c_str());
    return Exit::kSomeFailed;
  }
  std::printf("blocks %llu, entries %llu, events %llu, position %llu, head %s\n",
              static_cast<unsigned long long>(report->blocks()),
              static_cast<unsigned long long>(report->entries()),
              static_cast<unsigned long long>(report->events()),
              static_cast<unsigned long long>(report->position()), to_hex(report->head()).c_str());
  for (const auto& finding : report->findings()) std::printf("FOUND: %s\n", finding.c_str());
  std::printf("%s\n", report->ok() ? "verified: chain, events, recipients and numbers agree"
                                   : "NOT verified: see the runbook damaged");
  return report->ok() ? Exit::kOk : Exit::kSomeFailed;
}

}  // namespace switchboard::server
