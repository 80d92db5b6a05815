#include "broker/core/notice.h"

#include "broker/base/limits.h"
#include "broker/core/disclose.h"
#include "broker/core/ladder.h"
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

// Only for whom the event itself is shown to: a pointer says that something is there, not that it
// is about the same child as another entry.
bool shows_subject(const Directory& directory, const v1::EventRecord& event,
                   const v1::Recipient& recipient) {
  return disclose(directory, event, recipient).level <= v1::DISCLOSURE_SUMMARY;
}

}  // namespace

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
  n.set_attention(recipient.attention());
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
  if (recipient.cause() == v1::CAUSE_ESCALATION) n.set_outcome(recipient.facts());
  if (shown.level <= v1::DISCLOSURE_SUMMARY) {
    n.set_subject(subject_name(secrets, recipient.team_handle(), event.subject()));
    *n.mutable_unanswered() = event.unanswered();
  }
  n.set_state(state == nullptr ? v1::DELIVERY_STATE_QUEUED : state_of(*state));
  if (state != nullptr && state->corrected() != v1::CORRECTION_NATURE_UNSPECIFIED) {
    n.set_corrected(state->corrected());
  }
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
  n.set_accepted_us(change.at_us());
  n.set_corrected(change.corrected());
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
