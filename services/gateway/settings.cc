#include "services/gateway/settings.h"

#include <filesystem>
#include <set>

namespace switchboard::gateway {
namespace {

// Collects what is wrong, one a line.
class Problems {
 public:
  void unless(bool holds, const std::string& text) {
    if (!holds) text_ += (text_.empty() ? "" : "\n") + text;
  }
  Status status() const { return text_.empty() ? ok() : Status(error(v1::CODE_INVALID, text_)); }

 private:
  std::string text_;
};

}  // namespace

Status make_state_dir(const v1::GatewayConfig& config) {
  std::error_code failed;
  std::filesystem::create_directories(config.state_dir(), failed);
  if (!failed) {
    std::filesystem::permissions(config.state_dir(), std::filesystem::perms::owner_all, failed);
  }
  if (!failed) return ok();
  return error(v1::CODE_INVALID, "state_dir: " + config.state_dir() + ": " + failed.message());
}

// The operators' page: whole or not at all, and with a key of its own. A screen's key that is an
// operator's too would let whoever has it see every team's state.
static void check_operators(const v1::GatewayConfig& c, Problems& problems) {
  const int given =
      !c.operator_connect().empty() + !c.operator_key_file().empty() + !c.operator_().empty();
  problems.unless(given == 0 || given == 3,
                  "operator_connect, operator_key_file and operator: give all three or none");
  problems.unless(given == 0 || c.operator_key_file() != c.hub().secret_key_file(),
                  "operator_key_file: must be a key of its own, enrolled as operator, and not the "
                  "screens' key");
  for (const auto& person : c.operator_()) {
    problems.unless(!person.empty(), "operator: one is empty; name people by their ids");
  }
}

Status check_settings(const v1::GatewayConfig& c) {
  Problems problems;
  problems.unless(!c.listen().empty() || !c.proxy_socket().empty(),
                  "listen, proxy_socket: neither is given, so nobody can come in");
  problems.unless(c.tls_certificate_file().empty() == c.tls_key_file().empty(),
                  "tls_certificate_file and tls_key_file: give both or none");
  problems.unless(c.team_size() > 0, "team: name at least one team whose people sign in here");
  std::set<std::string> teams(c.team().begin(), c.team().end());
  problems.unless(static_cast<int>(teams.size()) == c.team_size(), "team: one is named twice");
  problems.unless(c.publish_agency().empty() == c.publish_system().empty(),
                  "publish_agency and publish_system: give both or none");
  problems.unless(c.lock_after_s() >= 60 && c.lock_after_s() <= 8 * 3600,
                  "lock_after_s: must be 60 to 28800");
  problems.unless(c.lock_warning_s() >= 20 && c.lock_warning_s() < c.lock_after_s(),
                  "lock_warning_s: must be at least 20 and less than lock_after_s");
  problems.unless(c.session_max_s() >= c.lock_after_s() && c.session_max_s() <= 7 * 24 * 3600,
                  "session_max_s: must be lock_after_s to 604800");
  problems.unless(c.browsers_max() > 0 && c.browsers_max() <= 10'000,
                  "browsers_max: must be 1 to 10000");
  problems.unless(!c.proxy_identity_header().empty(),
                  "proxy_identity_header: must name the header of the proxy");
  check_operators(c, problems);
  return problems.status();
}

}  // namespace switchboard::gateway
