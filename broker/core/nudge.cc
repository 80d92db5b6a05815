#include "broker/core/nudge.h"

#include <algorithm>
#include <set>

#include "broker/base/limits.h"
#include "broker/core/damage.h"
#include "broker/core/inbox.h"
#include "broker/store/nudge_rows.h"

namespace switchboard::core {
namespace {

// The time in front is the event's, so that the newest sort last.
Id nudge_id(const v1::Team& team, const v1::NudgeAddress& to, const NudgeAbout& about) {
  const auto event = id_from_bytes(about.event.event_id());
  return make_id(event ? time_of(*event) : Time{}, Hasher()
                                                       .add("switchboard nudge 1")
                                                       .add(about.event.event_id())
                                                       .add(team.id())
                                                       .add(static_cast<uint64_t>(about.reason))
                                                       .add(uint64_t{about.level})
                                                       .add(static_cast<uint64_t>(to.via()))
                                                       .add(to.address())
                                                       .finish());
}

int64_t happened_us(const v1::EventRecord& event) {
  const int64_t us = event.occurred_earliest_us();
  return us > 0 ? std::min(us, event.accepted_us()) : event.accepted_us();
}

bool stands_for(const v1::NudgeRecord& record, const std::string& event_id) {
  return std::find(record.references().begin(), record.references().end(), event_id) !=
         record.references().end();
}

// P11: what has no room is counted only.
void add_item(v1::NudgeRecord& record, const v1::EventRecord& event) {
  if (!stands_for(record, event.event_id())) {
    record.set_items(record.items() + 1);
    if (record.references_size() < static_cast<int>(limits::kNudgeReferencesMax)) {
      record.add_references(event.event_id());
    }
  }
  record.set_urgency(std::max(record.urgency(), event.urgency()));
  const int64_t us = happened_us(event);
  record.set_oldest_us(record.oldest_us() == 0 ? us : std::min(record.oldest_us(), us));
}

v1::NudgeRecord new_record(const Turn& turn, const v1::Team& team, const v1::NudgeAddress& to,
                           const Id& id) {
  v1::NudgeRecord record;
  record.set_nudge_id(std::string(id.view()));
  record.set_team(team.id());
  record.set_via(to.via());
  record.set_address(to.address());
  record.set_state(v1::NUDGE_STATE_WAITING);
  record.set_made_us(turn.now.us);
  record.set_next_try_us(turn.now.us);
  return record;
}

// Says whether a nudge that waits answers for the event now.
bool owe(Turn& turn, const v1::Team& team, const v1::NudgeAddress& to, const NudgeAbout& about) {
  const Id id = nudge_id(team, to, about);
  if (turn.journal.take(store::read_nudge(turn.journal, id))) return false;  // owed once for ever
  auto record = store::find_gathering(turn.journal, team.id(), to.address());
  if (!record || record->via() != to.via()) {
    record = new_record(turn, team, to, id);
    store::start_gathering(turn.journal, *record);
  }
  add_item(*record, about.event);
  store::write_nudge(turn.journal, *record);
  return stands_for(*record, about.event.event_id());
}

}  // namespace

void nudge(Turn& turn, const v1::Team& team, const NudgeAbout& about) {
  if (team.nudges().empty() || !same_environment(team, about.event)) return;
  const bool there = turn.directory.staffing(team).staffed(turn.now);
  bool waits = false;
  for (const auto& to : team.nudges()) {
    if (there && to.only_out_of_hours()) continue;
    waits = owe(turn, team, to, about) || waits;
  }
  if (!waits || about.number == 0) return;
  set_nudge_state(turn, about.event_position, team.handle(), about.number, v1::NUDGE_STATE_WAITING);
}

void nudge_out_of_hours(Turn& turn, const v1::EventRecord& event, uint64_t event_position,
                        const v1::Recipient& recipient) {
  if (recipient.attention() != v1::ATTENTION_ACT) return;
  const v1::Team* team = turn.directory.team(recipient.team_handle());
  if (team == nullptr || team->nudges().empty()) return;
  if (turn.directory.staffing(*team).staffed(turn.now)) return;
  nudge(turn, *team,
        {.event = event,
         .event_position = event_position,
         .number = recipient.number(),
         .reason = NudgeReason::kOutOfHours});
}

void nudge_added(Turn& turn, uint64_t event_position, const v1::AddedRecipients& added) {
  const auto event = event_of(turn, event_position);
  if (!event) return;
  for (const auto& recipient : added.recipients()) {
    nudge_out_of_hours(turn, *event, event_position, recipient);
  }
}

void nudge_overdue(Turn& turn, const Delivery& late, uint32_t level,
                   const std::vector<const v1::Team*>& told) {
  const auto deliveries =
      turn.journal.take_or_default(store::read_recipients(turn.journal, late.event_position));
  std::set<store::TeamHandle> done;
  for (const v1::Team* team : told) {
    if (team == nullptr || !done.insert(team->handle()).second) continue;
    const auto its = std::find_if(deliveries.begin(), deliveries.end(),
                                  [&](const auto& r) { return r.team_handle() == team->handle(); });
    nudge(turn, *team,
          {.event = late.event,
           .event_position = late.event_position,
           .number = its == deliveries.end() ? 0 : its->number(),
           .reason = NudgeReason::kOverdue,
           .level = level});
  }
}

void set_nudge_state(Turn& turn, uint64_t event_position, store::TeamHandle team, uint64_t number,
                     v1::NudgeState state) {
  auto record = turn.journal.take(store::read_delivery(turn.journal, team, number));
  v1::DeliveryRecord& delivery = record ? *record : record.emplace();
  delivery.set_event_position(event_position);
  delivery.set_nudge(state);
  store::write_delivery(turn.journal, team, number, delivery);
}

}  // namespace switchboard::core
