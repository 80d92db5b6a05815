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
  if (!offer.exchange.item) return settle(std::move(offer), Settled::Basis::kNothingToHold);
  items_.push_back(*std::move(offer.exchange.item));
  offer.exchange.item.reset();
  offered_bytes_ += items_.back().ByteSizeLong();
  offered_.push_back(std::move(offer));
}

bool Custody::has_enough() const {
  return offered_.size() >= kCommitItemsMax || offered_bytes_ >= kCommitBytesMax;
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
  for (Offer& offer : offered_) held(std::move(offer), sequence++, moment);
  offered_.clear();
  return ok();
}

// No room for all: some may still find theirs.
Status Custody::commit_one_by_one(std::span<const v1::Item> items, const Moment& moment) {
  for (size_t i = 0; i < offered_.size(); ++i) {
    const auto sequence = publisher_.append(items.subspan(i, 1), moment.now);
    if (sequence.ok()) {
      held(std::move(offered_[i]), *sequence, moment);
    } else if (sequence.error().code == v1::CODE_BUSY) {
      settle(std::move(offered_[i]), Settled::Basis::kFull);
    } else {
      return sequence.error();
    }
  }
  offered_.clear();
  return ok();
}

void Custody::held(Offer&& offer, uint64_t sequence, const Moment& moment) {
  const bool asked = offer.ack_after == AckAfter::kAccepted && offer.ack_wait.us > 0 &&
                     offer.exchange.reply == Exchange::Reply::kSent;
  if (!asked || moment.hub_away_us >= offer.ack_wait.us) {
    return settle(std::move(offer), Settled::Basis::kOwn);
  }
  const int64_t due = moment.boot_us + offer.ack_wait.us;
  waiting_.emplace(sequence, Waiting{.settled = {.connection = offer.connection,
                                                 .exchange = std::move(offer.exchange)},
                                     .due_us = due});
  due_.emplace(due, sequence);
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
    const auto at = waiting_.find(outcome.sequence);
    if (at == waiting_.end()) continue;
    at->second.settled.basis = refused ? Settled::Basis::kRefused : Settled::Basis::kHub;
    at->second.settled.code = outcome.code;
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
