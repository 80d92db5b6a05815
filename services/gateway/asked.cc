#include "services/gateway/asked.h"

#include <charconv>

#include "broker/base/ids.h"

namespace switchboard::gateway {
namespace {

std::optional<uint64_t> number_from(const std::string& text) {
  uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failed == std::errc() && end == text.data() + text.size() && !text.empty();
  return whole && number > 0 ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<uint64_t> number_in(const Request& request, const std::string& place) {
  const auto it = request.places.find(place);
  return it == request.places.end() ? std::nullopt : number_from(it->second);
}

uint64_t number_asked(const Request& request, const std::string& name) {
  const auto it = request.query.find(name);
  return it == request.query.end() ? 0 : number_from(it->second).value_or(0);
}

bool flag_asked(const Request& request, const std::string& name) {
  const auto it = request.query.find(name);
  return it != request.query.end() && it->second == "1";
}

std::optional<std::string> event_in(const Request& request, const std::string& place) {
  const auto it = request.places.find(place);
  if (it == request.places.end()) return std::nullopt;
  const auto id = id_from_string(it->second);
  return id ? std::optional<std::string>(id->view()) : std::nullopt;
}

Error no_such_page() { return error(v1::CODE_NOT_FOUND, "there is nothing under this address"); }

}  // namespace switchboard::gateway
