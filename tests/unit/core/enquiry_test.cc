#include "broker/core/enquiry.h"

#include <gmock/gmock.h>

#include "tests/unit/core/children.h"

namespace switchboard::core {
namespace {

using support::HubCore;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kDays = 86'400;

TEST(Enquiry, BringsWhatThereIsAndTellsOfWhatComesAsSee) {
  HubCore hub;
  const uint64_t before = hub.publish(nowhere("concern", "1")).position;
  EXPECT_EQ(hub.change_members(enquiry(1, seconds(7 * kDays))).report.joined(), 1u);
  EXPECT_EQ(hub.recipients(before).back().cause(), v1::CAUSE_ENQUIRY);
  const auto after = hub.recipients(hub.publish(nowhere("discharge", "2")).position);
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_EQ(after[0].team(), "X99-MASH");
  EXPECT_EQ(after[0].cause(), v1::CAUSE_ENQUIRY);
  EXPECT_EQ(after[0].attention(), v1::ATTENTION_SEE);
  EXPECT_EQ(after[0].acknowledge_by_us(), 0);
}
TEST(Enquiry, ARouteThatAsksForMoreDecides) {
  HubCore hub;
  hub.change_members(enquiry(1, seconds(kDays)));
  const auto position = hub.publish(support::Event("concern", "1")).position;
  EXPECT_EQ(hub.recipients(position).back().team(), "X99-MASH");
  EXPECT_EQ(hub.recipients(position).back().cause(), v1::CAUSE_ROUTE);
  EXPECT_EQ(hub.recipients(position).back().attention(), v1::ATTENTION_ACT);
}
TEST(Enquiry, EndsByItselfAndWhatWasToldStaysTold) {
  HubCore hub;
  hub.change_members(enquiry(1, seconds(kDays)));
  const uint64_t during = hub.publish(nowhere("admission", "1")).position;
  hub.advance(seconds(kDays));
  hub.crash();
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_THAT(hub.told(hub.publish(nowhere("admission", "2")).position), IsEmpty());
  EXPECT_THAT(hub.told(during), ElementsAre("X99-MASH"));
  EXPECT_THAT(store::read_enquiries(hub.kv(), hub.team("X99-MASH").handle(), 10).value(),
              IsEmpty());
  EXPECT_FALSE(hub.core().next_due());
}
TEST(Enquiry, OpenedAgainRunsUntilTheNewTimeOnly) {
  HubCore hub;
  hub.change_members(enquiry(1, seconds(kDays)));
  hub.change_members(enquiry(1, seconds(3 * kDays)));
  hub.advance(seconds(2 * kDays));
  EXPECT_EQ(hub.tick(), 0u);
  EXPECT_THAT(hub.told(hub.publish(nowhere("admission", "1")).position), ElementsAre("X99-MASH"));
  hub.advance(seconds(kDays));
  EXPECT_EQ(hub.tick(), 1u);
  EXPECT_THAT(hub.told(hub.publish(nowhere("admission", "2")).position), IsEmpty());
}
TEST(Enquiry, CanBeEndedBefore) {
  HubCore hub;
  hub.change_members(enquiry(1, seconds(kDays)));
  EXPECT_EQ(hub.change_members(removing({1}, v1::MEMBER_LIST_ENQUIRY)).report.removed(), 1u);
  EXPECT_THAT(hub.told(hub.publish(nowhere("admission", "1")).position), IsEmpty());
  EXPECT_FALSE(hub.core().next_due());
}
TEST(Enquiry, NeedsAReasonAndATimeThatIsNotTooFar) {
  HubCore hub;
  auto change = enquiry(1, seconds(kDays));
  change.clear_reason();
  EXPECT_THAT(hub.change_members(change).text, HasSubstr("needs a reason"));
  change = enquiry(1, seconds(0));
  EXPECT_THAT(hub.change_members(change).text, HasSubstr("still to come"));
  change = enquiry(1, seconds(91 * kDays));
  EXPECT_THAT(hub.change_members(change).text, HasSubstr("90 days at most"));
  change = enquiry(1, seconds(kDays));
  add_row(change, 2);
  EXPECT_THAT(hub.change_members(change).text, HasSubstr("one child"));
  EXPECT_THAT(hub.told(hub.publish(nowhere("admission", "1")).position), IsEmpty());
}
TEST(Enquiry, IsInTheAuditWithThePersonTheReasonAndTheTime) {
  HubCore hub;
  hub.change_members(enquiry(1, seconds(kDays)));
  const auto rows = hub.kv().scan_back(kv::Family::kAudit, "", "");
  v1::AuditBlock block;
  ASSERT_TRUE(block.ParseFromString(std::string(rows->value())));
  EXPECT_EQ(block.entries(0).person(), "ops");
  EXPECT_EQ(block.entries(0).team(), "X99-MASH");
  EXPECT_EQ(block.entries(0).text(),
            "enquiry: 1 added, 0 removed, 0 unchanged; until 3 March 2026 12:00: strategy "
            "discussion");
}

}  // namespace
}  // namespace switchboard::core
