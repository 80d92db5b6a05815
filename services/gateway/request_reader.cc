#include "services/gateway/request_reader.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "services/gateway/request_target.h"

namespace switchboard::gateway {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using Parser = http::request_parser<http::string_body>;
using Fields = http::request<http::string_body>;

constexpr size_t kBufferBytesMax = RequestReader::kHeaderBytesMax + 4096;

std::string_view plain(beast::string_view text) { return {text.data(), text.size()}; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

Response refused(v1::Code code, unsigned status, const char* text) {
  Response out = problem(error(code, text));
  out.status = status;
  return out;
}

Response refused_by(const beast::error_code& failed) {
  if (failed == http::error::body_limit) {
    return refused(v1::CODE_OVERSIZE, 413, "This request is larger than any page of ours sends.");
  }
  if (failed == http::error::header_limit) {
    return refused(v1::CODE_OVERSIZE, 431, "The header of this request is too large.");
  }
  return refused(v1::CODE_MALFORMED, 400, "This is not a request of HTTP/1.1.");
}

// Where one request ends and the next begins can be said in one way only.
bool one_length(const Fields& fields) {
  const size_t lengths = fields.count(http::field::content_length);
  const size_t codings = fields.count(http::field::transfer_encoding);
  if (lengths + codings > 1) return false;
  // The parser takes "4, 4" for 4.
  const std::string_view length = plain(fields[http::field::content_length]);
  if (length.find_first_not_of("0123456789") != length.npos) return false;
  if (codings == 0) return true;
  return fields.version() == 11 &&
         lower(plain(fields[http::field::transfer_encoding])) == "chunked";
}

std::optional<Method> method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
    case http::verb::head:
      return Method::kGet;
    case http::verb::post:
      return Method::kPost;
    case http::verb::put:
      return Method::kPut;
    case http::verb::delete_:
      return Method::kDelete;
    default:
      return std::nullopt;
  }
}

// Said by the proxy that is in front of us, not by the browser behind it: the last one.
std::string forwarded_address(std::string_view list) {
  std::string_view last = list.substr(list.rfind(',') + 1);
  while (last.starts_with(' ')) last.remove_prefix(1);
  while (last.ends_with(' ')) last.remove_suffix(1);
  beast::error_code failed;
  const auto address = boost::asio::ip::make_address(last, failed);
  return failed ? std::string() : address.to_string();
}

}  // namespace

struct RequestReader::Parts {
  Parts(Peer who, size_t body_max)
      : peer(std::move(who)), body_bytes_max(body_max), buffer(kBufferBytesMax) {}

  void renew() {
    parser.emplace();
    parser->header_limit(kHeaderBytesMax);
    parser->body_limit(body_bytes_max);
    checked = false;
  }
  State refuse(Response why) {
    refusal = std::move(why);
    return State::kRefused;
  }
  State parse();
  std::optional<Response> check();

  const Peer peer;
  const size_t body_bytes_max;
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
  bool checked = false;
  bool waits = false;  // for "100 Continue"
  bool head = false, keep_alive = false;
  Request request;
  Response refusal;
};

RequestReader::RequestReader(Peer peer, size_t body_bytes_max)
    : parts_(std::make_unique<Parts>(std::move(peer), body_bytes_max)) {}
RequestReader::~RequestReader() = default;

RequestReader::Room RequestReader::room() {
  constexpr size_t kAtOnce = 4096;
  auto& buffer = parts_->buffer;
  const auto into = buffer.prepare(std::min(kAtOnce, buffer.max_size() - buffer.size()));
  return {static_cast<char*>(into.data()), into.size()};
}

RequestReader::State RequestReader::took(size_t n) {
  parts_->buffer.commit(n);
  return parts_->parse();
}

RequestReader::State RequestReader::go_on() { return parts_->parse(); }

bool RequestReader::begun() const {
  return parts_->buffer.size() > 0 || (parts_->parser && parts_->parser->got_some());
}

bool RequestReader::asks_continue() { return std::exchange(parts_->waits, false); }

RequestReader::State RequestReader::Parts::parse() {
  if (!parser) renew();
  while (buffer.size() > 0) {
    beast::error_code failed;
    const size_t read = parser->put(buffer.data(), failed);
    buffer.consume(read);
    if (failed == http::error::need_more) {
      if (buffer.size() < buffer.max_size()) return State::kMore;
      failed = http::error::header_limit;
    }
    if (failed) return refuse(refused_by(failed));
    if (!checked && parser->is_header_done()) {
      checked = true;
      if (auto why = check()) return refuse(std::move(*why));
    }
    if (parser->is_done()) {
      request.body = std::move(parser->get().body());
      parser.reset();
      return State::kWhole;
    }
  }
  return State::kMore;
}

// The header is whole: what is asked, or why not.
std::optional<Response> RequestReader::Parts::check() {
  const Fields& fields = parser->get();
  if (!one_length(fields)) {
    return refused(v1::CODE_MALFORMED, 400, "This request has more than one length.");
  }
  const size_t hosts = fields.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && fields.version() == 11)) {
    return refused(v1::CODE_MALFORMED, 400, "This request does not name one host.");
  }
  const auto method = method_of(fields.method());
  if (!method) {
    Response out = refused(v1::CODE_MALFORMED, 405, "This method is not known here.");
    out.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, DELETE");
    return out;
  }
  auto target = parse_target(plain(fields.target()));
  if (!target) return problem(target.error());
  head = fields.method() == http::verb::head;
  keep_alive = fields.keep_alive();
  waits = !parser->is_done() && lower(plain(fields[http::field::expect])) == "100-continue";
  request = Request{.door = peer.door,
                    .method = *method,
                    .path = std::move(target->path),
                    .query = std::move(target->query),
                    .address = peer.address};
  for (const auto& field : fields) {
    std::string& value = request.headers[lower(plain(field.name_string()))];
    if (!value.empty()) value += field.name() == http::field::cookie ? "; " : ", ";
    value += plain(field.value());
  }
  if (peer.door == Door::kProxy) {
    request.address = forwarded_address(request.header("x-forwarded-for"));
  }
  return std::nullopt;
}

Request RequestReader::take() { return std::move(parts_->request); }
bool RequestReader::head() const { return parts_->head; }
bool RequestReader::keep_alive() const { return parts_->keep_alive; }
const Response& RequestReader::refusal() const { return parts_->refusal; }

}  // namespace switchboard::gateway
