#include "adapters/mllp/custody.h"

#include "adapters/sdk/verdict.h"
#include "broker/runtime/log.h"

namespace switchboard::mllp {
namespace {

constexpr size_t kCommitBytesMax = 4 * 1024 * 1024;
constexpr size_t kCommitItemsMax = 256;

}  // namespace

Custody::Custody(sdk::Publisher& publisher, Tallies& tallies)
    : publisher_(publisher), tallies_(tallies), heard_through_(publisher.outbox().confirmed()) {}

void Custody::offer(Offer offer) {
  auto items = std::exchange(offer.exchange.items, {});
  if (items.empty()) return settle(std::move(offer), Settled::Basis::kNothingToHold);
  counts_.push_back(items.size());
  for (v1::Item& item : items) {
    offered_bytes_ += item.ByteSizeLong();
    items_.push_back(std::move(item));
  }
  offered_.push_back(std::move(offer));
}

bool Custody::has_enough() const {
  return items_.size() >= kCommitItemsMax || offered_bytes_ >= kCommitBytesMax;
}

Status Custody::commit(const Moment& moment) {
  if (offered_.empty()) return ok();
  const auto items = std::exchange(items_, {});
  offered_bytes_ = 0;
  const auto first = publisher_.append(items, moment.now);
  if (!first.ok()) {
    if (first.error().code != v1::CODE_BUSY) return first.error();
    return commit_one_by_one(items, moment);
  }
  uint64_t sequence = *first;
  for (size_t i = 0; i < offered_.size(); ++i) {
    held(std::move(offered_[i]), {sequence, counts_[i]}, moment);
    sequence += counts_[i];
  }
  offered_.clear();
  counts_.clear();
  return ok();
}

// No room for all: some may still find theirs.
Status Custody::commit_one_by_one(std::span<const v1::Item> items, const Moment& moment) {
  size_t at = 0;
  for (size_t i = 0; i < offered_.size(); at += counts_[i++]) {
    const auto sequence = publisher_.append(items.subspan(at, counts_[i]), moment.now);
    if (sequence.ok()) {
      held(std::move(offered_[i]), {*sequence, counts_[i]}, moment);
    } else if (sequence.error().code == v1::CODE_BUSY) {
      settle(std::move(offered_[i]), Settled::Basis::kFull);
    } else {
      return sequence.error();
    }
  }
  offered_.clear();
  counts_.clear();
  return ok();
}

void Custody::held(Offer&& offer, const Held& items, const Moment& moment) {
  const bool asked = offer.ack_after == AckAfter::kAccepted && offer.ack_wait.us > 0 &&
                     offer.exchange.reply == Exchange::Reply::kSent;
  if (!asked || moment.hub_away_us >= offer.ack_wait.us) {
    return settle(std::move(offer), Settled::Basis::kOwn);
  }
  const int64_t due = moment.boot_us + offer.ack_wait.us;
  const uint64_t last = items.first_sequence + items.count - 1;
  waiting_.emplace(last, Waiting{.settled = {.connection = offer.connection,
                                             .exchange = std::move(offer.exchange)},
                                 .due_us = due,
                                 .first_sequence = items.first_sequence});
  due_.emplace(due, last);
}

void Custody::settle(Offer&& offer, Settled::Basis basis) {
  settled_.push_back(
      {.connection = offer.connection, .exchange = std::move(offer.exchange), .basis = basis});
}

void Custody::hear(std::span<const sdk::Publisher::Outcome> outcomes) {
  for (const auto& outcome : outcomes) {
    if (outcome.sequence <= heard_through_) continue;
    heard_through_ = outcome.sequence;
    tallies_.hub_said(outcome.code);
    const bool refused = sdk::verdict(outcome.code) == sdk::Verdict::kRefused;
    if (refused) {
      log::warn("the hub will never take an event; it stays in the outbox's list of refusals",
                {{"sequence", outcome.sequence},
                 {"code", v1::Code_Name(outcome.code)},
                 {"why", outcome.text}});
    }
    const auto at = waiting_.lower_bound(outcome.sequence);
    if (at == waiting_.end() || outcome.sequence < at->second.first_sequence) continue;
    Settled& settled = at->second.settled;
    if (settled.basis != Settled::Basis::kRefused) {  // one refused: the message is
      settled.basis = refused ? Settled::Basis::kRefused : Settled::Basis::kHub;
      settled.code = outcome.code;
    }
    if (outcome.sequence != at->first) continue;
    due_.erase({at->second.due_us, at->first});
    settled_.push_back(std::move(at->second.settled));
    waiting_.erase(at);
  }
}

void Custody::expire(int64_t boot_us) {
  while (!due_.empty() && due_.begin()->first <= boot_us) {
    const auto at = waiting_.find(due_.begin()->second);
    due_.erase(due_.begin());
    settled_.push_back(std::move(at->second.settled));
    waiting_.erase(at);
  }
}

std::vector<Custody::Settled> Custody::take_settled() { return std::exchange(settled_, {}); }

std::optional<int64_t> Custody::next_due_us() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

}  // namespace switchboard::mllp
