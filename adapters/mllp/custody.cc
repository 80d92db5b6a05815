#include "adapters/mllp/custody.h"

#include <algorithm>

#include "adapters/sdk/verdict.h"
#include "broker/runtime/log.h"

namespace switchboard::mllp {
namespace {

constexpr size_t kCommitBytesMax = 4 * 1024 * 1024;
constexpr size_t kCommitItemsMax = 256;

}  // namespace

Custody::Custody(sdk::Outbox& outbox, Ledger& ledger, Tallies& tallies)
    : outbox_(outbox), ledger_(ledger), tallies_(tallies), heard_through_(outbox.confirmed()) {}

void Custody::offer(Offer offer) {
  for (const Exchange& part : offer.submission.parts) {
    offered_items_ += std::max<size_t>(part.items.size(), 1);
    for (const Taken& taken : part.items) offered_bytes_ += taken.item.ByteSizeLong();
  }
  offered_.push_back(std::move(offer));
}

bool Custody::has_enough() const {
  return offered_items_ >= kCommitItemsMax || offered_bytes_ >= kCommitBytesMax;
}

Status Custody::commit(const Moment& moment) {
  if (offered_.empty()) return ok();
  auto offers = std::exchange(offered_, {});
  offered_bytes_ = offered_items_ = 0;
  std::vector<std::pair<Settled, std::vector<Held>>> held;
  for (Offer& offer : offers) {
    Settled settled{.connection = offer.connection};
    TRY(auto items, hold(offer, settled, moment.now));
    held.emplace_back(std::move(settled), std::move(items));
  }
  ledger_.stage(outbox_);
  TRY_DO(outbox_.commit());
  TRY_DO(outbox_.sync());  // P1, P10: held and counted; from here on it may be said
  for (size_t i = 0; i < offers.size(); ++i) {
    wait_or_settle(offers[i], std::move(held[i].first), held[i].second, moment);
  }
  return ok();
}

Result<std::vector<Custody::Held>> Custody::hold(Offer& offer, Settled& settled, Time now) {
  std::vector<Held> held;
  auto& parts = offer.submission.parts;
  settled.words.resize(parts.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    TRY(const auto progress, hold_part(offer, parts[i], now));
    if (progress.full) settled.words[i].kind = Word::Kind::kFull;
    for (const uint64_t sequence : progress.sequences) {
      if (sequence > heard_through_) held.push_back({.part = i, .sequence = sequence});
    }
  }
  settled.submission = std::move(offer.submission);
  return held;
}

// One message is counted once: as taken if any item of it is new. All its items find room or none.
Result<Custody::Progress> Custody::hold_part(const Offer& offer, Exchange& part, Time now) {
  Progress progress;
  TRY(const auto items, new_items(offer, part, progress));
  size_t bytes = 0;
  for (const Taken& taken : items) bytes += taken.item.ByteSizeLong();
  progress.full = !items.empty() && !outbox_.has_room(bytes);
  if (!progress.full) {
    TRY_DO(make_fit(bytes));
    for (const Taken& taken : items) TRY_DO(hold_item(offer, part, taken, now, progress));
  }
  if (progress.added) return progress;
  const bool known = !progress.sequences.empty();
  count(entry(offer, part,
              progress.full ? Exchange::Ledger::kFull
              : known       ? Exchange::Ledger::kDuplicate
                            : part.ledger));
  return progress;
}

// The counts of what is in a batch go with it: a crash between two leaves them equal.
Status Custody::make_fit(size_t item_bytes) {
  if (outbox_.fits_staged(item_bytes)) return ok();
  ledger_.stage(outbox_);
  return outbox_.commit();
}

Result<std::vector<Taken>> Custody::new_items(const Offer& offer, Exchange& part,
                                              Progress& progress) {
  std::vector<Taken> out;
  for (Taken& taken : std::exchange(part.items, {})) {
    TRY(const auto known, outbox_.find(taken.id));
    // What stands in the outbox's list of refusals so often is left there: the link is to go on.
    const bool parked =
        offer.park_after > 0 && refused_by_hub_.times(0, taken.id.view()) >= offer.park_after;
    if (known || parked) {
      progress.sequences.push_back(known.value_or(0));
    } else {
      out.push_back(std::move(taken));
    }
  }
  return out;
}

Status Custody::hold_item(const Offer& offer, const Exchange& part, const Taken& taken, Time now,
                          Progress& progress) {
  TRY_DO(make_fit(taken.item.ByteSizeLong()));  // of one message two may be more than a batch
  TRY(const uint64_t sequence,
      outbox_.stage(taken.item.SerializeAsString(),
                    {.id = taken.id, .tag = ledger_.tag(offer.listener, offer.read)}, now));
  progress.sequences.push_back(sequence);
  Ledger::Entry counted = entry(offer, part, part.ledger);
  counted.kind = taken.kind;
  counted.child = taken.child;
  if (progress.added) {
    ledger_.count_split(counted);
  } else {
    count(counted);
  }
  progress.added = true;
  return ok();
}

Ledger::Entry Custody::entry(const Offer& offer, const Exchange& part,
                             Exchange::Ledger outcome) const {
  return {.listener = offer.listener,
          .read = offer.read,
          .outcome = outcome,
          .trigger = part.trigger,
          .why = outcome == part.ledger ? part.note : ""};
}

void Custody::count(const Ledger::Entry& entry) {
  ledger_.count(entry);
  tallies_.at(entry.listener).in(entry.outcome).add();
}

void Custody::wait_or_settle(const Offer& offer, Settled settled, const std::vector<Held>& held,
                             const Moment& moment) {
  bool asked = false;
  for (const Exchange& part : settled.submission.parts) {
    asked = asked || part.reply == Exchange::Reply::kSent;
  }
  asked = asked && offer.ack_after == AckAfter::kAccepted && offer.ack_wait.us > 0 &&
          moment.hub_away_us < offer.ack_wait.us;
  if (!asked || held.empty()) {
    settled.own = !held.empty();
    return settled_.push_back(std::move(settled));
  }
  const uint64_t ticket = ++tickets_;
  const int64_t due = moment.boot_us + offer.ack_wait.us;
  Waiting& waiting = waiting_[ticket];
  waiting = {.settled = std::move(settled), .due_us = due, .sequences = {}, .open = held.size()};
  for (const Held& item : held) {
    awaited_.emplace(item.sequence, std::pair(ticket, item.part));
    waiting.sequences.push_back(item.sequence);
  }
  due_.emplace(due, ticket);
}

Status Custody::hear(std::span<const sdk::Publisher::Outcome> outcomes) {
  for (const auto& outcome : outcomes) {
    if (outcome.sequence <= heard_through_) continue;
    heard_through_ = outcome.sequence;
    tallies_.hub_said(outcome.code);
    TRY(const auto label, outbox_.index().label(outcome.sequence));
    if (label) ledger_.answered(label->tag);
    if (sdk::verdict(outcome.code) == sdk::Verdict::kRefused) {
      if (label) refused_by_hub_.count(0, label->id.view());
      log::warn("the hub will never take an event; it stays in the outbox's list of refusals",
                {{"sequence", outcome.sequence},
                 {"code", v1::Code_Name(outcome.code)},
                 {"why", outcome.text}});
    }
    const auto [first, last] = awaited_.equal_range(outcome.sequence);
    for (auto at = first; at != last; ++at) {
      hear_word(at->second.first, at->second.second, outcome);
    }
    awaited_.erase(first, last);
  }
  return ok();
}

void Custody::hear_word(uint64_t ticket, size_t part, const sdk::Publisher::Outcome& outcome) {
  const auto at = waiting_.find(ticket);
  if (at == waiting_.end()) return;
  Word& word = at->second.settled.words[part];
  if (sdk::verdict(outcome.code) == sdk::Verdict::kRefused && word.kind != Word::Kind::kFull) {
    word = {.kind = Word::Kind::kHubRefused, .code = outcome.code};
  }
  if (--at->second.open == 0) settle(at);
}

void Custody::settle(std::map<uint64_t, Waiting>::iterator at) {
  due_.erase({at->second.due_us, at->first});
  settled_.push_back(std::move(at->second.settled));
  waiting_.erase(at);
}

void Custody::expire(int64_t boot_us) {
  while (!due_.empty() && due_.begin()->first <= boot_us) {
    const uint64_t ticket = due_.begin()->second;
    const auto at = waiting_.find(ticket);
    forget_awaited(ticket, at->second.sequences);
    at->second.settled.own = true;
    settle(at);
  }
}

void Custody::forget_awaited(uint64_t ticket, const std::vector<uint64_t>& sequences) {
  for (const uint64_t sequence : sequences) {
    auto [at, last] = awaited_.equal_range(sequence);
    while (at != last) at = at->second.first == ticket ? awaited_.erase(at) : std::next(at);
  }
}

std::vector<Custody::Settled> Custody::take_settled() { return std::exchange(settled_, {}); }

std::optional<int64_t> Custody::next_due_us() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

}  // namespace switchboard::mllp
