#include "broker/core/involved.h"

#include <algorithm>
#include <map>

#include "broker/base/limits.h"
#include "broker/core/delivery.h"
#include "broker/core/disclose.h"
#include "broker/core/inbox.h"

namespace switchboard::core {
namespace {

std::vector<uint64_t> events_of(Turn& turn, std::string_view subject) {
  std::vector<uint64_t> positions;
  const auto rows =
      turn.journal.scan_back(kv::Family::kIndex, store::key::subject_position(subject, 0),
                             store::key::subject_position(subject, ~uint64_t{0}));
  for (; rows->valid() && positions.size() < limits::kInvolvedEventsMax; rows->next()) {
    positions.push_back(store::key::trailing_u64(rows->key()));
  }
  if (const auto status = rows->status(); !status.ok()) turn.journal.fail(status.error());
  return positions;
}

// Who was told of one event, each with whether it waits for a person there.
std::vector<Involved> told_of(Turn& turn, uint64_t position) {
  std::vector<Involved> told;
  for (auto& r : turn.journal.take_or_default(store::read_recipients(turn.journal, position))) {
    Delivery d;
    d.team = turn.directory.team(store::TeamHandle{r.team_handle()});
    if (d.team == nullptr) continue;
    auto record =
        turn.journal.take(store::read_delivery(turn.journal, r.team_handle(), r.number()));
    if (record) d.record = std::move(*record);
    d.recipient = std::move(r);
    told.push_back({d.team, d.number(), d.open()});
  }
  return told;
}

}  // namespace

std::vector<Involved> involved(Turn& turn, std::string_view subject, uint64_t but) {
  std::map<std::string, Involved> by_team;
  for (const uint64_t position : events_of(turn, subject)) {
    if (position == but) continue;
    const auto told = told_of(turn, position);
    const bool open = std::any_of(told.begin(), told.end(), [](const auto& t) { return t.open; });
    if (!open) continue;
    for (const auto& t : told) {  // newest event first: its number stays
      Involved& one =
          by_team.try_emplace(t.team->id(), Involved{t.team, t.number, false}).first->second;
      one.open = one.open || t.open;
    }
  }
  std::vector<Involved> all;
  for (auto& [id, one] : by_team) all.push_back(one);
  return all;
}

bool may_hear_of(const Turn& turn, const v1::Team& team, const v1::EventRecord& event) {
  const auto has = [](const auto& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  if (!same_environment(team, event)) return false;
  const auto& audience = event.audience();
  if (has(audience.never_agencies(), team.agency())) return false;
  if (audience.only_agencies_size() > 0 && !has(audience.only_agencies(), team.agency())) {
    return false;
  }
  if (audience.only_team_kinds_size() > 0 && !has(audience.only_team_kinds(), team.kind())) {
    return false;
  }
  v1::Recipient recipient;
  recipient.set_team(team.id());
  return disclose(turn.directory, event, recipient).level <= v1::DISCLOSURE_SUMMARY;
}

}  // namespace switchboard::core
