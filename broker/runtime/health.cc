#include "broker/runtime/health.h"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <chrono>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

#include "broker/runtime/json_text.h"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr uint32_t kHeaderBytesMax = 8 * 1024;
constexpr uint64_t kBodyBytesMax = 1024;
constexpr size_t kReasonsMax = 32;

int64_t monotonic_us() {
  using std::chrono::microseconds;
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<microseconds>(since).count();
}

struct Session {
  explicit Session(tcp::socket socket) : stream(std::move(socket)), buffer(kHeaderBytesMax) {
    parser.header_limit(kHeaderBytesMax);
    parser.body_limit(kBodyBytesMax);
  }
  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  http::request_parser<http::string_body> parser;
  Response response;
};

Response text_response(http::status status, std::string type, std::string body) {
  Response out(status, 11);
  out.set(http::field::content_type, type);
  out.set(http::field::cache_control, "no-store");
  out.keep_alive(false);
  out.body() = std::move(body);
  return out;
}

Response json_response(http::status status, std::string body) {
  return text_response(status, "application/json", body + "\n");
}

}  // namespace

struct Health::State {
  explicit State(Options given) : options(std::move(given)), acceptor(context) {}
  ~State() {
    context.stop();
    if (thread.joinable()) thread.join();
  }

  Status listen();
  void accept();
  void begin(std::list<Session>::iterator session);
  void answer(std::list<Session>::iterator session);
  void end(std::list<Session>::iterator session);
  Response respond(const Request& request) const;
  Response livez() const;
  Response readyz() const;
  Response version() const;

  const Options options;
  std::atomic<int64_t> last_alive_us{monotonic_us()};
  mutable std::mutex mutex;  // guards reasons only
  std::vector<std::string> reasons{"starting"};

  // The thread's own. Sessions are before the context's end: destroyed first, being declared last.
  asio::io_context context{1};
  tcp::acceptor acceptor;
  std::list<Session> sessions;
  bool paused = false;  // as many connections as allowed: the next waits in the kernel's queue
  std::thread thread;
};

Health::Health() = default;
Health::~Health() = default;

Result<std::unique_ptr<Health>> Health::open(Options options) {
  std::unique_ptr<Health> health(new Health());
  health->state_ = std::make_unique<State>(std::move(options));
  TRY_DO(health->state_->listen());
  State& state = *health->state_;
  state.accept();
  state.thread = std::thread([&state] { state.context.run(); });
  return health;
}

uint16_t Health::port() const {
  boost::system::error_code failed;
  return state_->acceptor.local_endpoint(failed).port();
}

void Health::publish(std::vector<std::string> reasons_against) {
  if (reasons_against.size() > kReasonsMax) reasons_against.resize(kReasonsMax);
  const std::lock_guard lock(state_->mutex);
  state_->reasons = std::move(reasons_against);
}

void Health::alive() { state_->last_alive_us.store(monotonic_us(), std::memory_order_relaxed); }

Status Health::State::listen() {
  TRY(const HostPort at, parse_host_port(options.listen));
  boost::system::error_code failed;
  const auto address =
      asio::ip::make_address(at.host == "localhost" ? "127.0.0.1" : at.host, failed);
  if (failed) {
    return error(v1::CODE_INVALID, "metrics address '" + options.listen + "' is no IP address");
  }
  const tcp::endpoint endpoint(address, at.port);
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(static_cast<int>(options.connections_max), failed);
  if (!failed) return ok();
  return error(v1::CODE_INVALID,
               "metrics address '" + options.listen + "' cannot be bound: " + failed.message());
}

void Health::State::accept() {
  paused = sessions.size() >= options.connections_max;
  if (paused) return;
  acceptor.async_accept([this](boost::system::error_code failed, tcp::socket socket) {
    if (failed == asio::error::operation_aborted) return;
    if (!failed) begin(sessions.emplace(sessions.end(), std::move(socket)));
    accept();
  });
}

void Health::State::begin(std::list<Session>::iterator session) {
  session->stream.expires_after(std::chrono::microseconds(options.timeout.us));
  http::async_read(session->stream, session->buffer, session->parser,
                   [this, session](boost::system::error_code failed, size_t) {
                     if (failed) {
                       end(session);
                     } else {
                       answer(session);
                     }
                   });
}

void Health::State::answer(std::list<Session>::iterator session) {
  const Request& request = session->parser.get();
  session->response = respond(request);
  session->response.content_length(session->response.body().size());
  // HEAD: the headers of the answer, with its length, and nothing after them.
  const bool head = request.method() == http::verb::head;
  if (head) session->response.body().clear();
  http::async_write(session->stream, session->response,
                    [this, session](boost::system::error_code, size_t) { end(session); });
}

void Health::State::end(std::list<Session>::iterator session) {
  boost::system::error_code ignored;
  session->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  sessions.erase(session);
  if (paused) accept();
}

Response Health::State::respond(const Request& request) const {
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    auto out = json_response(http::status::method_not_allowed, "{\"error\":\"GET or HEAD only\"}");
    out.set(http::field::allow, "GET, HEAD");
    return out;
  }
  const std::string_view target(request.target().data(), request.target().size());
  const std::string_view path = target.substr(0, target.find('?'));
  if (path == "/livez") return livez();
  if (path == "/readyz") return readyz();
  if (path == "/version") return version();
  if (path == "/metrics" && options.metrics_text) {
    return text_response(http::status::ok, "text/plain; version=0.0.4; charset=utf-8",
                         options.metrics_text());
  }
  return json_response(http::status::not_found, "{\"error\":\"not found\"}");
}

Response Health::State::livez() const {
  const int64_t silent_us = monotonic_us() - last_alive_us.load(std::memory_order_relaxed);
  if (options.stall_after.us > 0 && silent_us > options.stall_after.us) {
    return json_response(
        http::status::service_unavailable,
        "{\"alive\":false,\"silent_s\":" + std::to_string(silent_us / 1'000'000) + "}");
  }
  return json_response(http::status::ok, "{\"alive\":true}");
}

Response Health::State::readyz() const {
  std::string body;
  const std::lock_guard lock(mutex);
  for (const std::string& reason : reasons) {
    body += body.empty() ? "" : ",";
    append_json(body, cut_utf8(reason, 512));
  }
  const bool ready = reasons.empty();
  return json_response(
      ready ? http::status::ok : http::status::service_unavailable,
      std::string("{\"ready\":") + (ready ? "true" : "false") + ",\"reasons\":[" + body + "]}");
}

Response Health::State::version() const {
  std::string body = "{\"program\":";
  append_json(body, options.program);
  body += ",\"version\":";
  append_json(body, options.version);
  return json_response(http::status::ok, body + "}");
}

Result<HostPort> parse_host_port(const std::string& text) {
  const Error wrong = error(v1::CODE_INVALID, "'" + text + "' is not host:port");
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return wrong;
  HostPort out{.host = text.substr(0, colon)};
  if (out.host.starts_with('[') && out.host.ends_with(']')) {
    out.host = out.host.substr(1, out.host.size() - 2);
  } else if (out.host.find(':') != std::string::npos) {
    return wrong;
  }
  const char* begin = text.data() + colon + 1;
  const char* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(begin, end, out.port);
  if (failed != std::errc() || stop != end || out.host.empty()) return wrong;
  return out;
}

}  // namespace switchboard
