#include "services/gateway/program.h"

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "broker/kv/rocks_kv.h"
#include "broker/runtime/health.h"
#include "broker/runtime/log.h"
#include "broker/runtime/metrics.h"
#include "broker/runtime/signals.h"
#include "broker/runtime/systemd.h"
#include "broker/wire/keys.h"
#include "services/gateway/api.h"
#include "services/gateway/http_server.h"
#include "services/gateway/operator_api.h"
#include "services/gateway/settings.h"
#include "services/gateway/sign_in.h"
#include "services/gateway/static_files.h"

namespace switchboard::gateway {
namespace {

constexpr Duration kLookAtTeams = seconds(10);
constexpr Duration kHeartbeat = seconds(1);

// Everything that lives as long as the program, in the order it is made; it ends in stop()'s.
class Gateway {
 public:
  Gateway(const v1::GatewayConfig& config, const char* version)
      : config_(config), version_(version) {}
  Status open();
  Status run(Signals& signals);

 private:
  Status open_people();
  Status open_web();
  Status open_operators();
  Status open_hub();
  Status open_health();
  Status say_where() const;
  Result<sdk::Client::Options> hub_options() const;
  void stop();
  void fail(const Error& why);
  void show_health();
  std::filesystem::path in_state(const char* name) const {
    return std::filesystem::path(config_.state_dir()) / name;
  }

  const v1::GatewayConfig& config_;
  const std::string version_;
  Metrics metrics_;
  std::atomic<bool> failed_{false};
  std::atomic<bool> server_turns_{false};
  std::atomic<bool> live_{false};
  std::unique_ptr<kv::Kv> kv_;
  std::optional<Credentials> credentials_;
  std::optional<Sessions> sessions_;
  People people_;
  std::optional<Presence> presence_;
  std::unique_ptr<SignIn> sign_in_;
  std::optional<StaticFiles> pages_;
  std::unique_ptr<Api> api_;
  OperatorApi operators_{[] { return Clock().read().boot_us; }};
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<OperatorLink> operator_link_;  // none: there is no such page
  std::unique_ptr<HubThread> hub_;
  std::unique_ptr<Health> health_;
};

Status Gateway::open() {
  TRY_DO(make_state_dir(config_));
  TRY_DO(open_people());
  TRY_DO(open_web());
  TRY_DO(open_operators());
  TRY_DO(open_hub());
  TRY_DO(open_health());
  return say_where();
}

// state_dir/endpoints.json: for programs started beside it, which gave it port 0. Whole or not.
Status Gateway::say_where() const {
  if (config_.listen().empty()) return ok();
  const std::string host = config_.listen().substr(0, config_.listen().rfind(':'));
  const auto file = in_state("endpoints.json");
  const auto beside = in_state("endpoints.json.new");
  {
    std::ofstream out(beside, std::ios::binary);
    out << R"({"pid":)" << ::getpid() << R"(,"listeners":[{"name":"screen","address":")" << host
        << ':' << server_->port() << "\"}]}\n";
    out.flush();
    if (!out) return error(v1::CODE_INTERNAL, "cannot write " + beside.string());
  }
  std::error_code failed;
  std::filesystem::rename(beside, file, failed);
  if (failed) return error(v1::CODE_INTERNAL, file.string() + ": " + failed.message());
  return ok();
}

Status Gateway::open_people() {
  const auto now = [] { return Clock().read().now; };
  TRY(kv_, kv::RocksKv::open({.dir = in_state("sessions").string(),
                              .memtable_mb = 4,
                              .block_cache_mb = 1,
                              .create = true}));
  TRY(auto credentials, Credentials::open(config_.state_dir()));
  credentials_.emplace(std::move(credentials));
  TRY(auto sessions, Sessions::open(*kv_,
                                    {.longest = seconds(config_.session_max_s()),
                                     .lock_after = seconds(config_.lock_after_s())},
                                    now()));
  sessions_.emplace(std::move(sessions));
  Presence::Options options;
  options.teams.assign(config_.team().begin(), config_.team().end());
  options.tls = !config_.tls_certificate_file().empty();
  options.proxy_identity_header = config_.proxy_identity_header();
  options.lock_after = seconds(config_.lock_after_s());
  options.lock_warning = seconds(config_.lock_warning_s());
  options.place = config_.place();
  options.help.set_name(config_.help_name());
  options.help.set_phone(config_.help_phone());
  options.version = version_;
  options.may_send = !config_.publish_agency().empty();
  options.operators.assign(config_.operator_().begin(), config_.operator_().end());
  presence_.emplace(options, Presence::Parts{people_, *credentials_, *sessions_, now,
                                             [this](const Error& why) { fail(why); }});
  TRY(sign_in_,
      SignIn::open({.presence = *presence_,
                    .people = people_,
                    .credentials = *credentials_,
                    .sessions = *sessions_,
                    .kv = *kv_,
                    .now = now,
                    .post = [this](std::function<void()> work) { server_->post(std::move(work)); },
                    .cost = {}}));
  return ok();
}

Status Gateway::open_web() {
  TRY(auto pages, StaticFiles::open(config_.web_dir()));
  pages_.emplace(std::move(pages));
  Api::Options options;
  options.teams.assign(config_.team().begin(), config_.team().end());
  options.publish_agency = config_.publish_agency();
  options.publish_system = config_.publish_system();
  options.state_dir = config_.state_dir();
  api_ = std::make_unique<Api>(options, people_);
  Router router;
  for (auto& path : sign_in_->paths()) router.add(path.method, path.pattern, path.answer);
  api_->add_to(router, *presence_);
  operators_.add_to(router, *presence_);
  router.set_fallback(pages_->pages());
  HttpServer::Options http;
  http.listen = config_.listen();
  http.certificate_file = config_.tls_certificate_file();
  http.key_file = config_.tls_key_file();
  http.proxy_socket = config_.proxy_socket();
  http.streams_max = config_.browsers_max();
  http.connections_max = config_.browsers_max() * 2 + 64;
  TRY(server_, HttpServer::open(http, std::move(router), metrics_));
  return ok();
}

Result<sdk::Client::Options> Gateway::hub_options() const {
  sdk::Client::Options options{.program = "switchboard-gateway " + version_};
  options.hub.connect = config_.hub().connect();
  options.hub.hub_public_key = config_.hub().hub_public_key();
  TRY(options.hub.keys, wire::load_key_pair(config_.hub().secret_key_file()));
  options.dir = in_state("hub");
  options.acts = true;
  if (!config_.publish_agency().empty()) options.outbox = sdk::Outbox::Options{};
  for (const auto& team : config_.team()) {
    for (const auto log : {v1::LOG_KIND_INBOX, v1::LOG_KIND_SENT}) {
      options.logs.push_back({team, log, {.name = "screen"}});
    }
  }
  return options;
}

// Before the hub's thread: nobody is signed in until that has told who there is.
Status Gateway::open_operators() {
  if (config_.operator_connect().empty()) return ok();
  OperatorLink::Options options;
  options.hub.connect = config_.operator_connect();
  options.hub.hub_public_key = config_.hub().hub_public_key();
  TRY(options.hub.keys, wire::load_key_pair(config_.operator_key_file()));
  operator_link_ = OperatorLink::open(
      options, [this](std::function<void()> work) { server_->post(std::move(work)); });
  server_->post([this] {
    operators_.connect([this](const std::string& person, OperatorLink::OnLooked then) {
      operator_link_->look(person, std::move(then));
    });
  });
  return ok();
}

Status Gateway::open_hub() {
  TRY(auto client, hub_options());
  const HubThread::Events events{
      .arrived = [this](HubThread::Arrived arrived) { api_->arrived(std::move(arrived)); },
      .live =
          [this](const v1::Live& live, uint64_t epoch) {
            live_ = live.live();
            api_->live(live, epoch);
          },
      .failed = [this](const Error& why) { fail(why); }};
  TRY(hub_, HubThread::open(
                {.client = std::move(client)},
                [this](std::function<void()> work) { server_->post(std::move(work)); }, events));
  server_->post([this] { api_->connect(*hub_); });
  server_->every(kLookAtTeams, [this] { api_->look_at_teams(); });
  server_->every(kHeartbeat, [this] { server_turns_ = true; });
  return ok();
}

Status Gateway::open_health() {
  if (config_.metrics_listen().empty()) return ok();
  Health::Options options;
  options.listen = config_.metrics_listen();
  options.program = "switchboard-gateway";
  options.version = version_;
  options.metrics_text = [this] { return metrics_.text(); };
  options.stall_after = seconds(30);
  TRY(health_, Health::open(std::move(options)));
  return ok();
}

void Gateway::fail(const Error& why) {
  log::error("the program must end", {{"why", why.text}});
  failed_ = true;
}

Status Gateway::run(Signals& signals) {
  log::info("open", {{"port", server_->port()},
                     {"teams", config_.team_size()},
                     {"health_port", health_ ? health_->port() : uint16_t{0}}});
  systemd::ready("open");
  while (!failed_) {
    pollfd readable{signals.fd(), POLLIN, 0};
    (void)::poll(&readable, 1, 200);
    while (const auto ask = signals.next()) {
      if (*ask != Signals::Ask::kStop) continue;
      systemd::stopping("stopping");
      stop();
      return ok();
    }
    show_health();
  }
  stop();
  return error(v1::CODE_INTERNAL, "a store of this gateway failed: it goes on from disk");
}

void Gateway::show_health() {
  if (!server_turns_.exchange(false)) return;
  systemd::watchdog();
  if (!health_) return;
  health_->alive();
  health_->publish(live_ ? std::vector<std::string>{}
                         : std::vector<std::string>{"the hub is not reached"});
}

// Nothing calls into what has gone: first those who post to the server's thread, then that.
void Gateway::stop() {
  hub_->stop();
  if (operator_link_) operator_link_->stop();
  sign_in_->stop();
  server_.reset();
}

Status run(const v1::GatewayConfig& config, const char* version) {
  TRY(const auto signals, Signals::open());
  Gateway gateway(config, version);
  TRY_DO(gateway.open());
  return gateway.run(*signals);
}

}  // namespace

Exit run_program(const v1::GatewayConfig& config, const char* version) {
  if (const auto ready = log::init("switchboard-gateway", config.log()); !ready.ok()) {
    std::fprintf(stderr, "%s\n", ready.error().text.c_str());
    return Exit::kConfig;
  }
  if (const auto checked = check_settings(config); !checked.ok()) {
    std::fprintf(stderr, "%s\n", checked.error().text.c_str());
    return Exit::kConfig;
  }
  const auto ended = run(config, version);
  if (!ended.ok()) {
    log::error("the program must end", {{"why", ended.error().text}});
    return exit_for(ended.error().code);
  }
  log::info("stopped");
  return Exit::kOk;
}

}  // namespace switchboard::gateway
