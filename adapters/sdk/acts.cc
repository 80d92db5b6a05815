#include "adapters/sdk/acts.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "adapters/sdk/recovery.h"
#include "adapters/sdk/verdict.h"
#include "broker/base/limits.h"

namespace switchboard::sdk {

v1::Act act_on(const std::string& team, const v1::Entry& seen, v1::ActKind kind,
               const std::string& person) {
  v1::Act act;
  act.set_team(team);
  act.set_number(seen.number());
  act.set_event_id(seen.notice().event_id());
  act.set_kind(kind);
  act.mutable_actor()->set_person(person);
  act.mutable_actor()->set_team(team);
  act.mutable_actor()->set_assurance(v1::ASSURANCE_ASSERTED);
  return act;
}

// What the hub would refuse it for; nothing: it is whole.
static std::string_view missing(const v1::Act& act) {
  switch (act.kind()) {
    case v1::ACT_KIND_ACTION:
    case v1::ACT_KIND_FINISH:
    case v1::ACT_KIND_DECLINE:
      return act.outcome().empty() ? "say the outcome" : "";
    case v1::ACT_KIND_NOT_OURS:
      if (act.not_ours() == v1::NOT_OURS_UNSPECIFIED) return "say why it is not yours: not_ours";
      return act.not_ours() == v1::NOT_OURS_NEVER && act.outcome().empty() ? "say the outcome" : "";
    case v1::ACT_KIND_HAND_OVER:
      return act.to_team().empty() ? "say to whom: to_team" : "";
    default:
      return {};
  }
}

Acts::Acts(Outbox& outbox, Entropy& entropy, const Options& options)
    : outbox_(outbox),
      entropy_(entropy),
      options_(options),
      backoff_(options.pause_first, options.pause_most) {}

Result<Id> Acts::submit(v1::Act act, Time now) {
  const bool about = act.number() != 0 || !act.task_id().empty() || !act.event_id().empty();
  if (act.kind() == v1::ACT_KIND_UNSPECIFIED || act.team().empty() || !about) {
    return error(v1::CODE_INVALID, "an act needs a kind, a team and a delivery's number or a task");
  }
  if (const auto what = missing(act); !what.empty()) {
    return error(v1::CODE_INVALID, std::string(what));
  }
  if (act.outcome().size() > limits::kOutcomeBytesMax) {
    return error(v1::CODE_OVERSIZE, "the outcome is too long");
  }
  Id id;
  if (const auto given = id_from_bytes(act.act_id())) {
    id = *given;
  } else {
    entropy_.fill(id.bytes.data(), id.bytes.size());
    act.set_act_id(std::string(id.view()));
  }
  if (act.at_us() == 0) act.set_at_us(now.us);
  const std::string bytes = act.SerializeAsString();
  TRY_DO(outbox_.append(std::span(&bytes, 1), now));
  return id;
}

Result<std::optional<v1::Acts>> Acts::next(Time now) {
  std::optional<v1::Acts> none;
  if (!open_ || wants_new_session_) return none;
  if (answer_.due(now)) wants_new_session_ = true;
  if (!flight_.empty() || (pause_.running() && !pause_.due(now))) return none;
  pause_.stop();
  TRY(auto waiting, pending(now));
  v1::Acts frame;
  std::set<std::pair<std::string, uint64_t>> deliveries;
  for (auto& [sequence, act] : waiting) {
    const bool first_of_delivery = deliveries.emplace(act.team(), act.number()).second;
    if (!first_of_delivery || done_.contains(sequence)) continue;
    flight_[act.act_id()] = sequence;
    *frame.add_items() = std::move(act);
  }
  if (frame.items().empty()) return none;
  answer_.start(now, options_.answer_within);
  return std::optional(std::move(frame));
}

// The oldest acts that are not confirmed; those answered already do not hold up their delivery.
Result<std::vector<Acts::Pending>> Acts::pending(Time now) {
  std::vector<Pending> list;
  auto items = outbox_.read(outbox_.confirmed() + 1, options_.frame_items, limits::kTurnBytesMax);
  if (!items.ok() && items.error().code == v1::CODE_INVALID) {
    const uint64_t damaged = outbox_.confirmed() + 1;
    done_[damaged] = Outbox::Refusal{.sequence = damaged,
                                     .code = v1::CODE_INTERNAL,
                                     .text = "cannot be opened: damaged at rest",
                                     .at = now};
    TRY_DO(advance(now));
    return list;
  }
  if (!items.ok()) return std::move(items).error();
  for (const auto& item : *items) {
    Pending entry{.sequence = item.sequence};
    if (done_.contains(item.sequence)) continue;
    if (!entry.act.ParseFromString(item.bytes)) {
      return error(v1::CODE_INTERNAL, "the outbox holds what is not an act");
    }
    list.push_back(std::move(entry));
  }
  return list;
}

Status Acts::answered(const v1::Acted& acted, Time now) {
  if (!open_) return ok();
  position_ = std::max(position_, covering(acted.promise()));
  for (const auto& item : acted.items()) {
    const auto it = flight_.find(item.act_id());
    if (it == flight_.end()) continue;
    const uint64_t sequence = it->second;
    flight_.erase(it);
    const Verdict said = verdict(item.code());
    if (said == Verdict::kRetry) {
      pause_.start(now, backoff_.next(entropy_));
      continue;
    }
    auto& slot = done_[sequence];
    if (said == Verdict::kRefused) {
      slot = {.sequence = sequence, .code = item.code(), .text = item.text(), .at = now};
    } else {
      backoff_.reset();
    }
    outcomes_.push_back({.act_id = *id_from_bytes(item.act_id()),
                         .code = item.code(),
                         .position = item.position(),
                         .state = item.state(),
                         .text = item.text()});
  }
  if (flight_.empty()) answer_.stop();
  return advance(now);
}

Status Acts::advance(Time now) {
  uint64_t through = outbox_.confirmed();
  std::vector<Outbox::Refusal> refused;
  while (!done_.empty() && done_.begin()->first == through + 1) {
    if (done_.begin()->second) refused.push_back(*done_.begin()->second);
    done_.erase(done_.begin());
    ++through;
  }
  if (through == outbox_.confirmed()) return ok();
  return outbox_.confirm(through, refused, {now, position_});
}

Status Acts::opened(const v1::Welcome& welcome) {
  closed();
  TRY_DO(answer_recovery(outbox_, welcome));
  held_through_ = outbox_.next() - 1;
  open_ = true;
  return ok();
}

void Acts::closed() {
  open_ = wants_new_session_ = false;
  flight_.clear();
  done_.clear();
  position_ = 0;
  answer_.stop();
}

std::optional<Time> Acts::wakes_at() const {
  std::optional<Time> at;
  for (const Timer* timer : {&answer_, &pause_}) {
    if (open_ && timer->running() && (!at || timer->at() < *at)) at = timer->at();
  }
  return at;
}

}  // namespace switchboard::sdk
