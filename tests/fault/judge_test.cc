// The judge of the kill loop finds what it is there to find: each fault planted once.
#include "tests/fault/judge.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/fault/workload.h"

namespace switchboard::test {
namespace {

v1::Entry delivery(uint64_t number, const std::string& agency, uint64_t sequence) {
  const v1::Item item = workload_item(agency, sequence);
  v1::Entry entry;
  entry.set_number(number);
  entry.mutable_notice()->set_type(v1::ENTRY_TYPE_DELIVERY);
  entry.mutable_notice()->set_position(number);
  entry.mutable_notice()->set_subject(std::to_string(workload_child(agency, sequence)));
  entry.set_header(item.header());
  for (const auto& section : item.sections()) {
    if (section.kind() != v1::SECTION_KIND_SOURCE) *entry.add_sections() = section;
  }
  return entry;
}

Findings judge_log(const std::function<void(std::vector<v1::Entry>&)>& plant) {
  std::vector<v1::Entry> log;
  for (uint64_t n = 1; n <= 6; ++n) log.push_back(delivery(n, n % 2 ? "X31" : "X99", (n + 1) / 2));
  plant(log);
  return judge({{"X31", 3}, {"X99", 3}}, log);
}

TEST(Judge, ALogThatHoldsAllInOrderIsClean) {
  const auto found = judge_log([](auto&) {});
  EXPECT_TRUE(found.clean());
  EXPECT_EQ(found.deliveries, 6u);
}

TEST(Judge, FindsALostEventAtTheEndAndInTheMiddle) {
  EXPECT_EQ(judge_log([](auto& log) { log.pop_back(); }).lost, 1u);
  const auto middle =
      judge_log([](auto& log) { log[2].mutable_notice()->set_type(v1::ENTRY_TYPE_PLACEHOLDER); });
  EXPECT_EQ(middle.lost, 1u);
  EXPECT_GE(judge_log([](auto& log) { log.erase(log.begin() + 2); }).lost, 1u);
}

TEST(Judge, FindsAnEventUnderTwoNumbers) {
  EXPECT_EQ(judge_log([](auto& log) { log.push_back(delivery(7, "X31", 2)); }).duplicated, 1u);
}

TEST(Judge, FindsASwapWithinOneSourceAndAllowsOneBetweenSources) {
  EXPECT_EQ(judge_log([](auto& log) {
              log[0] = delivery(1, "X31", 2);
              log[2] = delivery(3, "X31", 1);
            }).reordered,
            1u);
  EXPECT_TRUE(judge_log([](auto& log) {
                log[0] = delivery(1, "X99", 1);
                log[1] = delivery(2, "X31", 1);
              }).clean());
}

TEST(Judge, FindsAChangedByteASectionTooFewAndOneTooMany) {
  EXPECT_EQ(
      judge_log([](auto& log) { log[1].mutable_sections(1)->mutable_body()->back() ^= 1; }).altered,
      1u);
  EXPECT_EQ(judge_log([](auto& log) { log[1].mutable_sections()->RemoveLast(); }).altered, 1u);
  EXPECT_EQ(judge_log([](auto& log) {
              log[1].add_sections()->set_kind(v1::SECTION_KIND_SOURCE);
            }).altered,
            1u);
}

TEST(Judge, FindsWhatNobodyPublished) {
  EXPECT_EQ(judge_log([](auto& log) { log.push_back(delivery(7, "X31", 4)); }).invented, 1u);
  EXPECT_EQ(judge_log([](auto& log) { log.push_back(delivery(7, "X77", 1)); }).invented, 1u);
}

}  // namespace
}  // namespace switchboard::test
