#include "broker/core/journey.h"

#include <algorithm>

#include "broker/core/ladder.h"
#include "broker/core/notice.h"
#include "broker/store/payload.h"
#include "broker/store/rows.h"

namespace switchboard::core {
namespace {

Status add_steps(const store::Reads& reads, const SealKey* seal, const v1::DeliveryRecord& delivery,
                 v1::JourneyRecipient& out) {
  for (const auto& from : delivery.steps()) {
    v1::JourneyStep& step = *out.add_steps();
    step.set_state(from.state());
    step.set_at_us(from.at_us());
    if (from.has_actor()) *step.mutable_actor() = from.actor();
    step.set_overdue_level(from.overdue_level());
    step.set_act(from.act());
    step.set_not_ours(from.not_ours());
    step.set_to_team(from.to_team());
    step.set_clock(from.clock());
    step.set_unavoidable(from.unavoidable());
    if (seal == nullptr) continue;
    TRY(auto outcome,
        store::read_text(reads, *seal, delivery.event_position(), from.sealed_outcome()));
    step.set_outcome(std::move(outcome));
  }
  return ok();
}

// The first of the team's endpoints to have stored the delivery.
Status add_receipt(const store::Reads& reads, const std::vector<store::Cursor>& cursors,
                   const v1::Recipient& from, v1::JourneyRecipient& out) {
  const store::LogId log{from.team_handle(), store::Log::kInbox};
  int64_t first_us = 0;
  std::string endpoint;
  for (const auto& cursor : cursors) {
    if (cursor.log != log) continue;  // a cursor set back by a replay has received it all the same
    TRY(const int64_t at_us,
        store::read_receipt_time(reads, log, cursor.record.endpoint(), from.number()));
    if (at_us != 0 && (first_us == 0 || at_us < first_us)) {
      first_us = at_us;
      endpoint = cursor.record.endpoint();
    }
  }
  if (first_us == 0) return ok();
  v1::JourneyStep& step = *out.add_steps();
  step.set_state(v1::DELIVERY_STATE_RECEIVED);
  step.set_at_us(first_us);
  step.set_endpoint(endpoint);
  out.set_state(v1::DELIVERY_STATE_RECEIVED);
  return ok();
}

void add_decision(const Directory& directory, const v1::Recipient& from,
                  v1::JourneyRecipient& out) {
  const v1::Team* team = directory.team(from.team());
  out.set_team(from.team());
  out.set_team_name(team == nullptr ? std::string() : team->name());
  out.set_number(from.number());
  out.set_cause(from.cause());
  out.set_route(from.route());
  out.set_rule_version(from.rule_version());
  out.set_facts(from.facts());
  out.set_attention(from.attention());
  out.set_acknowledge_by_us(from.acknowledge_by_us());
  out.set_added_us(from.added_us());
  out.set_policy_row(from.policy_row());
  out.set_policy_version(from.policy_version());
  out.set_receive_by_us(from.receive_by_us());
  out.set_group(from.group());
  out.set_overdue_level(from.overdue_level());
}

Status add_corrections(const store::Reads& reads, uint64_t position, v1::Journey& out) {
  TRY(const auto corrections, store::corrections_of(reads, position));
  for (const uint64_t by : corrections) {
    TRY(const auto event, store::read_event(reads, by));
    if (event) out.add_corrected_by(event->event_id());
  }
  return ok();
}

// Nothing where the event was erased.
Status add_reason(const store::Reads& reads, const SealKey& seal, const v1::EventRecord& event,
                  uint64_t position, v1::Journey& out) {
  if (event.correction() == v1::CORRECTION_NATURE_UNSPECIFIED) return ok();
  const auto opened = store::read_payload(reads, seal, position, {v1::SECTION_KIND_HEADER});
  if (opened.ok()) out.set_correction_reason(correction_reason(opened->header));
  if (!opened.ok() && opened.error().code != v1::CODE_NOT_FOUND) return opened.error();
  return ok();
}

}  // namespace

Result<v1::JourneyRecipient> journey_of(const store::Reads& reads, const Directory& directory,
                                        const SealKey* seal,
                                        const std::vector<store::Cursor>& cursors,
                                        const v1::Recipient& recipient) {
  v1::JourneyRecipient out;
  add_decision(directory, recipient, out);
  out.set_state(v1::DELIVERY_STATE_QUEUED);
  TRY_DO(add_receipt(reads, cursors, recipient, out));
  TRY(const auto delivery,
      store::read_delivery(reads, recipient.team_handle(), recipient.number()));
  if (!delivery) return out;
  out.set_action_by_us(delivery->action_by_us());
  out.set_overdue_level(std::max(out.overdue_level(), delivery->overdue_level()));
  TRY_DO(add_steps(reads, seal, *delivery, out));
  if (delivery->nudge() != v1::NUDGE_STATE_UNSPECIFIED) {  // the newest; when is in the inbox
    out.add_steps()->set_nudge(delivery->nudge());
  }
  if (state_of(*delivery) != v1::DELIVERY_STATE_QUEUED) out.set_state(state_of(*delivery));
  return out;
}

std::string_view words(v1::Disposition disposition) {
  switch (disposition) {
    case v1::DISPOSITION_ROUTED:
      return "routed";
    case v1::DISPOSITION_UNROUTED:
      return "unrouted";
    case v1::DISPOSITION_NOTED:
      return "noted";
    case v1::DISPOSITION_QUARANTINED:
      return "quarantined";
    case v1::DISPOSITION_HELD:
      return "held";
    case v1::DISPOSITION_SHADOWED:
      return "shadowed";
    default:
      return "unknown";
  }
}

Result<v1::Journey> journey(const store::Reads& reads, const Directory& directory,
                            const SealKey* seal, uint64_t position) {
  TRY(const auto event, store::read_event(reads, position));
  if (!event) return error(v1::CODE_NOT_FOUND, "no such event");
  v1::Journey out;
  out.set_event_id(event->event_id());
  out.set_agency(event->agency());
  out.set_system(event->system());
  out.set_kind(event->kind());
  out.set_urgency(event->urgency());
  out.set_occurred_us(event->occurred_earliest_us());
  out.set_accepted_us(event->accepted_us());
  out.set_position(position);
  out.set_disposition(std::string(words(event->disposition())));
  if (event->code() != v1::CODE_OK) out.set_code(v1::Code_Name(event->code()));
  out.set_source_message_id(event->source_message_id());
  out.set_corrects_event_id(event->corrects_event_id());
  out.set_unverified_identity(event->unverified_identity());
  out.set_trigger(event->trigger());
  out.set_identity_change(event->identity_change());
  out.set_held_until_us(event->held_until_us());
  for (const auto& r : event->shadow()) add_decision(directory, r, *out.add_shadow());
  TRY_DO(add_corrections(reads, position, out));
  if (seal != nullptr) TRY_DO(add_reason(reads, *seal, *event, position, out));
  TRY(const auto cursors, store::read_cursors(reads));
  TRY(const auto recipients, store::read_recipients(reads, position));
  for (const auto& recipient : recipients) {
    TRY(auto part, journey_of(reads, directory, seal, cursors, recipient));
    *out.add_recipients() = std::move(part);
  }
  return out;
}

}  // namespace switchboard::core
