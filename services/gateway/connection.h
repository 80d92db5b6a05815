// One browser: its requests in turn, their answers, and the stream that one of them may become.
//
// Lives in Service::connections until it ends; whoever answers later holds it weakly, and what they
// say to one that is gone is dropped. Every state has a time limit: for the whole request from its
// first byte, for the responder, for each piece of an answer to be taken, for silence. Thread: the
// server's. Fails: by its end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <set>
#include <string>

#include "broker/runtime/clock.h"
#include "services/gateway/http_server.h"
#include "services/gateway/http_tallies.h"
#include "services/gateway/request_reader.h"
#include "services/gateway/transport.h"

namespace switchboard::gateway {

class Connection;

// What all connections share.
struct Service {
  bool full() const { return connections.size() >= options.connections_max; }

  boost::asio::io_context& context;
  const HttpServer::Options& options;
  const Router& router;
  HttpTallies& tallies;
  std::function<void()> room;  // a connection has ended
  Clock clock{};
  std::set<std::shared_ptr<Connection>> connections;
  size_t streams = 0;
  bool ending = false;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Service& service, std::unique_ptr<Transport> transport, RequestReader::Peer peer,
             bool tls);

  void begin();
  void close();

  // For the reply of one turn, which may come late: another turn's is dropped.
  void answer(uint64_t turn, Response response);
  void left_unanswered(uint64_t turn);
  std::shared_ptr<Stream> stream(uint64_t turn);
  // For the stream this connection has become.
  bool send(std::string_view event, std::string_view id, std::string_view data);
  void end_stream();
  bool streaming() const { return state_ == State::kStreaming; }

 private:
  enum class State {
    kOpening,
    kReading,
    kAnswering,
    kWriting,
    kStreaming,
    kStreamEnding,
    kFinishing,
    kClosed
  };
  void within(Duration limit);
  void expired();
  void read();
  void go_on(RequestReader::State state);
  void say_continue();
  void refuse();
  void route();
  void respond(Response response);
  std::string text_of(Response& response, bool body);
  void write_more();
  void written();
  void flush();
  void watch();
  void finish();

  Service& service_;
  const std::unique_ptr<Transport> transport_;
  const bool tls_;
  RequestReader reader_;
  boost::asio::steady_timer timer_;
  uint64_t timer_turn_ = 0;
  State state_ = State::kOpening;
  uint64_t turn_ = 0;
  std::string path_, route_;  // of this turn's request
  int64_t asked_us_ = 0;
  bool keep_alive_ = false, head_ = false, timed_ = false;
  std::string text_;  // on its way, of it `sent_` bytes are away
  size_t sent_ = 0;
  bool writing_ = false;
  std::string waiting_;  // of a stream: goes as one write after text_
  char ignored_[256];
};

}  // namespace switchboard::gateway
