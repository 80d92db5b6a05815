#include "tests/bench/endpoint.h"

#include "broker/base/limits.h"
#include "switchboard/v1/session.pb.h"
#include "tests/bench/fields.h"
#include "tests/support/arguments.h"

namespace switchboard::bench {

using support::die;
namespace {

constexpr uint32_t kHubDeliver = 4;      // field numbers of v1.HubFrame …
constexpr uint32_t kClientReceived = 4;  // … and v1.ClientFrame
constexpr uint64_t kReceiptEvery = 64;   // events; or as soon as nothing more is waiting

v1::HubFrame answer(Socket& socket, const v1::ClientFrame& question) {
  socket.send(question.SerializeAsString());
  if (!socket.readable(30'000)) die("the hub does not answer");
  Message message;
  socket.receive(message, Wait::kYes);
  v1::HubFrame frame;
  const auto bytes = message.bytes();
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) die("not a hub frame");
  if (frame.has_refused()) die("refused: " + frame.refused().text());
  return frame;
}

}  // namespace

Endpoint::Endpoint(const Context& context, const Hub& hub, const Options& options)
    : socket_(Socket::dealer(context, hub.endpoint, hub.public_key, options.secret_file)),
      options_(options) {}

void Endpoint::attach() {
  v1::ClientFrame hello;
  hello.mutable_hello()->set_protocol_min(1);
  hello.mutable_hello()->set_protocol_max(1);
  hello.mutable_hello()->set_client("bench-endpoint");
  if (!answer(socket_, hello).has_welcome()) die("expected Welcome");
  v1::ClientFrame frame;
  auto& attach = *frame.mutable_attach();
  attach.set_team(options_.team);
  attach.set_log(v1::LOG_KIND_INBOX);
  attach.set_endpoint("bench");
  attach.set_through(options_.through);
  attach.set_credit_items(options_.credit_items);
  attach.set_credit_bytes(limits::kCreditBytesMax);
  const v1::HubFrame attached = answer(socket_, frame);
  if (!attached.has_attached()) die("expected Attached");
  through_ = told_ = attached.attached().through();
  first_ = through_ + 1;
}

void Endpoint::read(const SendTimes* sent) {
  if (sent != nullptr) latencies_.reserve(options_.events);
  const uint64_t end = first_ + options_.events - 1;
  while (through_ < end) {
    if (!socket_.receive(message_, Wait::kNo)) {
      if (through_ > told_) send_received();
      if (!socket_.readable(30'000)) die("deliveries stopped");
      continue;
    }
    take(message_.bytes(), sent);
    if (through_ - told_ >= kReceiptEvery) send_received();
  }
  if (through_ > told_) send_received();
  fence();
}

uint64_t Endpoint::take(std::string_view frame, const SendTimes* sent) {
  Fields outer(frame);
  Field deliver;
  if (!outer.next(deliver) || deliver.number != kHubDeliver) die("expected Deliver");
  const uint64_t now = now_ns();
  uint64_t items = 0;
  Fields fields(deliver.bytes);
  for (Field field; fields.next(field);) {
    if (field.number == 7 && field.value != 0) return 0;  // an `ahead` copy
    if (field.number != 6) continue;
    Fields entry(field.bytes);
    Field number;
    if (!entry.next(number) || number.number != 1) die("an entry without number");
    if (number.value != ++through_) die("a gap in the inbox");  // P5
    ++items;
    if (sent != nullptr) latencies_.add(now - (*sent)[through_ - first_].load());
  }
  if (!fields.ok()) die("a broken Deliver");
  return items;
}

void Endpoint::send_received() {
  std::string body;
  put_field(body, 1, options_.team);
  put_field(body, 2, uint64_t{v1::LOG_KIND_INBOX});
  put_field(body, 3, "bench");
  put_field(body, 4, through_);
  std::string frame;
  put_field(frame, kClientReceived, body);
  socket_.send(frame);
  told_ = through_;
}

void Endpoint::fence() {
  v1::ClientFrame ping;
  ping.mutable_ping()->set_nonce(1);
  if (!answer(socket_, ping).has_pong()) die("expected Pong");
}

}  // namespace switchboard::bench
