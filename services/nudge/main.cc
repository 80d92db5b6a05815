// switchboard-nudge: taps outside the hub, by mail and webhook, for what waits for a person.
#include "broker/runtime/config.h"
#include "broker/runtime/program.h"
#include "services/nudge/program.h"

using namespace switchboard;

int main(int argc, char** argv) {
  const program::About about{
      .name = "switchboard-nudge",
      .version = SWITCHBOARD_VERSION,
      .summary = "Sends the taps that the hub owes teams, by mail and by signed webhook.",
      .examples =
          "  switchboard-nudge --config /etc/switchboard/nudge.toml\n"
          "  switchboard-nudge --config nudge.toml --print-config\n"};
  const auto parsed = program::parse(argc, argv, about);
  if (const auto* exit = std::get_if<Exit>(&parsed)) return static_cast<int>(*exit);
  const auto& call = std::get<program::Call>(parsed);
  const auto config = load_config<v1::NudgeConfig>(call.config_file, call.overrides);
  if (!config.ok()) return program::fail(Exit::kConfig, config.error());
  if (call.print_config) {
    std::fputs(print_config(config->settings, config->origins).c_str(), stdout);
    return static_cast<int>(Exit::kOk);
  }
  return static_cast<int>(nudge::run_program(config->settings, SWITCHBOARD_VERSION));
}
