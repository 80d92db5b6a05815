#include "adapters/mllp/adapter.h"

#include <sys/resource.h>

#include <cstdio>

#include "adapters/mllp/endpoints_note.h"
#include "adapters/mllp/source.h"
#include "broker/base/bytes.h"
#include "broker/base/seal.h"
#include "broker/runtime/log.h"
#include "broker/runtime/systemd.h"
#include "broker/wire/keys.h"

namespace switchboard::mllp {
namespace {

constexpr size_t kControlIdPrefixBytes = 5;  // ten digits in hex: MSH-10 takes twenty characters

constexpr size_t kOwnDescriptors = 256;  // the store's files, the hub, health, logs

// As many as the system lets this process have.
size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

Exit failed(const char* what, const Error& error, Exit exit) {
  log::error(what, {{"why", error.text}});
  return exit;
}

Result<wire::Dealer::Options> dial(const v1::HubLink& hub) {
  wire::Dealer::Options options;
  options.connect = hub.connect();
  options.hub_public_key = hub.hub_public_key();
  TRY(options.keys, wire::load_key_pair(hub.secret_key_file()));
  return options;
}

// Everything the source stands on, in the order it is built.
struct Adapter {
  std::unique_ptr<Signals> signals;
  std::vector<Listener> listeners;
  Metrics metrics;
  std::optional<Tallies> tallies;
  std::unique_ptr<wire::Context> context;
  std::unique_ptr<sdk::Client> client;
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<Health> health;

  Status build(const v1::MllpConfig& config, std::vector<ListenerSettings> settings,
               const char* version);
  Status open_client(const v1::MllpConfig& config, const char* version);
  Status open_ledger();
  Status open_health(const v1::MllpConfig& config, const char* version);
};

Status Adapter::build(const v1::MllpConfig& config, std::vector<ListenerSettings> settings,
                      const char* version) {
  TRY(signals, Signals::open());
  std::vector<std::string> names;
  for (auto& one : settings) {
    names.push_back(one.name);
    TRY(auto listener, Listener::open(std::move(one)));
    listeners.push_back(std::move(listener));
  }
  tallies.emplace(metrics, names);
  TRY_DO(open_client(config, version));
  TRY_DO(open_ledger());
  return open_health(config, version);
}

Status Adapter::open_client(const v1::MllpConfig& config, const char* version) {
  context = std::make_unique<wire::Context>();
  sdk::Client::Options options{.program = std::string("switchboard-mllp ") + version};
  TRY(options.hub, dial(config.hub()));
  options.dir = config.outbox().dir();
  options.outbox = sdk::Outbox::Options{
      .bytes_max = config.outbox().bytes_max(),
      .resend_window = seconds(static_cast<int64_t>(config.outbox().resend_window_s()))};
  TRY(client, sdk::Client::open(*context, options));
  return ok();
}

Status Adapter::open_ledger() {
  std::vector<Book> books;
  for (const auto& listener : listeners) {
    const ListenerSettings& settings = listener.settings();
    books.push_back({.listener = settings.name,
                     .agency = settings.identity.agency,
                     .system = settings.identity.system,
                     .bucket = settings.bucket});
  }
  TRY(ledger, Ledger::open(client->publisher().outbox(), std::move(books), client->now()));
  return ok();
}

Status Adapter::open_health(const v1::MllpConfig& config, const char* version) {
  if (config.metrics_listen().empty()) return ok();
  Health::Options options;
  options.listen = config.metrics_listen();
  options.program = "switchboard-mllp";
  options.version = version;
  options.metrics_text = [this] { return metrics.text(); };
  options.stall_after = seconds(30);
  TRY(health, Health::open(std::move(options)));
  return ok();
}

Status run(Adapter& adapter, const v1::MllpConfig& config) {
  EndpointsNote note(config.outbox().dir());
  const auto seed = os_random_32();
  const std::string prefix(reinterpret_cast<const char*>(seed.data()), kControlIdPrefixBytes);
  TRY(auto source, Source::open({.client = *adapter.client,
                                 .listeners = adapter.listeners,
                                 .signals = *adapter.signals,
                                 .tallies = *adapter.tallies,
                                 .ledger = *adapter.ledger,
                                 .hub_away_alarm = seconds(config.hub_away_alarm_s()),
                                 .health = adapter.health.get(),
                                 .control_id_prefix = to_hex(prefix)}));
  TRY_DO(note.write(adapter.listeners, adapter.health ? adapter.health->port() : uint16_t{0}));
  size_t callers = 0;
  for (const auto& listener : adapter.listeners) {
    callers += listener.settings().connections_max;
    log::info("listening", {{"listener", listener.settings().name},
                            {"address", listener.address()},
                            {"bucket", v1::LedgerBucket_Name(listener.settings().bucket)},
                            {"tls", listener.settings().tls.has_value()}});
  }
  const size_t descriptors = raise_descriptor_limit();
  if (descriptors < callers + kOwnDescriptors) {
    log::warn("fewer descriptors than connections_max ask for: callers will wait",
              {{"descriptors", descriptors}, {"connections_max", callers}});
  }
  systemd::ready("listening");
  return source->run();
}

}  // namespace

Exit run_adapter(const v1::MllpConfig& config, const char* version) {
  if (const auto ready = log::init("switchboard-mllp", config.log()); !ready.ok()) {
    std::fprintf(stderr, "%s\n", ready.error().text.c_str());
    return Exit::kConfig;
  }
  auto settings = read_listeners(config);
  if (!settings.ok()) {
    std::fprintf(stderr, "%s\n", settings.error().text.c_str());
    return Exit::kConfig;
  }
  Adapter adapter;
  if (const auto built = adapter.build(config, std::move(settings).value(), version); !built.ok()) {
    const bool setting = built.error().code == v1::CODE_INVALID;
    return failed("the adapter cannot start", built.error(),
                  setting ? Exit::kConfig : exit_for(built.error().code));
  }
  const auto ended = run(adapter, config);
  // P1: what could not be made durable was promised to nobody; recovery starts from disk.
  if (!ended.ok()) return failed("the adapter must end", ended.error(), Exit::kUnavailable);
  log::info("stopped");
  return Exit::kOk;
}

}  // namespace switchboard::mllp
