#include "tests/bench/shape_hub.h"

#include <algorithm>
#include <utility>

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "tests/bench/fields.h"

namespace switchboard::bench {
namespace {

constexpr uint64_t kPublish = 2;  // field numbers of v1.ClientFrame …
constexpr uint64_t kReceived = 4;
constexpr uint32_t kDeliver = 4;  // … and v1.HubFrame

int64_t wall_us() {
  timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1000;
}

}  // namespace

ShapeHub::ShapeHub(const ShapeOptions& options, Socket& socket, Stopwatch& stopwatch)
    : options_(options),
      socket_(socket),
      stopwatch_(stopwatch),
      shape_(options, stopwatch),
      replay_(shape_) {}

bool ShapeHub::turn(int64_t timeout_ms) {
  if (receipts_waiting_) timeout_ms = std::min<int64_t>(timeout_ms, 50);
  if (!socket_.readable(timeout_ms)) {
    stopwatch_.lap(Part::kIdle);
    const uint64_t waited_us = (now_ns() - receipts_since_ns_) / 1000;
    if (!receipts_waiting_ || waited_us < limits::kReceiptCommitUsMax) return false;
  }
  stopwatch_.lap(Part::kIdle);
  std::string from;
  Message message;
  size_t bytes = 0;
  while (shape_.uncommitted() < limits::kTurnItemsMax && bytes < limits::kTurnBytesMax) {
    const bool got = socket_.receive(from, message, Wait::kNo);
    stopwatch_.lap(Part::kReceive);
    if (!got) break;
    bytes += message.bytes().size();
    take(from, message.bytes());
  }
  const bool receipts_due =
      receipts_waiting_ && (now_ns() - receipts_since_ns_) / 1000 >= limits::kReceiptCommitUsMax;
  if (shape_.uncommitted() > 0 || receipts_due) {
    const int64_t now_us = wall_us();
    store_cursors(now_us);
    shape_.commit(now_us);  // P1: everything below is durable from here on
  }
  send_accepted();
  stopwatch_.lap(Part::kAccepted);
  for (auto& endpoint : endpoints_) deliver(endpoint);
  forget_old();
  stopwatch_.lap(Part::kDeliver);
  for (const auto& [to, nonce] : pings_) {
    v1::HubFrame frame;
    frame.mutable_pong()->set_nonce(nonce);
    *frame.mutable_pong()->mutable_promise() = shape_.promise();
    reply(to, frame);
  }
  pings_.clear();
  return true;
}

void ShapeHub::take(const std::string& from, std::string_view bytes) {
  Fields fields(bytes);
  Field body;
  if (!fields.next(body)) return refuse(from, v1::CODE_MALFORMED, "not a client frame");
  if (body.number == kPublish) return take_publish(from, body.bytes);
  if (body.number == kReceived) return take_received(from, body.bytes);
  v1::ClientFrame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return refuse(from, v1::CODE_MALFORMED, "not a client frame");
  if (frame.has_hello()) return take_hello(from, frame.hello().outbox());
  if (frame.has_attach()) return take_attach(from, body.bytes);
  if (frame.has_ping()) {
    pings_.emplace_back(from, frame.ping().nonce());
    return;
  }
  if (!frame.has_goodbye()) refuse(from, v1::CODE_OUT_OF_TURN, "not part of the bench");
}

void ShapeHub::take_hello(const std::string& from, std::string_view outbox) {
  outbox_of_[from] = std::string(outbox);
  v1::HubFrame frame;
  auto& welcome = *frame.mutable_welcome();
  welcome.set_protocol(1);
  *welcome.mutable_promise() = shape_.promise();
  welcome.set_hub("shapehub");
  welcome.set_publish_window_bytes(limits::kPublishWindowBytes);
  welcome.set_publish_window_items(limits::kPublishWindowItems);
  welcome.set_principal("bench");
  welcome.set_agency("X26");
  for (int i = 1; i <= options_.teams; ++i) welcome.add_teams("team-" + std::to_string(i));
  welcome.set_now_us(wall_us());
  reply(from, frame);
}

void ShapeHub::take_publish(const std::string& from, std::string_view publish) {
  if (!outbox_of_.contains(from)) return refuse(from, v1::CODE_OUT_OF_TURN, "say Hello first");
  const int64_t now_us = wall_us();
  uint64_t sequence = 0;
  Fields fields(publish);
  for (Field field; fields.next(field);) {
    if (field.number == 2) sequence = field.value;
    if (field.number != 3) continue;
    const bool parsed = item_.parse(field.bytes);
    stopwatch_.lap(Part::kFrame);
    if (!parsed || !shape_.accept(item_, now_us))
      return refuse(from, v1::CODE_MALFORMED, "not an item");
    live_bytes_ += shape_.live().back().body.size();
    accepted_through_[from] = sequence++;
  }
  stopwatch_.lap(Part::kFrame);
}

void ShapeHub::take_attach(const std::string& from, std::string_view bytes) {
  v1::Attach attach;
  if (!attach.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return refuse(from, v1::CODE_MALFORMED, "not an Attach");
  Endpoint endpoint;
  for (int i = 0; i < options_.teams; ++i) {
    if (attach.team() == "team-" + std::to_string(i + 1)) endpoint.team_index = i;
  }
  endpoint.address = from;
  endpoint.team = attach.team();
  endpoint.name = attach.endpoint();
  endpoint.through = attach.through();
  endpoint.next = attach.through() + 1;
  endpoint.credit_items = std::min(attach.credit_items(), limits::kCreditItemsMax);
  endpoint.credit_bytes = std::min<uint64_t>(attach.credit_bytes(), limits::kCreditBytesMax);
  std::erase_if(endpoints_, [&](const Endpoint& old) {
    return old.team == endpoint.team && old.name == endpoint.name;
  });
  v1::HubFrame frame;
  auto& attached = *frame.mutable_attached();
  attached.set_team(attach.team());
  attached.set_log(attach.log());
  attached.set_endpoint(attach.endpoint());
  attached.set_head(shape_.position());
  attached.set_through(attach.through());
  *attached.mutable_promise() = shape_.promise();
  reply(from, frame);
  endpoints_.push_back(std::move(endpoint));
}

void ShapeHub::take_received(const std::string& from, std::string_view bytes) {
  std::string_view team;
  uint64_t through = 0;
  Fields fields(bytes);
  for (Field field; fields.next(field);) {
    if (field.number == 1) team = field.bytes;
    if (field.number == 4) through = field.value;
  }
  for (auto& endpoint : endpoints_) {
    if (endpoint.address != from || endpoint.team != team) continue;
    endpoint.through = std::max(endpoint.through, through);
    endpoint.moved = true;
    while (!endpoint.frame_last.empty() && endpoint.frame_last.front() <= through) {
      endpoint.bytes_on_way -= endpoint.frame_bytes.front();
      endpoint.frame_bytes.pop_front();
      endpoint.frame_last.pop_front();
    }
  }
  if (!receipts_waiting_) receipts_since_ns_ = now_ns();
  receipts_waiting_ = true;
  stopwatch_.lap(Part::kReceipts);
}

void ShapeHub::store_cursors(int64_t now_us) {
  for (auto& endpoint : endpoints_) {
    if (endpoint.moved)
      shape_.received(endpoint.team_index, endpoint.name, endpoint.through, now_us);
    endpoint.moved = false;
  }
  receipts_waiting_ = false;
  stopwatch_.lap(Part::kReceipts);
}

void ShapeHub::send_accepted() {
  for (const auto& [to, through] : accepted_through_) {
    v1::HubFrame frame;
    frame.mutable_accepted()->set_outbox(outbox_of_[to]);
    frame.mutable_accepted()->set_through(through);
    *frame.mutable_accepted()->mutable_promise() = shape_.promise();
    reply(to, frame);
  }
  accepted_through_.clear();
}

// Entries from `next` on, within frame limits and credit; at least one item may always travel.
bool ShapeHub::fill_frame(Endpoint& endpoint, std::string& items) {
  LiveEvent stored;
  std::string entry;
  for (size_t n = 0; n < limits::kDeliverFrameItems && items.size() < limits::kDeliverFrameBytes;
       ++n) {
    const uint64_t on_way = endpoint.next - 1 - endpoint.through;
    const bool in_credit = on_way < endpoint.credit_items &&
                           endpoint.bytes_on_way + items.size() < endpoint.credit_bytes;
    if (endpoint.next > shape_.position() || (on_way > 0 && !in_credit)) break;
    const auto& live = shape_.live();
    const LiveEvent* event = &stored;
    if (!live.empty() && endpoint.next >= live.front().position) {
      event = &live[endpoint.next - live.front().position];
    } else if (!replay_.read(endpoint.team_index, endpoint.next, stored)) {
      break;
    }
    entry.clear();
    put_field(entry, 1, endpoint.next++);
    shape_.put_notice(entry, *event, endpoint.team_index);
    put_varint(items, 6 << 3 | 2);
    put_varint(items, entry.size() + event->body.size());
    items.append(entry).append(event->body);
  }
  return !items.empty();
}

void ShapeHub::deliver(Endpoint& endpoint) {
  for (std::string items; fill_frame(endpoint, items); items.clear()) {
    std::string head;
    put_field(head, 1, endpoint.team);
    put_field(head, 2, uint64_t{v1::LOG_KIND_INBOX});
    put_field(head, 3, endpoint.name);
    put_field(head, 4, uint64_t{1});
    const uint64_t last = endpoint.next - 1;
    const uint64_t before =
        endpoint.frame_last.empty() ? endpoint.through : endpoint.frame_last.back();
    put_field(head, 5, before + 1);
    std::string frame;
    frame.reserve(items.size() + head.size() + 16);
    put_varint(frame, kDeliver << 3 | 2);
    put_varint(frame, head.size() + items.size());
    frame.append(head).append(items);
    endpoint.frame_last.push_back(last);
    endpoint.frame_bytes.push_back(frame.size());
    endpoint.bytes_on_way += frame.size();
    socket_.send(endpoint.address, std::move(frame));
  }
}

// Live events that every endpoint has had; what is late reads from disk.
void ShapeHub::forget_old() {
  uint64_t low = shape_.position() + 1;
  for (const auto& endpoint : endpoints_) low = std::min(low, endpoint.next);
  auto& live = shape_.live();
  while (!live.empty() && (live.front().position < low || live_bytes_ > limits::kRecentBytesMax)) {
    live_bytes_ -= live.front().body.size();
    live.pop_front();
  }
}

void ShapeHub::reply(const std::string& to, const v1::HubFrame& frame) {
  socket_.send(to, frame.SerializeAsString());
}
void ShapeHub::refuse(const std::string& to, v1::Code code, const std::string& text) {
  v1::HubFrame frame;
  frame.mutable_refused()->set_code(code);
  frame.mutable_refused()->set_text(text);
  reply(to, frame);
}

}  // namespace switchboard::bench
