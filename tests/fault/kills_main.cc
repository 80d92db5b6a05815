// fault_kills: thousands of kill -9, in worlds side by side, each judged and replaced by a fresh
// one.
#include <algorithm>
#include <cstdio>

#include "tests/fault/kills.h"
#include "tests/fault/report.h"
#include "tests/support/arguments.h"

namespace switchboard::test {
namespace {

constexpr const char* kHelp =
    "Kills hub, publishers, adapter, feed and endpoints with -9 and judges what endpoints hold.\n"
    "  fault_kills [--kills N] [--seed N] [--jobs N] [--world-kills N]\n"
    "  --jobs: worlds side by side; --world-kills: kills after which a world is judged\n"
    "Example: fault_kills --kills 10000 --jobs 5";

using Clock = std::chrono::steady_clock;

// One world, in a process of its own: its line goes to standard output.
int run_world(uint64_t seed, uint64_t kills) {
  const auto began = Clock::now();
  Json line = report_line("kill -9", "all", seed);
  FaultWorld world({.pace_ms = 80, .hub_settings = {}});
  world.start();
  Killer killer(world, seed);
  killer.go_on(kills);
  const auto verdict = world.finish();
  const auto& counts = killer.counts();
  line["runs"] = counts.all();
  line["survived"] = verdict.clean() ? counts.all() : 0;
  add(line, "hub", counts.hub);
  for (const Role role : kRoles)
    add(line, name_of(role), counts.members[static_cast<size_t>(role)]);
  add(line, "starting", counts.starting);
  add(line, "together", counts.together);
  add(line, "receipts_checked", counts.receipts_checked);
  add_verdict(line, verdict);
  if (!verdict.clean()) std::fprintf(stderr, "%s", verdict.text().c_str());
  return print_line(line, began) ? 0 : 1;
}

struct Job {
  Child child;
  uint64_t seed = 0;
  uint64_t kills = 0;
  std::string output;
};

// Adds the figures of a world that has ended; words of one that is not clean go to standard error.
void take(Json& sum, const Job& job, const std::string& program) {
  const std::string said = read_file(job.output);
  const size_t at = said.rfind("\n{", said.size() - 2);
  const auto one = Json::parse(said.substr(at == std::string::npos ? 0 : at + 1), nullptr, false);
  const bool clean = one.is_object() && one.value("broken", 1) == 0;
  if (one.is_object()) {
    for (const auto& [key, value] : one.items()) {
      if (value.is_number_unsigned() && key != "seed") add(sum, key, value.get<uint64_t>());
    }
  } else {
    add(sum, "broken", 1);
  }
  if (clean) return;
  std::fprintf(stderr, "world of seed %s is broken:\n%s\nagain: %s --kills %s --seed %s\n",
               std::to_string(job.seed).c_str(), said.c_str(), program.c_str(),
               std::to_string(job.kills).c_str(), std::to_string(job.seed).c_str());
}

int run_all(const std::string& program, uint64_t kills, uint64_t world_kills, uint64_t seed,
            uint64_t jobs) {
  const auto began = Clock::now();
  TempDir scratch;
  Json sum = report_line("kill -9", "all", seed);
  std::vector<std::unique_ptr<Job>> running(jobs);
  uint64_t left = kills, next_seed = seed;
  const auto turn = [&] {
    for (auto& job : running) {
      if (job && !job->child.running()) {
        take(sum, *job, program);
        job.reset();
      }
      if (job || left == 0) continue;
      job = std::make_unique<Job>();
      job->seed = next_seed++;
      job->kills = std::min(left, world_kills);
      job->output = scratch.file(std::to_string(job->seed));
      job->child.start(
          {{program, "--world", std::to_string(job->kills), "--seed", std::to_string(job->seed)},
           {"TMPDIR=" + std::filesystem::temp_directory_path().string()},
           job->output});
      left -= job->kills;
    }
    return std::all_of(running.begin(), running.end(), [](const auto& job) { return !job; });
  };
  eventually(turn, std::chrono::hours(24));
  return print_line(sum, began) ? 0 : 1;
}

}  // namespace
}  // namespace switchboard::test

int main(int argc, char** argv) {
  using namespace switchboard::test;
  switchboard::support::Arguments arguments(argc, argv);
  arguments.help(kHelp);
  const uint64_t seed = arguments.count("seed", 1), kills = arguments.count("kills", 40);
  const uint64_t jobs = std::max<uint64_t>(arguments.count("jobs", 2), 1);
  const uint64_t most = arguments.count("world-kills", 250);
  const uint64_t world = arguments.count("world", 0);  // it is one of those worlds
  arguments.finish();
  if (world > 0) return run_world(seed, world);
  const uint64_t each = std::max<uint64_t>(std::min(most, (kills + jobs - 1) / jobs), 1);
  return run_all(argv[0], kills, each, seed, jobs);
}
