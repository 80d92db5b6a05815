// switchboard-mllp: a trust's HL7 v2 feed, over MLLP, into the hub.
#include "adapters/mllp/adapter.h"
#include "broker/runtime/config.h"
#include "broker/runtime/program.h"

using namespace switchboard;

namespace {

constexpr char kExamples[] =
    "  switchboard-mllp --config /etc/switchboard/mllp.toml\n"
    "  switchboard-mllp --config mllp.toml --print-config\n"
    "  switchboard-mllp --check-mapping mapping.toml sample.hl7\n"
    "  switchboard-mllp --config mllp.toml --check-mapping mapping.toml sample.hl7 "
    "--show-identity\n";

int check(const program::Call& call) {
  mllp::MappingCheck check{.mapping_file = call.arguments.at(0),
                           .sample_file = call.arguments.at(1)};
  if (call.switches.contains("--show-identity")) check.show = mllp::MappingCheck::Show::kIdentity;
  if (call.config_file.empty()) return static_cast<int>(mllp::check_mapping(check));
  const auto config = load_config<v1::MllpConfig>(call.config_file, call.overrides);
  if (!config.ok()) return program::fail(Exit::kConfig, config.error());
  check.config = &config->settings;
  return static_cast<int>(mllp::check_mapping(check));
}

}  // namespace

int main(int argc, char** argv) {
  const program::About about{
      .name = "switchboard-mllp",
      .version = SWITCHBOARD_VERSION,
      .summary = "Takes HL7 v2 messages over MLLP into custody and publishes them to the hub.",
      .examples = kExamples,
      .commands = {{"--check-mapping",
                    "show the event a sample message would make, and why, and end",
                    {"MAPPING", "SAMPLE"}}},
      .switches = {{"--show-identity", "with --check-mapping: show what names a person"}}};
  const auto parsed = program::parse(argc, argv, about);
  if (const auto* exit = std::get_if<Exit>(&parsed)) return static_cast<int>(*exit);
  const auto& call = std::get<program::Call>(parsed);
  if (call.command == "--check-mapping") return check(call);
  const auto config = load_config<v1::MllpConfig>(call.config_file, call.overrides);
  if (!config.ok()) return program::fail(Exit::kConfig, config.error());
  if (call.print_config) {
    std::fputs(print_config(config->settings, config->origins).c_str(), stdout);
    return static_cast<int>(Exit::kOk);
  }
  return static_cast<int>(mllp::run_adapter(config->settings, SWITCHBOARD_VERSION));
}
