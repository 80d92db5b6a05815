#include "tests/sim/checker.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/core/disclose.h"
#include "broker/core/shadow.h"
#include "broker/store/audit_chain.h"
#include "broker/store/records.h"
#include "tests/sim/holders.h"
#include "tests/sim/shown.h"

namespace switchboard::sim {

using kv::Family;

static Id known_id(const v1::EventRecord& record) {
  return core::known_id(*id_from_bytes(record.event_id()), core::shadowed(record));
}

void Checker::custody(const Message& message) {
  const EventKey key{message.agency, core::known_id(message.id, message.trial)};
  custody_.emplace(key, Messages::words_of(message));
  if (message.chosen) contents_[key].insert(message.item.SerializeAsString());
  if (message.probe) probes_.insert(key);
  silence_.owes(message);
}

void Checker::breach(const std::string& promise, const std::string& text) {
  if (breaches_.size() < 20) breaches_.push_back(promise + ": " + text);
}

std::string Checker::row(store::LogId log, uint64_t number) const {
  return hub_.kv().get(Family::kInbox, store::key::inbox(log, number)).value().value_or("");
}

void Checker::committed(bool frozen) {
  frozen_ = frozen;
  touched_.clear();
  read_blocks();
  check_touched();
  check_new_entries();
}

void Checker::read_blocks() {
  const Status read = store::for_each_block(
      hub_.kv(), next_block_, [&](const v1::AuditBlock& block, std::string_view bytes) {
        if (bytes.size() > limits::kBatchBytesMax) breach("P11", "a block is over the bound");
        take_block(block, bytes);
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
  nudges_.lost_tail();
  next_block_ = 0;
  chain_ = {};
  frozen_ = false;
  read_blocks();
  news_.clear();
}

void Checker::take_block(const v1::AuditBlock& block, std::string_view bytes) {
  if (block.previous() != view(chain_)) breach("P10", "a block does not follow on");
  chain_ = store::chain(chain_, bytes);
  for (const auto& entry : block.entries()) {
    const bool accepted = entry.kind() == v1::AUDIT_KIND_ACCEPTED;
    if (accepted) take_accepted(entry.position());
    touched_.insert(accepted ? entry.position() : entry.event_position());
    if (entry.kind() == v1::AUDIT_KIND_ACT) act_entries_[entry.position()] = entry.event_position();
    if (entry.kind() == v1::AUDIT_KIND_ESCALATED) take_escalation(entry);
    tell(entry);
  }
}

void Checker::take_accepted(uint64_t position) {
  const auto event = store::read_event(hub_.kv(), position).value();
  if (!event) return breach("P1", "an accepted event is not there");
  const auto [at, fresh] = accepted_.emplace(EventKey{event->agency(), known_id(*event)}, position);
  if (!fresh && at->second != position) breach("P2", "an event was accepted twice");
}

void Checker::take_escalation(const v1::AuditEntry& entry) {
  if (entry.event_position() == 0) return;  // a silence, not a delivery's
  const auto event = hub_.event(entry.event_position());
  const std::string which = event.event_id() + entry.team() + entry.text();
  if (!escalations_.insert(which).second) {
    breach("P8", "escalated twice: " + entry.team() + " " + entry.text());
  }
  if (frozen_ && entry.text().find("level") != std::string::npos) {
    breach("P8", "it rang while the clock was frozen: " + entry.team() + " " + entry.text());
  }
}

// For the trace: what a person would want to know.
void Checker::tell(const v1::AuditEntry& entry) {
  std::string kind = v1::AuditKind_Name(entry.kind()).substr(std::string("AUDIT_KIND_").size());
  const bool dull = entry.kind() == v1::AUDIT_KIND_RECEIVED ||
                    entry.kind() == v1::AUDIT_KIND_COUNTED ||
                    entry.kind() == v1::AUDIT_KIND_DISCLOSED;
  if (dull || news_.size() >= 20) return;
  for (char& c : kind) c = static_cast<char>(std::tolower(c));
  std::string words = "hub: " + kind + " " + std::to_string(entry.position());
  if (entry.event_position() > 0) words += " on " + std::to_string(entry.event_position());
  if (!entry.team().empty()) words += " " + entry.team();
  if (entry.number() > 0) words += " " + std::to_string(entry.number());
  if (!entry.text().empty()) words += ": " + entry.text();
  news_.push_back(std::move(words));
}

// P3, P4, P9: of the events of this commit alone.
void Checker::check_touched() {
  for (const uint64_t position : touched_) {
    if (position == 0 || !store::read_event(hub_.kv(), position).value()) continue;
    check_recipients_of(position);
    for (const auto& r : hub_.recipients(position)) check_moved(r.team(), r.number());
    for (const auto& text : silence_.broken_at(position)) breach("silence", text);
    if (voided(position)) continue;
    if (const auto wrong = not_held(hub_, position); !wrong.empty()) breach("P4", wrong);
  }
}

// P5: numbers go on without a gap, and none is taken back.
void Checker::check_new_entries() {
  for (const auto& [id, team] : hub_.core().directory()->teams()) {
    for (const auto kind : {store::Log::kInbox, store::Log::kSent}) {
      const store::LogId log{team.row.handle(), kind};
      auto& seen = logs_[log];
      const uint64_t head = hub_.core().log_head(log);
      if (head < seen.size()) breach("P5", id + ": numbers were lost");
      while (seen.size() < head) {
        seen.push_back(row(log, seen.size() + 1));
        if (!seen.back().empty()) continue;
        breach("P5", id + ": no entry under " + std::to_string(seen.size()));
      }
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
void Checker::said(const v1::Promise& promise) {
  promises_[promise.position()] = promise;
  if (promise.head() != view(chain_)) breach("P10", "a promise is not of the chain as it stands");
}
void Checker::believed(const std::string& member) {
  breach("P10", member + " believed a hub that is behind what it was promised");
}

void Checker::sent(const std::string& member, const v1::Deliver& frame, uint64_t unreceived) {
  for (const auto& text : shown_too_much(hub_, member, frame)) breach("P9", text);
  for (const auto& entry : frame.items()) {
    const Held held{entry.number(), entry.notice().position()};
    told_[frame.team()][held].insert(subject_shown(frame.team(), entry.number()));
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

std::optional<std::string> Checker::subject_told(const std::string& team, const Held& held) const {
  const auto of_team = told_.find(team);
  if (of_team == told_.end()) return std::nullopt;
  const auto subjects = of_team->second.find(held);
  if (subjects == of_team->second.end() || subjects->second.size() != 1) return std::nullopt;
  return *subjects->second.begin();
}

// P6: by what the hub knows, not by what the desk was told.
void Checker::check_order(const Member& member, const v1::Entry& entry) {
  const std::string& team = member.options().team;
  if (!in_common(member, entry.number())) return;  // the number is another entry's by now
  const auto subject = subject_told(team, {entry.number(), entry.notice().position()});
  if (!subject || subject->empty()) return;
  for (const auto& held : failed_[team]) {
    const auto& [number, position] = held;
    if (number >= entry.number() || subject_told(team, held) != subject) continue;
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
      continue;
    }
    if (mark->second.behind == 0) continue;
    const auto first = member.store()->find(mark->second.behind).value();
    if (!first) continue;
    const auto subject = subject_told(team, held);
    const auto other = subject_told(team, {mark->second.behind, first->entry.notice().position()});
    if (subject && other && (subject->empty() || *subject != *other)) {
      breach("P6", team + " is held back for another child's trouble");
    }
  }
}

}  // namespace switchboard::sim
