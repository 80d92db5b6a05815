#include "broker/core/key_expiry.h"

#include <gmock/gmock.h>

#include "broker/core/in_force.h"
#include "broker/store/audit_chain.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::HubCore;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Time at(const char* rfc3339) { return *from_rfc3339(rfc3339); }
constexpr Duration kDay = seconds(86'400);

v1::PrincipalRow key(const std::string& expires, const std::string& id = "pas") {
  v1::PrincipalRow row = support::make_publisher(id, "X26", "PAS");
  row.set_expires(expires);
  return row;
}

// The small world, in which some keys have a last day.
struct Scene {
  explicit Scene(std::initializer_list<std::pair<const char*, const char*>> last_days)
      : hub(world(last_days)) {}
  static v1::Directory world(std::initializer_list<std::pair<const char*, const char*>> last_days) {
    auto rows = support::small_world();
    for (auto& row : *rows.mutable_principals()) {
      for (const auto& [id, day] : last_days) {
        if (row.id() == id) row.set_expires(day);
      }
    }
    return rows;
  }
  std::vector<std::string> expire() {
    std::vector<std::string> recorded;
    hub.turn([&](Core& core) { recorded = core.expire_keys(); });
    return recorded;
  }
  // Taken in a turn of now?
  bool taken(const std::string& id) {
    bool is = false;
    hub.turn([&](Core& core) {
      is = core.principal(id) != nullptr;
      EXPECT_EQ(core.principal_by_key(hub.who(id).public_key()) != nullptr, is) << id;
    });
    return is;
  }
  std::vector<std::string> audited() {
    std::vector<std::string> texts;
    CHECK(store::for_each_block(hub.kv(), 0, [&](const v1::AuditBlock& block, std::string_view) {
            for (const auto& entry : block.entries()) {
              if (entry.text().find("has expired") != std::string::npos) {
                EXPECT_EQ(entry.kind(), v1::AUDIT_KIND_DIRECTORY);
                texts.push_back(entry.text());
              }
            }
            return true;
          }).ok());
    return texts;
  }
  v1::Applied renew(const std::string& id, const std::string& day) {
    v1::Directory change;
    *change.add_principals() = hub.who(id);
    change.mutable_principals(0)->set_expires(day);
    return hub.apply(change);
  }
  HubCore hub;
};

// P9. Its last day is a day of London: an hour earlier by UTC in summer.
TEST(InForce, AKeyIsTakenThroughItsLastDayInLondonAndNotAMomentLonger) {
  struct Row {
    const char *last_day, *end;
  };
  for (const Row& row :
       {Row{"2026-03-02", "2026-03-03T00:00:00Z"}, Row{"2026-07-01", "2026-07-01T23:00:00Z"},
        Row{"2026-03-29", "2026-03-29T23:00:00Z"}, Row{"2026-10-25", "2026-10-26T00:00:00Z"}}) {
    const Time end = at(row.end);
    EXPECT_TRUE(in_force(key(row.last_day), {end.us - 1})) << row.last_day;
    EXPECT_FALSE(in_force(key(row.last_day), end)) << row.last_day;
    EXPECT_EQ(key_state(key(row.last_day), end), KeyState::kExpired) << row.last_day;
  }
}
TEST(InForce, AKeyWithoutALastDayHasNoEnd) {
  EXPECT_TRUE(in_force(key(""), {INT64_MAX}));
  EXPECT_EQ(key_end(key("")), std::nullopt);
}
TEST(InForce, ARevokedKeyIsNotTakenWhateverItsLastDayIs) {
  auto row = key("2099-01-01");
  row.set_revoked(true);
  EXPECT_EQ(key_state(row, support::kNoon), KeyState::kRevoked);
  EXPECT_THAT(why_not_taken(row, support::kNoon), HasSubstr("no longer enrolled"));
}
TEST(InForce, ALastDayThatCannotBeReadIsOver) {
  EXPECT_FALSE(in_force(key("31/12/2099"), support::kNoon));
}
TEST(InForce, WhoHoldsAnExpiredKeyIsToldWhatToDo) {
  EXPECT_THAT(why_not_taken(key("2026-03-01"), support::kNoon),
              HasSubstr("this key has expired, its last day was 2026-03-01: ask the hub's"));
}

TEST(KeyExpiry, NobodySpeaksOrIsLetInByAKeyThatHasExpired) {
  Scene scene{{"pas", "2026-03-02"}};
  EXPECT_TRUE(scene.taken("pas"));
  scene.hub.now = at("2026-03-03T00:00:00Z");
  EXPECT_FALSE(scene.taken("pas"));
  EXPECT_TRUE(scene.taken("rio"));
}
TEST(KeyExpiry, ALaterLastDayBringsItBack) {
  Scene scene{{"pas", "2026-03-02"}};
  scene.hub.advance(kDay);
  ASSERT_FALSE(scene.taken("pas"));
  EXPECT_THAT(scene.renew("pas", "2026-03-31").problems(), IsEmpty());
  EXPECT_TRUE(scene.taken("pas"));
}
// P10. Not for each try, each turn or each start.
TEST(KeyExpiry, IsAuditedOnceForEachLastDayAlsoAcrossRestarts) {
  Scene scene{{"pas", "2026-03-02"}};
  EXPECT_THAT(scene.expire(), IsEmpty());
  scene.hub.advance(kDay);
  EXPECT_THAT(scene.expire(), ElementsAre("pas"));
  EXPECT_THAT(scene.expire(), IsEmpty());
  scene.hub.crash();
  EXPECT_THAT(scene.expire(), IsEmpty());
  EXPECT_THAT(scene.audited(),
              ElementsAre("principal pas: its key has expired, its last day was 2026-03-02"));
  scene.renew("pas", "2026-03-05");
  scene.hub.advance({3 * kDay.us});
  EXPECT_THAT(scene.expire(), ElementsAre("pas"));
  EXPECT_THAT(scene.audited(), SizeIs(2));
}
TEST(KeyExpiry, OneWhoseRecordWasLostWithTheTailIsRecordedAgain) {
  Scene scene{{"pas", "2026-03-02"}};
  scene.hub.advance(kDay);
  auto before = scene.hub.backup();
  EXPECT_THAT(scene.expire(), SizeIs(1));
  scene.hub.restore(std::move(before));
  EXPECT_THAT(scene.expire(), SizeIs(1));
  EXPECT_THAT(scene.audited(), SizeIs(1));
}
TEST(KeyExpiry, ManyThatExpireAtOnceAreAllRecordedInBoundedTurns) {
  HubCore hub;
  v1::Directory rows;
  constexpr int kKeys = 150;
  for (int i = 0; i < kKeys; ++i) {
    *rows.add_principals() = key("2026-03-02", "key" + std::to_string(i));
    rows.mutable_principals(i)->set_public_key(std::string(36, 'k') + std::to_string(1000 + i));
  }
  ASSERT_THAT(hub.apply(rows).problems(), IsEmpty());
  hub.advance(kDay);
  size_t all = 0;
  for (int turn = 0; turn < 3; ++turn) {
    size_t recorded = 0;
    hub.turn([&](Core& core) { recorded = core.expire_keys().size(); });
    EXPECT_LE(recorded, limits::kTicksPerTurnMax);
    all += recorded;
  }
  EXPECT_EQ(all, size_t{kKeys});
}

TEST(KeyExpiry, KeysNearTheirLastDayAndPastItAreListedSoonestFirst) {
  Scene scene{{"pas", "2026-04-01"}, {"rio", "2026-03-02"}, {"try", "2026-06-01"}};
  const auto listed = [&] {
    std::string words;
    for (const auto& key : expiring_keys(*scene.hub.core().directory(), scene.hub.now)) {
      words += key.principal() + " " + key.expires() + (key.expired() ? " expired; " : "; ");
    }
    return words;
  };
  EXPECT_EQ(listed(), "rio 2026-03-02; ");
  scene.hub.now = at("2026-03-03T00:00:00Z");
  EXPECT_EQ(listed(), "rio 2026-03-02 expired; pas 2026-04-01; ");
  v1::Directory change;
  *change.add_principals() = scene.hub.who("rio");
  change.mutable_principals(0)->set_revoked(true);
  scene.hub.apply(change);
  EXPECT_EQ(listed(), "pas 2026-04-01; ") << "who revoked it knows";
}
TEST(KeyExpiry, TheNextEndIsTheSoonestOfTheKeysInForce) {
  Scene scene{{"pas", "2026-04-01"}, {"rio", "2026-03-02"}};
  const auto& directory = *scene.hub.core().directory();
  EXPECT_EQ(next_key_end(directory, scene.hub.now), at("2026-03-03T00:00:00Z"));
  EXPECT_EQ(next_key_end(directory, at("2026-03-03T00:00:00Z")), at("2026-04-01T23:00:00Z"));
  EXPECT_EQ(next_key_end(directory, at("2026-04-01T23:00:00Z")), std::nullopt);
}
TEST(KeyExpiry, AHubThatIsAboutToHaveNoAdministratorSaysSo) {
  Scene scene{{"admin", "2026-04-15"}};
  const auto words = [&] { return lock_out(*scene.hub.core().directory(), scene.hub.now); };
  EXPECT_EQ(words(), "");
  scene.hub.now = at("2026-04-01T00:00:00Z");
  EXPECT_THAT(words(), HasSubstr("the last administrator's key in force (admin) is not taken after "
                                 "2026-04-15"));
  scene.hub.now = at("2026-04-16T00:00:00Z");
  EXPECT_THAT(words(), HasSubstr("no administrator's key is in force any more"));
  EXPECT_FALSE(scene.hub.core().directory()->has_administrator(scene.hub.now));
  EXPECT_TRUE(scene.hub.core().directory()->has_administrator(support::kNoon));
}
TEST(KeyExpiry, OneOfTwoAdministratorsIsNoLockOut) {
  Scene scene{{"admin", "2026-03-02"}};
  v1::Directory change;
  *change.add_principals() = scene.hub.who("admin");
  change.mutable_principals(0)->set_id("admin-2");
  change.mutable_principals(0)->set_public_key(std::string(40, '2'));
  change.mutable_principals(0)->clear_expires();
  ASSERT_THAT(scene.hub.apply(change).problems(), IsEmpty());
  EXPECT_EQ(lock_out(*scene.hub.core().directory(), scene.hub.now), "");
  EXPECT_EQ(lock_out(Directory(), scene.hub.now), "") << "a new hub";
}

// P8: "a system of the team has it" has a clock only where a system can have it.
TEST(KeyExpiry, ATeamWhoseOnlySystemHasAnExpiredKeyHasNone) {
  Scene scene{{"x99-hv", "2026-03-02"}};
  const auto& hv = scene.hub.team("X99-HV");
  EXPECT_TRUE(scene.hub.core().directory()->has_endpoint(hv, scene.hub.now));
  EXPECT_FALSE(scene.hub.core().directory()->has_endpoint(hv, scene.hub.now + kDay));
  EXPECT_TRUE(
      scene.hub.core().directory()->has_endpoint(scene.hub.team("X99-MASH"), scene.hub.now + kDay));
}

TEST(KeyExpiry, ARowThatIsAsItWasIsTakenAlsoAfterItsLastDay) {
  Scene scene{{"pas", "2026-03-02"}};
  scene.hub.advance(kDay);
  EXPECT_THAT(scene.renew("pas", "2026-03-02").problems(), IsEmpty());
}
TEST(KeyExpiry, ARowThatChangesNeedsALastDayToCome) {
  Scene scene{{"pas", "2026-03-02"}};
  EXPECT_THAT(scene.renew("rio", "2026-03-02").problems(), IsEmpty()) << "today is its last day";
  scene.hub.advance(kDay);
  v1::Directory change;
  *change.add_principals() = scene.hub.who("pas");
  change.mutable_principals(0)->set_quiet_after_s(60);
  const auto applied = scene.hub.apply(change);
  ASSERT_THAT(applied.problems(), SizeIs(1));
  EXPECT_THAT(applied.problems(0),
              HasSubstr("expires 2026-03-02 is past: give a later last day or none, or set"));
  change.mutable_principals(0)->set_revoked(true);
  EXPECT_THAT(scene.hub.apply(change).problems(), IsEmpty());
}

// A key that was revoked may be enrolled again under another name, whichever sorts first.
TEST(KeyOf, IsThatOfTheRowThatIsNotRevoked) {
  for (const char* name : {"aaa", "zzz"}) {
    HubCore hub;
    v1::Directory change;
    *change.add_principals() = hub.who("pas");
    change.mutable_principals(0)->set_revoked(true);
    ASSERT_THAT(hub.apply(change).problems(), IsEmpty());
    *change.add_principals() = hub.who("pas");
    change.mutable_principals(1)->set_id(name);
    change.mutable_principals(1)->set_revoked(false);
    ASSERT_THAT(hub.apply(change).problems(), IsEmpty());
    ASSERT_THAT(hub.apply(change).problems(), IsEmpty()) << "the same file again";
    const auto* row = hub.core().directory()->principal_by_key(hub.who("pas").public_key());
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->id(), name);
  }
}

}  // namespace
}  // namespace switchboard::core
