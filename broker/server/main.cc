// switchboard-broker: the hub.
#include "broker/runtime/config.h"
#include "broker/runtime/program.h"
#include "broker/server/hub.h"

using namespace switchboard;

int main(int argc, char** argv) {
  const program::About about{
      "switchboard-broker",
      SWITCHBOARD_VERSION,
      "The interagency notification hub: takes events, tells teams, keeps the record.",
      "  switchboard-broker --config /etc/switchboard/broker.toml\n"
      "  switchboard-broker --config broker.toml --print-config\n"
      "  SWITCHBOARD_MASTER_KEY_FILE=master.key switchboard-broker verify /var/lib/switchboard\n",
      {{"verify", "check a store offline: chain, events, recipients, numbers"}}};
  const auto parsed = program::parse(argc, argv, about);
  if (const auto* exit = std::get_if<Exit>(&parsed)) return static_cast<int>(*exit);
  const auto& call = std::get<program::Call>(parsed);
  if (call.command == "verify") return static_cast<int>(server::verify_offline(call.folder));
  const auto config = load_config<v1::BrokerConfig>(call.config_file, call.overrides);
  if (!config.ok()) return program::fail(Exit::kConfig, config.error());
  if (call.print_config) {
    std::fputs(print_config(config->settings, config->origins).c_str(), stdout);
    return static_cast<int>(Exit::kOk);
  }
  return static_cast<int>(server::run_hub(config->settings, SWITCHBOARD_VERSION));
}
