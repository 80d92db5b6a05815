// Any bytes as the requests of one connection, down to the route that answers: what is read does
// not depend on how it was cut into pieces, and what reaches a route is decoded and within limits.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

#include "broker/base/check.h"
#include "services/gateway/request_reader.h"
#include "services/gateway/request_target.h"
#include "services/gateway/response_head.h"
#include "services/gateway/router.h"

using namespace switchboard;
using namespace switchboard::gateway;

namespace {

constexpr size_t kBodyMax = 4096;
constexpr size_t kRequestsMax = 64;

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

struct Answered : Reply {
  explicit Answered(std::optional<Response>& to) : said(to) {}
  void answer(Response response) override {
    CHECK(!said);
    said = std::move(response);
  }
  std::shared_ptr<Stream> stream() override { return nullptr; }
  std::optional<Response>& said;
};

void check_request(const Request& request) {
  CHECK(request.path.starts_with('/'));
  CHECK(std::none_of(request.path.begin(), request.path.end(), control));
  CHECK(request.body.size() <= kBodyMax);
  for (const auto& [name, value] : request.query) {
    CHECK(std::none_of(name.begin(), name.end(), control));
    CHECK(std::none_of(value.begin(), value.end(), control));
  }
  const std::string_view cookie = request.cookie("switchboard");
  CHECK(cookie.find(';') == cookie.npos);
}

Router routes() {
  Router out;
  const auto say = [](const Request& request, std::shared_ptr<Reply> reply) {
    for (const auto& [name, value] : request.places) {
      CHECK(!value.empty() && value.find('/') == value.npos);
    }
    reply->answer({.body = request.path});
  };
  out.add(Method::kGet, "/api/session", say);
  out.add(Method::kPost, "/api/session", say);
  out.add(Method::kGet, "/api/teams/{team}/alerts/{number}", say);
  out.add(Method::kPost, "/api/teams/{team}/alerts/{number}/acts", say);
  out.set_fallback(say);
  return out;
}

// What the routes said, one line a request: their paths, or the status of a refusal.
std::string answers(std::string_view bytes, size_t at_once) {
  static const Router router = routes();
  RequestReader reader({.door = Door::kProxy}, kBodyMax);
  std::string out;
  auto state = RequestReader::State::kMore;
  for (size_t requests = 0; requests < kRequestsMax;) {
    if (state == RequestReader::State::kRefused) {
      CHECK(response_head(reader.refusal(), {}).ok());
      return out + std::to_string(reader.refusal().status);
    }
    if (state == RequestReader::State::kWhole) {
      Request request = reader.take();
      check_request(request);
      std::optional<Response> said;
      router.route(std::move(request), std::make_shared<Answered>(said));
      CHECK(said && response_head(*said, {.length = said->body.size()}).ok());
      out += std::to_string(said->status) + " " + said->body + "\n";
      ++requests;
      state = reader.go_on();
      continue;
    }
    if (bytes.empty()) return out;
    const auto room = reader.room();
    CHECK(room.bytes > 0);
    const size_t n = std::min({room.bytes, bytes.size(), at_once});
    std::memcpy(room.at, bytes.data(), n);
    bytes.remove_prefix(n);
    state = reader.took(n);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  // Ended, so that both have decided: a head that is wrong and not whole may be refused at once, or
  // wait for its end (or its time), by how it was cut.
  const std::string ended = std::string(text) + "\r\n\r\n";
  CHECK(answers(ended, 4096) == answers(ended, 7));
  if (const auto target = parse_target(text)) CHECK(target->path.starts_with('/'));
  return 0;
}
