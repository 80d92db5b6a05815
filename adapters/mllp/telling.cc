#include "adapters/mllp/telling.h"

#include "adapters/sdk/verdict.h"
#include "broker/runtime/log.h"

namespace switchboard::mllp {

void Telling::look(int64_t boot_us) {
  hear(boot_us);
  if (request_ || !client_.session().open() || boot_us < next_us_) return;
  const size_t limit = alone_ > 0 ? 1 : kRowsPerFrame;
  auto rows = ledger_.changed(limit);
  if (rows.empty()) return;
  if (alone_ > 0) --alone_;
  v1::AdapterLedgers frame;
  for (auto& row : rows) {
    asked_.emplace_back(std::move(row.tag), row.version);
    *frame.add_items() = std::move(row.ledger);
  }
  // What does not fit into one frame follows as soon as this is answered.
  next_us_ = rows.size() == limit ? boot_us : boot_us + kTellEvery.us;
  request_ = client_.tell(std::move(frame));
}

void Telling::hear(int64_t boot_us) {
  if (!request_) return;
  const auto page = client_.take_page(*request_);
  if (!page) return;
  const auto verdict = sdk::verdict(page->code());
  if (verdict == sdk::Verdict::kRetry) {
    next_us_ = boot_us + kTellEvery.us;
  } else if (verdict == sdk::Verdict::kRefused && asked_.size() > 1) {
    alone_ = asked_.size();  // one listener that may not speak does not silence the others
  } else {
    // A definite refusal is told again with the next change, not in a circle.
    for (const auto& [tag, version] : asked_) ledger_.told(tag, version);
  }
  if (verdict == sdk::Verdict::kRefused) {
    log::warn("the hub does not take the count of a listener",
              {{"code", v1::Code_Name(page->code())}, {"why", page->text()}});
  }
  request_.reset();
  asked_.clear();
}

}  // namespace switchboard::mllp
