#include "services/gateway/operator_api.h"

#include <utility>

#include "services/gateway/masked_row.h"
#include "services/gateway/screen_json.h"

namespace switchboard::gateway {
namespace {

constexpr unsigned kAgainAfterS = 10;

void mask(google::protobuf::RepeatedPtrField<v1::EventRow>& rows) {
  for (auto& row : rows) row = masked(row);
}

}  // namespace

void OperatorApi::add_to(Router& router, Gate& gate) {
  router.add(Method::kGet, "/api/operator",
             gate.operating([this](const Visitor& who, const Request&,
                                   std::shared_ptr<Reply> reply) { get(who, reply); }));
}

void OperatorApi::get(const Visitor& who, const std::shared_ptr<Reply>& reply) {
  if (kept_ && boot_us_() - kept_at_us_ < kKeptFor.us) return reply->answer(*kept_);
  if (waiting_.size() >= kWaitingMax) {
    return reply->answer(problem(error(v1::CODE_BUSY, "too many ask at once: try again"), {}, 10));
  }
  waiting_.push_back(reply);
  if (waiting_.size() > 1) return;
  look_(who.person.id, [this](Result<v1::ScreenOperator> seen) { looked(std::move(seen)); });
}

// A refusal is not kept: the next who asks may find the hub back.
void OperatorApi::looked(Result<v1::ScreenOperator> seen) {
  kept_.reset();
  if (seen.ok()) {
    mask(*seen->mutable_quarantine());
    mask(*seen->mutable_unrouted());
    kept_ = json_response(*seen);
    kept_at_us_ = boot_us_();
  }
  const auto waiting = std::exchange(waiting_, {});
  for (const auto& reply : waiting) {
    reply->answer(kept_ ? *kept_ : problem(seen.error(), {}, kAgainAfterS));
  }
}

}  // namespace switchboard::gateway
