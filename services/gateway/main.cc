// switchboard-gateway: the screens of one or more teams, for people who sign in by name.
#include <algorithm>
#include <iostream>

#include "broker/runtime/clock.h"
#include "broker/runtime/config.h"
#include "broker/runtime/core_dump.h"
#include "broker/runtime/program.h"
#include "services/gateway/enrol.h"
#include "services/gateway/program.h"
#include "services/gateway/settings.h"

using namespace switchboard;

namespace {

// `switchboard-gateway people WORDS … --config FILE`
int people(std::vector<std::string> words) {
  forbid_core_dumps();
  const auto flag = std::find(words.begin(), words.end(), "--config");
  if (flag == words.end() || flag + 1 == words.end()) {
    std::cerr << "say where the gateway's configuration is: --config FILE\n"
                 "  switchboard-gateway people set-password PERSON --config gateway.toml\n"
                 "  switchboard-gateway people ls --config gateway.toml\n";
    return static_cast<int>(Exit::kUsage);
  }
  const auto config = load_config<v1::GatewayConfig>(*(flag + 1));
  if (!config.ok()) return program::fail(Exit::kConfig, config.error());
  words.erase(flag, flag + 2);
  if (const auto made = gateway::make_state_dir(config->settings); !made.ok()) {
    return program::fail(Exit::kConfig, made.error());
  }
  return static_cast<int>(gateway::run_people(words, {.state_dir = config->settings.state_dir(),
                                                      .now = Clock().read().now,
                                                      .out = std::cout,
                                                      .err = std::cerr}));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == "people") return people({argv + 2, argv + argc});
  const program::About about{
      .name = "switchboard-gateway",
      .version = SWITCHBOARD_VERSION,
      .summary = "The screens of a team: alerts as they come, who has them, whom to ring.",
      .examples =
          "  switchboard-gateway --config /etc/switchboard/gateway.toml\n"
          "  switchboard-gateway --config gateway.toml --print-config\n"
          "  switchboard-gateway people set-password hv-olsen --config gateway.toml\n"
          "  switchboard-gateway people ls --config gateway.toml\n"};
  const auto parsed = program::parse(argc, argv, about);
  if (const auto* exit = std::get_if<Exit>(&parsed)) return static_cast<int>(*exit);
  const auto& call = std::get<program::Call>(parsed);
  const auto config = load_config<v1::GatewayConfig>(call.config_file, call.overrides);
  if (!config.ok()) return program::fail(Exit::kConfig, config.error());
  if (call.print_config) {
    std::fputs(print_config(config->settings, config->origins).c_str(), stdout);
    return static_cast<int>(Exit::kOk);
  }
  return static_cast<int>(gateway::run_program(config->settings, SWITCHBOARD_VERSION));
}
