#include "broker/server/feed.h"

#include <algorithm>

#include "broker/base/check.h"
#include "broker/base/limits.h"

namespace switchboard::server {

Feed::Feed(std::string team, store::LogId log, std::string endpoint, uint64_t through,
           uint32_t credit_items, uint64_t credit_bytes)
    : team_(std::move(team)),
      log_(log),
      endpoint_(std::move(endpoint)),
      sent_(through),
      received_(through),
      credit_items_(std::clamp(credit_items, uint32_t{1}, limits::kCreditItemsMax)),
      credit_bytes_(std::clamp(credit_bytes, uint64_t{1}, limits::kCreditBytesMax)) {}

v1::LogKind Feed::kind() const {
  return log_.log == store::Log::kSent ? v1::LOG_KIND_SENT : v1::LOG_KIND_INBOX;
}

bool Feed::may_send(size_t bytes) const {
  if (stopped_) return false;
  if (on_the_way_.empty()) return true;
  return on_the_way_.size() < credit_items_ && bytes_on_the_way_ + bytes <= credit_bytes_;
}
uint32_t Feed::items_left() const {
  const auto used = static_cast<uint32_t>(on_the_way_.size());
  return stopped_ || used >= credit_items_ ? 0 : credit_items_ - used;
}
uint64_t Feed::bytes_left() const {
  return bytes_on_the_way_ >= credit_bytes_ ? 0 : credit_bytes_ - bytes_on_the_way_;
}

void Feed::sent(uint64_t number, size_t bytes) {
  CHECK(number == next());
  sent_ = number;
  bytes_on_the_way_ += bytes;
  on_the_way_.push_back({number, bytes});
}

void Feed::receive(uint64_t through) {
  received_ = std::max(received_, std::min(through, sent_));
  while (!on_the_way_.empty() && on_the_way_.front().number <= through) {
    bytes_on_the_way_ -= on_the_way_.front().bytes;
    on_the_way_.pop_front();
  }
}

void Feed::rewind(uint64_t through) {
  sent_ = received_ = through;
  on_the_way_.clear();
  bytes_on_the_way_ = 0;
}

}  // namespace switchboard::server
