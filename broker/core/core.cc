#include "broker/core/core.h"

#include <algorithm>

#include "broker/base/ledger_bucket.h"
#include "broker/base/limits.h"
#include "broker/core/act.h"
#include "broker/core/adapter_ledgers.h"
#include "broker/core/clearing.h"
#include "broker/core/deadline.h"
#include "broker/core/epoch.h"
#include "broker/core/index_event.h"
#include "broker/core/join.h"
#include "broker/store/audit_chain.h"
#include "broker/store/records.h"

namespace switchboard::core {

static store::Log log_of(v1::LogKind kind) {
  return kind == v1::LOG_KIND_SENT ? store::Log::kSent : store::Log::kInbox;
}

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
  TRY_DO(logs_.open_counts().load(journal_, *directory_, head_.epoch));
  TRY(any_held_, store::any_held(journal_));
  TRY_DO(ledger_.load(journal_));
  TRY_DO(snapshots_.load(journal_));
  TRY(const auto joins, store::read_joins(journal_, 1));
  joins_wait_ = !joins.empty();
  TRY_DO(probes_.load(journal_));
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
  logs_.begin_epoch(journal_, opening.epoch());
  store::write_opening(journal_, opening);
}

void Core::opened() {
  begin_epoch(0);
  opened_at_ = now_;
  audit_.next(v1::AUDIT_KIND_EPOCH).set_text("the store was opened");
  opened_ = promised_ = true;
}

// P11: a cursor is kept for ever, so their number is bounded.
bool Core::room_for(store::LogId log, const std::string& endpoint) const {
  size_t count = 0;
  for (auto it = cursors_.lower_bound({log, {}}); it != cursors_.end(); ++it) {
    if (it->first.log != log) break;
    if (it->first.endpoint == endpoint) return true;
    ++count;
  }
  return count < limits::kEndpointsPerTeamMax;
}

static void erase_parked(v1::CursorRecord& record, const auto& which) {
  auto& parked = *record.mutable_parked();
  parked.erase(std::remove_if(parked.begin(), parked.end(),
                              [&](const auto& p) { return which(p.number()); }),
               parked.end());
}

// Anybody could name numbers: only a promise of this hub that covers them shows a loss (P9).
Attachment Core::unproved(const v1::PrincipalRow& who, const v1::Attach& request,
                          store::LogId log) {
  if (unproved_.emplace(who.id(), log).second) {
    v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_UNPROVED);
    entry.set_principal(who.id());
    entry.set_team(request.team());
    entry.set_number(request.through());
    entry.set_endpoint(request.endpoint());
    entry.set_text("names numbers without a promise that covers them");
    promised_ = true;
  }
  return {v1::CODE_STALE_EPOCH, "this hub never gave these numbers; start from an empty store"};
}

std::optional<Attachment> Core::fill(const v1::Team& team, store::LogId log, uint64_t through) {
  const uint64_t head = logs_.head(journal_, log);
  if (through <= head) return std::nullopt;
  if (through - head > limits::kLostNumbersMax) {
    return Attachment{v1::CODE_STALE_EPOCH, "more numbers are gone than are filled: ask operators"};
  }
  v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_PLACEHOLDER);
  entry.set_team(team.id());
  entry.set_number(through);
  entry.set_text("numbers after " + std::to_string(head) + " were lost with the tail");
  const uint64_t until = std::min(through, head + limits::kFillPerTurnMax);
  logs_.fill(journal_, log, until, entry.position());
  promised_ = true;
  if (until == through) return std::nullopt;
  return Attachment{v1::CODE_BUSY, "lost numbers are being filled; again"};
}

std::optional<Attachment> Core::settle(const v1::PrincipalRow& who, const v1::Team& team,
                                       store::LogId log, const v1::Attach& request,
                                       const Claim& claim) {
  if (!claim.beyond) return std::nullopt;
  if (!claim.proved) return unproved(who, request, log);
  if (!recovery_.known(request.covered())) {
    if (!audit_.empty()) return Attachment{v1::CODE_BUSY, "try again"};  // first thing of a turn
    lose_tail(who, claim.judged, request.covered());
  }
  return fill(team, log, request.through());
}

Attachment Core::attach(const v1::PrincipalRow& who, const v1::Attach& request) {
  const v1::Team* team = readable_team(who, request.team());
  if (team == nullptr) {
    return {v1::CODE_NOT_ALLOWED, "this key is not enrolled for the team"};
  }
  if (request.endpoint().empty() || request.endpoint().size() > 64) {
    return {v1::CODE_INVALID, "endpoint must be a name of 1 to 64 characters"};
  }
  const store::LogId log{team->handle(), log_of(request.log())};
  if (!room_for(log, request.endpoint())) {
    return {v1::CODE_NOT_ALLOWED,
            "the team has as many endpoints as it may; use one of their names"};
  }
  const Claim claim = journal_.take_or_default(
      judge(journal_, secrets_, head_, log, logs_.head(journal_, log), request));
  if (auto refused = settle(who, *team, log, request, claim)) return std::move(*refused);
  const uint64_t head = logs_.head(journal_, log);
  uint64_t through = claim.common;  // P5: above it the same numbers are other entries
  CursorState& cursor = cursors_[{log, request.endpoint()}];
  // A replay that was asked for while it was away, or that it broke off, goes on where it is.
  const bool replaying = cursor.record.through() < cursor.record.replay_through();
  if (replaying) through = std::min(through, cursor.record.through());
  // What comes again gets another chance: it fails again, or is another entry by now.
  erase_parked(cursor.record, [&](uint64_t number) { return number > through; });
  cursor.record.set_endpoint(request.endpoint());
  cursor.record.set_through(through);
  cursor.record.set_at_us(now_.us);
  cursor.record.set_epoch(head_.epoch);
  cursor.dirty = true;
  cursors_dirty_ = true;
  return {v1::CODE_OK, {}, head, through, claim.common, log, cursor.record.replay_through()};
}

// P6: what waits behind a parked entry is counted with it. It has no place of its own: one child's
// trouble must not use up the places of all (kParkedMax).
static bool waits(v1::CursorRecord& record, const v1::FailedEntry& failed) {
  if (failed.behind() == 0) return false;
  for (auto& known : *record.mutable_parked()) {
    if (known.number() != failed.behind()) continue;
    if (failed.number() <= known.waiting_through()) return true;
    known.set_waiting(known.waiting() + 1);
    known.set_waiting_through(failed.number());
    return true;
  }
  return false;
}

static void park(v1::CursorRecord& record, const v1::FailedEntry& failed) {
  if (waits(record, failed)) return;
  for (const auto& known : record.parked()) {
    if (known.number() == failed.number()) return;
  }
  if (record.parked_size() >= static_cast<int>(limits::kParkedMax)) return;
  v1::ParkedRecord& parked = *record.add_parked();
  parked.set_number(failed.number());
  parked.set_reason(failed.reason().substr(0, limits::kTextBytesMax));
}

bool Core::receive(const v1::PrincipalRow& who, const v1::Received& received) {
  const v1::Team* team = readable_team(who, received.team());
  if (team == nullptr) return false;
  const store::LogId log{team->handle(), log_of(received.log())};
  const auto it = cursors_.find({log, received.endpoint()});
  if (it == cursors_.end() || received.through() > logs_.head(journal_, log)) return false;
  v1::CursorRecord& record = it->second.record;
  for (const uint64_t settled : received.settled()) {
    erase_parked(record, [&](uint64_t number) { return number == settled; });
  }
  for (const auto& failed : received.failed()) park(record, failed);
  if (received.through() > record.through()) record.set_through(received.through());
  if (record.through() >= record.replay_through()) record.clear_replay_through();
  record.set_at_us(now_.us);
  it->second.dirty = true;
  cursors_dirty_ = true;
  return record.parked_size() < static_cast<int>(limits::kParkedMax);
}

size_t Core::rewind(const v1::PrincipalRow& who, const std::string& reason, const v1::Team& team,
                    const std::string& endpoint, uint64_t to_number) {
  size_t count = 0;
  for (auto& [key, cursor] : cursors_) {
    if (key.log != store::LogId{team.handle(), store::Log::kInbox}) continue;
    if (!endpoint.empty() && key.endpoint != endpoint) continue;
    if (cursor.record.through() <= to_number) continue;
    cursor.record.set_replay_through(
        std::max(cursor.record.replay_through(), cursor.record.through()));
    cursor.record.set_through(to_number);
    // It gets another chance with these, and those behind them in their order.
    erase_parked(cursor.record, [&](uint64_t number) { return number > to_number; });
    cursor.dirty = true;
    ++count;
  }
  if (count == 0) return 0;
  v1::AuditEntry& entry = audit_.next(v1::AUDIT_KIND_REPLAY);
  entry.set_principal(who.id());
  entry.set_team(team.id());
  entry.set_number(to_number);
  entry.set_endpoint(endpoint);
  entry.set_text(reason);
  cursors_dirty_ = true;
  promised_ = true;
  return count;
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
    if (!held_long && !recovery_.everyone_resent(*directory_)) return 0;
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
  logs_.open_counts().write(journal_);
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
