#include "broker/core/birth.h"

#include <gmock/gmock.h>

#include "broker/store/task_rows.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;

constexpr char kDate[] = "2026-04-01";
const Time kRings = *from_rfc3339("2026-04-14T23:00:00Z");  // fourteen days on, midnight in London

Event unborn(const std::string& message, const std::string& date = kDate) {
  Event event("referral", message);
  event.header.mutable_subject()->set_type(v1::SUBJECT_TYPE_UNBORN);
  event.header.mutable_subject()->set_place_of_care(support::kPlace);
  event.identity.Clear();
  *event.identity.add_identifiers() = support::local_identifier("M1");
  event.identity.mutable_unborn()->set_expected_delivery_date(date);
  v1::Thread& pregnancy = *event.header.add_threads();
  pregnancy.set_type(v1::THREAD_TYPE_PREGNANCY);
  pregnancy.set_authority("X26/MAT");
  pregnancy.set_value("P1");
  return event;
}
// As told of the child itself, whom nobody knows by the mother's record.
Event birth(const std::string& message, const std::string& kind = "birth") {
  Event event(kind, message);
  *event.header.add_threads() = unborn("x").header.threads(0);
  *event.identity.mutable_identifiers(0) = support::nhs_identifier(support::nhs_number(77));
  return event;
}

// As feeds tell it: the unborn has no identifier but the mother's.
Event known_by_mother(const std::string& message, const std::string& date = kDate) {
  Event event = unborn(message, date);
  event.header.clear_threads();
  event.identity.clear_identifiers();
  *event.identity.mutable_unborn()->add_mother() = support::local_identifier("MUM");
  return event;
}
Event child_of(const std::string& message, const std::string& mother, const std::string& born) {
  Event event("admission", message);
  *event.identity.mutable_identifiers(0) = support::nhs_identifier(support::nhs_number(77));
  event.identity.set_birth_date(born);
  v1::RelatedPerson& related = *event.identity.add_related();
  related.set_relationship("MTH");
  *related.add_identifiers() = support::local_identifier(mother);
  return event;
}

struct Clinic {
  HubCore hub;
  size_t asked(const std::string& team) {
    size_t checks = 0;
    const auto ids = store::read_open_tasks(hub.kv(), hub.team(team).handle(), 100).value();
    for (const auto& id : ids) {
      const auto task = *store::read_task(hub.kv(), id).value();
      checks += task.task().kind() == v1::TASK_KIND_CHECK;
    }
    return checks;
  }
  void pass(Time until) {
    hub.now = until;
    while (hub.tick() > 0) {
    }
  }
};

TEST(Birth, AnExpectedDateThatPassesAsksTheTeamsThatHaveItOpenAndWhoToldIt) {
  Clinic clinic;
  clinic.hub.publish(unborn("1"));
  clinic.pass(kRings - seconds(1));
  EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 0u);
  clinic.pass(kRings);
  EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 1u) << "has it open";
  EXPECT_EQ(clinic.asked("X26-SAFETY"), 1u) << "sent it";
  EXPECT_EQ(clinic.asked("X99-MASH"), 1u) << "was told of the referral, and has it open";
}
TEST(Birth, IsAskedForOnceWhateverIsSaidAgain) {
  Clinic clinic;
  clinic.hub.publish(unborn("1"));
  clinic.pass(kRings);
  clinic.hub.publish(unborn("2"));
  clinic.pass(kRings + seconds(30 * 86400));
  EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 1u);
}
TEST(Birth, AnotherDateMovesTheWatch) {
  Clinic clinic;
  clinic.hub.publish(unborn("1"));
  clinic.hub.publish(unborn("2", "2026-04-08"));
  clinic.pass(kRings);
  EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 0u);
  clinic.pass(kRings + seconds(7 * 86400));
  EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 1u);
}
TEST(Birth, ThatWasToldInTimeAsksNobody) {
  for (const char* kind : {"birth", "pregnancy_ended", "death"}) {
    Clinic clinic;
    clinic.hub.publish(unborn("1"));
    clinic.hub.publish(birth("2", kind));
    clinic.pass(kRings);
    EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 0u) << kind;
  }
}
TEST(Birth, TheChildAsBornUnderTheSameRecordEndsTheWatch) {
  Clinic clinic;
  clinic.hub.publish(unborn("1"));
  Event born("admission", "2");
  *born.identity.mutable_identifiers(0) = support::local_identifier("M1");
  clinic.hub.publish(born);
  clinic.pass(kRings);
  EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 0u);
}
TEST(Birth, ThatWasTakenBackWasNotTold) {
  Clinic clinic;
  clinic.hub.publish(unborn("1"));
  clinic.hub.publish(birth("2", "death"));
  Event back =
      support::correction("3", unborn("x").header.threads(0), "death", v1::CORRECTION_NATURE_VOID);
  clinic.hub.publish(back);
  clinic.pass(kRings);
  EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 1u);
}
TEST(Birth, ADateOfAnEventThatWasTakenBackIsNotWatched) {
  Clinic clinic;
  clinic.hub.publish(unborn("1"));
  clinic.hub.publish(support::correction("2", unborn("x").header.threads(0), "referral",
                                         v1::CORRECTION_NATURE_VOID));
  clinic.pass(kRings);
  EXPECT_EQ(clinic.asked("X26-SAFETY"), 0u);
}
TEST(Birth, OfAnUnbornKnownByItsMotherAloneIsOneWatchHoweverOftenItIsSaid) {
  Clinic clinic;
  clinic.hub.publish(known_by_mother("1"));
  clinic.hub.publish(known_by_mother("2"));
  clinic.hub.publish(known_by_mother("3", "2026-04-08"));
  clinic.pass(kRings);
  EXPECT_EQ(clinic.asked("X26-SAFETY"), 0u);
  clinic.pass(kRings + seconds(7 * 86400));
  EXPECT_EQ(clinic.asked("X26-SAFETY"), 1u);
}
TEST(Birth, ANewbornOfTheMotherEndsTheWatchAndAnOlderChildOrAnothersDoesNot) {
  struct Row {
    const char *mother, *born;
    size_t asked;
  };
  for (const Row& row : {Row{"MUM", "2026-03-30", 0}, Row{"MUM", "2024-03-30", 1},
                         Row{"ANOTHER", "2026-03-30", 1}}) {
    Clinic clinic;
    clinic.hub.publish(known_by_mother("1"));
    clinic.hub.publish(child_of("2", row.mother, row.born));
    clinic.pass(kRings);
    EXPECT_EQ(clinic.asked("X26-SAFETY"), row.asked) << row.mother << " " << row.born;
  }
}
TEST(Birth, GraceIsPolicys) {
  v1::Directory world = support::small_world();
  world.mutable_policy()->set_expected_birth_grace_s(86400);
  Clinic clinic{HubCore(world)};
  clinic.hub.publish(unborn("1"));
  EXPECT_GE(clinic.hub.now, support::kNoon);
  clinic.pass(*from_rfc3339("2026-04-01T23:00:00Z"));
  EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 1u);
}
TEST(Birth, ACrashBeforeTheSyncRingsItAgainAndOnce) {
  Clinic clinic;
  clinic.hub.publish(unborn("1"));
  clinic.hub.now = kRings;
  clinic.hub.turn_until(support::Cut::kBeforeSync,
                        [](Core& core) { core.tick(100, seconds(600)); });
  clinic.hub.crash();
  clinic.pass(kRings);
  EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 1u);
  EXPECT_EQ(clinic.asked("X26-SAFETY"), 1u);
}
TEST(Birth, ADateThatIsNoneAndASourceOnTrialStartNoWatch) {
  Clinic clinic;
  clinic.hub.publish(unborn("1", "next spring"));
  Event trial = unborn("2");
  trial.header.set_shadow(true);
  clinic.hub.publish(trial);
  clinic.pass(kRings);
  EXPECT_EQ(clinic.asked("X26-MIDWIFERY"), 0u);
}

}  // namespace
}  // namespace switchboard::core
