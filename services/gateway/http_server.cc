#include "services/gateway/http_server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <list>
#include <thread>

#include "services/gateway/listener.h"

namespace switchboard::gateway {
namespace {

namespace asio = boost::asio;

// Work that comes again and again.
struct Round {
  Round(asio::io_context& context, Duration between, std::function<void()> what)
      : timer(context), pause(between), work(std::move(what)) {}
  void wait() {
    timer.expires_after(std::chrono::microseconds(pause.us));
    timer.async_wait([this](boost::system::error_code failed) {
      if (failed) return;
      work();
      if (!ended) wait();
    });
  }
  void end() {
    ended = true;
    timer.cancel();
  }
  asio::steady_timer timer;
  const Duration pause;
  const std::function<void()> work;
  bool ended = false;
};

}  // namespace

struct HttpServer::State {
  State(const Options& given, Router routes, Metrics& metrics)
      : options(given), router(std::move(routes)), tallies(metrics, router.paths()) {}
  ~State();
  Status listen();
  void begin();
  void end();

  const Options options;
  const Router router;
  HttpTallies tallies;
  std::unique_ptr<TlsContext> tls;
  // Everything below is the thread's own. It is destroyed before the context that it uses.
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> open{context.get_executor()};
  Service service{
      .context = context, .options = options, .router = router, .tallies = tallies, .room = [this] {
        for (const auto& listener : listeners) listener->room();
      }};
  std::vector<std::unique_ptr<Listener>> listeners;
  std::list<Round> rounds;
  std::thread thread;
};

HttpServer::HttpServer() = default;
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::open(const Options& options, Router router,
                                                     Metrics& metrics) {
  std::unique_ptr<HttpServer> server(new HttpServer());
  server->state_ = std::make_unique<State>(options, std::move(router), metrics);
  TRY_DO(server->state_->listen());
  server->state_->begin();
  return server;
}

Status HttpServer::State::listen() {
  if (options.listen.empty() && options.proxy_socket.empty()) {
    return error(v1::CODE_INVALID, "listen or proxy_socket must be set");
  }
  if (options.certificate_file.empty() != options.key_file.empty()) {
    return error(v1::CODE_INVALID, "certificate_file and key_file go together");
  }
  if (!options.certificate_file.empty()) {
    TRY(tls, load_tls(options.certificate_file, options.key_file));
  }
  if (!options.listen.empty()) {
    TRY(auto listener, Listener::tcp(service, tls.get()));
    listeners.push_back(std::move(listener));
  }
  if (!options.proxy_socket.empty()) {
    TRY(auto listener, Listener::local(service));
    listeners.push_back(std::move(listener));
  }
  return ok();
}

void HttpServer::State::begin() {
  for (const auto& listener : listeners) listener->accept();
  thread = std::thread([this] { context.run(); });
}

// What is under way is cut; the thread then has nothing left to wait for.
void HttpServer::State::end() {
  service.ending = true;
  for (const auto& listener : listeners) listener->close();
  for (Round& round : rounds) round.end();
  const auto connections = service.connections;
  for (const auto& connection : connections) connection->close();
  open.reset();
}

HttpServer::State::~State() {
  if (!thread.joinable()) return;
  asio::post(context, [this] { end(); });
  thread.join();
}

uint16_t HttpServer::port() const {
  for (const auto& listener : state_->listeners) {
    if (const uint16_t port = listener->port()) return port;
  }
  return 0;
}

void HttpServer::post(std::function<void()> work) { asio::post(state_->context, std::move(work)); }

void HttpServer::every(Duration pause, std::function<void()> work) {
  post([state = state_.get(), pause, work = std::move(work)]() mutable {
    if (state->service.ending) return;
    state->rounds.emplace_back(state->context, pause, std::move(work)).wait();
  });
}

}  // namespace switchboard::gateway
