#include "adapters/sdk/publisher.h"

#include <algorithm>
#include <map>

#include "adapters/sdk/recovery.h"
#include "adapters/sdk/verdict.h"

namespace switchboard::sdk {
namespace {

const v1::ItemOutcome* first_retryable(const v1::Accepted& accepted) {
  for (const auto& exception : accepted.exceptions()) {
    if (verdict(exception.code()) == Verdict::kRetry) return &exception;
  }
  return nullptr;
}

}  // namespace

Publisher::Publisher(Outbox& outbox, Entropy& entropy, const Options& options)
    : outbox_(outbox),
      entropy_(entropy),
      options_(options),
      backoff_(options.pause_first, options.pause_most) {}

Result<uint64_t> Publisher::append(std::span<const v1::Item> items, Time now) {
  std::vector<std::string> bytes;
  bytes.reserve(items.size());
  for (const auto& item : items) bytes.push_back(item.SerializeAsString());
  return outbox_.append(bytes, now);
}

Result<std::optional<v1::Publish>> Publisher::next(Time now) {
  std::optional<v1::Publish> none;
  if (!may_send(now)) return none;
  const size_t items_left = window_items_ - std::min<size_t>(window_items_, flight_items_);
  const size_t bytes_left = window_bytes_ - std::min<size_t>(window_bytes_, flight_bytes_);
  if (!flights_.empty() && (items_left == 0 || bytes_left == 0)) return none;
  auto items = outbox_.read(next_send_, std::clamp<size_t>(items_left, 1, options_.frame_items),
                            std::min(bytes_left, options_.frame_bytes));
  if (!items.ok()) {
    if (items.error().code != v1::CODE_INVALID) return std::move(items).error();
    if (flights_.empty()) TRY_DO(skip_unreadable(now));
    return none;
  }
  if (!flights_.empty() && items->front().bytes.size() > bytes_left) return none;

  v1::Publish frame;
  Flight flight{.first = next_send_, .last = next_send_ + items->size() - 1};
  frame.set_outbox(std::string(outbox_.id().view()));
  frame.set_first(flight.first);
  for (const auto& item : *items) {
    if (!frame.add_items()->ParseFromString(item.bytes)) {
      return error(v1::CODE_INTERNAL, "the outbox holds what is not an item");
    }
    flight.bytes += item.bytes.size();
  }
  if (flights_.empty()) answer_.start(now, options_.answer_within);
  next_send_ = flight.last + 1;
  flight_bytes_ += flight.bytes;
  flight_items_ += items->size();
  flights_.push_back(flight);
  return std::optional(std::move(frame));
}

bool Publisher::may_send(Time now) {
  if (!open_ || wants_new_session_) return false;
  if (answer_.due(now)) {
    wants_new_session_ = true;
    return false;
  }
  if (stale_answers_ > 0 || (pause_.running() && !pause_.due(now))) return false;
  pause_.stop();
  // P1: the first frame of a session tells the hub where this outbox goes on. Were it lost and a
  // later one taken, "everything up to `through`" would not be true. So it travels alone.
  if (!proven_ && !flights_.empty()) return false;
  return next_send_ < outbox_.next();
}

Status Publisher::answered(const v1::Accepted& accepted, Time now) {
  if (!open_ || accepted.outbox() != outbox_.id().view()) return ok();
  if (stale_answers_ > 0) {
    if (--stale_answers_ == 0) answer_.stop();
    return ok();
  }
  if (flights_.empty()) return ok();
  const Flight front = flights_.front();
  const auto* retry = first_retryable(accepted);
  uint64_t through = accepted.through();
  // An answer to a later frame: the one to this frame, with its exceptions, is lost. Ask again.
  if (through > front.last || (retry && retry->sequence() > front.last)) {
    wants_new_session_ = true;
    return ok();
  }
  if (retry) through = std::min(through, retry->sequence() - 1);
  if (!retry && through < front.first) return ok();  // a repeated answer to an earlier frame
  if (through >= front.first) TRY_DO(settle(through, accepted, now));
  proven_ = true;
  if (through == front.last) {
    land();
    backoff_.reset();
    answer_.stop();
    if (!flights_.empty()) answer_.start(now, options_.answer_within);
  } else {
    go_back(retry ? retry->code() : v1::CODE_INTERNAL, now);
  }
  return ok();
}

Status Publisher::settle(uint64_t through, const v1::Accepted& accepted, Time now) {
  std::map<uint64_t, Outcome> said;
  std::vector<Outbox::Refusal> refused;
  for (const auto& e : accepted.exceptions()) {
    if (e.sequence() <= outbox_.confirmed() || e.sequence() > through) continue;
    said[e.sequence()] = {e.sequence(), e.code(), e.position(), e.text()};
    if (verdict(e.code()) == Verdict::kRefused) {
      refused.push_back({.sequence = e.sequence(), .code = e.code(), .text = e.text(), .at = now});
    }
  }
  const uint64_t before = outbox_.confirmed();
  TRY_DO(outbox_.confirm(through, refused, {now, covering(accepted.promise())}));
  for (uint64_t sequence = before + 1; sequence <= through; ++sequence) {
    const auto it = said.find(sequence);
    outcomes_.push_back(it == said.end() ? Outcome{.sequence = sequence} : it->second);
  }
  return ok();
}

// One damaged item must not hold up what comes after it, nor vanish: it is listed as refused. The
// hole in the numbers is what makes the hub start counting anew, hence the new session. No hub ever
// had it: it lies beyond no position.
Status Publisher::skip_unreadable(Time now) {
  const Outbox::Refusal refusal{.sequence = next_send_,
                                .code = v1::CODE_INTERNAL,
                                .text = "cannot be opened: damaged at rest",
                                .at = now};
  TRY_DO(outbox_.confirm(next_send_, std::span(&refusal, 1), {now, 0}));
  outcomes_.push_back({.sequence = next_send_, .code = refusal.code, .text = refusal.text});
  wants_new_session_ = true;
  return ok();
}

void Publisher::land() {
  const Flight front = flights_.front();
  flight_bytes_ -= front.bytes;
  flight_items_ -= front.last - front.first + 1;
  flights_.pop_front();
}

// The hub takes nothing behind a cut, so those frames are sent again, after a pause and after
// their own answers have gone by.
void Publisher::go_back(v1::Code code, Time now) {
  stale_answers_ = flights_.size() - 1;
  flights_.clear();
  flight_bytes_ = flight_items_ = 0;
  next_send_ = outbox_.confirmed() + 1;
  pause_code_ = code;
  pause_.start(now, backoff_.next(entropy_));
  answer_.stop();
  if (stale_answers_ > 0) answer_.start(now, options_.answer_within);
}

void Publisher::greet(v1::Hello& hello) const {
  hello.set_outbox(std::string(outbox_.id().view()));
  hello.set_outbox_low(outbox_.low());
}

Status Publisher::opened(const v1::Welcome& welcome) {
  closed();
  TRY_DO(answer_recovery(outbox_, welcome));
  held_through_ = outbox_.next() - 1;
  next_send_ = outbox_.confirmed() + 1;
  window_bytes_ = welcome.publish_window_bytes();
  window_items_ = welcome.publish_window_items();
  open_ = true;
  return ok();
}

void Publisher::closed() {
  open_ = proven_ = wants_new_session_ = false;
  flights_.clear();
  flight_bytes_ = flight_items_ = 0;
  stale_answers_ = 0;
  answer_.stop();
  // The pause goes on: a hub that is busy stays busy for those who ring again.
}

std::optional<Time> Publisher::wakes_at() const {
  std::optional<Time> at;
  for (const Timer* timer : {&answer_, &pause_}) {
    if (open_ && timer->running() && (!at || timer->at() < *at)) at = timer->at();
  }
  return at;
}

std::vector<Publisher::Outcome> Publisher::take_outcomes() { return std::exchange(outcomes_, {}); }

}  // namespace switchboard::sdk
