// From method and path to the handler: "/api/teams/{team}/alerts/{number}".
//
// Pure, const after building. A path that is known under another method is 405, any other is left
// to the fallback (the pages). Thread: any. Fails: not at all.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/gateway/http_message.h"

namespace switchboard::gateway {

class Router {
 public:
  // CHECKs that no two patterns of one method can match the same path.
  void add(Method method, std::string_view pattern, Handler handler);
  void set_fallback(Handler handler) { fallback_ = std::move(handler); }
  // Fills in request.places.
  void route(Request request, std::shared_ptr<Reply> reply) const;
  // "GET /api/session", in the order they were added: the contract's test compares them.
  std::vector<std::string> paths() const;

 private:
  struct Route {
    Method method;
    std::vector<std::string> pattern;
    Handler handler;
  };
  std::vector<Route> routes_;
  Handler fallback_;
};

}  // namespace switchboard::gateway
