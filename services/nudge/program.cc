#include "services/nudge/program.h"

#include <cstdio>

#include "broker/runtime/log.h"
#include "broker/runtime/systemd.h"
#include "broker/wire/keys.h"
#include "services/nudge/rounds.h"

namespace switchboard::nudge {
namespace {

Result<std::unique_ptr<sdk::Client>> open_client(wire::Context& context, const v1::HubLink& hub,
                                                 const char* version) {
  sdk::Client::Options options{.program = std::string("switchboard-nudge ") + version};
  options.hub.connect = hub.connect();
  options.hub.hub_public_key = hub.hub_public_key();
  TRY(options.hub.keys, wire::load_key_pair(hub.secret_key_file()));
  return sdk::Client::open(context, options);
}

Result<std::unique_ptr<Health>> open_health(const v1::NudgeConfig& config, const Metrics& metrics,
                                            const char* version) {
  Health::Options options;
  options.listen = config.metrics_listen();
  options.program = "switchboard-nudge";
  options.version = version;
  options.metrics_text = [&metrics] { return metrics.text(); };
  options.stall_after = seconds(30);
  return Health::open(std::move(options));
}

Status run(const v1::NudgeConfig& config, const Settings& settings, const char* version) {
  TRY(const auto signals, Signals::open());
  Metrics metrics;
  wire::Context context;
  TRY(const auto client, open_client(context, config.hub(), version));
  TRY(const auto courier, Courier::open(settings));
  std::unique_ptr<Health> health;
  if (!config.metrics_listen().empty()) {
    TRY(health, open_health(config, metrics, version));
  }
  log::info("open", {{"mail", settings.relay.has_value()},
                     {"webhooks", settings.webhook_key.has_value()},
                     {"health_port", health ? health->port() : uint16_t{0}}});
  systemd::ready("open");
  Rounds rounds({.client = *client,
                 .courier = *courier,
                 .signals = *signals,
                 .metrics = metrics,
                 .settings = settings,
                 .health = health.get()});
  return rounds.run();
}

}  // namespace

Exit run_program(const v1::NudgeConfig& config, const char* version) {
  if (const auto ready = log::init("switchboard-nudge", config.log()); !ready.ok()) {
    std::fprintf(stderr, "%s\n", ready.error().text.c_str());
    return Exit::kConfig;
  }
  const auto settings = read_settings(config);
  if (!settings.ok()) {
    std::fprintf(stderr, "%s\n", settings.error().text.c_str());
    return Exit::kConfig;
  }
  const auto ended = run(config, *settings, version);
  if (!ended.ok()) {
    log::error("the program must end", {{"why", ended.error().text}});
    return exit_for(ended.error().code);
  }
  log::info("stopped");
  return Exit::kOk;
}

}  // namespace switchboard::nudge
