#include "tests/bench/publisher.h"

#include <algorithm>

#include "broker/base/seal.h"
#include "switchboard/v1/session.pb.h"
#include "tests/bench/fields.h"
#include "tests/support/arguments.h"

namespace switchboard::bench {

using support::die;

Publisher::Publisher(const Context& context, const Hub& hub, const Options& options,
                     Workload& workload)
    : socket_(Socket::dealer(context, hub.endpoint, hub.public_key, options.secret_file)),
      options_(options),
      workload_(workload),
      outbox_(os_random(16)) {}

void Publisher::hello() {
  v1::ClientFrame frame;
  auto& hello = *frame.mutable_hello();
  hello.set_protocol_min(1);
  hello.set_protocol_max(1);
  hello.set_client("bench-publisher");
  hello.set_outbox(outbox_);
  hello.set_outbox_low(1);
  socket_.send(frame.SerializeAsString());
  if (!socket_.readable(30'000)) die("the hub does not answer");
  socket_.receive(message_, Wait::kYes);
  v1::HubFrame reply;
  const auto bytes = message_.bytes();
  if (!reply.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) die("not a hub frame");
  if (!reply.has_welcome()) die("expected Welcome: " + reply.refused().text());
}

// Outbox sequences begin with 1; event k has sequence k + 1.
void Publisher::publish(SendTimes& sent) {
  latencies_.reserve(options_.events);
  uint64_t next = 0;
  uint64_t confirmed = 0;
  while (confirmed < options_.events) {
    while (next < options_.events) {
      const uint64_t count = std::min(options_.pack, options_.events - next);
      if (next - confirmed + count > options_.window) break;
      send_frame(next, count, sent);
      next += count;
    }
    const uint64_t through = confirmed_through();
    const uint64_t now = now_ns();
    for (; confirmed < through; ++confirmed) latencies_.add(now - sent[confirmed].load());
  }
}

void Publisher::send_frame(uint64_t first, uint64_t count, SendTimes& sent) {
  body_.clear();
  put_field(body_, 1, outbox_);
  put_field(body_, 2, first + 1);
  for (uint64_t i = first; i < first + count; ++i) put_field(body_, 3, workload_.item(i));
  frame_.clear();
  put_field(frame_, 2, body_);
  const uint64_t now = now_ns();
  for (uint64_t i = first; i < first + count; ++i) sent[i].store(now);
  socket_.send(frame_);
}

uint64_t Publisher::confirmed_through() {
  if (!socket_.readable(30'000)) die("no confirms any more");
  socket_.receive(message_, Wait::kYes);
  v1::HubFrame frame;
  const auto bytes = message_.bytes();
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) die("not a hub frame");
  if (!frame.has_accepted()) die("expected Accepted: " + frame.refused().text());
  const auto& accepted = frame.accepted();
  if (accepted.exceptions_size() > 0) die("not accepted: " + accepted.exceptions(0).text());
  return accepted.through();
}

}  // namespace switchboard::bench
