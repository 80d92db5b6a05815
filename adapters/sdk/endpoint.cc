#include "adapters/sdk/endpoint.h"

#include <algorithm>
#include <set>
#include <utility>

namespace switchboard::sdk {

Endpoint::Endpoint(EndpointStore& store, Entropy& entropy, const Options& options)
    : store_(store),
      entropy_(entropy),
      options_(options),
      backoff_(options.pause_first, options.pause_most),
      stored_at_start_(store.through()) {}

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

void Endpoint::use_arrivals(const Use& use) {
  if (broken_.ok() && !started_) broken_ = recall_unfinished();
  started_ = true;
  uint64_t through = 0;
  while (broken_.ok() && !arrivals_.empty()) {
    const Arrival arrival = std::move(arrivals_.front());
    arrivals_.pop_front();
    broken_ = hand_out(arrival, use);
    if (arrival.turn != Turn::kAhead) through = std::max(through, arrival.entry.number());
  }
  if (broken_.ok()) broken_ = store_.handed_out(through);
}

Status Endpoint::hand_out(const Arrival& arrival, const Use& use) {
  if (arrival.turn == Turn::kAhead) {
    (void)use(arrival);  // best effort: its turn decides
    return ok();
  }
  const uint64_t number = arrival.entry.number();
  const std::string& subject = arrival.entry.notice().subject();
  const uint64_t first = store_.first_parked(subject);
  if (first != 0 && first < number) {  // P6
    return park(arrival.entry, first, "behind " + std::to_string(first));
  }
  std::string problem = use(arrival);
  if (!problem.empty()) return park(arrival.entry, 0, std::move(problem));
  TRY(const bool was_parked, store_.used(number));
  if (was_parked) settled_.push_back(number);
  return ok();
}

Status Endpoint::park(const v1::Entry& entry, uint64_t behind, std::string reason) {
  v1::FailedEntry& failed = failed_.emplace_back();
  failed.set_number(entry.number());
  failed.set_reason(reason);
  failed.set_behind(behind);
  return store_.park({.number = entry.number(),
                      .behind = behind,
                      .subject = entry.notice().subject(),
                      .reason = std::move(reason)});
}

std::vector<Endpoint::Arrival> Endpoint::take_arrivals() {
  std::vector<Arrival> taken;
  use_arrivals([&](const Arrival& arrival) {
    taken.push_back(arrival);
    return std::string();
  });
  return taken;
}

// What was stored before the start and not seen to its end: not handed out yet, or waiting behind
// an entry that is parked no more.
Status Endpoint::recall_unfinished() {
  TRY(const auto marks, store_.parked());
  std::vector<uint64_t> numbers;
  std::set<std::string> blocked;
  for (const auto& mark : marks) {
    if (mark.behind == 0) blocked.insert(mark.subject);
    if (mark.behind != 0 && !blocked.contains(mark.subject)) numbers.push_back(mark.number);
  }
  for (uint64_t n = store_.handed_out() + 1; n <= stored_at_start_; ++n) numbers.push_back(n);
  return recall(numbers);
}

Status Endpoint::recall(const std::vector<uint64_t>& numbers) {
  std::vector<Arrival> recalled;
  for (const uint64_t number : numbers) {
    TRY(auto stored, store_.find(number));
    if (!stored) continue;  // its owner has dropped it
    const Turn turn = number > store_.handed_out() ? Turn::kNew : Turn::kAgain;
    recalled.push_back({.turn = turn, .epoch = stored->epoch, .entry = std::move(stored->entry)});
  }
  arrivals_.insert(arrivals_.begin(), std::make_move_iterator(recalled.begin()),
                   std::make_move_iterator(recalled.end()));
  return ok();
}

Status Endpoint::release(uint64_t number) {
  TRY(const auto waiting, store_.release(number));
  settled_.push_back(number);
  return recall(waiting);
}

Status Endpoint::flush() {
  TRY_DO(broken_);
  if (!unsynced_through_ && failed_.empty() && settled_.empty()) return ok();
  TRY_DO(store_.sync());  // P1: before the receipt that names it
  if (state_ != State::kReading) return ok();
  v1::Received received;
  received.set_team(store_.options().team);
  received.set_log(store_.options().log);
  received.set_endpoint(options_.name);
  if (unsynced_through_) told_through_ = *unsynced_through_;
  received.set_through(told_through_);
  if (receipt_) {
    received.mutable_failed()->Swap(receipt_->mutable_failed());
    received.mutable_settled()->Swap(receipt_->mutable_settled());
  }
  for (const uint64_t settled : std::exchange(settled_, {})) received.add_settled(settled);
  for (auto& failed : std::exchange(failed_, {})) *received.add_failed() = std::move(failed);
  unsynced_through_.reset();
  receipt_ = std::move(received);
  return ok();
}

Status Endpoint::attached(const v1::Attached& attached, Time now) {
  if (state_ != State::kAttaching) return ok();
  TRY_DO(store_.adopt(attached.promise(), attached.common()));
  // P5: what waits to be handed out above that is another entry by now, and comes anew.
  std::erase_if(arrivals_, [&](const Arrival& arrival) {
    return arrival.epoch < store_.epoch() && arrival.entry.number() > attached.common();
  });
  stored_at_start_ = std::min(stored_at_start_, store_.through());
  head_ = attached.head();
  state_ = State::kReading;
  timer_.start(now, options_.idle_after);
  told_through_ = attached.through();
  // A report may have been lost with the connection: what failed is said again.
  TRY(const auto marks, store_.parked());
  std::erase_if(failed_, [](const auto& failed) { return failed.behind() == 0; });
  for (const auto& mark : marks) {
    if (mark.behind != 0) continue;
    v1::FailedEntry& failed = *failed_.emplace(failed_.begin());
    failed.set_number(mark.number);
    failed.set_reason(mark.reason);
  }
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
    for (const uint64_t settled : receipt_->settled()) settled_.push_back(settled);
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
