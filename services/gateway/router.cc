#include "services/gateway/router.h"

#include <algorithm>

#include "broker/base/check.h"

namespace switchboard::gateway {
namespace {

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> out;
  while (!path.empty()) {
    path.remove_prefix(1);  // its '/'
    const std::string_view segment = path.substr(0, path.find('/'));
    out.emplace_back(segment);
    path.remove_prefix(segment.size());
  }
  return out;
}

bool is_place(std::string_view segment) {
  return segment.size() > 2 && segment.starts_with('{') && segment.ends_with('}');
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  const auto same = [](const std::string& a, const std::string& b) {
    return is_place(a) ? !b.empty() : a == b;
  };
  return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(), same);
}

bool overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto may_be = [](const std::string& x, const std::string& y) {
    return is_place(x) || is_place(y) || x == y;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), may_be);
}

bool below_api(std::string_view path) { return path == "/api" || path.starts_with("/api/"); }

Response not_allowed(std::string allowed) {
  Response out = problem(error(v1::CODE_MALFORMED, "This address does not take such a request."));
  out.status = 405;
  out.headers.emplace_back("Allow", std::move(allowed));
  return out;
}

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kDelete:
      return "DELETE";
  }
  return "";
}

void Router::add(Method method, std::string_view pattern, Responder answerer) {
  CHECK(pattern.starts_with('/') && answerer);
  Route added{method, std::string(pattern), segments_of(pattern), std::move(answerer)};
  for (const Route& route : routes_) {
    CHECK(route.method != method || !overlap(route.pattern, added.pattern));
  }
  routes_.push_back(std::move(added));
}

const Router::Route* Router::find(Method method, std::string_view path) const {
  if (!path.starts_with('/')) return nullptr;
  const auto segments = segments_of(path);
  for (const Route& route : routes_) {
    if (route.method == method && matches(route.pattern, segments)) return &route;
  }
  return nullptr;
}

void Router::route(Request request, std::shared_ptr<Reply> reply) const {
  if (const Route* route = find(request.method, request.path)) {
    const auto segments = segments_of(request.path);
    for (size_t i = 0; i < segments.size(); ++i) {
      const std::string& place = route->pattern[i];
      if (is_place(place)) request.places[place.substr(1, place.size() - 2)] = segments[i];
    }
    return route->answerer(request, std::move(reply));
  }
  if (auto others = allowed(request.path); !others.empty()) {
    return reply->answer(not_allowed(std::move(others)));
  }
  if (below_api(request.path) || !fallback_) {
    return reply->answer(problem(error(v1::CODE_NOT_FOUND, "There is nothing at this address.")));
  }
  if (request.method != Method::kGet) return reply->answer(not_allowed("GET, HEAD"));
  fallback_(request, std::move(reply));
}

std::vector<std::string> Router::paths() const {
  std::vector<std::string> out;
  for (const Route& route : routes_) {
    out.push_back(std::string(name_of(route.method)) + " " + route.name);
  }
  return out;
}

std::string_view Router::pattern_of(Method method, std::string_view path) const {
  if (const Route* route = find(method, path)) return route->name;
  const bool page = method == Method::kGet && fallback_ && !below_api(path);
  return page && allowed(path).empty() ? kPages : kUnknown;
}

std::string Router::allowed(std::string_view path) const {
  std::string out;
  for (const Method method : {Method::kGet, Method::kPost, Method::kPut, Method::kDelete}) {
    if (!find(method, path)) continue;
    if (!out.empty()) out += ", ";
    out += name_of(method);
    if (method == Method::kGet) out += ", HEAD";
  }
  return out;
}

}  // namespace switchboard::gateway
