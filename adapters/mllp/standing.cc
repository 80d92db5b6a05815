#include "adapters/mllp/standing.h"

namespace switchboard::mllp {

std::vector<Standing::Change> Standing::see(const Sight& sight) {
  if (sight.hub_open) {
    away_since_us_ = -1;
  } else if (away_since_us_ < 0) {
    away_since_us_ = sight.boot_us;
  }
  const auto away_for = [&](Duration most) {
    return !sight.hub_open && sight.boot_us - away_since_us_ >= most.us;
  };
  away_for_a_while_ = away_for(away_.unready_after);
  const auto& outbox = sight.outbox;
  const auto used = std::to_string(outbox.held_bytes) + " of " + std::to_string(outbox.bytes_max) +
                    " bytes in use";
  std::vector<Change> changes;
  judge(kHubAway, away_for(away_.alarm_after), "no session with the hub; events wait in the outbox",
        changes);
  judge(kHubRefuses, !sight.hub_refusal.empty(), sight.hub_refusal, changes);
  judge(kOutboxHalf, outbox.level != sdk::Outbox::Level::kFine, used, changes);
  judge(kOutboxFull, outbox.level == sdk::Outbox::Level::kFull, used + ": senders get AR", changes);
  judge(kRefusedItems, outbox.refused_items > 0,
        "events the hub will never take: " + std::to_string(outbox.refused_items), changes);
  return changes;
}

std::vector<std::string> Standing::reasons_against() const {
  std::vector<std::string> reasons;
  for (size_t i = 0; i < kAlarms; ++i) {
    const auto alarm = static_cast<Alarm>(i);
    const bool stands = stands_[i] || (alarm == kHubAway && away_for_a_while_);
    if (stands && stops_work(alarm)) reasons.emplace_back(kNames[i]);
  }
  return reasons;
}

bool Standing::stops_work(Alarm alarm) {
  return alarm == kHubAway || alarm == kHubRefuses || alarm == kOutboxFull;
}

void Standing::judge(Alarm alarm, bool stands, std::string why, std::vector<Change>& changes) {
  if (stands_[alarm] == stands) return;
  stands_[alarm] = stands;
  changes.push_back({kNames[alarm], stands, std::move(why)});
}

}  // namespace switchboard::mllp
