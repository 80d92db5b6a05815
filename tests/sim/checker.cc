#include "tests/sim/checker.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/core/disclose.h"
#include "broker/core/shadow.h"
#include "broker/store/audit_chain.h"
#include "broker/store/ledger_rows.h"
#include "broker/store/records.h"
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

}  // namespace

static Id known_id(const v1::EventRecord& record) {
  return core::known_id(*id_from_bytes(record.event_id()), core::shadowed(record));
}

void Checker::custody(const Message& message) {
  custody_.insert({message.agency, core::known_id(message.id, message.trial)});
  silence_.owes(message);
}

void Checker::breach(const std::string& promise, const std::string& text) {
  if (breaches_.size() < 20) breaches_.push_back(promise + ": " + text);
}

std::string Checker::row(store::LogId log, uint64_t number) const {
  return hub_.kv().get(Family::kInbox, store::key::inbox(log, number)).value().value_or("");
}

void Checker::committed() {
  for (const auto& event : hub_.core().events()) {
    const EventKey key{event.record.agency(), known_id(event.record)};
    const auto [at, fresh] = accepted_.emplace(key, event.position);
    if (!fresh && at->second != event.position) breach("P2", "an event was accepted twice");
  }
  const Status read = store::for_each_block(
      hub_.kv(), next_block_, [&](const v1::AuditBlock& block, std::string_view bytes) {
        if (bytes.size() > limits::kBatchBytesMax) breach("P11", "a block is over the bound");
        take_block(block);
        next_block_ = block.last() + 1;
        return true;
      });
  if (!read.ok()) breach("P10", "the chain cannot be read");
}

bool Checker::here(const EventKey& key, uint64_t position) const {
  const auto event = store::read_event(hub_.kv(), position).value();
  return event && event->event_id() == key.second.view() && event->agency() == key.first;
}

// What was lost is owed again, not broken: adapters and desks still have it (custody, outboxes).
void Checker::lost_tail() {
  std::map<uint64_t, Hash> heads;
  Hash head{};
  const Status read =
      store::for_each_block(hub_.kv(), 0, [&](const v1::AuditBlock& block, std::string_view bytes) {
        heads[block.last()] = head = store::chain(head, bytes);
        return true;
      });
  CHECK(read.ok());
  std::erase_if(promised_, [&](const auto& p) { return !here(p.first, p.second); });
  std::erase_if(accepted_, [&](const auto& a) { return !here(a.first, a.second); });
  std::erase_if(promises_, [&](const auto& p) {
    const auto at = heads.find(p.first);
    return at == heads.end() || p.second.head() != view(at->second);
  });
  std::erase_if(acts_, [&](const auto& a) {
    const auto done = hub_.kv().get(Family::kDedupe, store::key::act_id(*id_from_bytes(a.first)));
    return !done.value() || get_u64(*done.value()) != a.second.position();
  });
  recipients_.clear();  // those added in the lost tail are owed again as well
  logs_.clear();
  escalations_.clear();
  act_entries_.clear();
  next_block_ = 0;
  committed();
}

void Checker::take_block(const v1::AuditBlock& block) {
  for (const auto& entry : block.entries()) {
    if (entry.kind() == v1::AUDIT_KIND_ACT) act_entries_[entry.position()] = entry.event_position();
    if (entry.kind() != v1::AUDIT_KIND_ESCALATED) continue;
    const auto event = hub_.event(entry.event_position());
    const std::string which = event.event_id() + entry.team() + entry.text();
    if (!escalations_.insert(which).second) {
      breach("P8", "escalated twice: " + entry.team() + " " + entry.text());
    }
  }
}

void Checker::promised(const std::string& agency, const Id& event, uint64_t position) {
  promised_[{agency, event}] = position;
}
void Checker::acted(const v1::Act& act, const v1::ActOutcome& outcome) {
  if (outcome.code() != v1::CODE_OK || outcome.position() == 0) return;
  const auto entry = act_entries_.find(outcome.position());
  if (entry != act_entries_.end() && !act.event_id().empty() &&
      hub_.event(entry->second).event_id() != act.event_id()) {
    breach("P4", "an act was done on another event than the person saw");
  }
  const auto [at, fresh] = acts_.emplace(act.act_id(), outcome);
  if (!fresh && at->second.position() != outcome.position()) breach("P2", "an act was done twice");
}
void Checker::said(const v1::Promise& promise) { promises_[promise.position()] = promise; }

void Checker::sent(const std::string& member, const v1::Deliver& frame, uint64_t unreceived) {
  const auto& teams = hub_.who(member).teams();
  if (std::find(teams.begin(), teams.end(), frame.team()) == teams.end()) {
    breach("P9", member + " was sent the log of " + frame.team());
  }
  if (unreceived > 16) breach("P11", member + " was sent more than its credit");
}
void Checker::refused_spy(bool refused) {
  if (!refused) breach("P9", "a team's endpoint may read or act for another");
}

void Checker::arrived(const Member& member, const sdk::Endpoint::Arrival& arrival, bool fails) {
  const std::string& team = member.options().team;
  const v1::Notice& notice = arrival.entry.notice();
  const Held held{arrival.entry.number(), notice.position()};
  if (arrival.turn == sdk::Endpoint::Turn::kAhead) return;
  check_order(member, arrival.entry);
  if (fails) {
    failed_[team].insert(held);
  } else {
    failed_[team].erase(held);
    used_[team].insert(held);
  }
  const auto entry =
      store::read_entry(hub_.kv(), hub_.inbox_of(team), arrival.entry.number()).value();
  if (!entry) return;  // judged by check_store()
  if (!in_common(member, arrival.entry.number())) return;
  for (const auto& text : silence_.broken_by(team, notice.position())) breach("silence", text);
  if (notice.type() == v1::ENTRY_TYPE_DELIVERY) {
    const auto told = hub_.told(notice.position());
    if (std::find(told.begin(), told.end(), team) == told.end()) {
      breach("P9", team + " got an event it was not told of");
    }
  }
  if (notice.type() != entry->type || notice.position() != entry->position) {
    breach("P6",
           team + " got another entry under number " + std::to_string(arrival.entry.number()));
  }
}

// A desk that has not attached since the hub lost its tail still goes by what was lost.
bool Checker::in_common(const Member& member, uint64_t number) const {
  const sdk::EndpointStore& store = *member.store();
  v1::Attach reader;
  reader.set_through(store.through());
  reader.set_epoch(store.epoch());
  *reader.mutable_covered() = store.covered();
  *reader.mutable_earlier() = store.earlier();
  const auto log = hub_.inbox_of(member.options().team);
  const auto claim = core::judge(hub_.kv(), hub_.core().secrets(), hub_.core().head(), log,
                                 store::read_log_head(hub_.kv(), log).value(), reader);
  return number <= claim.value().common;
}

void Checker::released(const Member& member, uint64_t number) {
  auto& failed = failed_[member.options().team];
  for (const auto& held : failed) {
    if (held.first == number) used_[member.options().team].insert(held);
  }
  std::erase_if(failed, [&](const auto& held) { return held.first == number; });
}

std::string Checker::subject_shown(const std::string& team, uint64_t number) const {
  const auto log = hub_.inbox_of(team);
  const auto entry = store::read_entry(hub_.kv(), log, number).value();
  if (!entry || entry->type == v1::ENTRY_TYPE_PLACEHOLDER) return {};
  const auto event = store::read_event(hub_.kv(), entry->position).value();
  if (!event) return {};
  const bool change = entry->type == v1::ENTRY_TYPE_CHANGE;
  const uint64_t delivery = change ? entry->change.refers_to() : number;
  for (const auto& r : hub_.recipients(entry->position)) {
    if (r.team() != team || r.number() != delivery) continue;
    const auto level = core::disclose(*hub_.core().directory(), *event, r).level;
    return level <= v1::DISCLOSURE_SUMMARY ? event->subject() : std::string();
  }
  return {};
}

// P6: by what the hub knows, not by what the desk was told.
void Checker::check_order(const Member& member, const v1::Entry& entry) {
  const std::string& team = member.options().team;
  if (!in_common(member, entry.number())) return;  // the number is another entry's by now
  const std::string subject = subject_shown(team, entry.number());
  if (subject.empty()) return;
  for (const auto& [number, position] : failed_[team]) {
    if (number >= entry.number() || subject_shown(team, number) != subject) continue;
    const auto stored = member.store()->find(number).value();
    if (!stored || stored->entry.notice().position() != position) continue;
    breach("P6", team + " used " + std::to_string(entry.number()) +
                     " before the same child's failed " + std::to_string(number));
  }
}

void Checker::check_parked(const Member& member) {
  const std::string& team = member.options().team;
  std::map<uint64_t, sdk::EndpointStore::Parked> parked;
  for (const auto& mark : member.parked()) parked[mark.number] = mark;
  for (uint64_t number = 1; number <= member.through(); ++number) {
    const auto stored = member.store()->find(number).value();
    if (!stored) continue;  // judged by check_store()
    const auto mark = parked.find(number);
    const Held held{number, stored->entry.notice().position()};
    if (mark == parked.end()) {
      if (!used_[team].contains(held)) {
        breach("P6", team + ": " + std::to_string(number) + " was neither used nor parked");
      }
    } else if (mark->second.behind != 0) {
      const std::string subject = subject_shown(team, number);
      const bool same = !subject.empty() && subject == subject_shown(team, mark->second.behind);
      if (!same) breach("P6", team + " is held back for another child's trouble");
    }
  }
}

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
  for (const char* agency : {"X26", "X99"}) {
    const uint64_t sum = counted(hub_, agency);
    if (sum != answered[agency]) {
      breach("P10", std::string(agency) + ": the ledger has " + std::to_string(sum) + " of " +
                        std::to_string(answered[agency]) + " answered items");
    }
  }
}

void Checker::check_counts(const Member& member) {
  const uint64_t sum = counted(hub_, hub_.who(member.options().principal).agency());
  const uint64_t held = member.outbox().next() - 1;
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
  for (const auto& [key, position] : accepted_) {
    if (!store::read_event(hub_.kv(), position).value()) continue;
    auto& seen = recipients_[position];
    const auto told = hub_.recipients(position);
    if (told.size() < seen.size()) breach("P3", "a recipient was removed");
    for (size_t i = 0; i < told.size(); ++i) {
      const std::string bytes = told[i].SerializeAsString();
      if (i < seen.size() && seen[i] != bytes) breach("P3", "a recipient was changed");
      if (i >= seen.size()) seen.push_back(bytes);
    }
  }
}

// P4: what has moved was moved by a named person, and the chain has the act.
void Checker::check_deliveries() {
  for (const auto& [id, team] : hub_.core().directory()->teams()) {
    const uint64_t head = store::read_log_head(hub_.kv(), hub_.inbox_of(id)).value();
    for (uint64_t number = 1; number <= head; ++number) {
      const auto delivery = hub_.delivery(id, number);
      if (delivery.state() == v1::DELIVERY_STATE_UNSPECIFIED) continue;
      bool by_person = false;
      for (const auto& step : delivery.steps()) {
        // What was only to be seen ended by being opened; given back it is opened, and no more.
        const bool opened =
            delivery.state() == v1::DELIVERY_STATE_OPENED && step.act() == v1::ACT_KIND_OPEN;
        by_person = by_person || ((opened || step.state() == delivery.state()) &&
                                  !step.actor().person().empty() && step.position() > 0);
      }
      if (!by_person) breach("P4", id + ": a delivery moved without a person");
    }
  }
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
                           std::to_string(head) + member.alarm().value_or(""));
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

void Checker::check_end(const std::vector<std::unique_ptr<Member>>& members) {
  check_disk();
  check_deadlines();
  check_corrections();
  for (const auto& [promise, text] : tasks_.left_silent()) breach(promise, text);
  for (const auto& [agency, event] : custody_) {
    if (!store::read_known(hub_.kv(), event, agency).value()) {
      breach("P1", "an event in an adapter's custody never reached the hub");
    }
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
