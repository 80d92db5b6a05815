#include "broker/core/nudge_reports.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/correction.h"
#include "broker/core/inbox.h"
#include "broker/core/nudge.h"
#include "broker/core/nudge_text.h"
#include "broker/core/shadow.h"
#include "broker/core/stand_in.h"
#include "broker/store/nudge_rows.h"

namespace switchboard::core {
namespace {

std::string_view via_words(v1::NudgeVia via) {
  return via == v1::NUDGE_VIA_WEBHOOK ? "webhook" : "mail";
}

void note(Turn& turn, const v1::NudgeRecord& record, const std::string& principal,
          const std::string& what) {
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_RECEIVED);
  entry.set_principal(principal);
  entry.set_team(record.team());
  entry.set_text("nudge by " + std::string(via_words(record.via())) + ": " + what);
  const std::string row = record.SerializeAsString();
  entry.set_digest(std::string(view(keyed_hash(turn.secrets.digest, row))));
}

std::optional<uint64_t> position_of(Turn& turn, const std::string& reference) {
  const auto id = id_from_bytes(reference);
  if (!id) return std::nullopt;
  const auto known = turn.journal.take(find_known(turn.journal, *id, {}));
  return known ? std::optional(known->position) : std::nullopt;
}

v1::ChangeRecord nudged(const Turn& turn, const Delivery& delivery, v1::NudgeState state) {
  v1::ChangeRecord change;
  change.set_change(v1::CHANGE_NUDGED);
  change.set_refers_to(delivery.number());
  change.set_event_position(delivery.event_position);
  change.set_at_us(turn.now.us);
  change.set_about_team(delivery.recipient.team());
  change.set_nudge(state);
  return change;
}

// Each delivery that a nudge stands for; the sender, who is told of another's delay, has none.
template <typename Act>
void for_each_item(Turn& turn, const v1::NudgeRecord& record, Act act) {
  const v1::Team* team = turn.directory.team(record.team());
  if (team == nullptr) return;
  for (const auto& reference : record.references()) {
    const auto position = position_of(turn, reference);
    if (!position) continue;
    const auto delivery = find_delivery_of(turn, *position, team->handle());
    if (delivery) act(*delivery, team->handle());
  }
}

// The state is shown on each item it stands for.
void tell_items(Turn& turn, const v1::NudgeRecord& record) {
  for_each_item(turn, record, [&](const Delivery& delivery, store::TeamHandle team) {
    set_nudge_state(turn, delivery.event_position, team, delivery.number(), record.state());
    append_change(turn, delivery.inbox(), nudged(turn, delivery, record.state()),
                  delivery.event.urgency());
  });
}

v1::Recipient instead_of(const Turn& turn, const v1::Team& to, const Delivery& o, const Id& id) {
  v1::Recipient r;
  r.set_team(to.id());
  r.set_team_handle(to.handle());
  r.set_cause(v1::CAUSE_ESCALATION);
  r.set_route("nudge");
  r.set_facts("no nudge reached " + o.team->id());
  r.set_attention(v1::ATTENTION_ACT);
  r.set_added_us(turn.now.us);
  r.set_cause_id(std::string(id.view()));
  return r;
}

// Who has the event learns of it there; another gets a delivery.
void tell(Turn& turn, const Delivery& o, const v1::Team& team, const Id& id,
          std::vector<v1::Recipient>& added) {
  if (team.id() == o.team->id() || !same_environment(team, o.event)) return;
  const auto is_team = [&](const auto& r) { return r.team() == team.id(); };
  const auto has = std::find_if(o.told.begin(), o.told.end(), is_team);
  if (has != o.told.end()) {
    auto change = nudged(turn, o, v1::NUDGE_STATE_FAILED);
    change.set_refers_to(has->number());
    append_change(turn, {team.handle(), store::Log::kInbox}, std::move(change), o.event.urgency());
  } else if (std::none_of(added.begin(), added.end(), is_team)) {
    added.push_back(instead_of(turn, team, o, id));
  }
}

// Those told are nudged in their turn if they are not there; each team once per event, so it ends.
void escalate(Turn& turn, const Delivery& o) {
  const Id id = unreachable_id(o.event.event_id(), o.team->id());
  if (store::escalated(turn.journal, id)) return;
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_ESCALATED);
  const uint64_t position = entry.position();
  entry.set_event_position(o.event_position);
  entry.set_team(o.team->id());
  entry.set_number(o.number());
  entry.set_text("no nudge reached the team");
  store::write_escalated(turn.journal, id, position);
  std::vector<v1::Recipient> added;
  if (const v1::Team* next = next_team(turn.directory, *o.team, o.event.audience())) {
    tell(turn, o, *next, id, added);
  }
  if (const v1::Team* sender = sender_of(turn, o.event)) {
    auto change = nudged(turn, o, v1::NUDGE_STATE_FAILED);
    change.set_refers_to(0);
    append_change(turn, {sender->handle(), store::Log::kSent}, std::move(change),
                  o.event.urgency());
    tell(turn, o, *sender, id, added);
  }
  add_recipients(turn, o.event_position, o.event.urgency(), std::move(added), position);
  correct_newcomers(turn, o.event_position, position);
}

void give_up(Turn& turn, v1::NudgeRecord record, const std::string& principal) {
  record.set_state(v1::NUDGE_STATE_FAILED);
  store::write_nudge(turn.journal, record);
  store::stop_gathering(turn.journal, record);
  note(turn, record, principal, "given up: " + record.why());
  tell_items(turn, record);
  for_each_item(turn, record, [&](const Delivery& delivery, store::TeamHandle) {
    const bool waits = delivery.state() < v1::DELIVERY_STATE_ACKNOWLEDGED;
    if (delivery.attention() == v1::ATTENTION_ACT && waits) escalate(turn, delivery);
  });
}

Duration pause_after(uint32_t attempts) {
  int64_t us = limits::kNudgeRetryUs;
  for (uint32_t i = 1; i < attempts && us < limits::kNudgeRetryUsMax; ++i) us *= 2;
  return {std::min(us, limits::kNudgeRetryUsMax)};
}

v1::NudgeJob job_of(Turn& turn, const v1::NudgeRecord& record) {
  v1::NudgeJob job;
  job.set_nudge_id(record.nudge_id());
  job.set_team(record.team());
  job.set_via(record.via());
  job.set_address(record.address());
  job.set_attempts(record.attempts());
  auto words = nudge_text(turn, record);
  job.set_subject(std::move(words.subject));
  job.set_text(std::move(words.text));
  return job;
}

v1::NudgeJob hand_out(Turn& turn, v1::NudgeRecord record) {
  record.set_attempts(record.attempts() + 1);
  record.set_next_try_us(turn.now.us + limits::kNudgeHoldUs);
  store::write_nudge(turn.journal, record);
  store::stop_gathering(turn.journal, record);  // what comes now is another tap
  return job_of(turn, record);
}

}  // namespace

Id unreachable_id(std::string_view event_id, std::string_view team) {
  return make_id({0}, Hasher().add("switchboard nudge failed 1").add(event_id).add(team).finish());
}

std::vector<v1::NudgeJob> take_nudges(Turn& turn, const v1::PrincipalRow& who, uint32_t limit,
                                      NudgeReader reader) {
  const int64_t until_us = reader == NudgeReader::kAnew ? INT64_MAX - 1 : turn.now.us;
  auto waiting = turn.journal.take_or_default(
      store::waiting_nudges(turn.journal, 0, until_us, limits::kNudgesLookedAtMax));
  std::stable_sort(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
    if (a.urgency() != b.urgency()) return a.urgency() > b.urgency();
    return a.oldest_us() < b.oldest_us();
  });
  const uint32_t most = limit == 0 ? limits::kNudgesPerPageMax : limit;
  waiting.resize(std::min<size_t>(waiting.size(), std::min(most, limits::kNudgesPerPageMax)));
  std::vector<v1::NudgeJob> jobs;
  for (auto& record : waiting) jobs.push_back(hand_out(turn, std::move(record)));
  if (jobs.empty()) return jobs;
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_DISCLOSED);
  entry.set_principal(who.id());
  entry.set_text("nudges handed out: " + std::to_string(jobs.size()));
  return jobs;
}

void nudge_reported(Turn& turn, const v1::PrincipalRow& who, const v1::NudgeReport& report) {
  const auto id = id_from_bytes(report.nudge_id());
  if (!id) return;
  auto record = turn.journal.take(store::read_nudge(turn.journal, *id));
  if (!record || record->state() != v1::NUDGE_STATE_WAITING) return;
  record->set_why(report.why().substr(0, limits::kNudgeWhyBytesMax));
  if (report.state() == v1::NUDGE_STATE_SENT) {
    record->set_state(v1::NUDGE_STATE_SENT);
    store::write_nudge(turn.journal, *record);
    note(turn, *record, who.id(), "sent");
    return tell_items(turn, *record);
  }
  const bool enough = record->attempts() >= limits::kNudgeAttemptsMax;
  if (enough || report.state() == v1::NUDGE_STATE_FAILED) {
    return give_up(turn, std::move(*record), who.id());
  }
  record->set_next_try_us((turn.now + pause_after(record->attempts())).us);
  store::write_nudge(turn.journal, *record);
  note(turn, *record, who.id(), "not yet: " + record->why());
}

size_t give_up_untaken(Turn& turn, int64_t from_us, size_t limit) {
  auto dead = turn.journal.take_or_default(store::waiting_nudges(
      turn.journal, from_us, turn.now.us - limits::kNudgeUntakenUsMax, limit));
  for (auto& record : dead) {
    record.set_why("the nudge program did not send it in time");
    give_up(turn, std::move(record), {});
  }
  return dead.size();
}

}  // namespace switchboard::core
