#include "tests/sim/run.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "broker/base/bytes.h"
#include "tests/sim/people.h"

namespace switchboard::sim {

namespace {

constexpr uint64_t kCalmSteps = 6000;
constexpr uint64_t kStormSteps = 12;

uint64_t core_seed(const Settings& settings) {
  static uint64_t uneven = 0;
  return settings.bug == Bug::kUnevenRandomness ? settings.seed + ++uneven : settings.seed;
}

// "day 1 12:03:07", as the run began on a Monday at noon.
std::string clock_words(Time now) {
  const int64_t s = (now - support::kNoon).us / 1'000'000 + 12 * 3600;
  std::array<char, 32> words{};
  std::snprintf(words.data(), words.size(), "day %d %02d:%02d:%02d",
                static_cast<int>(1 + s / 86400), static_cast<int>(s / 3600 % 24),
                static_cast<int>(s / 60 % 60), static_cast<int>(s % 60));
  return words.data();
}

}  // namespace

Run::Run(const Settings& settings)
    : settings_(settings),
      random_(settings.seed),
      faults_(settings.seed, settings.without),
      network_(faults_),
      hub_(random_, faults_, settings.bug, core_seed(settings)),
      checker_(hub_.hub()),
      messages_(random_),
      town_(hub_, faults_),
      taps_(hub_, faults_),
      weather_({random_, faults_, network_, hub_, members_,
                [this](std::string line) { note(std::move(line)); },
                [this](const std::string& member) { checker_.believed(member); }},
               {settings.losses, settings.old_copies}, settings.bug) {
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
  trace_.push_back(clock_words(now_) + "  " + std::move(line));
  if (trace_.size() > settings_.trace_lines) trace_.pop_front();
}

Outcome Run::go() {
  while (steps_ < settings_.steps && checker_.breaches().empty()) {
    step();
    if (++steps_ % 50 == 0) checker_.check_disk();
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
  outcome.faults = faults_.counts();
  outcome.steps = steps_;
  outcome.events = checker_.events();
  outcome.acts = checker_.done_acts();
  outcome.escalations = checker_.escalations();
  outcome.ended_tasks = checker_.ended_tasks();
  outcome.ended_nudges = checker_.ended_nudges();
  outcome.silences = taps_.silences();
  outcome.hub_crashes = hub_.crashes();
  outcome.expired = hub_.expired();
  outcome.losses = hub_.hub().core().recovery().losses();
  return outcome;
}

void Run::step() {
  now_ = now_ + milliseconds(static_cast<int64_t>(1 + random_.below(400)));
  if (stormy_) {
    if (random_.chance(10)) now_ = now_ + seconds(static_cast<int64_t>(random_.below(1800)));
    if (faults_.strikes(Fault::kLull)) lull();
    weather_.strike(now_);
    adapters_work();
    people_work();
    operators_work();
  }
  taps_.work(now_);
  exchange();
}

// Days on which nobody says or does anything.
void Run::lull() {
  const uint64_t days = 1 + faults_.numbers(Fault::kLull).below(4);
  now_ = now_ + seconds(static_cast<int64_t>(days) * 86'400);
  note("nothing happens for " + std::to_string(days) + " days");
}

void Run::publish(Member& member, const Message& message) {
  member.publish(message.item, now_);
  checker_.custody(message);
  note(member.options().principal + " takes a message: " + Messages::words_of(message));
}

// One thing that its record system says: something new, again, otherwise; or its own probe.
void Run::work_of(Member& member) {
  const std::string agency = member.options().principal == "pas" ? "X26" : "X99";
  if (agency == "X26" && faults_.strikes(Fault::kProbe)) {
    publish(member, messages_.probe(now_));
  }
  if (faults_.strikes(Fault::kConflict)) {
    if (const auto other = messages_.conflict(agency)) return publish(member, *other);
  }
  const uint64_t again = steps_ < storm_ends_ ? 500 : 150;
  if (agency == "X26" && !sent_before_.empty() && random_.chance(again)) {
    member.publish(sent_before_[random_.below(sent_before_.size())].item, now_);  // a resend
    return;
  }
  const Message message = messages_.next(agency);
  publish(member, message);
  if (agency == "X26") sent_before_.push_back(message);
}

void Run::adapters_work() {
  if (faults_.strikes(Fault::kStorm)) {
    storm_ends_ = steps_ + kStormSteps;
    note("pas is flooded: ten times as much, half of it again");
  }
  for (auto& member : members_) {
    if (!member->adapter() || weather_.away(*member, now_)) continue;
    if (random_.chance(120)) work_of(*member);
  }
  for (int i = 0; steps_ < storm_ends_ && i < 5; ++i) work_of(*members_.front());
}

void Run::people_work() {
  for (auto& member : members_) {
    if (member->adapter() || member->through() == 0 || !random_.chance(60)) continue;
    if (weather_.away(*member, now_)) continue;
    const std::string& team = member->options().team;
    const auto seen = member->store()->find(1 + random_.below(member->through())).value();
    if (!seen) continue;
    v1::Act act = act_on(team, seen->entry, now_, random_);
    act.set_at_us(now_.us);
    note(words_of(act));
    member->act(act, now_);
  }
}

// Somebody looks at what is parked: it is replayed, or its first was dealt with by other means.
void Run::operators_work() {
  for (const Fault kind : {Fault::kRoute, Fault::kTeamClosed, Fault::kPersonGone, Fault::kRevoked,
                           Fault::kPolicy, Fault::kDisclosure, Fault::kKeyExpires}) {
    if (faults_.strikes(kind)) note("directory: " + town_.change(kind));
  }
  if (auto words = town_.renew(); !words.empty()) note("directory: " + words);
  if (faults_.strikes(Fault::kList)) {
    Random& random = faults_.numbers(Fault::kList);
    const auto mode = static_cast<v1::MembersMode>(1 + random.below(3));
    note("X99-MASH's caseload changes: " + v1::MembersMode_Name(mode));
    hub_.change_list("X99-MASH", mode, static_cast<unsigned>(random.below(8)));
  }
  for (auto& member : members_) {
    if (!faults_.strikes(Fault::kReplay) || weather_.away(*member, now_)) continue;
    const auto parked = member->parked();
    if (parked.empty()) continue;
    const auto& mark = parked[random_.below(parked.size())];
    const std::string& team = member->options().team;
    // An earlier one of the same child comes first: replayed, it may have failed since.
    const bool first = std::none_of(parked.begin(), parked.end(), [&](const auto& other) {
      return other.subject == mark.subject && other.number < mark.number;
    });
    if (mark.behind == 0 && (first || mark.subject.empty()) && random_.chance(300)) {
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
  for (auto& member : members_) {
    if (!weather_.away(*member, now_)) member->send(network_, now_);
  }
  hub_.turn(network_.at_hub(now_, 1 + random_.below(12)), network_, now_);
  while (hub_.busy()) hub_.turn({}, network_, now_);
  for (auto& line : checker_.take_news()) note(std::move(line));
  if (hub_.crashes() != crashes_seen_) {
    crashes_seen_ = hub_.crashes();
    note("the hub starts anew: " + hub_.last());
    checker_.check_disk();
  }
  for (const auto& packet : network_.at_members(now_, 1 + random_.below(16))) {
    for (auto& member : members_) {
      const bool meant = member->options().principal == packet.member;
      if (meant && !weather_.away(*member, now_)) member->hear(packet, now_);
    }
  }
  desks_work();
}

void Run::desks_work() {
  for (auto& member : members_) {
    if (weather_.away(*member, now_)) continue;
    member->use_arrivals([&](const sdk::Endpoint::Arrival& arrival) {
      const bool fails = faults_.strikes(Fault::kDeskFails);
      if (fails) {
        note(member->options().team + " cannot use " + std::to_string(arrival.entry.number()));
      }
      checker_.arrived(*member, arrival, fails);
      return fails ? "the desk's system says no" : "";
    });
    if (!stormy_ || random_.chance(700)) member->flush();
  }
}

bool Run::settled() {
  if (hub_.hub().core().has_work()) return false;
  for (const auto& member : members_) {
    if (!member->idle()) return false;
    if (member->adapter()) continue;
    const auto log = hub_.hub().inbox_of(member->options().team);
    if (member->through() != hub_.hub().core().log_head(log)) return false;
  }
  return true;
}

void Run::until_settled() {
  for (uint64_t i = 0; i < kCalmSteps && !settled() && checker_.breaches().empty(); ++i) step();
}

// Everything is healed; two days pass, so that whatever is due rings and is told.
void Run::calm_down() {
  note("calm: everything is healed");
  stormy_ = false;
  faults_.calm();
  weather_.calm(now_);
  town_.heal();
  taps_.heal();
  // A clock that was days ahead stands until it is passed: what is due then is due later.
  const Time end = std::max(now_, hub_.hub().now) + seconds(2 * 86400);
  until_settled();
  while (now_ < end && checker_.breaches().empty()) {
    now_ = now_ + seconds(1800);
    for (int i = 0; i < 4; ++i) step();
  }
  until_settled();
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
  until_settled();
}

Outcome go_twice(const Settings& settings) {
  Outcome one = Run(settings).go();
  if (one.failed()) return one;
  const Outcome two = Run(settings).go();
  if (one.chain != two.chain || one.trace != two.trace) {
    one.breaches.push_back("P12: the same seed gave another run");
  }
  return one;
}

}  // namespace switchboard::sim
