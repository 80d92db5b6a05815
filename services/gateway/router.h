// From method and path to who answers: "/api/teams/{team}/alerts/{number}".
//
// Pure, const after building. A path that is known under another method is 405 with Allow; an
// unknown one below /api is 404; any other is left to the fallback (the pages), which is asked for
// GET only. Thread: any. Fails: not at all.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/gateway/http_message.h"

namespace switchboard::gateway {

class Router {
 public:
  // CHECKs that no two patterns of one method can match the same path.
  void add(Method method, std::string_view pattern, Responder answerer);
  void set_fallback(Responder answerer) { fallback_ = std::move(answerer); }
  // Fills in request.places.
  void route(Request request, std::shared_ptr<Reply> reply) const;
  // "GET /api/session", in the order they were added: the contract's test compares them.
  std::vector<std::string> paths() const;
  // The pattern that would answer, for counting: a path as it was asked may name a child. What no
  // pattern matches is one of the two below.
  std::string_view pattern_of(Method method, std::string_view path) const;
  static constexpr std::string_view kPages = "pages", kUnknown = "unknown";
  // "GET, HEAD, POST": what this path is known under; empty for an unknown one.
  std::string allowed(std::string_view path) const;

 private:
  struct Route {
    Method method;
    std::string name;                  // as it was added
    std::vector<std::string> pattern;  // its segments
    Responder answerer;
  };
  const Route* find(Method method, std::string_view path) const;
  std::vector<Route> routes_;
  Responder fallback_;
};

std::string_view name_of(Method method);

}  // namespace switchboard::gateway
