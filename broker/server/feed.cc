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

bool Feed::may_add(size_t page_items, size_t page_bytes, size_t entry_bytes) const {
  if (stopped_) return false;
  const size_t items = on_the_way_.size() + page_items;
  if (items == 0) return true;
  return items < credit_items_ && bytes_on_the_way_ + page_bytes + entry_bytes <= credit_bytes_;
}
uint32_t Feed::items_left() const {
  const auto used = static_cast<uint32_t>(on_the_way_.size());
  const bool bytes_spent = used > 0 && bytes_left() == 0;
  return stopped_ || bytes_spent || used >= credit_items_ ? 0 : credit_items_ - used;
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
  while (!ahead_.empty() && ahead_.front() <= through) ahead_.pop_front();
}

void Feed::rewind(uint64_t through) {
  replayed_through_ = std::max(replayed_through_, sent_);
  sent_ = received_ = through;
  on_the_way_.clear();
  bytes_on_the_way_ = 0;
}

}  // namespace switchboard::server
