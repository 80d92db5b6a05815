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

static store::Log log_of(v1::LogKind kind) {
  return kind == v1::LOG_KIND_SENT ? store::Log::kSent : store::Log::kInbox;
}

Core::Core(store::Journal& journal, const HashKey& master)
    : journal_(journal), secrets_(master), parts_(journal, secrets_) {}

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
  TRY_DO(parts_.newest_sources.load(journal_));
  TRY_DO(index_again(journal_, secrets_, {head_.position, parts_.newest_sources, parts_.damage}));
  TRY(directory_, Directory::load(journal_));
  TRY_DO(parts_.newest_ids.load(journal_));
  TRY_DO(cursors_.load(journal_));
  TRY_DO(parts_.logs.open_counts().load(journal_, *directory_, head_.epoch));
  TRY(parts_.any_held, store::any_held(journal_));
  TRY_DO(ledger_.load(journal_));
  TRY_DO(snapshots_.load(journal_));
  TRY(const auto joins, store::read_joins(journal_, 1));
  parts_.joins_wait = !joins.empty();
  TRY_DO(probes_.load(journal_));
  TRY_DO(check_master(journal_, secrets_));
  return recovery_.load(journal_);
}

void Core::begin(Time now, const std::array<uint8_t, 32>& seed) {
  // §11: never goes back, neither behind the last commit nor behind the last reading: a tick has
  // already looked for what is due up to there.
  parts_.begin(head_, std::max({now, parts_.now, head_.time}), seed);
  due_floor_us_ = std::min(due_floor_us_, journal_.take_lowest_due_us());
  promised_ = false;
}

Turn Core::turn() { return parts_.turn(*directory_); }

Answer Core::publish(const v1::PrincipalRow& who, const ItemView& item) {
  Turn t = turn();
  promised_ = true;
  Answer answer = core::publish(t, who, item, scratch_);
  if (answer.code == v1::CODE_OK && is_probe(scratch_.admitted.header)) {
    probes_.sent(journal_, parts_.events.back().record, answer.position);
  }
  return answer;
}

Answer Core::publish(const v1::PrincipalRow& who, const ItemView& item, const OutboxItem& at) {
  Answer answer = publish(who, item);
  const auto bucket = bucket_of(scratch_.admitted.header, who.environment());
  const auto& in = scratch_.admitted;
  const bool child = subject_type_of(in.header, in.identity) != v1::SUBJECT_TYPE_ADULT;
  ledger_.count(journal_, who, at, {bucket, item.taken_us, in.header.kind(), child}, answer.code,
                parts_.now);
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
  v1::AuditEntry& entry = parts_.audit.next(v1::AUDIT_KIND_DISCLOSED);
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
  parts_.directory_changed =
      parts_.directory_changed || (applied.problems_size() == 0 && !change.dry_run());
  return applied;
}

const v1::PrincipalRow* Core::principal(std::string_view id) const {
  const auto* row = directory_->principal(id);
  return row != nullptr && in_force(*row, parts_.now) ? row : nullptr;
}
const v1::PrincipalRow* Core::principal_by_key(std::string_view public_key) const {
  const auto* row = directory_->principal_by_key(public_key);
  return row != nullptr && in_force(*row, parts_.now) ? row : nullptr;
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
  opening.set_epoch(next_epoch(std::max(past, head_.epoch), parts_.now, *parts_.entropy));
  opening.set_after(head_.position);
  opening.set_after_us(head_.time.us);
  opening.set_head(std::string(view(head_.chain)));
  opening.set_time_us(parts_.now.us);
  parts_.audit.begin_epoch(opening.epoch());
  parts_.logs.begin_epoch(journal_, opening.epoch());
  store::write_opening(journal_, opening);
}

void Core::opened() {
  begin_epoch(0);
  parts_.opened = parts_.now;
  parts_.audit.next(v1::AUDIT_KIND_EPOCH).set_text("the store was opened");
  write_master_check(journal_, secrets_);
  opened_ = promised_ = true;
}

// Anybody could name numbers: only a promise of this hub that covers them shows a loss (P9).
Attachment Core::unproved(const v1::PrincipalRow& who, const v1::Attach& request,
                          store::LogId log) {
  if (unproved_.emplace(who.id(), log).second) {
    v1::AuditEntry& entry = parts_.audit.next(v1::AUDIT_KIND_UNPROVED);
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
  const uint64_t head = parts_.logs.head(journal_, log);
  if (through <= head) return std::nullopt;
  if (through - head > limits::kLostNumbersMax) {
    return Attachment{v1::CODE_STALE_EPOCH, "more numbers are gone than are filled: ask operators"};
  }
  v1::AuditEntry& entry = parts_.audit.next(v1::AUDIT_KIND_PLACEHOLDER);
  entry.set_team(team.id());
  entry.set_number(through);
  entry.set_text("numbers after " + std::to_string(head) + " were lost with the tail");
  const uint64_t until = std::min(through, head + limits::kFillPerTurnMax);
  parts_.logs.fill(journal_, log, until, entry.position());
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
    // It must be the first thing of a turn.
    if (!parts_.audit.empty()) return Attachment{v1::CODE_BUSY, "try again"};
    lose_tail(who, claim.judged, request.covered());
  }
  return fill(team, log, request.through());
}

std::optional<Attachment> Core::barred(const v1::PrincipalRow& who,
                                       const v1::Attach& request) const {
  const v1::Team* team = readable_team(who, request.team());
  if (team == nullptr) {
    return Attachment{v1::CODE_NOT_ALLOWED, "this key is not enrolled for the team"};
  }
  if (request.endpoint().empty() || request.endpoint().size() > 64) {
    return Attachment{v1::CODE_INVALID, "endpoint must be a name of 1 to 64 characters"};
  }
  if (!cursors_.room_for({team->handle(), log_of(request.log())}, request.endpoint())) {
    return Attachment{v1::CODE_NOT_ALLOWED,
                      "the team has as many endpoints as it may; use one of their names"};
  }
  return std::nullopt;
}

Claim Core::claim(store::LogId log, const v1::Attach& request) {
  return journal_.take_or_default(
      judge(journal_, secrets_, head_, log, parts_.logs.head(journal_, log), request));
}

Attachment Core::follow(const v1::PrincipalRow& who, const v1::Attach& request) {
  if (auto refused = barred(who, request)) return std::move(*refused);
  const store::LogId log{readable_team(who, request.team())->handle(), log_of(request.log())};
  const Claim shown = claim(log, request);
  if (shown.beyond) {
    return {v1::CODE_READ_ONLY, "it holds numbers that are not here, and this hub only reads"};
  }
  return {.head = parts_.logs.head(journal_, log),
          .through = shown.common,
          .common = shown.common,
          .log = log};
}

Attachment Core::attach(const v1::PrincipalRow& who, const v1::Attach& request) {
  if (auto refused = barred(who, request)) return std::move(*refused);
  const v1::Team* team = readable_team(who, request.team());
  const store::LogId log{team->handle(), log_of(request.log())};
  const Claim claim = this->claim(log, request);
  if (auto refused = settle(who, *team, log, request, claim)) return std::move(*refused);
  const uint64_t head = parts_.logs.head(journal_, log);
  const auto& cursor =
      cursors_.attach(log, request.endpoint(), claim.common, parts_.now, head_.epoch);
  return {.head = head,
          .through = cursor.through(),
          .common = claim.common,
          .log = log,
          .replay_through = cursor.replay_through()};
}

bool Core::receive(const v1::PrincipalRow& who, const v1::Received& received) {
  const v1::Team* team = readable_team(who, received.team());
  if (team == nullptr) return false;
  const store::LogId log{team->handle(), log_of(received.log())};
  if (received.through() > parts_.logs.head(journal_, log)) return false;
  return cursors_.receive(log, received, parts_.now);
}

size_t Core::rewind(const v1::PrincipalRow& who, const std::string& reason, const v1::Team& team,
                    const std::string& endpoint, uint64_t to_number) {
  const size_t count = cursors_.rewind({team.handle(), store::Log::kInbox}, endpoint, to_number);
  if (count == 0) return 0;
  v1::AuditEntry& entry = parts_.audit.next(v1::AUDIT_KIND_REPLAY);
  entry.set_principal(who.id());
  entry.set_team(team.id());
  entry.set_number(to_number);
  entry.set_endpoint(endpoint);
  entry.set_text(reason);
  promised_ = true;
  return count;
}

// P10: who looked, and at what of which team.
static void note_look(Audit& audit, const v1::PrincipalRow& who, const auto& read, uint64_t number,
                      const char* what) {
  v1::AuditEntry& entry = audit.next(v1::AUDIT_KIND_DISCLOSED);
  entry.set_principal(who.id());
  entry.set_person(read.viewer().person());
  entry.set_team(read.team());
  entry.set_number(number);
  entry.set_text(what);
}

void Core::disclosed(const v1::PrincipalRow& who, const v1::ReadInbox& read) {
  note_look(parts_.audit, who, read, read.after(), "page of the log after this number");
  promised_ = true;
}

void Core::disclosed(const v1::PrincipalRow& who, const v1::ReadChild& read) {
  note_look(parts_.audit, who, read, read.number(), "all about the child of this number");
  promised_ = true;
}

void Core::disclosed(const v1::PrincipalRow& who, const v1::ReadAttendances& read) {
  note_look(parts_.audit, who, read, read.before(), "attendances before this number");
  promised_ = true;
}

void Core::disclosed(const v1::PrincipalRow& who, const v1::ReadTasks& read) {
  note_look(parts_.audit, who, read, 0, "tasks of the team");
  promised_ = true;
}

void Core::decided(const v1::PrincipalRow& who, const std::string& person,
                   const std::string& what) {
  v1::AuditEntry& entry = parts_.audit.next(v1::AUDIT_KIND_OPERATOR);
  entry.set_principal(who.id());
  entry.set_person(person);
  entry.set_text(what);
  promised_ = true;
}

size_t Core::tick(size_t most, Duration recovery_hold) {
  if (recovery_.recovering()) {
    const bool held_long = parts_.now.us - recovery_.current()->detected_us() >= recovery_hold.us;
    if (!held_long && !recovery_.everyone_resent(*directory_, parts_.now)) return 0;
    release_recovery(held_long ? "time" : "all known clients have resent");
  }
  constexpr size_t kWindow = limits::kTickWindowMax;
  Turn t = turn();
  auto due = passed_deadlines(t, due_floor_us_, kWindow);
  // Rows before the floor are gone, or damaged: the next scan need not step over them. Those that
  // are left for another turn are noted again.
  due_floor_us_ = due.size() < kWindow ? parts_.now.us + 1 : due.back().at_us;
  promised_ = promised_ || !due.empty() || !parts_.audit.empty();
  if (due.empty()) return give_up_nudges();
  cursors_.write(t, probes_);  // what was received counts, also where it still rides along
  return ring_most_urgent(t, std::move(due), most) + give_up_nudges();
}

std::vector<Watched> Core::watch(const Presence& presence) {
  if (recovery_.recovering()) return {};
  auto watched = journal_.take_or_default(core::watch(journal_, *directory_, presence, parts_.now));
  Turn t = turn();
  begin_silences(t, watched);
  if (!parts_.audit.empty()) promised_ = true;
  return watched;
}

std::optional<Time> Core::next_due() {
  const int64_t floor = std::min(due_floor_us_, journal_.lowest_due_us());
  const auto due = journal_.take_or_default(store::read_due(journal_, floor, INT64_MAX - 1, 1));
  if (due.empty()) return std::nullopt;
  return Time{due.front().at_us};
}

bool Core::changed() const {
  return !parts_.audit.empty() || cursors_.changed() || ledger_.changed() ||
         !journal_.pending().empty();
}

bool Core::fits(size_t bytes) const {
  const auto& pending = journal_.pending();
  const size_t later = limits::kIndexSliceBytes + ledger_.bytes();  // may be written with this turn
  return pending.empty() || pending.bytes() + later + bytes <= limits::kTurnBatchBytesMax;
}

// A slice in each turn until the run is written; a batch that is nearly full leaves it to the next.
void Core::write_index() {
  const bool begin = !journal_.writing_run();
  if (begin && journal_.later_bytes() < limits::kIndexRunBytes) return;
  if (begin) journal_.begin_run(parts_.audit.position());
  if (journal_.pending().bytes() + limits::kIndexSliceBytes > limits::kTurnBatchBytesMax) return;
  if (!store::write_index_run(journal_, limits::kIndexSliceBytes)) return;
  parts_.newest_sources.write(journal_);
}

const Head& Core::finish() {
  CHECK(opened_);
  Turn t = turn();
  cursors_.write(t, probes_);
  ledger_.write(journal_, parts_.audit, parts_.now);
  parts_.logs.open_counts().write(journal_);
  write_index();
  head_ = parts_.audit.finish(journal_);
  return head_;
}

void Core::committed() {
  if (!parts_.directory_changed) return;
  parts_.directory_changed = false;
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
  return cursors_.through(log, endpoint);
}

}  // namespace switchboard::core
