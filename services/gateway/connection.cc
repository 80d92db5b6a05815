#include "services/gateway/connection.h"

#include <algorithm>
#include <chrono>

#include "broker/runtime/log.h"
#include "services/gateway/event_text.h"
#include "services/gateway/response_head.h"
#include "services/gateway/security_headers.h"

namespace switchboard::gateway {
namespace {

namespace asio = boost::asio;
using Failed = boost::system::error_code;

// So much must be taken within one limit of time; a slow line is no dead one.
constexpr size_t kPieceBytes = 64 * 1024;
constexpr unsigned kStreamRetryS = 10;
constexpr unsigned kLateRetryS = 5;
constexpr Duration kFarewell = seconds(2);

class ConnectionStream : public Stream {
 public:
  explicit ConnectionStream(std::weak_ptr<Connection> connection)
      : connection_(std::move(connection)) {}
  // One that nobody can send on any more would look live for ever.
  ~ConnectionStream() override { close(); }
  ConnectionStream(const ConnectionStream&) = delete;
  ConnectionStream& operator=(const ConnectionStream&) = delete;

  bool send(std::string_view event, std::string_view id, std::string_view data) override {
    const auto connection = connection_.lock();
    return connection && connection->send(event, id, data);
  }
  void close() override {
    if (const auto connection = connection_.lock()) connection->end_stream();
  }
  bool open() const override {
    const auto connection = connection_.lock();
    return connection && connection->streaming();
  }

 private:
  const std::weak_ptr<Connection> connection_;
};

class ConnectionReply : public Reply {
 public:
  ConnectionReply(std::weak_ptr<Connection> connection, uint64_t turn)
      : connection_(std::move(connection)), turn_(turn) {}
  ~ConnectionReply() override {
    if (const auto connection = connection_.lock()) connection->left_unanswered(turn_);
  }
  ConnectionReply(const ConnectionReply&) = delete;
  ConnectionReply& operator=(const ConnectionReply&) = delete;

  void answer(Response response) override {
    if (const auto connection = connection_.lock()) {
      connection->answer(turn_, std::move(response));
    }
  }
  std::shared_ptr<Stream> stream() override {
    const auto connection = connection_.lock();
    return connection ? connection->stream(turn_) : nullptr;
  }

 private:
  const std::weak_ptr<Connection> connection_;
  const uint64_t turn_;
};

}  // namespace

Connection::Connection(Service& service, std::unique_ptr<Transport> transport,
                       RequestReader::Peer peer, bool tls)
    : service_(service),
      transport_(std::move(transport)),
      tls_(tls),
      reader_(std::move(peer), service.options.body_bytes_max),
      timer_(service.context) {}

void Connection::begin() {
  service_.connections.insert(shared_from_this());
  service_.tallies.connections.add(1);
  within(service_.options.request_within);
  transport_->begin([self = shared_from_this()](Failed failed, size_t) {
    if (self->state_ != State::kOpening) return;
    if (failed) return self->close();
    self->go_on(RequestReader::State::kMore);
  });
}

void Connection::close() {
  if (state_ == State::kClosed) return;
  const auto self = shared_from_this();
  if (state_ == State::kStreaming || state_ == State::kStreamEnding) {
    --service_.streams;
    service_.tallies.streams.add(-1);
  }
  state_ = State::kClosed;
  ++timer_turn_;
  timer_.cancel();
  transport_->close();
  waiting_ = {};
  service_.connections.erase(self);
  service_.tallies.connections.add(-1);
  service_.room();
}

// ---- time
// ----------------------------------------------------------------------------------------

void Connection::within(Duration limit) {
  timer_.expires_after(std::chrono::microseconds(limit.us));
  // One that has fired already is still in the context's queue: it is not this one.
  timer_.async_wait([self = shared_from_this(), turn = ++timer_turn_](Failed failed) {
    if (!failed && turn == self->timer_turn_) self->expired();
  });
}

void Connection::expired() {
  switch (state_) {
    case State::kAnswering:
      log::warn("a request was not answered in time", {{"route", route_}});
      service_.tallies.unanswered.add();
      return respond(problem(error(v1::CODE_BUSY, "This takes too long just now. Try again."), {},
                             kLateRetryS));
    case State::kStreaming:
      if (!writing_) {
        waiting_ += kStreamComment;
        return flush();
      }
      service_.tallies.streams_cut.add();
      return close();
    default:
      return close();
  }
}

// ---- requests
// ------------------------------------------------------------------------------------

void Connection::go_on(RequestReader::State state) {
  switch (state) {
    case RequestReader::State::kMore:
      return read();
    case RequestReader::State::kWhole:
      return route();
    case RequestReader::State::kRefused:
      return refuse();
  }
}

void Connection::read() {
  state_ = State::kReading;
  if (!reader_.begun()) {
    timed_ = false;
    within(service_.options.idle_after);
  } else if (!timed_) {
    // Once a request, not once a byte: whoever sends a byte at a time is cut all the same.
    timed_ = true;
    within(service_.options.request_within);
  }
  if (reader_.asks_continue()) return say_continue();
  const auto room = reader_.room();
  transport_->read(asio::buffer(room.at, room.bytes),
                   [self = shared_from_this()](Failed failed, size_t n) {
                     if (self->state_ != State::kReading) return;
                     if (failed) return self->close();
                     self->go_on(self->reader_.took(n));
                   });
}

void Connection::say_continue() {
  static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
  transport_->write(asio::buffer(kGoOn), [self = shared_from_this()](Failed failed, size_t) {
    if (self->state_ != State::kReading) return;
    if (failed) return self->close();
    self->read();
  });
}

void Connection::refuse() {
  path_ = "/api";  // whatever it was: not to be kept
  route_ = "";
  asked_us_ = service_.clock.read().boot_us;
  keep_alive_ = false;
  head_ = false;
  respond(reader_.refusal());
}

void Connection::route() {
  Request request = reader_.take();
  timed_ = false;
  path_ = request.path;
  route_ = std::string(name_of(request.method)) + " ";
  route_ += service_.router.pattern_of(request.method, request.path);
  asked_us_ = service_.clock.read().boot_us;
  keep_alive_ = reader_.keep_alive();
  head_ = reader_.head();
  state_ = State::kAnswering;
  within(service_.options.request_within);
  service_.router.route(std::move(request),
                        std::make_shared<ConnectionReply>(weak_from_this(), ++turn_));
}

// ---- answers
// -------------------------------------------------------------------------------------

void Connection::answer(uint64_t turn, Response response) {
  if (state_ == State::kAnswering && turn == turn_) respond(std::move(response));
}

void Connection::left_unanswered(uint64_t turn) {
  if (state_ != State::kAnswering || turn != turn_) return;
  log::error("a request was left without an answer", {{"route", route_}});
  service_.tallies.unanswered.add();
  respond(problem(error(v1::CODE_INTERNAL, "Something went wrong here. Try again.")));
}

void Connection::respond(Response response) {
  // Full: others wait for a place, and an idle connection would keep this one.
  keep_alive_ = keep_alive_ && !service_.full() && !service_.ending;
  sent_ = 0;
  text_ = text_of(response, !head_);
  const auto took_us = service_.clock.read().boot_us - asked_us_;
  service_.tallies.answered(route_, response.status, static_cast<double>(took_us) / 1e6);
  state_ = State::kWriting;
  write_more();
}

std::string Connection::text_of(Response& response, bool body) {
  add_security_headers(response, path_, tls_);
  const HeadFacts facts{.length = response.body.size(), .keep_alive = keep_alive_};
  auto head = response_head(response, facts);
  if (!head) {
    log::error("an answer could not be sent", {{"route", route_}});
    response = problem(error(v1::CODE_INTERNAL, "Something went wrong here."));
    return text_of(response, body);
  }
  return body ? std::move(*head) + response.body : std::move(*head);
}

void Connection::write_more() {
  if (sent_ == text_.size()) return written();
  writing_ = true;
  within(service_.options.request_within);
  const size_t piece = std::min(kPieceBytes, text_.size() - sent_);
  transport_->write(asio::buffer(text_.data() + sent_, piece),
                    [self = shared_from_this()](Failed failed, size_t n) {
                      if (self->state_ == State::kClosed) return;
                      self->writing_ = false;
                      if (failed) return self->close();
                      self->sent_ += n;
                      self->write_more();
                    });
}

void Connection::written() {
  text_ = {};
  sent_ = 0;
  if (state_ == State::kWriting) {
    keep_alive_ ? go_on(reader_.go_on()) : finish();
  } else if (!waiting_.empty()) {
    flush();
  } else if (state_ == State::kStreamEnding) {
    finish();
  } else {
    within(service_.options.comment_every);
  }
}

void Connection::finish() {
  if (state_ == State::kStreamEnding) {
    --service_.streams;
    service_.tallies.streams.add(-1);
  }
  state_ = State::kFinishing;
  within(std::min(kFarewell, service_.options.request_within));
  transport_->finish([self = shared_from_this()](Failed, size_t) { self->close(); });
}

// ---- a stream
// ------------------------------------------------------------------------------------

std::shared_ptr<Stream> Connection::stream(uint64_t turn) {
  if (state_ != State::kAnswering || turn != turn_) return nullptr;
  if (service_.streams >= service_.options.streams_max) {
    respond(problem(error(v1::CODE_BUSY, "Too many pages are open here. Close some."), {},
                    kStreamRetryS));
    return nullptr;
  }
  // A proxy must neither keep it nor wait for its end.
  Response begins{.type = "text/event-stream; charset=utf-8",
                  .headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}}};
  keep_alive_ = false;
  if (head_) {
    respond(std::move(begins));
    return nullptr;
  }
  add_security_headers(begins, path_, tls_);
  auto head = response_head(begins, {});
  CHECK(head.ok());
  const auto took_us = service_.clock.read().boot_us - asked_us_;
  service_.tallies.answered(route_, begins.status, static_cast<double>(took_us) / 1e6);
  state_ = State::kStreaming;
  ++service_.streams;
  service_.tallies.streams.add(1);
  waiting_ = std::move(*head);
  flush();
  watch();
  return std::make_shared<ConnectionStream>(weak_from_this());
}

bool Connection::send(std::string_view event, std::string_view id, std::string_view data) {
  if (state_ != State::kStreaming) return false;
  append_event(waiting_, event, id, data);
  // P11: it is cut, comes back with the last id it saw, and misses nothing.
  if (waiting_.size() + text_.size() - sent_ > service_.options.stream_bytes_max) {
    service_.tallies.streams_cut.add();
    close();
    return false;
  }
  flush();
  return true;
}

void Connection::end_stream() {
  if (state_ != State::kStreaming) return;
  state_ = State::kStreamEnding;
  if (!writing_) written();
}

void Connection::flush() {
  if (writing_) return;
  text_.clear();
  text_.swap(waiting_);
  sent_ = 0;
  write_more();
}

// A browser has nothing to say here: its end is all that can come.
void Connection::watch() {
  transport_->read(asio::buffer(ignored_), [self = shared_from_this()](Failed failed, size_t) {
    if (self->state_ != State::kStreaming && self->state_ != State::kStreamEnding) return;
    if (failed) return self->close();
    self->watch();
  });
}

}  // namespace switchboard::gateway
