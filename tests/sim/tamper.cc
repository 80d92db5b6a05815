#include "tests/sim/tamper.h"

#include "broker/store/records.h"
#include "broker/store/task_rows.h"

namespace switchboard::sim {
namespace {

using kv::Family;

// The keys of a family that begin so.
std::vector<std::string> keys_of(const support::HubCore& hub, Family family,
                                 const std::string& prefix) {
  std::vector<std::string> keys;
  const auto rows = hub.kv().scan(family, prefix, kv::prefix_end(prefix));
  for (; rows->valid(); rows->next()) keys.emplace_back(rows->key());
  return keys;
}

void erase_all(support::HubCore& hub, Family family, const std::string& prefix, size_t length) {
  kv::Batch batch;
  for (const auto& key : keys_of(hub, family, prefix)) {
    if (length == 0 || key.size() == length) batch.erase(family, key);
  }
  CHECK(hub.kv().write_synced(batch).ok());
}

void drop_last_entry(support::HubCore& hub) {
  const auto log = hub.inbox_of("X99-HV");
  const uint64_t head = store::read_log_head(hub.kv(), log).value();
  if (head == 0) return;
  kv::Batch batch;
  batch.erase(Family::kInbox, store::key::inbox(log, head));
  CHECK(hub.kv().write_synced(batch).ok());
  hub.crash();  // heads are read anew
}

void remove_recipient(support::HubCore& hub) {
  for (const auto& key : keys_of(hub, Family::kEvent, "")) {
    if (key.size() != 8) continue;
    v1::EventRecord record = hub.event(store::key::trailing_u64(key));
    if (record.recipients_size() == 0) continue;
    record.mutable_recipients()->RemoveLast();
    kv::Batch batch;
    batch.put(Family::kEvent, key, record.SerializeAsString());
    CHECK(hub.kv().write_synced(batch).ok());
    return;
  }
}

void finish_first_delivery(support::HubCore& hub) {
  v1::DeliveryRecord record = hub.delivery("X99-HV", 1);
  record.set_state(v1::DELIVERY_STATE_FINISHED);
  kv::Batch batch;
  batch.put(Family::kState, store::key::delivery(hub.team("X99-HV").handle(), 1),
            record.SerializeAsString());
  CHECK(hub.kv().write_synced(batch).ok());
}

// What was passed on to a team has ended there, as it had where it came from.
void lose_what_was_passed_on(support::HubCore& hub) {
  for (const auto& [id, team] : hub.core().directory()->teams()) {
    const uint64_t head = store::read_log_head(hub.kv(), hub.inbox_of(id)).value();
    for (uint64_t number = 1; number <= head; ++number) {
      v1::DeliveryRecord record = hub.delivery(id, number);
      if (record.steps_size() != 1 || record.steps(0).act() != v1::ACT_KIND_NOT_OURS) continue;
      if (record.steps(0).actor().team() == id) continue;
      record.mutable_steps(0)->set_state(v1::DELIVERY_STATE_FINISHED);
      record.set_state(v1::DELIVERY_STATE_FINISHED);
      kv::Batch batch;
      batch.put(Family::kState, store::key::delivery(hub.team(id).handle(), number),
                record.SerializeAsString());
      CHECK(hub.kv().write_synced(batch).ok());
    }
  }
}

void end_first_task(support::HubCore& hub) {
  const auto open = hub.tasks("X26-SAFETY");
  if (open.empty()) return;
  v1::TaskRecord task = open.front();
  task.mutable_task()->set_state(v1::TASK_STATE_DONE);
  kv::Batch batch;
  batch.put(Family::kState, store::key::task(task.task().task_id()), task.SerializeAsString());
  CHECK(hub.kv().write_synced(batch).ok());
}

void alter_block(support::HubCore& hub, Random& random) {
  const auto keys = keys_of(hub, Family::kAudit, "");
  const std::string& key = keys[random.below(keys.size())];
  std::string block = hub.kv().get(Family::kAudit, key).value().value();
  v1::AuditBlock altered;
  CHECK(altered.ParseFromString(block));
  altered.set_time_us(altered.time_us() + 1);
  kv::Batch batch;
  batch.put(Family::kAudit, key, altered.SerializeAsString());
  CHECK(hub.kv().write_synced(batch).ok());
}

// The escalation and its due row are as if it had never been made.
void forget_escalations(support::HubCore& hub) {
  kv::Batch batch;
  for (const auto& key : keys_of(hub, Family::kDedupe, "X")) {
    if (key.size() == 17) batch.erase(Family::kDedupe, key);
  }
  const auto log = hub.inbox_of("X99-HV");
  const uint64_t head = store::read_log_head(hub.kv(), log).value();
  for (uint64_t number = 1; number <= head; ++number) {
    v1::DeliveryRecord record = hub.delivery("X99-HV", number);
    if (record.overdue_level() == 0 || record.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED) continue;
    record.set_clock(v1::DUE_CLOCK_ACKNOWLEDGE);
    record.set_clock_us(hub.now.us);
    record.set_level(1);
    batch.put(Family::kState, store::key::delivery(log.team, number), record.SerializeAsString());
    batch.put(Family::kState,
              store::key::due({.at_us = hub.now.us, .team = log.team, .number = number}), {});
  }
  CHECK(hub.kv().write_synced(batch).ok());
}

// Of the first team: its deliveries whose first level was told wait for no second one.
void stop_after_first_level(support::HubCore& hub) {
  kv::Batch batch;
  const auto log = hub.inbox_of("X99-HV");
  const uint64_t head = store::read_log_head(hub.kv(), log).value();
  for (uint64_t number = 1; number <= head; ++number) {
    v1::DeliveryRecord record = hub.delivery("X99-HV", number);
    if (record.overdue_level() != 1 || record.clock() != v1::DUE_CLOCK_ACKNOWLEDGE) continue;
    batch.erase(Family::kState, store::key::due({.at_us = record.clock_us(),
                                                 .team = log.team,
                                                 .number = number,
                                                 .level = static_cast<uint8_t>(record.level())}));
    record.clear_clock();
    batch.put(Family::kState, store::key::delivery(log.team, number), record.SerializeAsString());
  }
  CHECK(hub.kv().write_synced(batch).ok());
}

// The last mark of a level stands twice on its delivery.
void mark_twice(support::HubCore& hub) {
  const auto log = hub.inbox_of("X99-HV");
  const uint64_t head = store::read_log_head(hub.kv(), log).value();
  for (uint64_t number = 1; number <= head; ++number) {
    v1::DeliveryRecord record = hub.delivery("X99-HV", number);
    if (record.overdue_level() == 0) continue;
    const v1::DeliveryRecord before = record;
    if (before.steps_size() > 16) return;
    for (const auto& step : before.steps()) {
      if (step.overdue_level() > 0) *record.add_steps() = step;
    }
    kv::Batch batch;
    batch.put(Family::kState, store::key::delivery(log.team, number), record.SerializeAsString());
    CHECK(hub.kv().write_synced(batch).ok());
    return;
  }
}

// Nobody is asked to send what waits.
void lose_nudges(support::HubCore& hub) {
  erase_all(hub, Family::kState, store::key::waiting_nudge_from(0).substr(0, 1), 1 + 8 + 16);
}

void forget_due(support::HubCore& hub, store::DueKind kind) {
  kv::Batch batch;
  for (const auto& key : keys_of(hub, Family::kState, "T")) {
    const auto due = store::key::read_due(key);
    if (due && due->kind == kind) batch.erase(Family::kState, key);
  }
  CHECK(hub.kv().write_synced(batch).ok());
}

void forget_outboxes(support::HubCore& hub) {
  erase_all(hub, Family::kState, store::key::outbox_prefix(), 1 + 8 + 16);
  hub.crash();  // they are read anew
}

}  // namespace

void tamper(Bug bug, support::HubCore& hub, Random& random) {
  switch (bug) {
    case Bug::kLostDedupe:
      return erase_all(hub, Family::kDedupe, "", 24);
    case Bug::kReusedNumber:
      return drop_last_entry(hub);
    case Bug::kSkippedEscalation:
      return erase_all(hub, Family::kState, "T", 23);
    case Bug::kForgottenCorrection:
      return erase_all(hub, Family::kState, "K", 13);
    case Bug::kRemovedRecipient:
      return remove_recipient(hub);
    case Bug::kEndedByItself:
      return finish_first_delivery(hub);
    case Bug::kLostHandOver:
      return lose_what_was_passed_on(hub);
    case Bug::kTaskEndedByItself:
      return end_first_task(hub);
    case Bug::kBrokenChain:
      return alter_block(hub, random);
    case Bug::kCountedTwice:
      return forget_outboxes(hub);
    case Bug::kSkippedLevel:
      return stop_after_first_level(hub);
    case Bug::kDoubledLevel:
      return mark_twice(hub);
    case Bug::kLostNudge:
      return lose_nudges(hub);
    case Bug::kForgottenTask:
      return forget_due(hub, store::DueKind::kTask);
    case Bug::kForgottenHeld:
      return forget_due(hub, store::DueKind::kHeld);
    case Bug::kRepeatedEscalation:
      return forget_escalations(hub);
    default:
      return;
  }
}

}  // namespace switchboard::sim
