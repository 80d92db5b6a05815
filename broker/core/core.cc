#include "broker/core/core.h"

#include <algorithm>

#include "broker/base/ledger_bucket.h"
#include "broker/base/limits.h"
#include "broker/core/act.h"
#include "broker/core/adapter_ledgers.h"
#include "broker/core/clearing.h"
#include "broker/core/deadline.h"
#include "broker/core/epoch.h"
#include "broker/core/in_force.h"
#include "broker/core/index_event.h"
#include "broker/core/join.h"
#include "broker/core/key_expiry.h"
#include "broker/core/master_check.h"
#include "broker/store/audit_chain.h"
#include "broker/store/records.h"

namespace switchboard::core {

Core::Core(store::Journal& journal, const HashKey& master) : journal_(journal), secrets_(master) {}

Result<std::unique_ptr<Core>> Core::open(store::Journal& journal, const HashKey& master) {
  std::unique_ptr<Core> core(new Core(journal, master));
  TRY_DO(core->load());
  return core;
}

Status Core::load() {
  TRY(const auto head, store::read_head(journal_));
  if (head) {
    head_.epoch = head->epoch();
    head_.position = head->position();
    head_.time = {head->time_us()};
    head_.events = head->events();
    head_.quarantined = head->quarantined();
    head_.openings = head->openings();
    if (head->head().size() != kHashBytes) return error(v1::CODE_INTERNAL, "corrupt head row");
    head_.chain = to_hash(head->head());
  }
  TRY_DO(newest_sources_.load(journal_));
  TRY_DO(index_again(journal_, secrets_, {head_.position, newest_sources_, damage_}));
  TRY(directory_, Directory::load(journal_));
  TRY_DO(newest_ids_.load(journal_));
  TRY(auto cursors, store::read_cursors(journal_));
  for (auto& cursor : cursors) {
    CursorState& state = cursors_[{cursor.log, cursor.record.endpoint()}];
    TRY(state.received, store::read_last_receipt(journal_, cursor.log, cursor.record.endpoint()));
    state.record = std::move(cursor.record);
  }
  TRY(any_held_, store::any_held(journal_));
  TRY_DO(ledger_.load(journal_));
  TRY_DO(snapshots_.load(journal_));
  TRY(const auto joins, store::read_joins(journal_, 1));
  joins_wait_ = !joins.empty();
  TRY_DO(probes_.load(journal_));
  TRY_DO(check_master(journal_, secrets_));
  return recovery_.load(journal_);
}

void Core::begin(Time now, const std::array<uint8_t, 32>& seed) {
  // §11: never goes back, neither behind the last commit nor behind the last reading: a tick has
  // already looked for what is due up to there.
  now_ = std::max({now, now_, head_.time});
  entropy_.emplace(seed);
  audit_.begin(head_, now_);
  due_floor_us_ = std::min(due_floor_us_, journal_.take_lowest_due_us());
  appended_.clear();
  events_.clear();
  promised_ = false;
}

Turn Core::turn() {
  return {journal_,        *directory_, secrets_,   logs_,     audit_,
          *entropy_,       now_,        appended_,  events_,   newest_ids_,
          newest_sources_, policies_,   opened_at_, any_held_, directory_changed_,
          joins_wait_,     damage_};
}

Answer Core::publish(const v1::PrincipalRow& who, const ItemView& item) {
  Turn t = turn();
  promised_ = true;
  Answer answer = core::publish(t, who, item, scratch_);
  if (answer.code == v1::CODE_OK && is_probe(scratch_.admitted.header)) {
    probes_.sent(journal_, events_.back().record, answer.position);
  }
  return answer;
}

Answer Core::publish(const v1::PrincipalRow& who, const ItemView& item, const OutboxItem& at) {
  Answer answer = publish(who, item);
  const auto bucket = bucket_of(scratch_.admitted.header, who.environment());
  ledger_.count(journal_, who, at, {bucket, item.taken_us}, answer.code, now_);
  return answer;
}
Answer Core::tell_ledgers(const v1::PrincipalRow& who, const v1::AdapterLedgers& told) {
  Turn t = turn();
  promised_ = true;
  return core::tell_ledgers(t, who, told);
}

Answer Core::clear_quarantined(const v1::PrincipalRow& who, const v1::ClearQuarantined& request) {
  Turn t = turn();
  promised_ = true;
  return core::clear_quarantined(t, who, request);
}

void Core::disclosed(const v1::PrincipalRow& who, const v1::ReadQuarantine& read) {
  const auto which =
      own_quarantined(journal_, {who.agency(), who.system()}, read.event_id(), read.position());
  if (!which.ok()) return;  // nothing will be shown
  v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_DISCLOSED);
  entry.set_event_position(*which);
  entry.set_principal(who.id());
  entry.set_person(read.viewer().person());
  entry.set_text("a quarantined message, whole, to its sender");
  promised_ = true;
}

v1::ActOutcome Core::act(const v1::PrincipalRow& who, const v1::Act& act) {
  Turn t = turn();
  promised_ = true;
  v1::ActOutcome outcome = core::act(t, who, act);
  const bool named = !act.event_id().empty() || !act.task_id().empty();
  const bool may_come = recovery_.recovering() && named;
  if (outcome.code() == v1::CODE_NOT_FOUND && may_come) {
    outcome.set_code(v1::CODE_RECOVERING);
    outcome.set_text("its event has not been sent again yet");
  }
  return outcome;
}

v1::Applied Core::apply(const v1::PrincipalRow& who, const std::string& person,
                        const v1::Apply& change) {
  Turn t = turn();
  promised_ = true;
  auto applied = apply_directory(t, who, person, change);
  directory_changed_ = directory_changed_ || (applied.problems_size() == 0 && !change.dry_run());
  return applied;
}

const v1::PrincipalRow* Core::principal(std::string_view id) const {
  const auto* row = directory_->principal(id);
  return row != nullptr && in_force(*row, now_) ? row : nullptr;
}
const v1::PrincipalRow* Core::principal_by_key(std::string_view public_key) const {
  const auto* row = directory_->principal_by_key(public_key);
  return row != nullptr && in_force(*row, now_) ? row : nullptr;
}

std::vector<std::string> Core::expire_keys() {
  Turn t = turn();
  auto recorded = record_expired(t);
  promised_ = promised_ || !recorded.empty();
  return recorded;
}

// P9: a team reads only its own logs.
const v1::Team* Core::readable_team(const v1::PrincipalRow& who, const std::string& id) const {
  const bool endpoint =
      std::find(who.roles().begin(), who.roles().end(), v1::ROLE_ENDPOINT) != who.roles().end();
  const bool own = std::find(who.teams().begin(), who.teams().end(), id) != who.teams().end();
  return endpoint && own ? directory_->team(id) : nullptr;
}

void Core::begin_epoch(uint64_t past) {
  v1::OpeningRecord opening;
  opening.set_epoch(next_epoch(std::max(past, head_.epoch), now_, *entropy_));
  opening.set_after(head_.position);
  opening.set_after_us(head_.time.us);
  opening.set_head(std::string(view(head_.chain)));
  opening.set_time_us(now_.us);
  audit_.begin_epoch(opening.epoch());
  logs_.begin_epoch(opening.epoch());
  store::write_opening(journal_, opening);
}

void Core::opened() {
  begin_epoch(0);
  opened_at_ = now_;
  audit_.next(v1::AUDIT_KIND_EPOCH).set_text("the store was opened");
  write_master_check(journal_, secrets_);
  opened_ = promised_ = true;
}

void Core::lose_tail(const v1::PrincipalRow& who, const Judged& judged,
                     const v1::Promise& promise) {
  // Clients stand by the highest epoch they were promised: ours must be past it.
  if (promise.epoch() >= head_.epoch) begin_epoch(promise.epoch());
  Turn t = turn();
  recovery_.begin(t, judged, promise, who.id());
  promised_ = true;
}

void Core::disclosed(const v1::PrincipalRow& who, const v1::ReadInbox& read) {
  v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_DISCLOSED);
  entry.set_principal(who.id());
  entry.set_person(read.viewer().person());
  entry.set_team(read.team());
  entry.set_number(read.after());
  entry.set_text("page of the log after this number");
  promised_ = true;
}

void Core::disclosed(const v1::PrincipalRow& who, const v1::ReadTasks& read) {
  v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_DISCLOSED);
  entry.set_principal(who.id());
  entry.set_person(read.viewer().person());
  entry.set_team(read.team());
  entry.set_text("tasks of the team");
  promised_ = true;
}

Greeting Core::witness(const v1::PrincipalRow& who, const v1::Promise& highest,
                       const v1::Promises& earlier) {
  const Judged judged =
      journal_.take_or_default(judge(journal_, secrets_, head_, highest, earlier));
  Greeting greeting{judged.seen, false, 0};
  if (judged.seen == Witness::kAgrees || judged.seen == Witness::kForged) return greeting;
  // 0 says "nothing" on the wire: who has nothing in common sends all it has.
  greeting.resend_from_us = std::max<int64_t>(judged.common_us, 1);
  greeting.found = !recovery_.known(highest) && audit_.empty();
  if (greeting.found) lose_tail(who, judged, highest);
  return greeting;
}

void Core::release_recovery(const std::string& by) {
  Turn t = turn();
  recovery_.release(t, by);
  promised_ = true;
}

void Core::decided(const v1::PrincipalRow& who, const std::string& person,
                   const std::string& what) {
  v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_OPERATOR);
  entry.set_principal(who.id());
  entry.set_person(person);
  entry.set_text(what);
  promised_ = true;
}

size_t Core::tick(size_t most, Duration recovery_hold) {
  if (recovery_.recovering()) {
    const bool held_long = now_.us - recovery_.current()->detected_us() >= recovery_hold.us;
    if (!held_long && !recovery_.everyone_resent(*directory_, now_)) return 0;
    release_recovery(held_long ? "time" : "all known clients have resent");
  }
  constexpr size_t kWindow = limits::kTickWindowMax;
  auto due = journal_.take_or_default(store::read_due(journal_, due_floor_us_, now_.us, kWindow));
  if (due.empty()) return give_up_nudges();
  write_cursors();  // what was received counts, also where it still rides along
  // Rows before the floor are gone: the next scan need not step over their tombstones. Those that
  // are left for another turn are noted again.
  due_floor_us_ = due.size() < kWindow ? now_.us : due.back().at_us;
  promised_ = true;
  Turn t = turn();
  return ring_most_urgent(t, std::move(due), most) + give_up_nudges();
}

std::vector<Watched> Core::watch(const Presence& presence) {
  if (recovery_.recovering()) return {};
  auto watched = journal_.take_or_default(core::watch(journal_, *directory_, presence, now_));
  Turn t = turn();
  begin_silences(t, watched);
  if (!audit_.empty()) promised_ = true;
  return watched;
}

std::optional<Time> Core::next_due() {
  const int64_t floor = std::min(due_floor_us_, journal_.lowest_due_us());
  const auto due = journal_.take_or_default(store::read_due(journal_, floor, INT64_MAX - 1, 1));
  if (due.empty()) return std::nullopt;
  return Time{due.front().at_us};
}

bool Core::changed() const {
  return !audit_.empty() || cursors_dirty_ || ledger_.changed() || !journal_.pending().empty();
}

// When a number was first received stays known: a cursor that goes back and forth adds nothing.
void Core::write_receipt(const CursorKey& key, CursorState& cursor) {
  if (cursor.record.through() <= cursor.received) return;
  cursor.received = cursor.record.through();
  store::write_receipt(journal_, key.log, key.endpoint, cursor.record.through(), now_.us);
  if (key.log.log != store::Log::kInbox) return;
  probes_.received(journal_, key.log.team, cursor.received, now_);
}
bool Core::fits(size_t bytes) const {
  const auto& pending = journal_.pending();
  const size_t later = limits::kIndexSliceBytes + ledger_.bytes();  // may be written with this turn
  return pending.empty() || pending.bytes() + later + bytes <= limits::kTurnBatchBytesMax;
}

void Core::write_cursors() {
  if (!cursors_dirty_) return;
  for (auto& [key, cursor] : cursors_) {
    if (!cursor.dirty) continue;
    cursor.dirty = false;
    store::write_cursor(journal_, key.log, cursor.record);
    write_receipt(key, cursor);
    v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_RECEIVED);
    const v1::Team* team = directory_->team(key.log.team);
    entry.set_team(team == nullptr ? std::string() : team->id());
    entry.set_number(cursor.record.through());
    entry.set_endpoint(key.endpoint);
  }
  cursors_dirty_ = false;
}

// A slice in each turn until the run is written; a batch that is nearly full leaves it to the next.
void Core::write_index() {
  const bool begin = !journal_.writing_run();
  if (begin && journal_.later_bytes() < limits::kIndexRunBytes) return;
  if (begin) journal_.begin_run(audit_.position());
  if (journal_.pending().bytes() + limits::kIndexSliceBytes > limits::kTurnBatchBytesMax) return;
  if (store::write_index_run(journal_, limits::kIndexSliceBytes)) newest_sources_.write(journal_);
}

const Head& Core::finish() {
  CHECK(opened_);
  write_cursors();
  ledger_.write(journal_, audit_, now_);
  write_index();
  head_ = audit_.finish(journal_);
  return head_;
}

void Core::committed() {
  if (!directory_changed_) return;
  directory_changed_ = false;
  auto directory = Directory::load(journal_);
  if (!directory.ok()) {
    journal_.fail(directory.error());
    return;
  }
  directory_ = std::move(directory).value();
}

v1::Promise Core::promise() const {
  return store::make_promise(secrets_.witness, head_.epoch, head_.position, head_.chain);
}

uint64_t Core::cursor(store::LogId log, const std::string& endpoint) const {
  const auto it = cursors_.find({log, endpoint});
  return it == cursors_.end() ? 0 : it->second.record.through();
}

}  // namespace switchboard::core
