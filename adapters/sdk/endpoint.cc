#include "adapters/sdk/endpoint.h"

#include <algorithm>
#include <utility>

namespace switchboard::sdk {

Endpoint::Endpoint(EndpointStore& store, Entropy& entropy, const Options& options)
    : store_(store),
      entropy_(entropy),
      options_(options),
      backoff_(options.pause_first, options.pause_most) {}

Status Endpoint::delivered(v1::Deliver&& frame, Time now) {
  if (state_ == State::kClosed || frame.items().empty()) return ok();
  const uint64_t epoch = frame.epoch();
  if (frame.ahead()) {
    for (auto& entry : *frame.mutable_items()) {
      arrivals_.push_back({.turn = Turn::kAhead, .epoch = epoch, .entry = std::move(entry)});
    }
    return ok();
  }
  if (state_ != State::kReading) return ok();  // of the reading before; it comes again
  const uint64_t before = store_.through();
  auto stored = store_.append(frame);
  if (!stored.ok()) {
    const auto code = stored.error().code;
    const bool theirs =
        code == v1::CODE_CONFLICT || code == v1::CODE_STALE_EPOCH || code == v1::CODE_MALFORMED;
    if (!theirs) return stored;
    ++gaps_;
    attach_later(now);
    return ok();
  }
  backoff_.reset();
  timer_.start(now, options_.idle_after);
  // In a replay the hub's cursor is behind ours: what counts is what this frame brought.
  unsynced_through_ = frame.items(frame.items_size() - 1).number();
  head_ = std::max(head_, *unsynced_through_);
  for (auto& entry : *frame.mutable_items()) {
    const Turn turn = entry.number() > before ? Turn::kNew : Turn::kAgain;
    arrivals_.push_back({.turn = turn, .epoch = epoch, .entry = std::move(entry)});
  }
  return ok();
}

Status Endpoint::flush() {
  if (!unsynced_through_) return ok();
  TRY_DO(store_.sync());  // P1: before the receipt that names it
  v1::Received received;
  received.set_team(store_.options().team);
  received.set_log(store_.options().log);
  received.set_endpoint(options_.name);
  received.set_through(*unsynced_through_);
  if (receipt_) received.mutable_failed()->Swap(receipt_->mutable_failed());
  for (auto& failed : failed_) *received.add_failed() = std::move(failed);
  failed_.clear();
  unsynced_through_.reset();
  receipt_ = std::move(received);
  return ok();
}

void Endpoint::fail(uint64_t number, std::string reason) {
  v1::FailedEntry failed;
  failed.set_number(number);
  failed.set_reason(std::move(reason));
  failed_.push_back(std::move(failed));
}

Status Endpoint::attached(const v1::Attached& attached, Time now) {
  if (state_ != State::kAttaching) return ok();
  TRY_DO(store_.adopt(attached.promise(), attached.common()));
  head_ = attached.head();
  state_ = State::kReading;
  timer_.start(now, options_.idle_after);
  if (!failed_.empty()) unsynced_through_ = store_.through();  // reported before, but not sent
  return ok();
}

Result<std::optional<v1::ClientFrame>> Endpoint::next(Time now) {
  std::optional<v1::ClientFrame> frame;
  const bool waits = state_ == State::kAttaching || state_ == State::kReading;
  if (waits && timer_.due(now)) attach_later(now);
  if (state_ == State::kToAttach && (!timer_.running() || timer_.due(now))) {
    TRY_DO(store_.sync());  // P1: Attach names what is stored, as Received does
    state_ = State::kAttaching;
    timer_.start(now, options_.attached_within);
    frame = attach_frame();
  } else if (state_ == State::kReading && receipt_) {
    *frame.emplace().mutable_received() = std::move(*receipt_);
    receipt_.reset();
  }
  return frame;
}

v1::ClientFrame Endpoint::attach_frame() const {
  v1::ClientFrame frame;
  auto& attach = *frame.mutable_attach();
  attach.set_team(store_.options().team);
  attach.set_log(store_.options().log);
  attach.set_endpoint(options_.name);
  attach.set_through(store_.through());
  attach.set_epoch(store_.epoch());
  if (store_.covered().epoch() != 0) *attach.mutable_covered() = store_.covered();
  if (store_.earlier().items_size() > 0) *attach.mutable_earlier() = store_.earlier();
  attach.set_credit_items(options_.credit_items);
  attach.set_credit_bytes(options_.credit_bytes);
  return frame;
}

void Endpoint::attach_later(Time now) {
  state_ = State::kToAttach;
  timer_.start(now, backoff_.next(entropy_));
}

void Endpoint::opened() {
  closed();
  state_ = State::kToAttach;
}

void Endpoint::closed() {
  state_ = State::kClosed;
  timer_.stop();
  // A receipt that was not sent is in the next Attach: it says what is stored.
  unsynced_through_.reset();
  if (receipt_) {
    for (auto& failed : *receipt_->mutable_failed()) failed_.push_back(std::move(failed));
  }
  receipt_.reset();
}

bool Endpoint::concerns(const std::string& team, v1::LogKind log,
                        const std::string& endpoint) const {
  return team == store_.options().team && log == store_.options().log && endpoint == options_.name;
}

std::optional<Time> Endpoint::wakes_at() const {
  if (!timer_.running()) return std::nullopt;
  return timer_.at();
}

}  // namespace switchboard::sdk
