// P9: a sender sees its own quarantined messages, and of nobody else's that they are there.
#include "broker/server/own_quarantine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/base/limits.h"
#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OwnQuarantine : public testing::Test {
 protected:
  uint64_t hold(const std::string& message, const std::string& agency = "X26") {
    Event event("concern", message);
    event.summary.clear_text();
    event.header.set_agency(agency);
    event.header.set_system(agency == "X26" ? "PAS" : "RIO");
    event.header.set_trigger("ADT^A01");
    v1::Item item = event.item();
    v1::Source source;
    source.set_content("MSH|" + message);
    v1::Section& bytes = *item.add_sections();
    bytes.set_kind(v1::SECTION_KIND_SOURCE);
    bytes.set_body(source.SerializeAsString());
    const auto answer = hub_.publish(item, agency == "X26" ? "pas" : "rio");
    EXPECT_EQ(answer.code, v1::CODE_QUARANTINED);
    return answer.position;
  }
  Result<v1::Page> read(const v1::ReadQuarantine& wanted, const std::string& agency = "X26",
                        const std::string& system = "PAS") {
    const View view{hub_.kv(), *hub_.core().directory(), hub_.core().secrets(), hub_.now};
    return own_quarantine(view, {agency, system}, wanted);
  }
  static std::vector<std::string> messages(const v1::Page& page) {
    std::vector<std::string> ids;
    for (const auto& item : page.quarantine()) ids.push_back(item.source_message_id());
    return ids;
  }
  HubCore hub_;
};

TEST_F(OwnQuarantine, ListsOnesOwnNewestFirstWithWhatIsWrong) {
  hold("1");
  hold("theirs", "X99");
  hold("2");
  const auto page = read({}).value();
  EXPECT_THAT(messages(page), ElementsAre("2", "1"));
  EXPECT_EQ(page.quarantine(0).code(), v1::CODE_INVALID);
  EXPECT_THAT(page.quarantine(0).text(), testing::HasSubstr("summary.text"));
  EXPECT_EQ(page.next_after(), 0u);
  EXPECT_THAT(messages(read({}, "X99", "RIO").value()), ElementsAre("theirs"));
  EXPECT_THAT(messages(read({}, "X26", "LAB").value()), IsEmpty());
}

TEST_F(OwnQuarantine, PagesAreBoundedAndGoOnWhereTheyEnded) {
  for (int n = 1; n <= 5; ++n) hold(std::to_string(n));
  v1::ReadQuarantine wanted;
  wanted.set_limit(2);
  std::vector<std::string> all;
  do {
    const auto page = read(wanted).value();
    EXPECT_LE(page.quarantine_size(), 2);
    for (const auto& id : messages(page)) all.push_back(id);
    wanted.set_before_position(page.next_after());
  } while (wanted.before_position() != 0);
  EXPECT_THAT(all, ElementsAre("5", "4", "3", "2", "1"));
}

TEST_F(OwnQuarantine, OthersMessagesInBetweenCostABoundedLook) {
  hold("mine");
  kv::Batch batch;
  v1::EventRecord other;
  other.set_agency("X99");
  for (uint64_t n = 0; n < limits::kQueueRowsMax + 10; ++n) {
    const uint64_t position = 1000 + n;
    batch.put(kv::Family::kState, store::key::queue(store::Queue::kQuarantine, position), "");
    batch.put(kv::Family::kEvent, store::key::position(position), other.SerializeAsString());
  }
  ASSERT_TRUE(hub_.kv().write(batch).ok());
  v1::ReadQuarantine wanted;
  auto page = read(wanted).value();
  EXPECT_THAT(messages(page), IsEmpty());
  ASSERT_NE(page.next_after(), 0u);
  wanted.set_before_position(page.next_after());
  EXPECT_THAT(messages(read(wanted).value()), ElementsAre("mine"));
}

TEST_F(OwnQuarantine, OneWholeHasTheBytesAsTheyWereSent) {
  const uint64_t position = hold("1");
  v1::ReadQuarantine wanted;
  wanted.set_position(position);
  const auto page = read(wanted).value();
  ASSERT_EQ(page.items_size(), 1);
  std::string source;
  for (const auto& section : page.items(0).sections()) {
    v1::Source parsed;
    if (section.kind() != v1::SECTION_KIND_SOURCE) continue;
    ASSERT_TRUE(parsed.ParseFromString(section.body()));
    source = parsed.content();
  }
  EXPECT_EQ(source, "MSH|1");
  EXPECT_FALSE(page.items(0).header().empty());
}

TEST_F(OwnQuarantine, OfAnotherAgencyNotEvenThatItIsThereIsSaid) {
  const uint64_t position = hold("1");
  v1::ReadQuarantine by_position, by_id, of_nothing;
  by_position.set_position(position);
  by_id.set_event_id(hub_.event(position).event_id());
  of_nothing.set_position(4711);
  const auto nothing = read(of_nothing, "X99", "RIO").error();
  EXPECT_EQ(nothing.code, v1::CODE_NOT_FOUND);
  for (const auto& wanted : {by_position, by_id}) {
    const auto answer = read(wanted, "X99", "RIO");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, nothing.code);
    EXPECT_EQ(answer.error().text, nothing.text);
    EXPECT_FALSE(read(wanted, "X26", "LAB").ok()) << "another system of the agency";
    EXPECT_TRUE(read(wanted).ok());
  }
}

TEST_F(OwnQuarantine, WhatWasAcceptedIsNotShownByThisDoor) {
  v1::ReadQuarantine wanted;
  wanted.set_position(hub_.publish(Event("concern", "1")).position);
  EXPECT_EQ(read(wanted).error().code, v1::CODE_NOT_FOUND);
}

}  // namespace
}  // namespace switchboard::server
