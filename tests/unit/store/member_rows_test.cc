#include "broker/store/member_rows.h"

#include <gmock/gmock.h>

#include "tests/unit/store/journal_world.h"

namespace switchboard::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string hash_of(char c) { return std::string(16, c); }
const ListId kCaseload{3, v1::MEMBER_LIST_CASELOAD};
const ListId kProtection{70000, v1::MEMBER_LIST_CHILD_PROTECTION};

TEST(MemberRows, AMemberIsFoundByWhatRoutingAsksAndGoneWithTheList) {
  JournalWorld w;
  add_member(w.journal, kCaseload, hash_of('a'), {});
  add_member(w.journal, kProtection, hash_of('a'), {});
  w.commit();
  EXPECT_THAT(caseload_teams(w.journal, &w.journal, hash_of('a')), ElementsAre(3));
  EXPECT_THAT(other_lists(w.journal, &w.journal, hash_of('a')), ElementsAre(kProtection));
  remove_member(w.journal, kCaseload, hash_of('a'));
  remove_member(w.journal, kProtection, hash_of('a'));
  w.commit();
  EXPECT_THAT(caseload_teams(w.journal, &w.journal, hash_of('a')), IsEmpty());
  EXPECT_THAT(other_lists(w.journal, nullptr, hash_of('a')), IsEmpty());
  EXPECT_FALSE(find_member(w.journal, kCaseload, hash_of('a')));
}
TEST(MemberRows, TheSameMemberTwiceIsOnce) {
  JournalWorld w;
  for (int i = 0; i < 2; ++i) add_member(w.journal, kProtection, hash_of('a'), {});
  EXPECT_THAT(other_lists(w.journal, &w.journal, hash_of('a')), ElementsAre(kProtection));
}
TEST(MemberRows, MembersOfOneListComeInOrderInPages) {
  JournalWorld w;
  for (const char c : {'c', 'a', 'b'}) add_member(w.journal, kCaseload, hash_of(c), {});
  add_member(w.journal, {4, v1::MEMBER_LIST_CASELOAD}, hash_of('x'), {});
  add_member(w.journal, {3, v1::MEMBER_LIST_EARLY_HELP}, hash_of('y'), {});
  w.commit();
  EXPECT_THAT(read_members(w.journal, kCaseload, {}, 2).value(),
              ElementsAre(hash_of('a'), hash_of('b')));
  EXPECT_THAT(read_members(w.journal, kCaseload, hash_of('b'), 2).value(),
              ElementsAre(hash_of('c')));
}
TEST(MemberRows, AllListsAreFoundAmongEverythingElse) {
  JournalWorld w;
  v1::MembersRecord record;
  record.set_count(7);
  write_list(w.journal, kCaseload, record);
  write_list(w.journal, kProtection, record);
  write_list_part(w.journal, {5, v1::MEMBER_LIST_CASELOAD}, 0, hash_of('p'));
  queue_join(w.journal, {hash_of('j'), kCaseload});
  write_enquiry(w.journal, 3, {9, hash_of('e'), 1, 2});
  w.commit();
  const auto lists = read_lists(w.journal).value();
  ASSERT_THAT(lists, SizeIs(2));
  EXPECT_EQ(lists[0].id, kCaseload);
  EXPECT_EQ(lists[1].id, kProtection);
  EXPECT_EQ(lists[1].record.count(), 7u);
}
TEST(MemberRows, ASnapshotUnderWayKeepsItsHashesInOrderAndGoesWhole) {
  JournalWorld w;
  ListWork work;
  work.id = kCaseload;
  work.phase = ListPhase::kRemoving;
  work.cursor = hash_of('b');
  work.principal = "x99-hv";
  work.record.set_as_of("2026-03-01");
  work.report.set_added(5);
  write_list_part(w.journal, kCaseload, 1, hash_of('c'));
  write_list_part(w.journal, kCaseload, 0, hash_of('a') + hash_of('b'));
  EXPECT_THAT(read_undecided(w.journal).value(), ElementsAre(kCaseload));
  write_list_work(w.journal, work);
  w.commit();
  EXPECT_THAT(read_undecided(w.journal).value(), IsEmpty());
  const auto works = read_list_works(w.journal).value();
  ASSERT_THAT(works, SizeIs(1));
  EXPECT_EQ(works[0].phase, ListPhase::kRemoving);
  EXPECT_EQ(works[0].cursor, hash_of('b'));
  EXPECT_EQ(works[0].principal, "x99-hv");
  EXPECT_EQ(works[0].record.as_of(), "2026-03-01");
  EXPECT_EQ(works[0].report.added(), 5u);
  EXPECT_EQ(read_list_parts(w.journal, kCaseload).value(),
            hash_of('a') + hash_of('b') + hash_of('c'));
  erase_list_work(w.journal, kCaseload);
  w.commit();
  EXPECT_THAT(read_list_works(w.journal).value(), IsEmpty());
  EXPECT_EQ(read_list_parts(w.journal, kCaseload).value(), "");
}
TEST(MemberRows, ARowThatIsNoSnapshotIsAnErrorAndNoGuess) {
  JournalWorld w;
  w.journal.put(kv::Family::kState, key::list_work(kCaseload), "\x01\xff");
  EXPECT_FALSE(read_list_works(w.journal).ok());
}
TEST(MemberRows, AnEnquiryIsFoundByItsPosition) {
  JournalWorld w;
  write_enquiry(w.journal, 3, {9, hash_of('e'), 100, 200});
  w.commit();
  const auto enquiry = read_enquiry(w.journal, 3, 9).value();
  ASSERT_TRUE(enquiry);
  EXPECT_EQ(enquiry->hash, hash_of('e'));
  EXPECT_EQ(enquiry->until_us, 200);
  EXPECT_THAT(read_enquiries(w.journal, 3, 10).value(), SizeIs(1));
  EXPECT_THAT(read_enquiries(w.journal, 4, 10).value(), IsEmpty());
  erase_enquiry(w.journal, 3, 9);
  EXPECT_FALSE(read_enquiry(w.journal, 3, 9).value());
}
TEST(MemberRows, WhatATeamIsToBeBroughtIsQueuedOncePerList) {
  JournalWorld w;
  for (int i = 0; i < 2; ++i) queue_join(w.journal, {hash_of('j'), kCaseload});
  queue_join(w.journal, {hash_of('j'), kProtection});
  w.commit();
  const auto joins = read_joins(w.journal, 10).value();
  ASSERT_THAT(joins, SizeIs(2));
  EXPECT_EQ(joins[0].list, kCaseload);
  EXPECT_EQ(joins[0].hash, hash_of('j'));
  erase_join(w.journal, joins[0]);
  EXPECT_THAT(read_joins(w.journal, 10).value(), SizeIs(1));
}

}  // namespace
}  // namespace switchboard::store
