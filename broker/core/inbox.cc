#include "broker/core/inbox.h"

#include "broker/core/call.h"
#include "broker/core/circumstances.h"
#include "broker/core/clock.h"
#include "broker/core/nudge.h"

namespace switchboard::core {

static bool by_machine(const Turn& turn, const v1::Team& team) {
  return team.reach() != v1::REACH_PHONE && turn.directory.has_endpoint(team, turn.now);
}

// P8: a clock for "a system of the team has it" only where a system can have it.
void fill_asked(const Turn& turn, const v1::Team& team, const Asked& asked, v1::Recipient& r) {
  r.set_attention(asked.attention);
  r.set_policy_row(row_name(asked));
  r.set_policy_version(turn.directory.policy().version);
  if (asked.attention != v1::ATTENTION_ACT) return;
  const auto by = [&](Duration within) {
    return deadline(turn.directory, team, turn.now, within, asked.clock).us;
  };
  if (asked.acknowledge_within.us > 0) r.set_acknowledge_by_us(by(asked.acknowledge_within));
  if (asked.receive_within.us > 0 && by_machine(turn, team)) {
    r.set_receive_by_us(by(asked.receive_within));
  }
  r.set_action_by_us(asked.action_within.us);
}

void fill_recipient(const Turn& turn, const Match& match, const Circumstances& event,
                    v1::Recipient& r) {
  r.set_team(match.team->id());
  r.set_team_handle(match.team->handle());
  r.set_cause(match.cause);
  r.set_route(match.route.data(), match.route.size());
  r.set_rule_version(match.rule_version);
  r.set_facts(match.facts);
  r.set_added_us(turn.now.us);
  const auto& policy = turn.directory.policy().row;
  fill_asked(turn, *match.team,
             attention(policy, event, relation_of(turn, *match.team, match.cause)), r);
  if (match.cause == v1::CAUSE_ENQUIRY) only_see(r);
}

void fill_recipient(const Turn& turn, const Match& match, std::string_view kind,
                    v1::Urgency urgency, v1::Recipient& r) {
  Circumstances event;
  event.kind = kind;
  event.urgency = urgency;
  fill_recipient(turn, match, event, r);
}

v1::Recipient make_recipient(const Turn& turn, const Match& match, const Circumstances& event) {
  v1::Recipient r;
  fill_recipient(turn, match, event, r);
  return r;
}

void only_see(v1::Recipient& r) {
  if (r.attention() == v1::ATTENTION_ACT) r.set_attention(v1::ATTENTION_SEE);
  r.clear_receive_by_us();
  r.clear_acknowledge_by_us();
  r.clear_action_by_us();
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
  turn.logs.open_counts().delivered(log.team, recipient.number(), entry.attention);
  start_clock(turn, recipient);  // P8
  turn.appended.push_back({log, recipient.number(), entry.type, event_position, index, urgency});
}

v1::AddedRecipients add_recipients(Turn& turn, uint64_t event_position, v1::Urgency urgency,
                                   std::vector<v1::Recipient> recipients,
                                   uint64_t adding_position) {
  v1::AddedRecipients added;
  if (recipients.empty()) return added;
  for (auto& recipient : recipients) {
    recipient.set_cause_position(adding_position);
    deliver(turn, event_position, urgency, recipient, SIZE_MAX);
    *added.add_recipients() = std::move(recipient);
  }
  store::write_added_recipients(turn.journal, event_position, adding_position, added);
  ask_for_calls(turn, event_position, added);
  nudge_added(turn, event_position, added);
  return added;
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
