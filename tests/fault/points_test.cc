// Killed at named points, by a library that is preloaded into the real program and counts its
// calls: each must be reached, and after each the work goes on. ROUNDS=n, SEED=s: more, at other
// counts.
#include "tests/fault/world_fixture.h"

namespace switchboard::test {
namespace {

const std::string kLibrary =
    std::string(SWITCHBOARD_BINARY_DIR) + "/tests/fault/libfault_points.so";

// The points, in the order in which a program comes there: while it starts, at each commit, while
// tables are written.
const char* const kPoints[] = {"manifest-open", "rename",     "truncate",  "manifest-write",
                               "table-write",   "unlink",     "log-write", "log-written",
                               "log-sync",      "log-synced", "answer",    "compaction-write"};

class Points : public WorldFixture {
 protected:
  Points() : WorldFixture({.pace_ms = 50, .hub_settings = {}}, "kill at a named point", "hub") {}

  std::vector<std::string> environment(const std::string& point, uint64_t count) {
    mark_ = world_.world.hub.dir().file("mark-" + std::to_string(++runs_));
    return {"LD_PRELOAD=" + kLibrary, "SWITCHBOARD_FAULT_POINT=" + point,
            "SWITCHBOARD_FAULT_COUNT=" + std::to_string(count), "SWITCHBOARD_FAULT_MARK=" + mark_};
  }
  // Comes at each commit, so that later times count too; the others come once in a start, if at
  // all.
  static bool often(const std::string& point) {
    return point.starts_with("log") || point == "answer";
  }
  bool reached() const { return std::filesystem::exists(mark_); }
  void went_on(const std::string& point, uint64_t count) {
    EXPECT_EQ(read_file(mark_), point) << "never came to it " << count << " times\n"
                                       << world_.logs();
    EXPECT_TRUE(world_.moves_on(5)) << point << " " << count << "\n" << world_.logs();
    add(line_, point, 1);
  }
  // Tables are written at a start where there was work before; compacted where there are several.
  template <typename Start, typename Ended>
  void until_reached(const std::string& point, Start start, Ended ended, const Member& works) {
    for (int starts = 0; starts < 12 && !HasFailure() && !reached(); ++starts) {
      const uint64_t before = world_.done(works);
      const auto more = [&] { return ended() || world_.done(works) > before; };
      ASSERT_TRUE(eventually(more, kReach)) << world_.logs();
      if (ended()) continue;
      start();
      const uint64_t did = world_.done(works), all = world_.progress();
      const auto worked = [&] {
        return !often(point) && world_.done(works) > did && world_.progress() > all + kMuch;
      };
      EXPECT_TRUE(eventually([&] { return ended() || worked(); }, kReach)) << world_.logs();
    }
  }
  void kill_hub_at(const std::string& point, uint64_t count) {
    auto& hub = world_.world.hub;
    const auto harmful = environment(point, count);
    const auto start = [&] {
      hub.kill();
      hub.set_environment(harmful);
      world_.launch_hub();
    };
    until_reached(
        point, start, [&] { return !hub.running(); }, world_.member("mina"));
    hub.set_environment({});
    ASSERT_TRUE(world_.start_hub()) << world_.logs();
    went_on(point, count);
  }
  void kill_member_at(const std::string& name, const std::string& point, uint64_t count) {
    Member& member = world_.member(name);
    const auto harmful = environment(point, count);
    const auto start = [&] {
      member.child().kill();
      member.set_environment(harmful);
      member.start();
    };
    until_reached(
        point, start, [&] { return !member.child().running(); }, member);
    member.child().kill();
    member.set_environment({});
    member.start();
    EXPECT_TRUE(world_.works(member));
    went_on(point, count);
  }
  template <typename Kill>
  void all_points(const std::string& where, std::initializer_list<uint64_t> counts, Kill kill) {
    for (uint64_t round = 0; round <= setting("ROUNDS", 0) && !HasFailure(); ++round) {
      for (const std::string point : kPoints) {
        if (HasFailure()) break;
        if (round > 0) kill(point, 1 + random_() % (often(point) ? 40 : 1));
        for (const uint64_t count : counts) {
          if (round == 0) kill(point, often(point) ? count : 1);
          if (!often(point)) break;
        }
      }
    }
    end(where);
  }

  static constexpr std::chrono::seconds kReach{60};
  static constexpr uint64_t kMuch = 200;  // entries, while a program that should die goes on well
  std::string mark_;
};
FaultWorld world_;
std::string mark_;
uint64_t runs_ = 0;
Json line_ = report_line("kill at a named point", "hub", seed_);
};

TEST_F(Points, AHubKilledAtAnyOfThemGoesOnFromItsDisk) {
  all_points("hub", {1, 4}, [this](const auto& point, uint64_t n) { kill_hub_at(point, n); });
}

TEST_F(Points, APublisherKilledAtAnyOfThemLosesNothingItTookIntoCustody) {
  all_points("pub-X99", {3},
             [this](const auto& point, uint64_t n) { kill_member_at("pub-X99", point, n); });
}

TEST_F(Points, AnAdapterKilledAtAnyOfThemAnswersForAllItAcknowledged) {
  all_points("adapter", {3},
             [this](const auto& point, uint64_t n) { kill_member_at("adapter", point, n); });
}

TEST_F(Points, AnEndpointKilledAtAnyOfThemHasWhatItReceipted) {
  all_points("mina", {2},
             [this](const auto& point, uint64_t n) { kill_member_at("mina", point, n); });
}

// P1, row 5 of the limits: while the sync of the log has not returned, nobody is told.
TEST(HeldSync, NothingIsConfirmedOrDeliveredBeforeItIsFlushed) {
  HubWorld world;
  const std::string hold = world.hub.dir().file("hold");
  world.hub.kill();
  world.hub.set_environment({"LD_PRELOAD=" + kLibrary, "SWITCHBOARD_FAULT_HOLD=" + hold});
  ASSERT_TRUE(world.hub.start()) << world.hub.log();
  auto publisher = world.publisher();
  auto screen = world.endpoint();
  const auto publish = [&](const std::string& id) {
    const v1::Item item = admission(id);
    ASSERT_TRUE(publisher->publisher().append(std::span(&item, 1), publisher->now()).ok());
  };
  const auto told = [&] {
    return publisher->publisher().idle() && screen->endpoint(0).store().through() > 0;
  };
  publish("before");
  ASSERT_TRUE(run_until({publisher.get(), screen.get()}, told));
  for (int i = 0; i < 10; ++i) {
    const uint64_t through = screen->endpoint(0).store().through();
    world.hub.dir().write("hold", "");
    publish("held-" + std::to_string(i));
    ASSERT_TRUE(run_until({publisher.get(), screen.get()},
                          [&] { return std::filesystem::exists(hold + ".held"); }));
    // Long enough for an answer that did not wait for the disk.
    EXPECT_FALSE(run_until(
        {publisher.get(), screen.get()},
        [&] {
          return publisher->publisher().idle() || screen->endpoint(0).store().through() > through;
        },
        std::chrono::milliseconds(100)));
    std::filesystem::remove(hold);
    EXPECT_TRUE(run_until({publisher.get(), screen.get()}, [&] {
      return publisher->publisher().idle() && screen->endpoint(0).store().through() > through;
    }));
    std::filesystem::remove(hold + ".held");
  }
}

}  // namespace
}  // namespace switchboard::test
