// switchboard-mllp: a trust's HL7 v2 feed, over MLLP, into the hub.
#include "adapters/mllp/adapter.h"
#include "adapters/mllp/dry_run.h"
#include "broker/runtime/config.h"
#include "broker/runtime/program.h"

using namespace switchboard;

namespace {

constexpr char kExamples[] =
    "  switchboard-mllp --config /etc/switchboard/mllp.toml\n"
    "  switchboard-mllp --config mllp.toml --print-config\n"
    "  switchboard-mllp --survey capture/ > mapping.toml\n"
    "  switchboard-mllp --check-mapping mapping.toml sample.hl7\n"
    "  switchboard-mllp --config mllp.toml --check-mapping mapping.toml sample.hl7 "
    "--show-identity\n"
    "  switchboard-mllp --dry-run mapping.toml capture/ --events events.json\n";

using Trial = Exit (*)(const program::Call&, const v1::MllpConfig*);

Exit check(const program::Call& call, const v1::MllpConfig* config) {
  mllp::MappingCheck check{
      .mapping_file = call.arguments.at(0), .sample_file = call.arguments.at(1), .config = config};
  if (call.switches.contains("--show-identity")) check.show = mllp::MappingCheck::Show::kIdentity;
  return mllp::check_mapping(check);
}

Exit dry_run(const program::Call& call, const v1::MllpConfig* config) {
  const auto events = call.values.find("--events");
  return mllp::dry_run({.mapping_file = call.arguments.at(0),
                        .path = call.arguments.at(1),
                        .events_file = events == call.values.end() ? "" : events->second,
                        .config = config});
}

// With a configuration its listener of that mapping speaks, without one the mapping's trust.
int with_config(const program::Call& call, Trial trial) {
  if (call.config_file.empty()) return static_cast<int>(trial(call, nullptr));
  const auto config = load_config<v1::MllpConfig>(call.config_file, call.overrides);
  if (!config.ok()) return program::fail(Exit::kConfig, config.error());
  return static_cast<int>(trial(call, &config->settings));
}

}  // namespace

int main(int argc, char** argv) {
  const program::About about{
      .name = "switchboard-mllp",
      .version = SWITCHBOARD_VERSION,
      .summary = "Takes HL7 v2 messages over MLLP into custody and publishes them to the hub.",
      .examples = kExamples,
      .commands = {{"--check-mapping",
                    "show the events a sample message would make, and why, and end",
                    {"MAPPING", "SAMPLE"}},
                   {"--survey",
                    "say what the messages of a folder hold, draft a mapping for them, and end",
                    {"DIR"}},
                   {"--dry-run",
                    "say what each message of a folder would become, and end; 1 if one of them "
                    "would be refused or quarantined",
                    {"MAPPING", "DIR"}}},
      .switches = {{"--show-identity", "with --check-mapping: show what names a person"}},
      .values = {{"--events",
                  "with --dry-run: write the events as JSON, one a line; they name people",
                  "FILE"}}};
  const auto parsed = program::parse(argc, argv, about);
  if (const auto* exit = std::get_if<Exit>(&parsed)) return static_cast<int>(*exit);
  const auto& call = std::get<program::Call>(parsed);
  if (call.command == "--check-mapping") return with_config(call, check);
  if (call.command == "--dry-run") return with_config(call, dry_run);
  if (call.command == "--survey") {
    return static_cast<int>(mllp::survey_capture(call.arguments.at(0)));
  }
  const auto config = load_config<v1::MllpConfig>(call.config_file, call.overrides);
  if (!config.ok()) return program::fail(Exit::kConfig, config.error());
  if (call.print_config) {
    std::fputs(print_config(config->settings, config->origins).c_str(), stdout);
    return static_cast<int>(Exit::kOk);
  }
  return static_cast<int>(mllp::run_adapter(config->settings, SWITCHBOARD_VERSION));
}
