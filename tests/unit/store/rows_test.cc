#include "broker/store/rows.h"

#include <gmock/gmock.h>

#include <array>

#include "broker/store/delivery_scan.h"
#include "broker/store/records.h"
#include "tests/unit/store/journal_world.h"

namespace switchboard::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kHash(16, 'h');

TEST(Rows, RecipientsAreThoseOfAcceptanceThenTheAddedInOrder) {
  JournalWorld w;
  v1::EventRecord event;
  event.add_recipients()->set_team("a");
  std::string row;
  write_event(w.journal, 5, event, row);
  for (const uint64_t adding : {300u, 7u}) {
    v1::AddedRecipients added;
    added.add_recipients()->set_team("by " + std::to_string(adding));
    write_added_recipients(w.journal, 5, adding, added);
  }
  write_event(w.journal, 6, event, row);
  std::vector<std::string> teams;
  const auto told = read_recipients(w.journal, 5).value();
  for (const auto& r : told) teams.push_back(r.team());
  EXPECT_THAT(teams, ElementsAre("a", "by 7", "by 300"));
  EXPECT_EQ(read_recipients(w.journal, 6).value().size(), 1u);
  EXPECT_THAT(read_recipients(w.journal, 9).value(), IsEmpty());
}
TEST(Rows, AKnownIdIsFoundByAgencyOrByIdAlone) {
  JournalWorld w;
  const Id id = make_id({1'000'000}, hash("x"));
  write_known(w.journal, key::event_id(id, "X26"), {3, std::string(32, 'd'), true});
  EXPECT_EQ(read_known(w.journal, id, "X26").value()->position, 3u);
  EXPECT_TRUE(read_known(w.journal, id, "").value()->quarantined);
  EXPECT_FALSE(read_known(w.journal, id, "X99").value());
}

TEST(Rows, QueuesAreSeparateAndOldestFirst) {
  JournalWorld w;
  for (const uint64_t p : {9u, 3u, 300u}) add_to_queue(w.journal, Queue::kHeld, p);
  add_to_queue(w.journal, Queue::kMatch, 4);
  EXPECT_THAT(read_queue(w.journal, Queue::kHeld, 10).value(), ElementsAre(3, 9, 300));
  EXPECT_THAT(read_queue(w.journal, Queue::kHeld, 2).value(), ElementsAre(3, 9));
  remove_from_queue(w.journal, Queue::kHeld, 3);
  EXPECT_FALSE(in_queue(w.journal, Queue::kHeld, 3));
  EXPECT_TRUE(in_queue(w.journal, Queue::kHeld, 9));
  EXPECT_FALSE(in_queue(w.journal, Queue::kUnrouted, 9));
}
TEST(Rows, DueRowsComeInOrderOfTimeWithinTheirBounds) {
  JournalWorld w;
  for (const int64_t at : {30, 10, 20, 40}) add_due(w.journal, {.at_us = at, .number = 1});
  w.commit();
  std::vector<int64_t> at;
  const auto rows = read_due(w.disk, 10, 30, 10).value();
  for (const auto& due : rows) at.push_back(due.at_us);
  EXPECT_THAT(at, ElementsAre(10, 20, 30));
  EXPECT_EQ(read_due(w.disk, 0, 100, 2).value().size(), 2u);
}
// A subject's event, with its index row still to be written.
static void write_about(JournalWorld& w, uint64_t position, const std::string& subject) {
  v1::EventRecord event;
  event.set_subject(subject);
  std::string row;
  write_event(w.journal, position, event, row);
  index_subject_event(w.journal, subject, position);
}
TEST(Rows, ASubjectsEventsComeNewestFirstAlsoThoseWithoutTheirIndexRow) {
  JournalWorld w;
  const std::string other(16, 'o');
  for (const uint64_t p : {1u, 20u, 300u}) write_about(w, p, kHash);
  write_about(w, 301, other);
  w.journal.begin_run(301);
  ASSERT_TRUE(write_index_run(w.journal, 1'000'000));
  write_about(w, 400, other);
  write_about(w, 401, kHash);
  w.commit();  // and the power goes: the last two have no index row
  constexpr uint64_t kAll = ~uint64_t{0};
  EXPECT_THAT(subject_events(w.disk, kHash, kAll, 10).value(), ElementsAre(401, 300, 20, 1));
  EXPECT_THAT(subject_events(w.disk, kHash, kAll, 2).value(), ElementsAre(401, 300));
  EXPECT_THAT(subject_events(w.disk, kHash, 401, 10).value(), ElementsAre(300, 20, 1));
  EXPECT_THAT(subject_events(w.disk, kHash, 20, 10).value(), ElementsAre(1));
  EXPECT_THAT(subject_events(w.disk, other, kAll, 10).value(), ElementsAre(400, 301));
}
TEST(Rows, AThreadsEventsComeNewestFirstByTheirKind) {
  JournalWorld w;
  for (const uint64_t p : {1u, 300u, 20u}) index_thread_event(w.journal, kHash, p, "admission");
  for (const uint64_t p : {2u, 400u}) index_thread_event(w.journal, kHash, p, "death");
  index_thread_event(w.journal, kHash, 500, "correction");
  constexpr std::array<std::string_view, 1> kOne{"admission"};
  constexpr std::array<std::string_view, 2> kTwo{"admission", "death"};
  EXPECT_THAT(thread_events(w.journal, kHash, kOne, 2), ElementsAre(300, 20));
  EXPECT_THAT(thread_events(w.journal, kHash, kTwo, 9), ElementsAre(400, 300, 20, 2, 1));
  EXPECT_THAT(thread_events(w.journal, std::string(16, 'o'), kOne, 2), IsEmpty());
  index_thread_event(w.journal, kHash, 600, "");  // of an earlier build: the record will say
  EXPECT_THAT(thread_events(w.journal, kHash, kOne, 2), ElementsAre(600, 300));
}
TEST(Rows, RoutedFieldsAreForgotten) {
  JournalWorld w;
  index_routed_fields(w.journal, kHash, "site");
  EXPECT_EQ(find_routed_fields(w.journal, kHash), "site");
  forget_routed_fields(w.journal, kHash);
  EXPECT_FALSE(find_routed_fields(w.journal, kHash));
}
TEST(Rows, AnythingHeldIsSeenUntilItIsReleased) {
  JournalWorld w;
  EXPECT_FALSE(any_held(w.journal).value());
  hold(w.journal, kHash, 7);
  EXPECT_TRUE(any_held(w.journal).value());
  EXPECT_THAT(held_for(w.journal, kHash), ElementsAre(7));
  release_held(w.journal, kHash, 7);
  EXPECT_FALSE(any_held(w.journal).value());
}
TEST(Rows, ADoneActComesBackAsItWas) {
  JournalWorld w;
  const Id id = make_id({1}, hash("act"));
  EXPECT_FALSE(find_act(w.journal, id));
  write_act(w.journal, id, {9, v1::CODE_OK, v1::DELIVERY_STATE_FINISHED, "12345678"});
  const auto done = find_act(w.journal, id);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->position, 9u);
  EXPECT_EQ(done->state, v1::DELIVERY_STATE_FINISHED);
  EXPECT_EQ(done->what, "12345678");
}

TEST(Rows, CaseloadsHoldTeamsAndAnEmptyOneNoRow) {
  JournalWorld w;
  set_caseload_teams(w.journal, kHash, {3, 70000});
  EXPECT_THAT(caseload_teams(w.journal, &w.journal, kHash), ElementsAre(3, 70000));
  set_caseload_teams(w.journal, kHash, {});
  EXPECT_THAT(caseload_teams(w.journal, &w.journal, kHash), IsEmpty());
}
TEST(Rows, TheDirectoryIsReadAsItStoodAtAPosition) {
  JournalWorld w;
  for (const uint64_t p : {5u, 9u}) {
    write_directory_row(w.journal, RowType::kTeam, "T", p, "version " + std::to_string(p));
  }
  write_directory_row(w.journal, RowType::kTeam, "T2", 7, "other");
  const auto at = [&](uint64_t p) {
    std::string all;
    const auto rows = read_directory(w.journal, p).value();
    for (const auto& row : rows) all += row.row + ";";
    return all;
  };
  EXPECT_EQ(at(4), "");
  EXPECT_EQ(at(5), "version 5;");
  EXPECT_EQ(at(8), "version 5;other;");
  EXPECT_EQ(at(~uint64_t{0}), "version 9;other;");
}
TEST(Rows, AReceiptAnswersForEveryNumberUpToIt) {
  JournalWorld w;
  const LogId log{1, Log::kInbox};
  write_receipt(w.journal, log, "desk", 3, 100);
  write_receipt(w.journal, log, "desk", 9, 200);
  write_receipt(w.journal, log, "other", 99, 300);
  w.commit();
  EXPECT_EQ(read_receipt_time(w.disk, log, "desk", 3).value(), 100);
  EXPECT_EQ(read_receipt_time(w.disk, log, "desk", 4).value(), 200);
  EXPECT_EQ(read_receipt_time(w.disk, log, "desk", 10).value(), 0);
  EXPECT_EQ(read_last_receipt(w.disk, log, "desk").value(), 9u);
  EXPECT_EQ(read_last_receipt(w.disk, log, "nobody").value(), 0u);
}
TEST(Rows, ACorruptRecordIsAnErrorNotAnAbsence) {
  JournalWorld w;
  w.journal.put(kv::Family::kEvent, key::position(1), "\xff\xff");
  EXPECT_FALSE(read_event(w.journal, 1).ok());
  EXPECT_EQ(read_event(w.journal, 2).value().has_value(), false);
}
TEST(Rows, LossesComeInTheOrderTheyWereFound) {
  JournalWorld w;
  for (const uint64_t position : {300u, 2u}) {
    v1::LossRecord loss;
    loss.set_position(position);
    write_loss(w.journal, loss);
  }
  EXPECT_EQ(read_losses(w.journal).value().back().position(), 300u);
}

TEST(Rows, AScanOfDeliveriesReadsWhatEachByItselfDoes) {
  JournalWorld w;
  v1::DeliveryRecord seen;
  seen.set_overdue_level(2);
  for (const uint64_t number : {2u, 3u, 7u, 300u}) write_delivery(w.journal, 4, number, seen);
  for (const uint64_t number : {3u, 5u}) {
    write_corrected(w.journal, 4, number, v1::CORRECTION_NATURE_VOID, 99);
  }
  write_delivery(w.journal, 5, 6, seen);  // another team's
  DeliveryScan scan(w.journal, 4, 2, 301);
  for (const uint64_t number : {2u, 3u, 4u, 5u, 5u, 6u, 300u}) {
    const auto one = read_delivery(w.journal, 4, number).value();
    const auto scanned = scan.at(number).value();
    ASSERT_EQ(scanned.has_value(), one.has_value()) << number;
    if (one) {
      EXPECT_EQ(scanned->SerializeAsString(), one->SerializeAsString()) << number;
    }
  }
  w.journal.put(kv::Family::kState, key::corrected_delivery(4, 8), "short");
  EXPECT_EQ(DeliveryScan(w.journal, 4, 8, 9).at(8).error().code, v1::CODE_INTERNAL);
}

}  // namespace
}  // namespace switchboard::store
