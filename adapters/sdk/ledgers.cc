#include "adapters/sdk/ledgers.h"

#include "adapters/sdk/verdict.h"
#include "broker/base/limits.h"

namespace switchboard::sdk {

// Outcomes nobody takes must not pile up.
static constexpr size_t kOutcomesMax = 64;
static constexpr Duration kPause = seconds(10);

Ledgers::Line Ledgers::line_of(const v1::AdapterLedger& ledger) {
  return {ledger.listener(), static_cast<int>(ledger.bucket()), ledger.day()};
}

bool Ledgers::set(v1::AdapterLedger ledger) {
  const Line line = line_of(ledger);
  if (waiting_.size() >= kLinesMax && !waiting_.contains(line)) return false;
  waiting_[line] = std::move(ledger);
  return true;
}

bool Ledgers::wants_to_send(Time now) const {
  return !waiting_.empty() && sent_.empty() && now >= not_before_;
}

std::optional<Time> Ledgers::wakes_at() const {
  if (waiting_.empty() || !sent_.empty() || not_before_ == Time{}) return std::nullopt;
  return not_before_;
}

v1::AdapterLedgers Ledgers::next(uint64_t request) {
  v1::AdapterLedgers frame;
  frame.set_request(request);
  request_ = request;
  size_t bytes = 0;
  while (!waiting_.empty() && frame.items_size() < static_cast<int>(limits::kLedgersPerFrameMax)) {
    const auto first = waiting_.begin();
    bytes += first->second.ByteSizeLong();
    if (bytes > limits::kDeliverFrameBytes && frame.items_size() > 0) break;
    *frame.add_items() = first->second;
    sent_.insert(waiting_.extract(first));
  }
  return frame;
}

bool Ledgers::answered(const v1::Page& page, Time now) {
  if (sent_.empty() || page.request() != request_) return false;
  const Verdict said = verdict(page.code());
  if (said == Verdict::kRetry) {
    closed();
    not_before_ = now + kPause;
    return true;
  }
  Outcome outcome{{}, page.code(), page.text()};
  for (auto& [line, ledger] : sent_) outcome.lines.push_back(std::move(ledger));
  sent_.clear();
  if (outcomes_.size() >= kOutcomesMax) outcomes_.erase(outcomes_.begin());
  outcomes_.push_back(std::move(outcome));
  return true;
}

void Ledgers::closed() {
  waiting_.merge(sent_);  // a newer count of the same line stays the one that goes
  sent_.clear();
  request_ = 0;
  not_before_ = {};
}

}  // namespace switchboard::sdk
