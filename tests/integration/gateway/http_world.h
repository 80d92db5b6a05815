// A server with a few routes whose answers a test can hold back, and the streams it has opened.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <vector>

#include "services/gateway/http_server.h"
#include "tests/integration/gateway/raw_browser.h"
#include "tests/support/eventually.h"
#include "tests/support/temp_dir.h"

namespace switchboard::test {

using gateway::Door;
using gateway::HttpServer;
using gateway::Method;
using gateway::Reply;
using gateway::Request;
using gateway::Response;
using gateway::Stream;

class HttpWorld : public testing::Test {
 protected:
  HttpWorld() { options.listen = "127.0.0.1:0"; }

  static Response text(std::string body) { return {.type = "text/plain", .body = std::move(body)}; }

  gateway::Router routes() {
    gateway::Router out;
    out.add(Method::kGet, "/api/names/{name}",
            [](const Request& request, std::shared_ptr<Reply> reply) {
              reply->answer(text("name " + request.places.at("name") + " at " + request.address +
                                 (request.door == Door::kProxy ? " by proxy" : "")));
            });
    out.add(Method::kPost, "/api/names/{name}",
            [](const Request& request, std::shared_ptr<Reply> reply) {
              reply->answer(text(request.body));
            });
    out.add(Method::kGet, "/api/dropped/{name}", [](const Request&, std::shared_ptr<Reply>) {});
    out.add(Method::kGet, "/api/held", [this](const Request&, std::shared_ptr<Reply> reply) {
      held.push_back(std::move(reply));
    });
    out.add(Method::kGet, "/api/split", [](const Request& request, std::shared_ptr<Reply> reply) {
      reply->answer({.headers = {{"Location", request.query.at("to") + "\r\nX-Forged: 1"}}});
    });
    out.add(Method::kGet, "/api/large", [this](const Request&, std::shared_ptr<Reply> reply) {
      reply->answer(text(std::string(large, 'x')));
    });
    out.add(Method::kGet, "/api/stream", [this](const Request&, std::shared_ptr<Reply> reply) {
      if (auto stream = reply->stream()) streams.push_back(std::move(stream));
    });
    out.set_fallback(
        [](const Request&, std::shared_ptr<Reply> reply) { reply->answer(text("page")); });
    return out;
  }
  void open() {
    auto opened = HttpServer::open(options, routes(), metrics);
    CHECK(opened.ok());
    server = std::move(opened).value();
  }
  RawBrowser browser() { return RawBrowser(server->port()); }
  // One request on a connection of its own: all that comes back.
  std::string ask(const std::string& request) {
    RawBrowser one = browser();
    one.say(request);
    return one.hear_answer();
  }
  std::string get(const std::string& path, const std::string& headers = "") {
    return ask(get_request(path, headers));
  }
  // On the server's thread, and done when this returns.
  void on_thread(const std::function<void()>& work) {
    std::promise<void> done;
    server->post([&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  bool holds(size_t replies) {
    return eventually([&] {
      size_t now = 0;
      on_thread([&] { now = held.size(); });
      return now == replies;
    });
  }
  bool counts(const std::string& line) {
    return eventually([&] { return metrics.text().find(line) != std::string::npos; });
  }
  bool has_connections(int n) {
    return counts("\nswitchboard_gateway_connections " + std::to_string(n) + "\n");
  }

  HttpServer::Options options;
  Metrics metrics;
  size_t large = 8 << 20;
  // The server's thread's own, until it has ended.
  std::vector<std::shared_ptr<Reply>> held;
  std::vector<std::shared_ptr<Stream>> streams;
  std::unique_ptr<HttpServer> server;
};

}  // namespace switchboard::test
