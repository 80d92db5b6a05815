#include "services/nudge/rounds.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/runtime/log.h"
#include "broker/runtime/systemd.h"

namespace switchboard::nudge {
namespace {

constexpr std::chrono::milliseconds kIdle{100};
constexpr std::chrono::milliseconds kCarrying{10};
constexpr Duration kRefusalMost = seconds(600);
constexpr Duration kUnreadyAfter = seconds(30);

std::string words_of(v1::NudgeVia via) { return via == v1::NUDGE_VIA_MAIL ? "mail" : "webhook"; }

}  // namespace

Rounds::Rounds(const Parts& parts)
    : parts_(parts),
      now_(parts.client.now()),
      after_refusal_(parts.settings.retry),
      open_seen_(now_) {
  pause_.start(now_, {});
}

Status Rounds::run() {
  for (;;) {
    const bool busy = parts_.courier.under_way() > 0;
    TRY_DO(parts_.client.run_once(busy ? kCarrying : kIdle, parts_.signals.fd()));
    while (const auto ask = parts_.signals.next()) {
      if (*ask != Signals::Ask::kStop) continue;
      systemd::stopping("stopping");
      return ok();
    }
    now_ = parts_.client.now();
    parts_.courier.work();
    for (const auto& carried : parts_.courier.take_done()) note(carried);
    hear_report();
    hear_jobs();
    report();
    ask();
    show();
  }
}

void Rounds::ask() {
  const size_t under_way = parts_.courier.under_way();
  const bool open = parts_.client.session().open();
  if (asked_ || !open || !pause_.due(now_) || under_way >= Courier::kUnderWayMax) return;
  v1::Read read;
  read.mutable_nudges()->set_limit(static_cast<uint32_t>(Courier::kUnderWayMax - under_way));
  asked_ = parts_.client.ask(std::move(read));
}

void Rounds::hear_jobs() {
  if (!asked_) return;
  auto page = parts_.client.take_page(*asked_);
  if (!page) return;
  asked_.reset();
  if (page->code() != v1::CODE_OK) return refused(*page);
  refusal_.clear();
  after_refusal_ = parts_.settings.retry;
  pause_.start(now_, parts_.settings.poll);
  for (auto& job : *page->mutable_nudges()) carry(std::move(job));
}

// A new session hands out all that waits, also what this process has in its hands.
void Rounds::carry(v1::NudgeJob job) {
  if (untold_.contains(job.nudge_id()) || parts_.courier.has(job.nudge_id())) return;
  parts_.courier.carry(std::move(job), now_);
}

void Rounds::note(const Carried& carried) {
  const bool sent = carried.state == v1::NUDGE_STATE_SENT;
  const std::string via = words_of(carried.job.via());
  if (sent) {
    failing_.erase(carried.job.via());
    log::info(
        "nudge sent",
        {{"nudge", to_hex(carried.job.nudge_id())}, {"team", carried.job.team()}, {"via", via}});
  } else {
    failing_[carried.job.via()] = carried.why;
    log::warn("nudge not sent", {{"nudge", to_hex(carried.job.nudge_id())},
                                 {"team", carried.job.team()},
                                 {"via", via},
                                 {"attempt", carried.job.attempts()},
                                 {"why", carried.why}});
  }
  parts_.metrics
      .counter(sent ? "switchboard_nudge_sent_total" : "switchboard_nudge_not_sent_total",
               sent ? "taps sent" : "tries that failed", {{"via", via}})
      .add();
  v1::NudgeReport& told = untold_[carried.job.nudge_id()];
  told.set_nudge_id(carried.job.nudge_id());
  told.set_state(carried.state);
  told.set_why(carried.why);
}

void Rounds::report() {
  if (told_ || untold_.empty() || !parts_.client.session().open()) return;
  if (!refusal_.empty() && !pause_.due(now_)) return;
  telling_.Clear();
  for (const auto& [id, one] : untold_) {
    if (telling_.items_size() == static_cast<int>(Courier::kUnderWayMax)) break;
    *telling_.add_items() = one;
  }
  told_ = parts_.client.report(telling_);
}

void Rounds::hear_report() {
  if (!told_) return;
  const auto page = parts_.client.take_page(*told_);
  if (!page) return;
  told_.reset();
  if (page->code() != v1::CODE_OK) return refused(*page);
  for (const auto& one : telling_.items()) untold_.erase(one.nudge_id());
}

void Rounds::refused(const v1::Page& page) {
  if (refusal_ != page.text()) {
    log::error("the hub refuses this program",
               {{"code", v1::Code_Name(page.code())}, {"text", page.text()}});
  }
  refusal_ = page.text().empty() ? v1::Code_Name(page.code()) : page.text();
  pause_.start(now_, after_refusal_);
  after_refusal_ = std::min(Duration{after_refusal_.us * 2}, kRefusalMost);
}

void Rounds::show() {
  if (parts_.client.session().open()) open_seen_ = now_;
  if (parts_.health == nullptr) return;
  std::vector<std::string> against;
  if (now_ - open_seen_ >= kUnreadyAfter) {
    const auto alarm = parts_.client.alarm();
    against.push_back("no session with the hub" + (alarm ? ": " + alarm->text : std::string()));
  }
  if (!refusal_.empty()) against.push_back("the hub refuses: " + refusal_);
  for (const auto& [via, why] : failing_) against.push_back(words_of(via) + ": " + why);
  parts_.health->alive();
  parts_.health->publish(std::move(against));
}

}  // namespace switchboard::nudge
