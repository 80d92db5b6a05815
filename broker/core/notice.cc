#include "broker/core/notice.h"

#include "broker/base/limits.h"
#include "broker/core/disclose.h"
#include "broker/core/ladder.h"
#include "broker/core/standing.h"
#include "broker/core/subject.h"

namespace switchboard::core {
namespace {

void add_contacts(const v1::EventRecord& event, v1::Notice& notice) {
  if (event.has_call_back()) *notice.mutable_call_back() = event.call_back();
  if (event.has_out_of_hours()) *notice.mutable_out_of_hours() = event.out_of_hours();
}

void add_correction(const v1::EventRecord& event, v1::Notice& notice) {
  if (event.correction() == v1::CORRECTION_NATURE_UNSPECIFIED) return;
  notice.set_corrected(event.correction());
  notice.set_corrects_event_id(event.corrects_event_id());
}

// What an enquiry tells at acceptance is told as it comes, like by a route.
bool joined(const v1::Recipient& recipient) {
  return recipient.cause() == v1::CAUSE_JOIN ||
         (recipient.cause() == v1::CAUSE_ENQUIRY && recipient.cause_position() != 0);
}

// By when, by which row of which policy; and what the event's own time says.
void add_clocks(const Directory& directory, const v1::EventRecord& event,
                const v1::Recipient& recipient, const v1::DeliveryRecord* state, v1::Notice& n) {
  n.set_receive_by_us(recipient.receive_by_us());
  if (state != nullptr) n.set_action_by_us(state->action_by_us());
  n.set_policy_row(recipient.policy_row());
  n.set_policy_is_example(is_example(directory.policy().row));
  n.set_told_late(event.told_late());
  n.set_group(recipient.group());
  n.set_challenge_by_us(event.challenge_by_us());
}

// Only for whom the event itself is shown to: a pointer says that something is there, not that it
// is about the same child as another entry.
bool shows_subject(const Directory& directory, const v1::EventRecord& event,
                   const v1::Recipient& recipient) {
  return disclose(directory, event, recipient).level <= v1::DISCLOSURE_SUMMARY;
}

// What people and corrections made of the delivery since it was told.
void add_state(const v1::DeliveryRecord& state, v1::Notice& n) {
  if (state.attention() != v1::ATTENTION_UNSPECIFIED) n.set_attention(state.attention());
  if (state.acknowledge_by_us() != 0) n.set_acknowledge_by_us(state.acknowledge_by_us());
  n.set_handed_to(state.handed_to());
  n.set_nudge(state.nudge());
  n.set_passed_level(state.overdue_level());
  for (const auto* step : standing_acts(state)) {
    if (step->state() == v1::DELIVERY_STATE_FINISHED) n.set_not_ours(step->not_ours());
    if (step->state() != v1::DELIVERY_STATE_ACKNOWLEDGED) continue;
    *n.mutable_picked_up_by() = step->actor();
    n.set_picked_up_us(step->at_us());
  }
  if (state.corrected() != v1::CORRECTION_NATURE_UNSPECIFIED) n.set_corrected(state.corrected());
}

void add_digest(const ChangeEntry& entry, v1::Notice& n) {
  *n.mutable_digest() = entry.change.digest();
  for (int i = 0; i < n.digest_size() && static_cast<size_t>(i) < entry.digest_ids.size(); ++i) {
    n.mutable_digest(i)->set_event_id(entry.digest_ids[static_cast<size_t>(i)]);
  }
  n.set_digest_more(entry.change.digest_more());
  if (n.digest_size() > 0) n.set_urgency(n.digest(0).urgency());  // the most urgent stands first
}

}  // namespace

bool says_why(v1::Cause cause) {
  return cause == v1::CAUSE_ESCALATION || cause == v1::CAUSE_REROUTE || cause == v1::CAUSE_HANDOVER;
}

v1::Notice placeholder_notice(v1::PlaceholderReason reason, uint64_t position) {
  v1::Notice notice;
  notice.set_type(v1::ENTRY_TYPE_PLACEHOLDER);
  notice.set_placeholder(reason);
  notice.set_position(position);
  return notice;
}

std::string correction_reason(std::string_view header) {
  v1::EventHeader parsed;
  if (!parsed.ParseFromArray(header.data(), static_cast<int>(header.size()))) return {};
  return parsed.correction().reason().substr(0, limits::kTextBytesMax);
}

v1::Notice delivery_notice(const Directory& directory, const Secrets& secrets,
                           const v1::EventRecord& event, uint64_t position,
                           const v1::Recipient& recipient, const v1::DeliveryRecord* state) {
  const Disclosed shown = disclose(directory, event, recipient);
  if (shown.level == v1::DISCLOSURE_WITHHELD) {
    return placeholder_notice(v1::PLACEHOLDER_REASON_WITHHELD, position);
  }
  v1::Notice n;
  n.set_type(v1::ENTRY_TYPE_DELIVERY);
  n.set_position(position);
  n.set_event_id(event.event_id());
  n.set_disclosure(shown.level);
  const bool changed = state != nullptr && state->attention() != v1::ATTENTION_UNSPECIFIED;
  n.set_attention(changed ? state->attention() : recipient.attention());
  n.set_urgency(event.urgency());
  n.set_cause(recipient.cause());
  n.set_route(recipient.route());
  n.set_rule_version(recipient.rule_version());
  n.set_accepted_us(event.accepted_us());
  n.set_occurred_us(event.occurred_earliest_us());
  n.set_acknowledge_by_us(recipient.acknowledge_by_us());
  n.set_unverified_identity(event.unverified_identity());
  n.set_unknown_kind(event.unknown_kind());
  n.set_test(event.environment() == v1::ENVIRONMENT_TEST || event.probe());
  n.set_reused_source_id(event.reused_source_id());
  n.set_overdue_level(recipient.overdue_level());
  add_contacts(event, n);
  add_correction(event, n);
  n.set_joined(joined(recipient));
  if (says_why(recipient.cause())) n.set_outcome(recipient.facts());
  if (shown.level <= v1::DISCLOSURE_SUMMARY) {
    n.set_subject(subject_name(secrets, recipient.team_handle(), event.subject()));
    *n.mutable_unanswered() = event.unanswered();
  }
  add_clocks(directory, event, recipient, state, n);
  n.set_state(state == nullptr ? v1::DELIVERY_STATE_QUEUED : state_of(*state));
  if (state != nullptr) add_state(*state, n);
  return n;
}

v1::Notice change_notice(const Directory& directory, const Secrets& secrets, ChangeEntry entry) {
  const v1::ChangeRecord& change = entry.change;
  v1::Notice n;
  n.set_type(v1::ENTRY_TYPE_CHANGE);
  n.set_position(change.event_position());
  n.set_change(change.change());
  n.set_refers_to(change.refers_to());
  if (change.has_actor()) *n.mutable_actor() = change.actor();
  n.set_outcome(std::move(entry.outcome));
  n.set_overdue_level(change.overdue_level());
  n.set_about_team(change.about_team());
  n.set_handed_to(change.to_team());
  n.set_not_ours(change.not_ours());
  n.set_accepted_us(change.at_us());
  n.set_corrected(change.corrected());
  n.set_nudge(change.nudge());
  n.set_unavoidable(change.unavoidable());
  n.set_clock(change.clock());
  add_digest(entry, n);
  if (entry.event == nullptr) return n;
  n.set_event_id(entry.event->event_id());
  n.set_urgency(entry.event->urgency());
  add_contacts(*entry.event, n);
  // What a team sent is its own agency's; what it was told is shown as the delivery is.
  const bool shown =
      entry.log.log == store::Log::kSent ||
      (entry.recipient != nullptr && shows_subject(directory, *entry.event, *entry.recipient));
  if (shown) n.set_subject(subject_name(secrets, entry.log.team, entry.event->subject()));
  return n;
}

}  // namespace switchboard::core
