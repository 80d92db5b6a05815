#include "tests/sim/weather.h"

namespace switchboard::sim {

static constexpr size_t kOldPromises = 8;
static constexpr int64_t kDayS = 86'400;

Member& Weather::any() { return *parts_.members[parts_.random.below(parts_.members.size())]; }

Time Weather::until(Fault fault, Time now, int64_t most_s) {
  const uint64_t s = 1 + parts_.faults.numbers(fault).below(static_cast<uint64_t>(most_s));
  return now + seconds(static_cast<int64_t>(s));
}

void Weather::strike(Time now) {
  strike_links(now);
  strike_clients(now);
  strike_clock();
  strike_days();
  strike_hub();
  if (parts_.random.chance(20)) {
    old_.push_back(parts_.hub.hub().core().promise());
    if (old_.size() > kOldPromises) old_.erase(old_.begin());
  }
  if (parts_.faults.strikes(Fault::kStaleHub)) show_stale_hub(now);
  if (parts_.faults.strikes(Fault::kSpy)) {
    const bool hv = parts_.faults.numbers(Fault::kSpy).chance(500);
    parts_.hub.spy("x99-mash", hv ? "X99-HV" : "X26-SAFETY");
  }
}

void Weather::strike_links(Time now) {
  using Way = Network::Way;
  struct Cut {
    Fault fault;
    Way way;
    const char* words;
  };
  for (const Cut& cut : {Cut{Fault::kCut, Way::kBoth, " is cut off"},
                         Cut{Fault::kCutToHub, Way::kToHub, " hears the hub, which hears nothing"},
                         Cut{Fault::kCutFromHub, Way::kFromHub, " is heard and hears nothing"}}) {
    if (!parts_.faults.strikes(cut.fault)) continue;
    const std::string& name = any().options().principal;
    const bool brief = parts_.faults.numbers(cut.fault).chance(700);
    const Time end = until(cut.fault, now, brief ? 60 : 3600);
    parts_.network.cut(name, cut.way, end);
    parts_.note(name + cut.words + " for " + std::to_string((end - now).us / 1'000'000) + " s");
  }
}

void Weather::strike_clients(Time now) {
  if (parts_.faults.strikes(Fault::kClientCrash)) {
    Member& member = any();
    parts_.note(member.options().principal + " crashes");
    member.crash(parts_.random);
  }
  if (parts_.faults.strikes(Fault::kDisconnect)) any().disconnect();
  if (parts_.faults.strikes(Fault::kDeadClient)) {
    const std::string& name = any().options().principal;
    away_[name] = until(Fault::kDeadClient, now, 4 * 3600);
    parts_.note(name + " stands still for " + std::to_string((away_[name] - now).us / 60'000'000) +
                " min");
  }
  if (parts_.faults.strikes(Fault::kSlowDesk)) {
    const std::string& name = any().options().principal;
    const Duration delay = until(Fault::kSlowDesk, {}, 8) - Time{};
    parts_.network.slow(name, delay, until(Fault::kSlowDesk, now, 120));
    parts_.note("what the hub says to " + name + " takes " + std::to_string(delay.us / 1'000'000) +
                " s longer");
  }
}

void Weather::strike_clock() {
  MachineClock& clock = parts_.hub.clock();
  for (const Fault fault : {Fault::kClockAhead, Fault::kClockBack}) {
    if (!parts_.faults.strikes(fault)) continue;
    const auto by = static_cast<int64_t>(2 + parts_.faults.numbers(fault).below(3 * 3600));
    clock.step(seconds(fault == Fault::kClockAhead ? by : -by));
    parts_.note("the hub's clock is stepped " +
                std::string(fault == Fault::kClockAhead ? "ahead" : "back") + " by " +
                std::to_string(by) + " s");
  }
  if (!clock.frozen() || !parts_.random.chance(10)) return;
  const bool accept = parts_.random.chance(400);
  accept ? clock.accept_step() : clock.set_right();
  parts_.note(accept ? "an operator accepts the clock" : "the hub's clock is set right");
}

// A machine that starts with a clock that is days off takes it for true, until somebody sees it.
std::string Weather::step_by_days(MachineClock& clock, Random& random) {
  const auto days = static_cast<int64_t>(1 + random.below(5));
  const bool ahead = random.chance(400);
  clock.step(seconds(ahead ? days * kDayS : -days * kDayS));
  return " starts anew with a clock that is " + std::to_string(days) +
         (ahead ? " days ahead" : " days behind");
}

void Weather::strike_days() {
  Random& of_hub = parts_.faults.numbers(Fault::kClockDays);
  if (parts_.faults.strikes(Fault::kClockDays)) {
    parts_.note("the hub" + step_by_days(parts_.hub.clock(), of_hub));
    parts_.hub.crash(parts_.network);
  }
  Random& of_clients = parts_.faults.numbers(Fault::kClientClock);
  if (parts_.faults.strikes(Fault::kClientClock)) {
    Member& member = *parts_.members[of_clients.below(parts_.members.size())];
    parts_.note(member.options().principal + step_by_days(member.clock(), of_clients));
    member.crash(of_clients);
  }
  for (auto& member : parts_.members) {
    if (!member->clock().wrong() || !of_clients.chance(20)) continue;
    member->clock().set_right();
    parts_.note(member->options().principal + " starts anew with its clock set right");
    member->crash(of_clients);
  }
}

void Weather::strike_hub() {
  const bool recovering = parts_.hub.hub().core().recovery().recovering();
  if (recovering && parts_.faults.strikes(Fault::kCrashRecovering)) {
    parts_.note("the hub crashes while it recovers");
    parts_.hub.crash(parts_.network);
  }
  if (!losses_.tails) return;
  if (parts_.random.chance(10)) parts_.hub.remember(losses_.copies ? 4 : 1);
  if (!parts_.random.chance(4)) return;
  parts_.note(losses_.copies ? "the hub goes back to a copy of its disk"
                             : "the hub loses its tail");
  parts_.hub.lose_tail(parts_.network);
}

// P10: a client gives nothing to a hub that shows less than it was promised.
void Weather::show_stale_hub(Time now) {
  Member& member = any();
  const auto& newest = member.highest();
  for (const auto& old : old_) {
    const bool behind = old.epoch() == newest.epoch() ? old.position() < newest.position()
                                                      : old.epoch() < newest.epoch();
    if (!behind || away(member, now)) continue;
    parts_.note("a copy that is behind speaks to " + member.options().principal);
    if (bug_ == Bug::kForgottenPromises) member.forget_promises();
    if (member.believes(old, now)) parts_.believed(member.options().principal);
    return;
  }
}

void Weather::calm(Time now) {
  away_.clear();
  parts_.network.calm();
  parts_.hub.clock().set_right();
  parts_.hub.clock().read(now);
  parts_.hub.clock().accept_step();
}

bool Weather::away(const Member& member, Time now) const {
  const auto it = away_.find(member.options().principal);
  return it != away_.end() && now < it->second;
}

}  // namespace switchboard::sim
