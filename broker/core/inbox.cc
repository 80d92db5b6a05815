#include "broker/core/inbox.h"

#include "broker/core/call.h"
#include "broker/core/clock.h"

namespace switchboard::core {

void fill_recipient(const Turn& turn, const Match& match, std::string_view kind,
                    v1::Urgency urgency, v1::Recipient& r) {
  const Asked asked_for =
      attention(turn.directory.policy().row, kind, urgency, match.cause, match.team->kind());
  r.set_team(match.team->id());
  r.set_team_handle(match.team->handle());
  r.set_cause(match.cause);
  r.set_route(match.route.data(), match.route.size());
  r.set_rule_version(match.rule_version);
  r.set_facts(match.facts);
  r.set_attention(asked_for.attention);
  r.set_added_us(turn.now.us);
  if (asked_for.attention == v1::ATTENTION_ACT && asked_for.acknowledge_within.us > 0) {
    r.set_acknowledge_by_us((turn.now + asked_for.acknowledge_within).us);
  }
}

v1::Recipient make_recipient(const Turn& turn, const Match& match, std::string_view kind,
                             v1::Urgency urgency) {
  v1::Recipient r;
  fill_recipient(turn, match, kind, urgency, r);
  return r;
}

void deliver(Turn& turn, uint64_t event_position, v1::Urgency urgency, v1::Recipient& recipient,
             size_t index) {
  const store::LogId log{recipient.team_handle(), store::Log::kInbox};
  store::LogEntry entry;
  entry.type = v1::ENTRY_TYPE_DELIVERY;
  entry.attention = recipient.attention();
  entry.position = event_position;
  recipient.set_number(turn.logs.append(turn.journal, log, entry));
  start_clock(turn, recipient);  // P8
  turn.appended.push_back({log, recipient.number(), entry.type, event_position, index, urgency});
}

void add_recipients(Turn& turn, uint64_t event_position, v1::Urgency urgency,
                    std::vector<v1::Recipient> recipients, uint64_t adding_position) {
  if (recipients.empty()) return;
  v1::AddedRecipients added;
  for (auto& recipient : recipients) {
    recipient.set_cause_position(adding_position);
    deliver(turn, event_position, urgency, recipient, SIZE_MAX);
    *added.add_recipients() = std::move(recipient);
  }
  store::write_added_recipients(turn.journal, event_position, adding_position, added);
  ask_for_calls(turn, event_position, added);
}

const v1::Team* sender_of(const Turn& turn, const v1::EventRecord& event) {
  const v1::Team* team = turn.directory.team(event.from_team());
  return team != nullptr && team->agency() == event.agency() ? team : nullptr;
}

bool same_environment(const v1::Team& team, const v1::EventRecord& event) {
  return (team.environment() == v1::ENVIRONMENT_TEST) ==
         (event.environment() == v1::ENVIRONMENT_TEST);
}

uint64_t append_change(Turn& turn, store::LogId log, v1::ChangeRecord change, v1::Urgency urgency) {
  store::LogEntry entry;
  entry.type = v1::ENTRY_TYPE_CHANGE;
  entry.position = change.event_position();
  entry.change = std::move(change);
  const uint64_t number = turn.logs.append(turn.journal, log, entry);
  turn.appended.push_back({log, number, entry.type, entry.position, SIZE_MAX, urgency});
  return number;
}

}  // namespace switchboard::core
