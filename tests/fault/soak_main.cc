// fault_soak: everything at once, for as long as one likes, with small memtables; memory and
// descriptors must not grow.
#include <cstdio>
#include <functional>

#include "tests/fault/kills.h"
#include "tests/fault/report.h"
#include "tests/support/arguments.h"
#include "tests/support/resident.h"

namespace switchboard::test {
namespace {

constexpr const char* kHelp =
    "Load, kills, network faults, replays and directory changes for some minutes; then judges.\n"
    "  fault_soak [--minutes N | --seconds N] [--seed N] [--kill-every S]\n"
    "In the second half the hub is left alive, and neither its memory nor its files may grow.\n"
    "Example: fault_soak --minutes 240";

using Clock = std::chrono::steady_clock;
using Harm = TcpProxy::Harm;

constexpr uint64_t kHubMiBMax = 320;    // at any time
constexpr uint64_t kGrowthMiBMax = 48;  // of the hub, from a tenth into its last life to its end
constexpr uint64_t kFilesMax = 640;     // its store keeps at most 512 open
constexpr uint64_t kSocketsMore = 24;   // than then: dead connections must go

struct Sample {
  uint64_t mib = 0;
  uint64_t files = 0;
  uint64_t sockets = 0;  // of these
};

Sample sample_of(pid_t pid) {
  std::error_code gone;
  Sample sample{.mib = resident_kb(pid) / 1024};
  for (auto it = std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd", gone);
       !gone && it != std::filesystem::directory_iterator(); it.increment(gone)) {
    ++sample.files;
    const auto target = std::filesystem::read_symlink(it->path(), gone);
    sample.sockets += target.string().starts_with("socket:");
    gone.clear();
  }
  return sample;
}

class Soak {
 public:
  Soak(uint64_t seed, std::chrono::seconds kill_every)
      : random_(seed),
        kill_every_(kill_every),
        world_({.pace_ms = 50, .hub_settings = {"store.memtable_mb=1"}, .proxied = true}),
        killer_(world_, seed) {}

  bool run(std::chrono::seconds time, Json& line) {
    world_.start();
    phase(time / 2, [this] { killer_.go_on(killer_.counts().all() + 1); });
    // From here on the hub lives.
    const Sample first = settle(time / 20);
    phase(time / 2 - time / 20, [this] { kill_members(); });
    const Sample last = sample();
    check(first, last);
    const auto verdict = world_.finish(std::chrono::seconds(600));
    line["runs"] = killer_.counts().all() + member_kills_ + harms_ + replays_ + directories_;
    line["survived"] = verdict.clean() ? line["runs"].get<uint64_t>() : 0;
    line["kills"] = killer_.counts().all() + member_kills_;
    line["network_faults"] = harms_;
    line["replays"] = replays_;
    line["directory_changes"] = directories_;
    line["hub_mib_first"] = first.mib;
    line["hub_mib_last"] = last.mib;
    line["hub_mib_max"] = peak_.mib;
    line["hub_files_max"] = peak_.files;
    line["hub_sockets_first"] = first.sockets;
    line["hub_sockets_last"] = last.sockets;
    add_verdict(line, verdict);
    if (!verdict.clean()) std::fprintf(stderr, "%s", verdict.text().c_str());
    return verdict.clean();
  }

 private:
  // Some harm of every sort, and kills at their pace, until the time is up.
  void phase(std::chrono::seconds time, const std::function<void()>& kill) {
    const auto until = Clock::now() + time;
    auto kill_at = Clock::now() + kill_every_;
    while (Clock::now() < until && world_.troubles().empty()) {
      some_harm();
      if (!world_.moves_on(20)) return;
      const auto now = sample();
      peak_.mib = std::max(peak_.mib, now.mib);
      peak_.files = std::max(peak_.files, now.files);
      if (Clock::now() < kill_at) continue;
      kill();
      kill_at = Clock::now() + kill_every_;
    }
  }
  void some_harm() {
    const auto draw = random_() % 8;
    if (draw == 0) return replay();
    if (draw == 1) return change_directory();
    if (draw > 4) return;
    constexpr Harm kSome[] = {Harm::kHalfOpen, Harm::kOneWay,  Harm::kOtherWay,
                              Harm::kStall,    Harm::kTrickle, Harm::kDelay};
    world_.proxy().harm(kSome[random_() % std::size(kSome)]);
    eventually([&] { return !world_.world.hub.running(); },
               std::chrono::milliseconds(random_() % 500));
    world_.proxy().harm(Harm::kNone);
    world_.proxy().reset_after(2 + random_() % 4000);
    ++harms_;
  }
  // An operator sends a stretch again: what comes twice is known by its number.
  void replay() {
    v1::AdminRequest plan;
    plan.set_reason("the soak wants it");
    auto& wanted = *plan.mutable_replay();
    wanted.set_team("X99-HV");
    const uint64_t head = world_.member("rosa").through();
    wanted.set_from_number(head > 50 ? head - 50 : 1);
    wanted.set_to_number(std::max<uint64_t>(head, 1));
    const auto planned = world_.world.ask(plan);
    if (!planned.ok()) return world_.trouble("replay: " + planned.error().text);
    wanted.set_execute(true);
    wanted.set_confirm(planned->replay().count());
    const auto ran = world_.world.ask(plan);
    if (!ran.ok()) world_.trouble("replay: " + ran.error().text);
    ++replays_;
  }
  // A route more, or one less: to a team that nobody here reads.
  void change_directory() {
    v1::Directory change;
    *change.add_routes() = area_route("soak", "X31-NET", directories_ % 2 ? kArea : "E99000009");
    const auto applied = world_.world.apply(change);
    if (!applied.ok()) world_.trouble("directory: " + applied.error().text);
    ++directories_;
  }
  void kill_members() {
    Member& member = *world_.members()[random_() % world_.members().size()];
    member.child().kill();
    ++member_kills_;
    member.start();
  }
  Sample settle(std::chrono::seconds time) {
    phase(time, [] {});
    return sample();
  }
  Sample sample() const { return sample_of(world_.world.hub.pid()); }
  void check(const Sample& first, const Sample& last) {
    const auto grew = [&](const std::string& what, uint64_t from, uint64_t to) {
      world_.trouble("the hub's " + what + " grew from " + std::to_string(from) + " to " +
                     std::to_string(to));
    };
    if (last.mib > first.mib + kGrowthMiBMax) grew("memory (MiB)", first.mib, last.mib);
    if (peak_.mib > kHubMiBMax) grew("memory (MiB)", first.mib, peak_.mib);
    if (peak_.files > kFilesMax) grew("descriptors", first.files, peak_.files);
    if (last.sockets > first.sockets + kSocketsMore) grew("sockets", first.sockets, last.sockets);
  }

  std::mt19937_64 random_;
  std::chrono::seconds kill_every_;
  FaultWorld world_;
  Killer killer_;
  Sample peak_;
  uint64_t member_kills_ = 0, harms_ = 0, replays_ = 0, directories_ = 0;
};

}  // namespace
}  // namespace switchboard::test

int main(int argc, char** argv) {
  using namespace switchboard::test;
  switchboard::support::Arguments arguments(argc, argv);
  arguments.help(kHelp);
  const auto began = Clock::now();
  const uint64_t seed = arguments.count("seed", 1);
  const uint64_t seconds = arguments.count("seconds", 60 * arguments.count("minutes", 1));
  const uint64_t every = arguments.count("kill-every", std::max<uint64_t>(seconds / 20, 1));
  arguments.finish();
  Json line = report_line("soak", "all", seed);
  Soak soak(seed, std::chrono::seconds(every));
  const bool clean = soak.run(std::chrono::seconds(seconds), line);
  if (!clean) {
    std::fprintf(stderr, "again: %s --seconds %s --seed %s\n", argv[0],
                 std::to_string(seconds).c_str(), std::to_string(seed).c_str());
  }
  return print_line(line, began) && clean ? 0 : 1;
}
