#include "broker/core/snapshot.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "tests/unit/core/children.h"

namespace switchboard::core {
namespace {

using support::Cut;
using support::HubCore;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr uint64_t kTicket = 7;

std::optional<MembersAnswer> send(HubCore& hub, const v1::MembersChange& change) {
  std::optional<MembersAnswer> answer;
  const auto who = hub.who("x99-mash");
  const auto team = hub.team("X99-MASH");
  hub.turn([&](Core& c) { answer = c.change_members({who, "meg", change, team}, kTicket); });
  return answer;
}
bool knows(HubCore& hub, unsigned child, const std::string& message) {
  return !hub.told(hub.publish(nowhere("transfer", message, child)).position).empty();
}
v1::MembersChange many(unsigned from, unsigned until) {
  auto change = snapshot({});
  for (unsigned child = from; child < until; ++child) add_row(change, child);
  return change;
}
v1::MembersRecord in_force(const HubCore& hub) {
  return store::read_list(hub.kv(), {hub.team("X99-MASH").handle(), v1::MEMBER_LIST_CASELOAD})
      .value();
}

TEST(Snapshot, MakesTheListWhatItSays) {
  HubCore hub;
  hub.change_members(adding({1, 2}));
  const auto answer = hub.change_members(snapshot({2, 3}));
  EXPECT_EQ(answer.code, v1::CODE_OK);
  EXPECT_EQ(answer.report.added(), 1u);
  EXPECT_EQ(answer.report.removed(), 1u);
  EXPECT_EQ(answer.report.unchanged(), 1u);
  EXPECT_TRUE(answer.report.executed());
  EXPECT_FALSE(knows(hub, 1, "m1"));
  EXPECT_TRUE(knows(hub, 2, "m2"));
  EXPECT_TRUE(knows(hub, 3, "m3"));
  EXPECT_EQ(in_force(hub).count(), 2u);
  EXPECT_EQ(in_force(hub).as_of(), "2026-03-02");
  EXPECT_EQ(in_force(hub).by(), "ops");
}
TEST(Snapshot, AsAPlanOnlyReports) {
  HubCore hub;
  hub.change_members(adding({1}));
  hub.publish(nowhere("admission", "a", 2));
  const uint64_t before = hub.core().head().position;
  auto change = snapshot({2, 3, 2});
  change.set_execute(false);
  const auto answer = hub.change_members(change);
  EXPECT_EQ(answer.report.before(), 1u);
  EXPECT_EQ(answer.report.after(), 2u);
  EXPECT_EQ(answer.report.added(), 2u);
  EXPECT_EQ(answer.report.removed(), 1u);
  EXPECT_THAT(answer.report.duplicate_lines(), ElementsAre(4));
  EXPECT_THAT(answer.report.unknown_lines(), ElementsAre(3));
  EXPECT_FALSE(answer.report.executed());
  EXPECT_EQ(hub.core().head().position, before);
}
TEST(Snapshot, RowsThatAreNoChildAreListedAndLeftOut) {
  HubCore hub;
  auto change = snapshot({1});
  add_row(change, 2).mutable_identifier()->set_value("1234567890");
  add_row(change, 3).set_birth_date("yesterday");
  const auto answer = hub.change_members(change);
  EXPECT_THAT(answer.report.invalid_lines(), ElementsAre(3, 4));
  EXPECT_EQ(in_force(hub).count(), 1u);
}
TEST(Snapshot, IsRefusedIfMoreThanATenthWouldVanishUnlessThatIsConfirmed) {
  HubCore hub;
  hub.change_members(many(0, 20));
  auto change = many(0, 17);
  change.set_upload(std::string(16, 'v'));
  change.set_confirm_vanishing(false);
  auto answer = hub.change_members(change);
  EXPECT_EQ(answer.code, v1::CODE_CONFLICT);
  EXPECT_THAT(answer.text, HasSubstr("3 of 20 children would vanish"));
  EXPECT_FALSE(answer.report.executed());
  EXPECT_EQ(in_force(hub).count(), 20u);
  auto a_tenth = many(0, 18);
  a_tenth.set_confirm_vanishing(false);
  EXPECT_EQ(hub.change_members(a_tenth).code, v1::CODE_OK);
  change.set_confirm_vanishing(true);
  change.set_upload(std::string(16, 'w'));
  EXPECT_EQ(hub.change_members(change).code, v1::CODE_OK);
  EXPECT_EQ(in_force(hub).count(), 17u);
}
TEST(Snapshot, NeedsADateThatIsNeitherToComeNorOlderThanWhatIsInForce) {
  HubCore hub;
  auto change = snapshot({1});
  change.clear_as_of();
  EXPECT_EQ(hub.change_members(change).code, v1::CODE_INVALID);
  change.set_as_of("2026-03-03");
  EXPECT_EQ(hub.change_members(change).code, v1::CODE_INVALID);
  change.set_as_of("2026-03-02");
  EXPECT_EQ(hub.change_members(change).code, v1::CODE_OK);
  change.set_as_of("2026-03-01");
  const auto older = hub.change_members(change);
  EXPECT_EQ(older.code, v1::CODE_CONFLICT);
  EXPECT_THAT(older.text, HasSubstr("2026-03-02"));
}
TEST(Snapshot, ComesInPartsAndALostPartIsRefusedWithWhatToDo) {
  HubCore hub;
  auto first = snapshot({1});
  first.set_last(false);
  auto second = snapshot({2});
  second.set_part(1);
  EXPECT_EQ(send(hub, second)->code, v1::CODE_CONFLICT);
  EXPECT_EQ(send(hub, first)->code, v1::CODE_OK);
  auto third = snapshot({3});
  third.set_part(2);
  const auto gap = send(hub, third);
  EXPECT_EQ(gap->code, v1::CODE_CONFLICT);
  EXPECT_THAT(gap->text, HasSubstr("begin again, with part 0"));
  EXPECT_EQ(send(hub, first)->code, v1::CODE_OK);
  EXPECT_EQ(send(hub, first)->code, v1::CODE_OK) << "said again, as after a reconnect";
  EXPECT_EQ(send(hub, second), std::nullopt);
  EXPECT_EQ(send(hub, second), std::nullopt) << "the last part said again while it is worked on";
  EXPECT_EQ(hub.work().at(kTicket).report.added(), 2u);
}
TEST(Snapshot, PartsAreGoneAfterACrashAndTheSenderBeginsAgain) {
  HubCore hub;
  auto first = snapshot({1});
  first.set_last(false);
  send(hub, first);
  hub.crash();
  auto second = snapshot({2});
  second.set_part(1);
  EXPECT_EQ(send(hub, second)->code, v1::CODE_CONFLICT);
}
TEST(Snapshot, AtMostSoManyUploadsWaitAndTheOldestBeginsAgain) {
  HubCore hub;
  for (size_t n = 0; n <= limits::kUploadsMax; ++n) {
    auto part = snapshot({1}, std::string(16, static_cast<char>('a' + n)));
    part.set_last(false);
    EXPECT_EQ(send(hub, part)->code, v1::CODE_OK);
  }
  auto of_the_oldest = snapshot({2}, std::string(16, 'a'));
  of_the_oldest.set_part(1);
  EXPECT_EQ(send(hub, of_the_oldest)->code, v1::CODE_CONFLICT);
}
TEST(Snapshot, OtherChangesOfTheListWaitUntilItIsApplied) {
  HubCore hub;
  EXPECT_EQ(send(hub, snapshot({1})), std::nullopt);
  EXPECT_EQ(send(hub, adding({2}))->code, v1::CODE_BUSY);
  EXPECT_EQ(send(hub, snapshot({2}, std::string(16, 'v')))->code, v1::CODE_BUSY);
  EXPECT_EQ(send(hub, adding({2}, v1::MEMBER_LIST_EARLY_HELP))->code, v1::CODE_OK);
  hub.work();
  EXPECT_EQ(send(hub, adding({2}))->code, v1::CODE_OK);
}
TEST(Snapshot, NoEnquiryComesAsOne) {
  HubCore hub;
  auto change = snapshot({1});
  change.set_list(v1::MEMBER_LIST_ENQUIRY);
  EXPECT_EQ(hub.change_members(change).code, v1::CODE_INVALID);
  change = snapshot({1}, "short");
  EXPECT_EQ(hub.change_members(change).code, v1::CODE_INVALID);
}

size_t turns_of_work(HubCore& hub) {
  size_t turns = 0;
  for (; hub.core().has_work(); ++turns) hub.turn([](Core& c) { c.work(); });
  return turns;
}
TEST(Snapshot, IsAppliedInBoundedPiecesAndNobodyIsMissingOnTheWay) {
  HubCore hub;
  hub.change_members(many(0, 600));
  auto next = many(300, 900);
  next.set_upload(std::string(16, 'v'));
  EXPECT_EQ(send(hub, next), std::nullopt);
  unsigned message = 0;
  size_t turns = 0;
  for (; hub.core().has_work(); ++turns) {
    hub.turn([](Core& c) { c.work(); });
    EXPECT_TRUE(knows(hub, 450, "on the way " + std::to_string(message++)));
  }
  EXPECT_GE(turns, 600 / limits::kMembersPerTurnMax);
  for (const auto& batch : hub.batches()) EXPECT_LE(batch.size(), limits::kBatchBytesMax);
  EXPECT_FALSE(knows(hub, 299, "gone"));
  EXPECT_TRUE(knows(hub, 899, "come"));
}
// Wherever the power goes: all of the old, or all of the new once the hub has worked on.
TEST(Snapshot, IsFinishedAfterACrashWhereverThePowerGoes) {
  for (size_t cut_after = 0; cut_after < 12; ++cut_after) {
    HubCore hub;
    hub.change_members(many(0, 300));
    auto next = many(200, 700);
    next.set_upload(std::string(16, 'v'));
    send(hub, next);
    size_t turns = 0;
    for (; hub.core().has_work() && turns < cut_after; ++turns) {
      hub.turn([](Core& c) { c.work(); });
    }
    if (hub.core().has_work()) hub.turn_until(Cut::kBeforeSync, [](Core& c) { c.work(); });
    hub.crash();
    turns_of_work(hub);
    const bool applied = in_force(hub).count() == 500;
    EXPECT_TRUE(applied || in_force(hub).count() == 300) << cut_after;
    EXPECT_EQ(knows(hub, 699, "new"), applied) << cut_after;
    EXPECT_EQ(knows(hub, 0, "old"), !applied) << cut_after;
    EXPECT_TRUE(knows(hub, 250, "both")) << cut_after;
    const store::ListId id{hub.team("X99-MASH").handle(), v1::MEMBER_LIST_CASELOAD};
    EXPECT_THAT(store::read_members(hub.kv(), id, {}, 1000).value(), SizeIs(in_force(hub).count()));
    EXPECT_EQ(store::read_list_parts(hub.kv(), id).value(), "") << cut_after;
  }
}

}  // namespace
}  // namespace switchboard::core
