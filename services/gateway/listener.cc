#include "services/gateway/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <chrono>

#include "broker/runtime/health.h"

namespace switchboard::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Failed = boost::system::error_code;
using Endpoint = asio::generic::stream_protocol::endpoint;

constexpr int kBacklog = 128;
constexpr auto kAfterFailure = std::chrono::milliseconds(100);

std::string address_of(const Socket& socket) {
  Failed failed;
  const Endpoint peer = socket.remote_endpoint(failed);
  char text[INET6_ADDRSTRLEN] = "";
  if (failed) return text;
  const sockaddr* raw = peer.data();
  if (raw->sa_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(raw)->sin_addr, text, sizeof text);
  } else if (raw->sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(raw)->sin6_addr, text, sizeof text);
  }
  return text;
}

Error unusable(const std::string& name, const std::string& why) {
  return error(v1::CODE_INVALID, name + " " + why);
}

// A file that a server left behind when it was killed is in nobody's use.
Status clear(asio::io_context& context, const std::string& path) {
  struct stat found;
  if (lstat(path.c_str(), &found) != 0) return ok();
  if (!S_ISSOCK(found.st_mode)) return unusable("proxy_socket", path + " is there and no socket");
  asio::local::stream_protocol::socket probe(context);
  Failed failed;
  probe.connect(asio::local::stream_protocol::endpoint(path), failed);
  if (failed != asio::error::connection_refused) {
    return unusable("proxy_socket", path + " is in use");
  }
  if (unlink(path.c_str()) == 0) return ok();
  return unusable("proxy_socket", path + " cannot be replaced");
}

}  // namespace

// The file as it was made: another server's of the same name stays.
struct Listener::Place {
  explicit Place(std::string at) : path(std::move(at)) {
    struct stat made;
    if (lstat(path.c_str(), &made) == 0) node = made.st_ino;
  }
  ~Place() {
    struct stat found;
    if (lstat(path.c_str(), &found) == 0 && found.st_ino == node) unlink(path.c_str());
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  const std::string path;
  ino_t node = 0;
};

Listener::Listener(Service& service, Door door, TlsContext* tls)
    : service_(service),
      door_(door),
      tls_(tls),
      acceptor_(service.context),
      pause_(service.context) {}

Listener::~Listener() = default;

Result<std::unique_ptr<Listener>> Listener::tcp(Service& service, TlsContext* tls) {
  const std::string& text = service.options.listen;
  const auto at = parse_host_port(text);
  if (!at) return unusable("listen", "'" + text + "' is not host:port");
  Failed failed;
  const auto address =
      asio::ip::make_address(at->host == "localhost" ? "127.0.0.1" : at->host, failed);
  if (failed) return unusable("listen", "'" + text + "' is no IP address");
  if (!tls && !address.is_loopback()) {
    return unusable("listen", "'" + text + "' is not loopback: set certificate_file and key_file");
  }
  std::unique_ptr<Listener> out(new Listener(service, Door::kBrowser, tls));
  TRY_DO(out->listen(tcp::endpoint(address, at->port), "listen '" + text + "'"));
  return out;
}

Result<std::unique_ptr<Listener>> Listener::local(Service& service) {
  const std::string& path = service.options.proxy_socket;
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return unusable("proxy_socket", "has too long a path");
  }
  TRY_DO(clear(service.context, path));
  std::unique_ptr<Listener> out(new Listener(service, Door::kProxy, nullptr));
  TRY_DO(out->listen(asio::local::stream_protocol::endpoint(path), "proxy_socket '" + path + "'"));
  return out;
}

Status Listener::listen(const Endpoint& at, const std::string& name) {
  Failed failed;
  acceptor_.open(at.protocol(), failed);
  if (!failed && door_ == Door::kBrowser) {
    acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
  }
  if (!failed) acceptor_.bind(at, failed);
  if (!failed && door_ == Door::kProxy) {
    const std::string& path = service_.options.proxy_socket;
    place_ = std::make_unique<Place>(path);
    // Before it listens: nobody can connect to it under another mode.
    if (chmod(path.c_str(), 0660) != 0) return unusable(name, "cannot be made 0660");
  }
  if (!failed) acceptor_.listen(kBacklog, failed);
  if (failed) return unusable(name, "cannot be bound: " + failed.message());
  return ok();
}

uint16_t Listener::port() const {
  Failed failed;
  const Endpoint at = acceptor_.local_endpoint(failed);
  if (failed) return 0;
  const sockaddr* raw = at.data();
  if (raw->sa_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(raw)->sin_port);
  }
  if (raw->sa_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(raw)->sin6_port);
  }
  return 0;
}

void Listener::accept() {
  paused_ = service_.full();
  if (paused_ || !acceptor_.is_open()) return;
  acceptor_.async_accept([this](Failed failed, Socket socket) {
    if (failed == asio::error::operation_aborted) return;
    if (failed) return later();
    take(std::move(socket));
    accept();
  });
}

void Listener::room() {
  if (paused_ && !service_.ending) accept();
}

// No descriptors left, most likely: trying at once would only turn the processor.
void Listener::later() {
  pause_.expires_after(kAfterFailure);
  pause_.async_wait([this](Failed failed) {
    if (!failed) accept();
  });
}

void Listener::take(Socket socket) {
  Failed ignored;
  if (door_ == Door::kBrowser) socket.set_option(tcp::no_delay(true), ignored);
  RequestReader::Peer peer{.door = door_, .address = address_of(socket)};
  auto transport =
      tls_ ? tls_transport(std::move(socket), *tls_) : plain_transport(std::move(socket));
  std::make_shared<Connection>(service_, std::move(transport), std::move(peer), tls_ != nullptr)
      ->begin();
}

void Listener::close() {
  Failed ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  place_.reset();
}

}  // namespace switchboard::gateway
