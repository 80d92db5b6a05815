// The parts of checker.h that read the whole disk.
#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/core/open_counts.h"
#include "broker/core/shadow.h"
#include "broker/store/audit_chain.h"
#include "broker/store/ledger_rows.h"
#include "broker/store/open_rows.h"
#include "broker/store/records.h"
#include "tests/sim/checker.h"
#include "tests/sim/holders.h"
#include "tests/sim/levels.h"

namespace switchboard::sim {

using kv::Family;

namespace {

// What the hub counted of an agency's items, by its own ledger.
uint64_t counted(const support::HubCore& hub, const std::string& agency) {
  uint64_t sum = 0;
  const auto rows = hub.kv().scan(Family::kState, "L", "M");
  for (; rows->valid(); rows->next()) {
    if (store::key::read_ledger(rows->key())->agency != agency) continue;
    v1::LedgerRecord row;
    CHECK(row.ParseFromString(std::string(rows->value())));
    sum += row.accepted() + row.duplicate() + row.quarantined() + row.refused();
  }
  return sum;
}

Id known_id(const v1::EventRecord& record) {
  return core::known_id(*id_from_bytes(record.event_id()), core::shadowed(record));
}

}  // namespace

void Checker::check_disk() {
  check_promised();
  check_logs();
  check_recipients();
  check_deliveries();
  check_somebody_has_it();
  check_chain();
  check_ledger();
  check_silence();
  for (const auto& [promise, text] : tasks_.broken()) breach(promise, text);
  for (const auto& [promise, text] : nudges_.broken()) breach(promise, text);
}

// P10: every item that an outbox was answered for is counted, and once.
void Checker::check_ledger() {
  std::map<std::string, uint64_t> answered;  // by agency
  const auto outboxes = store::read_outboxes(hub_.kv()).value();
  for (const auto& outbox : outboxes) {
    uint64_t& sum = answered[hub_.who(outbox.record.principal()).agency()];
    sum += outbox.record.counted_through();
    for (int i = 0; i + 1 < outbox.record.gaps_size(); i += 2) {
      sum -= outbox.record.gaps(i + 1) - outbox.record.gaps(i) + 1;
    }
  }
  for (const auto& [agency, id] : probes_) {  // they stand in no ledger
    if (store::read_known(hub_.kv(), id, agency).value()) --answered[agency];
  }
  for (const char* agency : {"X26", "X99"}) {
    const uint64_t sum = counted(hub_, agency);
    if (sum != answered[agency]) {
      breach("P10", std::string(agency) + ": the ledger has " + std::to_string(sum) + " of " +
                        std::to_string(answered[agency]) + " answered items");
    }
  }
}

void Checker::check_counts(const Member& member) {
  const std::string agency = hub_.who(member.options().principal).agency();
  const uint64_t sum = counted(hub_, agency);
  const auto probes = std::count_if(probes_.begin(), probes_.end(),
                                    [&](const auto& key) { return key.first == agency; });
  const uint64_t held = member.outbox().next() - 1 - static_cast<uint64_t>(probes);
  if (sum != held) {
    breach("P10", member.options().principal + " holds answers for " + std::to_string(held) +
                      " items, the ledger has " + std::to_string(sum));
  }
}

void Checker::check_promised() {
  for (const auto& [key, position] : promised_) {
    const auto event = store::read_event(hub_.kv(), position).value();
    if (!event || (event->event_id() != key.second.view() && known_id(*event) != key.second)) {
      breach("P1", "an accepted event is gone: position " + std::to_string(position));
    }
  }
  for (const auto& [id, outcome] : acts_) {
    const auto done = hub_.kv().get(Family::kDedupe, store::key::act_id(*id_from_bytes(id)));
    if (!done.value()) breach("P1", "a recorded act is gone");
  }
}

void Checker::check_logs() {
  for (const auto& [id, team] : hub_.core().directory()->teams()) {
    for (const auto kind : {store::Log::kInbox, store::Log::kSent}) {
      const store::LogId log{team.row.handle(), kind};
      auto& seen = logs_[log];
      const uint64_t head = store::read_log_head(hub_.kv(), log).value();
      if (head < seen.size()) breach("P5", id + ": numbers were lost");
      for (uint64_t number = 1; number <= head; ++number) {
        const std::string now = row(log, number);
        if (now.empty()) breach("P5", id + ": no entry under " + std::to_string(number));
        if (number > seen.size()) {
          seen.push_back(now);
        } else if (seen[number - 1] != now) {
          breach("P5", id + ": number " + std::to_string(number) + " was given again");
        }
      }
    }
  }
}

void Checker::check_recipients() {
  for (const auto& [key, position] : accepted_) check_recipients_of(position);
}

void Checker::check_recipients_of(uint64_t position) {
  if (!store::read_event(hub_.kv(), position).value()) return;
  auto& seen = recipients_[position];
  const auto told = hub_.recipients(position);
  if (told.size() < seen.size()) breach("P3", "a recipient was removed");
  for (size_t i = 0; i < told.size(); ++i) {
    const std::string bytes = told[i].SerializeAsString();
    if (i < seen.size() && seen[i] != bytes) breach("P3", "a recipient was changed");
    if (i >= seen.size()) seen.push_back(bytes);
  }
}

void Checker::check_deliveries() {
  for (const auto& [id, team] : hub_.core().directory()->teams()) {
    const uint64_t head = store::read_log_head(hub_.kv(), hub_.inbox_of(id)).value();
    for (uint64_t number = 1; number <= head; ++number) check_moved(id, number);
  }
}

// P4: what has moved was moved by a named person, and the chain has the act.
void Checker::check_moved(const std::string& team, uint64_t number) {
  const auto delivery = hub_.delivery(team, number);
  if (delivery.state() == v1::DELIVERY_STATE_UNSPECIFIED) return;
  bool by_person = false;
  for (const auto& step : delivery.steps()) {
    // What was only to be seen ended by being opened; given back it is opened, and no more.
    const bool opened =
        delivery.state() == v1::DELIVERY_STATE_OPENED && step.act() == v1::ACT_KIND_OPEN;
    by_person = by_person || ((opened || step.state() == delivery.state()) &&
                              !step.actor().person().empty() && step.position() > 0);
  }
  if (!by_person) breach("P4", team + ": a delivery moved without a person");
}

void Checker::check_somebody_has_it() {
  for (const auto& [key, position] : accepted_) {
    if (voided(position)) continue;
    if (const auto wrong = not_held(hub_, position); !wrong.empty()) breach("P4", wrong);
  }
}

void Checker::check_chain() {
  Hash head{};
  uint64_t in_blocks = 0;
  std::map<uint64_t, Hash> heads;
  const Status read =
      store::for_each_block(hub_.kv(), 0, [&](const v1::AuditBlock& block, std::string_view bytes) {
        if (block.previous() != view(head)) breach("P10", "a block does not follow on");
        head = store::chain(head, bytes);
        heads[block.last()] = head;
        for (const auto& entry : block.entries()) {
          if (entry.kind() == v1::AUDIT_KIND_COUNTED) in_blocks += entry.number();
        }
        return true;
      });
  if (in_blocks != counted(hub_, "X26") + counted(hub_, "X99")) {
    breach("P10", "the chain tells of another number of counted items than the ledger");
  }
  if (!read.ok() || head != hub_.core().head().chain) breach("P10", "the head is not the chain's");
  const auto& key = hub_.core().secrets().witness;
  for (const auto& [position, promise] : promises_) {
    const auto at = heads.find(position);
    const bool good = store::verify_promise(key, promise) && at != heads.end() &&
                      promise.head() == view(at->second);
    if (!good) breach("P10", "a promise does not agree with the chain");
  }
}

void Checker::check_store(const Member& member) {
  const std::string& team = member.options().team;
  const auto log = hub_.inbox_of(team);
  const uint64_t head = store::read_log_head(hub_.kv(), log).value();
  if (member.through() != head) {
    breach("liveness", team + " has " + std::to_string(member.through()) + " of " +
                           std::to_string(head) + " " + member.alarm().value_or("") +
                           ", last refused: " + member.refusal());
  }
  for (uint64_t number = 1; number <= member.through(); ++number) {
    const auto stored = member.store()->find(number).value();
    const auto there = store::read_entry(hub_.kv(), log, number).value();
    if (!stored || !there) {
      breach("P5", team + ": a gap in the desk's store");
      continue;
    }
    const v1::Notice& notice = stored->entry.notice();
    if (there->type != notice.type() || there->position != notice.position()) {
      breach("P5", team + ": the desk has another entry under a number");
    }
  }
}

// A void stops the clock of what it voids, whatever is said of it later: corrections have clocks of
// their own.
bool Checker::voided(uint64_t position) const {
  const auto corrections = store::corrections_of(hub_.kv(), position).value();
  return std::any_of(corrections.begin(), corrections.end(), [&](uint64_t by) {
    return hub_.event(by).correction() == v1::CORRECTION_NATURE_VOID;
  });
}

// P8: what nobody picked up in time was escalated.
void Checker::check_deadlines() {
  const Levels levels(hub_);
  for (const auto& [key, position] : accepted_) {
    for (const auto& text : levels.broken_at(position, voided(position))) breach("P8", text);
  }
}

void Checker::check_silence() {
  for (const auto& [key, position] : accepted_) {
    for (const auto& text : silence_.broken_at(position)) breach("silence", text);
  }
}

// P7: all who were told of what was corrected were told of its last correction, and see it marked.
void Checker::check_corrections() {
  for (const auto& [key, position] : accepted_) {
    const auto corrections = store::corrections_of(hub_.kv(), position).value();
    if (corrections.empty() || core::shadowed(hub_.event(position))) continue;
    const auto told = hub_.told(corrections.back());
    for (const auto& r : hub_.recipients(position)) {
      if (std::find(told.begin(), told.end(), r.team()) == told.end()) {
        breach("P7", r.team() + " was not told of the last correction of position " +
                         std::to_string(position));
      }
      if (hub_.delivery(r.team(), r.number()).corrected() == v1::CORRECTION_NATURE_UNSPECIFIED) {
        breach("P7", r.team() + " sees what was corrected as if it stood");
      }
    }
  }
}

// P2: each content that came under a chosen id is with the hub, once; the first as the event, the
// others in quarantine.
void Checker::check_conflicts() {
  std::map<EventKey, uint64_t> kept;
  const auto rows = hub_.kv().scan(Family::kEvent, "", kv::prefix_end(""));
  for (; rows->valid(); rows->next()) {
    v1::EventRecord record;
    if (rows->key().size() != 8 || !record.ParseFromString(std::string(rows->value()))) continue;
    ++kept[{record.agency(), *id_from_bytes(record.event_id())}];
  }
  for (const auto& [key, contents] : contents_) {
    if (kept[key] == contents.size()) continue;
    breach("P2", "of " + std::to_string(contents.size()) + " contents under one id the hub has " +
                     std::to_string(kept[key]));
  }
}

// P10: the counts of what waits are those of the logs.
void Checker::check_open_counts() {
  for (const auto& [id, team] : hub_.core().directory()->teams()) {
    const auto row = store::read_open_count(hub_.kv(), team.row.handle()).value();
    store::OpenCount truth;
    const auto log = hub_.inbox(id);
    for (uint64_t number = 1; number <= log.size(); ++number) {
      const store::LogEntry& entry = log[number - 1];
      if (entry.type != v1::ENTRY_TYPE_DELIVERY) continue;
      const auto record = store::read_delivery(hub_.kv(), team.row.handle(), number).value();
      const auto waits = core::waits(entry.attention, record ? &*record : nullptr);
      if (waits.open && truth.open == 0) truth.first = number;
      truth.open += waits.open;
      truth.overdue += waits.overdue;
    }
    const store::OpenCount kept = row.value_or(store::OpenCount{});
    const bool floor = truth.open == 0 || kept.first <= truth.first;
    if (kept.open == truth.open && kept.overdue == truth.overdue && floor) continue;
    breach("P10", id + ": counts of what waits are not those of its log");
  }
}

// All work ends: nothing that is due, held or to be worked off is left.
void Checker::check_nothing_waits() {
  auto& core = hub_.core();
  const auto due = core.next_due();
  if (due && *due <= hub_.now) breach("liveness", "what is due has not rung");
  if (core.has_work()) breach("liveness", "a list or a join waits to be worked off");
  if (core.recovery().recovering()) breach("liveness", "the hub still recovers");
  if (frozen_) breach("liveness", "the clock is still frozen");
  for (const uint64_t position : hub_.queue(store::Queue::kHeld)) {
    if (hub_.event(position).held_until_us() > hub_.now.us) continue;
    breach("P7", "a held correction was never decided: position " + std::to_string(position));
  }
  for (const auto& [promise, text] : tasks_.left_silent()) breach(promise, text);
  for (const auto& [promise, text] : nudges_.left_waiting()) breach(promise, text);
}

void Checker::check_end(const std::vector<std::unique_ptr<Member>>& members) {
  check_disk();
  check_deadlines();
  check_corrections();
  check_conflicts();
  check_open_counts();
  check_nothing_waits();
  for (const auto& [key, words] : custody_) {
    if (store::read_known(hub_.kv(), key.second, key.first).value()) continue;
    breach("P1", "what an adapter has in custody is not with the hub: " + words);
  }
  for (const auto& member : members) {
    if (!member->idle()) breach("liveness", member->options().principal + " is not done");
    if (member->adapter()) {
      check_counts(*member);
      continue;
    }
    check_store(*member);
    check_parked(*member);
    if (!member->parked().empty()) breach("P6", member->options().team + " still holds back");
  }
}

}  // namespace switchboard::sim
