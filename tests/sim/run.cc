#include "tests/sim/run.h"

#include <algorithm>

#include "broker/base/bytes.h"

namespace switchboard::sim {

namespace {

constexpr size_t kTraceLines = 25;
constexpr uint64_t kCalmSteps = 6000;

std::string person_of(const std::string& team, Random& random) {
  if (team == "X99-HV") return random.chance(500) ? "amy" : "ben";
  if (team == "X99-DUTY") return "cat";
  if (team == "X26-SAFETY") return "dev";
  return team == "X99-MASH" ? "meg" : "sue";
}

uint64_t core_seed(const Settings& settings) {
  static uint64_t uneven = 0;
  return settings.bug == Bug::kUnevenRandomness ? settings.seed + ++uneven : settings.seed;
}

}  // namespace

Run::Run(const Settings& settings)
    : settings_(settings),
      random_(settings.seed),
      network_(random_),
      hub_(random_, settings.bug, core_seed(settings)),
      checker_(hub_.hub()),
      messages_(random_) {
  hub_.watch(&checker_);
  for (const char* adapter : {"pas", "rio"}) {
    members_.push_back(std::make_unique<Member>(
        Member::Options{.principal = adapter, .team = {}, .seed = settings.seed}));
  }
  for (const auto& [principal, team] :
       {std::pair{"x99-hv", "X99-HV"}, std::pair{"x99-duty", "X99-DUTY"},
        std::pair{"x99-mash", "X99-MASH"}, std::pair{"x99-safety", "X99-SAFETY"},
        std::pair{"x26-safety", "X26-SAFETY"}}) {
    members_.push_back(std::make_unique<Member>(
        Member::Options{.principal = principal, .team = team, .seed = settings.seed}));
  }
}

void Run::note(std::string line) {
  trace_.push_back(std::to_string((now_ - support::kNoon).us / 1000) + " ms: " + std::move(line));
  if (trace_.size() > kTraceLines) trace_.pop_front();
}

Outcome Run::go() {
  for (uint64_t i = 0; i < settings_.steps && checker_.breaches().empty(); ++i) {
    step();
    if (i % 50 == 49) checker_.check_disk();
  }
  if (checker_.breaches().empty()) calm_down();
  if (checker_.breaches().empty()) checker_.check_end(members_);
  return judged();
}

Outcome Run::judged() {
  Outcome outcome;
  outcome.breaches = checker_.breaches();
  outcome.trace.assign(trace_.begin(), trace_.end());
  outcome.chain = to_hex(view(hub_.hub().core().head().chain));
  outcome.events = checker_.events();
  outcome.acts = checker_.done_acts();
  outcome.escalations = checker_.escalations();
  outcome.ended_tasks = checker_.ended_tasks();
  outcome.hub_crashes = hub_.crashes();
  outcome.losses = hub_.hub().core().recovery().losses();
  return outcome;
}

void Run::step() {
  now_ = now_ + milliseconds(static_cast<int64_t>(1 + random_.below(400)));
  if (stormy_) {
    if (random_.chance(10)) now_ = now_ + seconds(static_cast<int64_t>(random_.below(1800)));
    weather();
    adapters_work();
    people_work();
    operators_work();
  }
  exchange();
}

void Run::weather() {
  auto& member = *members_[random_.below(members_.size())];
  const std::string& name = member.options().principal;
  if (random_.chance(5)) {
    note(name + " crashes");
    member.crash(random_);
  }
  if (random_.chance(8)) member.disconnect();
  if (random_.chance(8)) {
    note(name + (network_.is_cut(name) ? " is mended" : " is cut off"));
    network_.is_cut(name) ? network_.mend(name) : network_.cut(name);
  }
  if (settings_.losses && random_.chance(10)) hub_.remember(settings_.old_copies ? 4 : 1);
  if (settings_.losses && random_.chance(4)) {
    note("the hub loses its tail");
    hub_.lose_tail(network_);
    crashes_seen_ = hub_.crashes();
  }
  if (random_.chance(20)) hub_.spy("x99-mash", random_.chance(500) ? "X99-HV" : "X26-SAFETY");
}

void Run::adapters_work() {
  for (auto& member : members_) {
    if (!member->adapter() || !random_.chance(120)) continue;
    const std::string agency = member->options().principal == "pas" ? "X26" : "X99";
    if (agency == "X26" && !sent_before_.empty() && random_.chance(150)) {
      member->publish(sent_before_[random_.below(sent_before_.size())], now_);  // a resend
      continue;
    }
    const Message message = messages_.next(agency);
    member->publish(message.item, now_);
    checker_.custody(message);
    if (agency == "X26") sent_before_.push_back(message.item);
    note(member->options().principal + " takes message " + std::to_string(messages_.made()));
  }
}

// What somebody who looks at this entry does: the ladder, a call, a reply; or asks, or disagrees.
v1::Act Run::act_of(const std::string& team, const v1::Entry& entry) {
  auto kind = static_cast<v1::ActKind>(1 + random_.below(4));
  const bool task = entry.notice().type() == v1::ENTRY_TYPE_TASK;
  const bool call = task && entry.notice().task().kind() == v1::TASK_KIND_CALL;
  if (task) kind = call ? v1::ACT_KIND_LOG_CALL : v1::ACT_KIND_REPLY;
  if (!task && random_.chance(40)) kind = v1::ACT_KIND_ASK;
  if (!task && random_.chance(40)) kind = v1::ACT_KIND_DISAGREE;
  v1::Act act = sdk::act_on(team, entry, kind, person_of(team, random_));
  act.set_at_us(now_.us);
  if (kind >= v1::ACT_KIND_ACTION) act.set_outcome("rang the family");
  if (task) act.set_task_id(entry.notice().task().task_id());
  if (kind == v1::ACT_KIND_ASK) act.set_reply_by_us((now_ + seconds(3600)).us);
  if (call) {
    act.mutable_call()->set_result(static_cast<v1::CallResult>(1 + random_.below(4)));
    act.mutable_call()->set_spoke_to("whoever was on duty");
  }
  return act;
}

void Run::people_work() {
  for (auto& member : members_) {
    if (member->adapter() || member->through() == 0 || !random_.chance(60)) continue;
    const std::string& team = member->options().team;
    const auto seen = member->store()->find(1 + random_.below(member->through())).value();
    if (!seen) continue;
    v1::Act act = act_of(team, seen->entry);
    note(act.actor().person() + " acts on " + act.team() + " " + std::to_string(act.number()));
    member->act(act, now_);
  }
}

// Somebody looks at what is parked: it is replayed, or its first was dealt with by other means.
void Run::operators_work() {
  for (auto& member : members_) {
    if (!random_.chance(10)) continue;
    const auto parked = member->parked();
    if (parked.empty()) continue;
    const auto& mark = parked[random_.below(parked.size())];
    const std::string& team = member->options().team;
    if (mark.behind == 0 && random_.chance(300)) {
      note(team + " releases " + std::to_string(mark.number));
      checker_.released(*member, mark.number);
      member->release(mark.number);
    } else {
      note(team + " is replayed from " + std::to_string(mark.number));
      hub_.replay(team, mark.number);
    }
  }
}

void Run::exchange() {
  for (auto& member : members_) member->send(network_, now_);
  hub_.turn(network_.at_hub(1 + random_.below(12)), network_, now_, stormy_);
  while (hub_.busy()) hub_.turn({}, network_, now_, stormy_);
  if (hub_.crashes() != crashes_seen_) {
    crashes_seen_ = hub_.crashes();
    note("the hub crashes: " + hub_.last());
    checker_.check_disk();
  }
  for (const auto& packet : network_.at_members(1 + random_.below(16))) {
    for (auto& member : members_) {
      if (member->options().principal == packet.member) member->hear(packet, now_);
    }
  }
  for (auto& member : members_) {
    member->use_arrivals([&](const sdk::Endpoint::Arrival& arrival) {
      const bool fails = stormy_ && random_.chance(25);
      checker_.arrived(*member, arrival, fails);
      return fails ? "the desk's system says no" : "";
    });
    if (!stormy_ || random_.chance(700)) member->flush();
  }
}

bool Run::settled() {
  for (const auto& member : members_) {
    if (!member->idle()) return false;
    if (member->adapter()) continue;
    const auto log = hub_.hub().inbox_of(member->options().team);
    if (member->through() != hub_.hub().core().log_head(log)) return false;
  }
  return true;
}

// Everything is healed; two days pass, so that whatever is due rings and is told.
void Run::calm_down() {
  stormy_ = false;
  network_.calm();
  note("calm");
  const Time end = now_ + seconds(2 * 86400);
  for (uint64_t i = 0; i < kCalmSteps && !settled(); ++i) step();
  while (now_ < end && checker_.breaches().empty()) {
    now_ = now_ + seconds(1800);
    for (int i = 0; i < 3; ++i) step();
  }
  for (uint64_t i = 0; i < kCalmSteps && !settled(); ++i) step();
  replay_parked();
}

// Every desk's system is mended: what was parked is replayed, and nothing is left.
void Run::replay_parked() {
  for (const auto& member : members_) checker_.check_parked(*member);
  for (const auto& member : members_) {
    const auto parked = member->parked();
    if (!parked.empty()) hub_.replay(member->options().team, parked.front().number);
  }
  const auto left = [&] {
    return std::any_of(members_.begin(), members_.end(),
                       [](const auto& member) { return !member->parked().empty(); });
  };
  for (uint64_t i = 0; i < kCalmSteps && left(); ++i) step();
  for (uint64_t i = 0; i < kCalmSteps && !settled(); ++i) step();
}

}  // namespace switchboard::sim
