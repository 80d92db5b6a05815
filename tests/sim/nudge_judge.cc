#include "tests/sim/nudge_judge.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/core/nudge_reports.h"
#include "broker/store/nudge_rows.h"

namespace switchboard::sim {

namespace {

std::vector<v1::NudgeRecord> all_of(const support::HubCore& hub) {
  std::vector<v1::NudgeRecord> all;
  const std::string prefix = store::key::nudge_prefix();
  const auto rows = hub.kv().scan(kv::Family::kState, prefix, kv::prefix_end(prefix));
  for (; rows->valid(); rows->next()) {
    CHECK(all.emplace_back().ParseFromString(std::string(rows->value())));
  }
  return all;
}

}  // namespace

std::vector<NudgeJudge::Breach> NudgeJudge::broken() {
  std::vector<Breach> found;
  std::map<std::string, v1::NudgeState> now;
  for (const auto& nudge : all_of(hub_)) now[nudge.nudge_id()] = nudge.state();
  for (const auto& [id, before] : seen_) {
    const auto at = now.find(id);
    const bool gone = at == now.end();
    const bool again = !gone && before != v1::NUDGE_STATE_WAITING && at->second != before;
    if (gone || again) {
      found.emplace_back("P8", "nudge " + to_hex(id) + (gone ? " is gone" : " waits again"));
    }
  }
  seen_ = std::move(now);
  return found;
}

// That it did not reach the team is an escalation, unless somebody has the item or had it.
bool NudgeJudge::told_of(const v1::NudgeRecord& failed, const std::string& reference) const {
  const auto id = core::unreachable_id(reference, failed.team());
  if (hub_.kv().get(kv::Family::kDedupe, store::key::escalation_id(id)).value()) return true;
  const auto logs = hub_.inbox(failed.team());
  for (size_t i = 0; i < logs.size(); ++i) {
    if (logs[i].type != v1::ENTRY_TYPE_DELIVERY) continue;
    const auto event = store::read_event(hub_.kv(), logs[i].position).value();
    if (!event || event->event_id() != reference) continue;
    const auto record = hub_.delivery(failed.team(), i + 1);
    const bool acted = std::any_of(record.steps().begin(), record.steps().end(), [](const auto& s) {
      return !s.actor().person().empty() || !s.to_team().empty();
    });
    const bool asks = record.attention() == v1::ATTENTION_ACT;
    return acted || !asks || record.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED;
  }
  return true;  // it has no delivery of it: the sender, who is told of another's delay
}

std::vector<NudgeJudge::Breach> NudgeJudge::left_waiting() const {
  std::vector<Breach> found;
  for (const auto& nudge : all_of(hub_)) {
    const std::string name = "nudge of " + nudge.team() + " " + to_hex(nudge.nudge_id());
    if (nudge.state() == v1::NUDGE_STATE_WAITING) {
      found.emplace_back("P8", name + " was neither sent nor given up");
    }
    if (nudge.state() != v1::NUDGE_STATE_FAILED) continue;
    for (const auto& reference : nudge.references()) {
      if (!told_of(nudge, reference)) found.emplace_back("P8", name + " failed and nobody knows");
    }
  }
  return found;
}

uint64_t NudgeJudge::ended() const {
  return static_cast<uint64_t>(std::count_if(seen_.begin(), seen_.end(), [](const auto& n) {
    return n.second != v1::NUDGE_STATE_WAITING;
  }));
}

}  // namespace switchboard::sim
