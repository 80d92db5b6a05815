#include "adapters/mllp/settings.h"

#include <filesystem>
#include <set>
#include <system_error>

#include "adapters/mllp/mapping_file.h"
#include "broker/base/limits.h"

namespace switchboard::mllp {
namespace {

using Problems = std::vector<std::string>;

// The value if there is one; else the problem is kept.
template <typename T>
T keep(Result<T> result, T otherwise, Problems& problems) {
  if (result.ok()) return std::move(result).value();
  problems.push_back(result.error().text);
  return otherwise;
}

template <typename T>
struct Choice {
  const char* text;
  T value;
};
template <typename T, size_t N>
T choose(const std::string& text, const char* key, const Choice<T> (&choices)[N],
         Problems& problems) {
  std::string known;
  for (const auto& choice : choices) {
    if (text == choice.text) return choice.value;
    known += (known.empty() ? "" : " or ") + std::string(choice.text);
  }
  problems.push_back(std::string(key) + " = \"" + text + "\": " + known + " is needed");
  return choices[0].value;
}

constexpr Choice<v1::Environment> kEnvironments[] = {{"live", v1::ENVIRONMENT_LIVE},
                                                     {"test", v1::ENVIRONMENT_TEST}};
constexpr Choice<AckAfter> kAckAfter[] = {{"accepted", AckAfter::kAccepted},
                                          {"stored", AckAfter::kStored}};
using Replies = Answers::BatchReplies;
constexpr Choice<Replies> kReplies[] = {{"batch", Replies::kBatch},
                                        {"messages", Replies::kMessages}};
using Other = ListenerIdentity::OtherTriggers;
constexpr Choice<Other> kOther[] = {{"ignore", Other::kIgnore}, {"quarantine", Other::kQuarantine}};

constexpr size_t kNameBytesMax = 64;

ListenerIdentity read_identity(const v1::ListenerConfig& config, Problems& problems) {
  return {.agency = config.agency(),
          .system = config.system(),
          .environment = choose(config.environment(), "environment", kEnvironments, problems),
          .other_triggers = choose(config.other_triggers(), "other_triggers", kOther, problems)};
}

std::optional<Tls::Files> read_tls(const v1::ListenerConfig& config, Problems& problems) {
  const bool certificate = !config.tls_certificate_file().empty();
  if (certificate != !config.tls_key_file().empty()) {
    problems.push_back("tls_certificate_file and tls_key_file go together");
  }
  if (!certificate && !config.tls_client_ca_file().empty()) {
    problems.push_back(
        "tls_client_ca_file without tls_certificate_file: clients would be unchecked");
  }
  if (!certificate) return std::nullopt;
  return Tls::Files{config.tls_certificate_file(), config.tls_key_file(),
                    config.tls_client_ca_file()};
}

void check_bounds(const v1::ListenerConfig& config, Problems& problems) {
  if (config.name().empty() || config.name().size() > kNameBytesMax) {
    problems.push_back("name: 1 to 64 bytes, it stands in counts and metrics");
  }
  if (config.frame_timeout_s() == 0) problems.push_back("frame_timeout_s = 0 would hold for ever");
  if (config.connections_max() == 0) problems.push_back("connections_max = 0 lets nobody in");
  if (config.connections_per_peer_max() == 0) {
    problems.push_back("connections_per_peer_max = 0 lets nobody in");
  }
}

void check_probes(const v1::ListenerConfig& config, Problems& problems) {
  if (config.probe_teams_size() > static_cast<int>(limits::kDirectTeamsMax)) {
    problems.push_back("probe_teams: at most " + std::to_string(limits::kDirectTeamsMax));
  }
  if (!config.probe_teams().empty() && config.probe_every_s() == 0) {
    problems.push_back("probe_every_s = 0 would probe without a pause");
  }
}

// A source on trial is on trial also where it sends test messages.
v1::LedgerBucket bucket_of(const v1::ListenerConfig& config) {
  if (config.shadow()) return v1::LEDGER_BUCKET_SHADOW;
  return config.environment() == "test" ? v1::LEDGER_BUCKET_TEST : v1::LEDGER_BUCKET_LIVE;
}

// Nothing without a mapping; then there is a problem, too.
std::optional<ListenerSettings> read_listener(const v1::ListenerConfig& config,
                                              Problems& problems) {
  auto mapping = load_mapping(config.mapping_file());
  if (!mapping.ok()) problems.push_back(mapping.error().text);
  const auto bind = keep(parse_host_port(config.bind()), HostPort{}, problems);
  const auto identity = read_identity(config, problems);
  const auto allowed =
      keep(PeerList::parse({config.allow_peer().begin(), config.allow_peer().end()}), {}, problems);
  const auto ack_after = choose(config.ack_after(), "ack_after", kAckAfter, problems);
  const auto tls = read_tls(config, problems);
  const auto replies = choose(config.batch_reply(), "batch_reply", kReplies, problems);
  check_bounds(config, problems);
  check_probes(config, problems);
  if (!mapping.ok()) return std::nullopt;
  return ListenerSettings{.name = config.name(),
                          .bind = bind,
                          .identity = identity,
                          .bucket = bucket_of(config),
                          .allowed = allowed,
                          .mapping = std::move(mapping).value(),
                          .ack_after = ack_after,
                          .ack_wait = milliseconds(config.ack_wait_ms()),
                          .limits = {.frame_within = seconds(config.frame_timeout_s()),
                                     .idle_most = seconds(config.idle_timeout_s())},
                          .connections_max = config.connections_max(),
                          .connections_per_peer_max = config.connections_per_peer_max(),
                          .park_after = config.park_after(),
                          .batch_replies = replies,
                          .probe_teams = {config.probe_teams().begin(), config.probe_teams().end()},
                          .probe_every = seconds(config.probe_every_s()),
                          .tls = tls};
}

std::string real_path(const std::string& path) {
  std::error_code failed;
  const auto real = std::filesystem::weakly_canonical(path, failed);
  return failed ? path : real.string();
}

}  // namespace

Result<std::vector<ListenerSettings>> read_listeners(const v1::MllpConfig& config) {
  std::vector<ListenerSettings> out;
  std::string all;
  std::set<std::string> names;
  for (const auto& listener : config.listener()) {
    Problems problems;
    if (auto one = read_listener(listener, problems)) out.push_back(*std::move(one));
    if (!names.insert(listener.name()).second) problems.push_back("two listeners of this name");
    for (const auto& p : problems) all += "listener \"" + listener.name() + "\": " + p + "\n";
  }
  if (config.listener().empty()) all += "no [[listener]]: there is nothing to do\n";
  if (all.empty()) return out;
  all.pop_back();
  return error(v1::CODE_INVALID, all);
}

std::optional<ListenerIdentity> identity_for_mapping(const v1::MllpConfig& config,
                                                     const std::string& mapping_file) {
  for (const auto& listener : config.listener()) {
    if (real_path(listener.mapping_file()) != real_path(mapping_file)) continue;
    Problems ignored;
    return read_identity(listener, ignored);
  }
  return std::nullopt;
}

}  // namespace switchboard::mllp
