// The judge of the kill loop finds what it is there to find: each fault planted once.
#include "tests/fault/judge.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/fault/workload.h"
#include "tests/support/hub_events.h"

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

TEST(Judge, FindsASwapWithinOneChildBetweenSources) {
  EXPECT_EQ(judge_log([](auto& log) { log[2].mutable_notice()->set_position(1); }).reordered, 0u);
  // The first two are of two sources, about one child.
  ASSERT_EQ(workload_child("X31", 1), workload_child("X99", 1));
  EXPECT_EQ(judge_log([](auto& log) {
              log[0].mutable_notice()->set_position(2);
              log[1].mutable_notice()->set_position(1);
            }).reordered,
            1u);
}

TEST(Judge, FindsAnEventShownAsAboutAnotherChild) {
  EXPECT_GE(judge_log([](auto& log) { log[3].mutable_notice()->set_subject("another"); }).altered,
            1u);
}

TEST(Judge, FindsACorrectionThatIsNotMarkedOnceOnItsOriginal) {
  std::vector<v1::Entry> log;
  for (uint64_t n = 1; n <= 11; ++n) log.push_back(delivery(n, "X31", n));
  EXPECT_EQ(judge({{"X31", 11}}, log).unmarked, 1u);
  v1::Entry mark;
  mark.set_number(12);
  mark.mutable_notice()->set_type(v1::ENTRY_TYPE_CHANGE);
  mark.mutable_notice()->set_change(v1::CHANGE_CORRECTED);
  mark.mutable_notice()->set_refers_to(6);
  log.push_back(mark);
  EXPECT_TRUE(judge({{"X31", 11}}, log).clean());
  mark.set_number(13);
  log.push_back(mark);
  EXPECT_EQ(judge({{"X31", 11}}, log).unmarked, 1u);
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from) + from.size();
  return text.substr(at, text.find(to, at) - at);
}

// As the adapter would put a message of the feed into words.
v1::Entry fed(uint64_t sequence) {
  const std::string message = workload_message(sequence);
  v1::EventHeader header;
  header.set_agency(kFeedAgency);
  header.set_kind("admission");
  header.set_source_message_id(kFeedAgency + std::string("-") + std::to_string(sequence));
  v1::Identity identity;
  identity.add_identifiers()->set_value(between(message, "PID|||", "^"));
  identity.mutable_name()->set_family(between(message, "^^^^NHS||", "^"));
  v1::Detail detail;
  detail.mutable_admission()->set_reason(between(message, "PV2|||^", "\r"));
  v1::Item item;
  item.set_header(header.SerializeAsString());
  add_section(item, v1::SECTION_KIND_IDENTITY, identity);
  add_section(item, v1::SECTION_KIND_DETAIL, detail);
  v1::Entry entry;
  entry.set_number(sequence);
  entry.mutable_notice()->set_type(v1::ENTRY_TYPE_DELIVERY);
  entry.mutable_notice()->set_position(sequence);
  entry.mutable_notice()->set_subject(identity.identifiers(0).value());
  entry.set_header(item.header());
  *entry.mutable_sections() = item.sections();
  return entry;
}

TEST(Judge, FindsAMessageOfTheFeedThatCameWithAnothersWordsOrName) {
  const std::map<std::string, uint64_t> two = {{kFeedAgency, 2}};
  EXPECT_TRUE(judge(two, {fed(1), fed(2)}).clean());
  for (const int section : {0, 1}) {
    v1::Entry wrong = fed(2);
    *wrong.mutable_sections(section) = fed(1).sections(section);
    EXPECT_EQ(judge(two, {fed(1), wrong}).altered, 1u) << section;
  }
}

// What rosa was told of her picking up number 10, by a log in which these picked it up.
Findings judge_act(v1::Code told, const std::vector<std::string>& people) {
  std::vector<v1::Entry> changes;
  for (const auto& person : people) {
    auto& notice = *changes.emplace_back().mutable_notice();
    notice.set_change(v1::CHANGE_ACKNOWLEDGED);
    notice.set_refers_to(10);
    notice.mutable_actor()->set_person(person);
  }
  Findings found;
  judge_acts({{10, "rosa", v1::ACT_KIND_ACKNOWLEDGE, told}}, changes, found);
  return found;
}

TEST(Judge, FindsAnActThatWasAnsweredAndIsNotThereOrTwiceOrAnothers) {
  EXPECT_TRUE(judge_act(v1::CODE_OK, {"rosa"}).clean());
  EXPECT_TRUE(judge_act(v1::CODE_CONFLICT, {"omar"}).clean());
  EXPECT_EQ(judge_act(v1::CODE_OK, {}).acts_lost, 1u);
  EXPECT_EQ(judge_act(v1::CODE_OK, {"omar"}).acts_lost, 1u);
  EXPECT_EQ(judge_act(v1::CODE_CONFLICT, {"rosa"}).acts_lost, 1u);
  EXPECT_EQ(judge_act(v1::CODE_CONFLICT, {}).acts_lost, 1u);
  EXPECT_EQ(judge_act(v1::CODE_OK, {"rosa", "rosa"}).acts_twice, 1u);
}

// Of a log in which rosa did these to event "e", under another number than she saw.
Findings judge_done_by(const std::vector<v1::Change>& changes, v1::ActKind told) {
  std::vector<v1::Entry> log(1);
  log[0].set_number(3);
  log[0].mutable_notice()->set_type(v1::ENTRY_TYPE_DELIVERY);
  log[0].mutable_notice()->set_event_id("e");
  for (const auto change : changes) {
    auto& notice = *log.emplace_back().mutable_notice();
    notice.set_type(v1::ENTRY_TYPE_CHANGE);
    notice.set_change(change);
    notice.set_refers_to(3);
    notice.mutable_actor()->set_person("rosa");
  }
  Findings found;
  judge_done({{"e", "rosa", told}}, log, found);
  return found;
}

TEST(Judge, FindsAnActThatIsNotInTheLogOfItsEventOrTwice) {
  EXPECT_TRUE(judge_done_by({v1::CHANGE_FINISHED}, v1::ACT_KIND_FINISH).clean());
  EXPECT_EQ(judge_done_by({v1::CHANGE_ACTIONED}, v1::ACT_KIND_FINISH).acts_lost, 1u);
  EXPECT_EQ(judge_done_by({}, v1::ACT_KIND_OPEN).acts_lost, 1u);
  EXPECT_TRUE(judge_done_by({v1::CHANGE_ACKNOWLEDGED}, v1::ACT_KIND_OPEN).clean());
  const auto twice = {v1::CHANGE_ACTIONED, v1::CHANGE_ACTIONED};
  EXPECT_EQ(judge_done_by(twice, v1::ACT_KIND_ACTION).acts_twice, 1u);
}

}  // namespace
}  // namespace switchboard::test
