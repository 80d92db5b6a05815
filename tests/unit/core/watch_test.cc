#include "broker/core/watch.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "broker/store/audit_chain.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::HasSubstr;

Time at(const char* rfc3339) { return *from_rfc3339(rfc3339); }
Duration minutes(int n) { return seconds(n * 60); }

// pas: an hour by day, six hours by night. X99-HV is staffed from nine to five.
v1::Directory world() {
  v1::Directory d = support::small_world();
  for (auto& principal : *d.mutable_principals()) {
    if (principal.id() != "pas") continue;
    principal.set_quiet_after_s(3600);
    principal.set_quiet_after_night_s(6 * 3600);
  }
  for (auto& team : *d.mutable_teams()) {
    if (team.id() != "X99-HV") continue;
    v1::Hours& hours = *team.add_hours();
    for (int day = v1::WEEKDAY_MONDAY; day <= v1::WEEKDAY_FRIDAY; ++day) {
      hours.add_days(static_cast<v1::Weekday>(day));
    }
    hours.set_from("09:00");
    hours.set_to("17:00");
  }
  return d;
}

struct Scene {
  HubCore hub{world()};
  Presence presence{.since = support::kNoon, .teams = {}, .connected = {}};
  uint64_t sequence = 0;

  void say(const std::string& message) {
    const std::string outbox(16, 'o');
    const auto who = hub.who("pas");
    const v1::Item item = Event("concern", message).item();
    hub.turn([&](Core& core) { core.publish(who, item, {outbox, ++sequence}); });
  }
  void receive(const std::string& team, uint64_t through) {
    v1::Received received;
    received.set_team(team);
    received.set_log(v1::LOG_KIND_INBOX);
    received.set_endpoint("desk");
    received.set_through(through);
    const auto who = hub.who("x99-hv");
    hub.turn([&](Core& core) { core.receive(who, received); });
  }
  void attached(const std::string& team, bool there) {
    auto& systems = presence.teams[hub.team(team).handle()];
    systems.attached = there;
    systems.last = hub.now;
  }
  std::vector<Watched> look() {
    std::vector<Watched> watched;
    hub.turn([&](Core& core) { watched = core.watch(presence); });
    return watched;
  }
  Watched see(const std::string& what) {
    for (auto& w : look()) {
      if (w.row.what() == what) return w;
    }
    return {};
  }
  size_t alarms() {
    const auto all = look();
    return static_cast<size_t>(
        std::count_if(all.begin(), all.end(), [](const auto& w) { return w.row.alarm(); }));
  }
  size_t recorded() {
    size_t n = 0;
    CHECK(store::for_each_block(hub.kv(), 0, [&](const v1::AuditBlock& block, std::string_view) {
            for (const auto& entry : block.entries())
              n += entry.text().starts_with("silence: source");
            return true;
          }).ok());
    return n;
  }
};

TEST(Watch, ASourceIsExpectedByTheNormOfTheDayOrTheNight) {
  struct Row {
    const char *last, *by;
  };
  // An hour by day, six hours by night; the clock is London's, an hour ahead in July.
  for (const Row& row : {Row{"2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z"},
                         Row{"2026-03-02T19:00:00Z", "2026-03-02T20:00:00Z"},
                         Row{"2026-03-02T19:30:00Z", "2026-03-03T01:30:00Z"},
                         Row{"2026-03-02T21:00:00Z", "2026-03-03T03:00:00Z"},
                         Row{"2026-03-03T01:00:00Z", "2026-03-03T07:00:00Z"},
                         Row{"2026-03-03T05:00:00Z", "2026-03-03T09:00:00Z"},
                         Row{"2026-03-03T02:30:00Z", "2026-03-03T08:30:00Z"},
                         Row{"2026-07-01T18:30:00Z", "2026-07-02T00:30:00Z"},
                         Row{"2026-07-01T07:00:00Z", "2026-07-01T08:00:00Z"}}) {
    const auto by = expected_by(at(row.last), minutes(60), minutes(360));
    ASSERT_TRUE(by.has_value());
    EXPECT_EQ(to_rfc3339(*by), to_rfc3339(at(row.by))) << "last heard " << row.last;
  }
  EXPECT_FALSE(expected_by(support::kNoon, {}, minutes(60)).has_value());
  EXPECT_EQ(expected_by(at("2026-03-02T23:00:00Z"), minutes(60), {}), at("2026-03-03T00:00:00Z"));
}
TEST(Watch, ASilentSourceIsAnAlarmThatIsRecordedOnceForEachSilence) {
  Scene scene;
  scene.say("1");
  scene.hub.advance(minutes(59));
  EXPECT_FALSE(scene.see("source X26/PAS").row.alarm());
  scene.hub.advance(minutes(1));
  const Watched first = scene.see("source X26/PAS");
  EXPECT_TRUE(first.row.alarm());
  EXPECT_TRUE(first.begun);
  EXPECT_THAT(first.row.why(), HasSubstr("look at the adapter"));
  scene.hub.advance(minutes(5));
  const Watched again = scene.see("source X26/PAS");
  EXPECT_TRUE(again.row.alarm());
  EXPECT_FALSE(again.begun) << "a silence is told once";
  scene.hub.crash();
  EXPECT_FALSE(scene.see("source X26/PAS").begun) << "also after a restart";
  scene.say("2");
  EXPECT_FALSE(scene.see("source X26/PAS").row.alarm());
  scene.hub.advance(minutes(61));
  EXPECT_TRUE(scene.see("source X26/PAS").begun);
  EXPECT_EQ(scene.recorded(), 2u);
}
TEST(Watch, AConnectedSourceThatSaysNothingIsSilentToo) {
  Scene scene;
  scene.say("1");
  scene.presence.connected.insert("pas");
  scene.hub.advance(minutes(60));
  const auto seen = scene.see("source X26/PAS");
  EXPECT_TRUE(seen.row.alarm());
  EXPECT_THAT(seen.row.why(), HasSubstr("look at the system that feeds it"));
}
TEST(Watch, AnAdaptersCountOfWhatItReadIsWordOfItsSourceAndACountOfNothingIsNot) {
  Scene scene;
  scene.say("1");
  scene.hub.advance(minutes(50));
  const auto tell = [&](uint64_t read) {
    v1::AdapterLedgers told;
    v1::AdapterLedger& line = *told.add_items();
    line.set_listener("epr");
    line.set_agency("X26");
    line.set_system("PAS");
    line.set_bucket(v1::LEDGER_BUCKET_LIVE);
    line.set_day(to_string(london_day(scene.hub.now)));
    line.set_read(read);
    line.set_out_of_scope(read);
    const auto who = scene.hub.who("pas");
    scene.hub.turn([&](Core& core) { EXPECT_EQ(core.tell_ledgers(who, told).code, v1::CODE_OK); });
  };
  tell(0);
  scene.hub.advance(minutes(15));
  EXPECT_TRUE(scene.see("source X26/PAS").row.alarm());
  tell(3);
  EXPECT_FALSE(scene.see("source X26/PAS").row.alarm());
}
TEST(Watch, ASourceThatNeverSpokeSinceItWasEnrolledIsAnAlarm) {
  Scene scene;
  scene.hub.advance(minutes(59));
  EXPECT_FALSE(scene.see("source X26/PAS").row.alarm());
  scene.hub.advance(minutes(1));
  const auto seen = scene.see("source X26/PAS");
  EXPECT_TRUE(seen.row.alarm());
  EXPECT_EQ(seen.row.last_us(), 0);
  EXPECT_THAT(seen.row.why(), HasSubstr("never heard"));
}
TEST(Watch, ASourceThatStatesNoNormIsShownAndNeverAnAlarm) {
  Scene scene;
  scene.hub.advance(seconds(30 * 86400));
  const auto seen = scene.see("source X99/RIO");
  EXPECT_FALSE(seen.row.alarm());
  EXPECT_THAT(seen.row.why(), HasSubstr("states no norm"));
}
// It cannot speak, whatever its norm is; nobody waits until that has passed.
TEST(Watch, ASourceWhoseKeyHasExpiredIsAnAlarmAtOnceAndOnceRecorded) {
  Scene scene;
  scene.say("1");
  v1::Directory change;
  for (const char* id : {"pas", "rio"}) {
    *change.add_principals() = scene.hub.who(id);
    change.mutable_principals(change.principals_size() - 1)->set_expires("2026-03-02");
  }
  ASSERT_EQ(scene.hub.apply(change).problems_size(), 0);
  scene.hub.now = Time{at("2026-03-03T00:00:00Z").us - 1};
  EXPECT_FALSE(scene.see("source X99/RIO").row.alarm());
  scene.hub.now = at("2026-03-03T00:00:00Z");
  const size_t before = scene.recorded();
  const auto seen = scene.see("source X99/RIO");  // it states no norm
  EXPECT_TRUE(seen.row.alarm());
  EXPECT_THAT(seen.row.why(), HasSubstr("has expired, its last day was 2026-03-02: renew it"));
  EXPECT_TRUE(scene.see("source X26/PAS").row.alarm());
  scene.hub.advance(minutes(60));
  scene.look();
  EXPECT_EQ(scene.recorded(), before + 2);
}
TEST(Watch, ATeamWhoseSystemsKeyHasExpiredIsToldAsThat) {
  Scene scene;
  scene.hub.attach("X99-HV");
  v1::Directory change;
  *change.add_principals() = scene.hub.who("x99-hv");
  change.mutable_principals(0)->set_expires("2026-03-02");
  ASSERT_EQ(scene.hub.apply(change).problems_size(), 0);
  scene.attached("X99-HV", false);
  scene.hub.now = at("2026-03-03T10:00:00Z");
  const auto seen = scene.see("endpoint X99-HV");
  EXPECT_TRUE(seen.row.alarm());
  EXPECT_THAT(seen.row.why(), HasSubstr("the key of its system has expired"));
}
TEST(Watch, AHubThatWasOffHearsEverybodyAnewFirst) {
  Scene scene;
  scene.say("1");
  scene.hub.advance(minutes(180));
  scene.presence.since = scene.hub.now;
  EXPECT_FALSE(scene.see("source X26/PAS").row.alarm());
  scene.hub.advance(Duration{limits::kHeardAnewUs});
  EXPECT_TRUE(scene.see("source X26/PAS").row.alarm());
}
TEST(Watch, AnEndpointThatIsAwayIsAnAlarmInStaffedHoursOnly) {
  Scene scene;
  scene.hub.attach("X99-HV");
  scene.attached("X99-HV", true);
  scene.hub.advance(seconds(4 * 3600 + 3000));  // 16:50
  EXPECT_FALSE(scene.see("endpoint X99-HV").row.alarm());
  scene.attached("X99-HV", false);
  scene.hub.advance(minutes(12 * 60));  // 04:50: away for ten staffed minutes
  EXPECT_FALSE(scene.see("endpoint X99-HV").row.alarm());
  scene.hub.advance(minutes(4 * 60 + 14));
  EXPECT_FALSE(scene.see("endpoint X99-HV").row.alarm());
  scene.hub.advance(minutes(1));  // 09:05
  const auto seen = scene.see("endpoint X99-HV");
  EXPECT_TRUE(seen.row.alarm());
  EXPECT_EQ(seen.row.team(), "X99-HV");
  EXPECT_THAT(seen.row.why(), HasSubstr("away in staffed hours"));
  scene.hub.attach("X99-HV");
  scene.attached("X99-HV", true);
  EXPECT_FALSE(scene.see("endpoint X99-HV").row.alarm());
}
TEST(Watch, AnEndpointThatIsConnectedAndTakesNothingIsAway) {
  Scene scene;
  scene.hub.attach("X99-HV");
  scene.attached("X99-HV", true);
  scene.hub.advance(minutes(60));
  scene.say("1");
  scene.hub.advance(minutes(14));
  EXPECT_FALSE(scene.see("endpoint X99-HV").row.alarm());
  scene.hub.advance(minutes(1));
  EXPECT_THAT(scene.see("endpoint X99-HV").row.why(), HasSubstr("takes nothing; 1 entries wait"));
  scene.receive("X99-HV", 1);
  EXPECT_FALSE(scene.see("endpoint X99-HV").row.alarm());
}
TEST(Watch, ATeamThatNeverConnectedIsAnAlarmOnceSomethingWaitsForIt) {
  Scene scene;
  scene.hub.advance(minutes(120));
  EXPECT_FALSE(scene.see("endpoint X99-HV").row.alarm());
  scene.say("1");
  scene.hub.advance(minutes(15));
  EXPECT_THAT(scene.see("endpoint X99-HV").row.why(), HasSubstr("has never connected; 1 entries"));
}
TEST(Watch, TeamsThatHaveNoInboxOrAreForTestsHaveNoEndpointToMiss) {
  v1::Directory d = support::small_world();
  for (auto& team : *d.mutable_teams()) {
    if (team.id() == "X99-DUTY") team.set_reach(v1::REACH_PHONE);
    if (team.id() == "X99-MASH") team.set_closed(true);
  }
  Scene scene;
  scene.hub.apply(d);
  for (const char* team : {"X99-DUTY", "X99-MASH", "X26-TRY"}) {
    EXPECT_EQ(scene.see(std::string("endpoint ") + team).row.what(), "") << team;
  }
}
TEST(Watch, AlarmsComeFirst) {
  Scene scene;
  scene.hub.advance(minutes(60));
  const auto all = scene.look();
  ASSERT_GT(all.size(), 2u);
  EXPECT_EQ(all.front().row.what(), "source X26/PAS");
  EXPECT_TRUE(all.front().row.alarm());
  EXPECT_EQ(scene.alarms(), 1u);
}
TEST(Watch, AHubThatRecoversCallsNobodySilent) {
  Scene scene;
  auto disk = scene.hub.backup();
  scene.say("1");
  const v1::Promise promised = scene.hub.core().promise();
  scene.hub.restore(std::move(disk));
  const auto who = scene.hub.who("pas");
  scene.hub.turn([&](Core& core) { core.witness(who, promised); });
  ASSERT_TRUE(scene.hub.core().recovery().recovering());
  scene.hub.advance(minutes(180));
  EXPECT_TRUE(scene.look().empty());
}

}  // namespace
}  // namespace switchboard::core
