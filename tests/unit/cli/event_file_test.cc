#include "services/cli/event_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/cli/sandbox_directory.h"

namespace switchboard::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

EventDefaults defaults() {
  EventDefaults d{.now = Time{1'763'794'324'000'000}};
  d.id.bytes.fill(7);
  d.agency = "X26";
  d.system = "FORMS";
  d.environment = v1::ENVIRONMENT_TEST;
  return d;
}

TEST(EventFile, WhatCanBeKnownIsFilledIn) {
  auto event = read_event("[header]\nkind = \"discharge\"\n", "e.toml");
  ASSERT_TRUE(event.ok()) << event.error().text;
  ASSERT_TRUE(complete_event(*event, defaults()).ok());
  const auto& h = event->header();
  EXPECT_EQ(h.event_id(), defaults().id.view());
  EXPECT_EQ(h.id_origin(), v1::ID_ORIGIN_CHOSEN);
  EXPECT_EQ(h.agency(), "X26");
  EXPECT_EQ(h.occurred().earliest_us(), defaults().now.us);
  EXPECT_EQ(h.recorded_us(), defaults().now.us);
}

TEST(EventFile, WhatTheFileSaysIsKept) {
  auto event = read_event(
      "[header]\nevent_id = \"019ab000-1234-8abc-9def-000000000001\"\nagency = \"X99\"\n"
      "occurred = { raw = \"2026-11-22T06:30:00Z\" }\n",
      "e.toml");
  ASSERT_TRUE(event.ok()) << event.error().text;
  ASSERT_TRUE(complete_event(*event, defaults()).ok());
  EXPECT_EQ(to_string(*id_from_bytes(event->header().event_id())),
            "019ab000-1234-8abc-9def-000000000001");
  EXPECT_EQ(event->header().agency(), "X99");
  EXPECT_EQ(event->header().occurred().earliest_us(), from_rfc3339("2026-11-22T06:30:00Z")->us);
}

TEST(EventFile, WhatOnlyAPersonCanKnowIsNamedBeforeAnythingIsSent) {
  auto event = read_event("[header]\nkind = \"concern\"\n", "e.toml");
  ASSERT_TRUE(event.ok());
  ASSERT_TRUE(complete_event(*event, defaults()).ok());
  const auto missing = missing_fields(*event);
  EXPECT_THAT(missing, Contains("header.from_team"));
  EXPECT_THAT(missing, Contains("header.call_back.phone"));
  EXPECT_THAT(missing, Contains("summary.significance"));
}

TEST(EventFile, ACallIsSentByWhoSaysWhoRangWithWhomAndWhy) {
  auto event = read_event("[header]\nkind = \"call_logged\"\n", "e.toml");
  ASSERT_TRUE(event.ok());
  const auto missing = missing_fields(*event);
  EXPECT_THAT(missing, Contains("summary.text"));
  EXPECT_THAT(missing, Contains("detail.call_logged.direction"));
  EXPECT_THAT(missing, Contains("detail.call_logged.with_whom"));
}

TEST(EventFile, TheSandboxesConcernIsComplete) {
  auto event = read_event(sandbox_concern(), "concern.toml");
  ASSERT_TRUE(event.ok()) << event.error().text;
  ASSERT_TRUE(complete_event(*event, defaults()).ok());
  EXPECT_THAT(missing_fields(*event), IsEmpty());
  const v1::Item item = to_item(*event);
  EXPECT_EQ(item.sections_size(), 3);
}

TEST(EventFile, AProblemNamesTheFieldAndNotTheValue) {
  const auto event = read_event("[header]\ncausation_id = \"9126040018\"\n", "e.toml");
  ASSERT_FALSE(event.ok());
  EXPECT_THAT(event.error().text, HasSubstr("causation_id"));
  EXPECT_THAT(event.error().text, Not(HasSubstr("9126040018")));
}

TEST(EventFile, ATypedNhsNumberIsUnverified) {
  v1::Event event;
  ASSERT_TRUE(add_nhs_number(event, "912 604 0018").ok());
  EXPECT_EQ(event.identity().identifiers(0).value(), "9126040018");
  EXPECT_EQ(event.identity().identifiers(0).verification(), v1::VERIFICATION_UNVERIFIED);
  EXPECT_FALSE(add_nhs_number(event, "9126040019").ok());
}

}  // namespace
}  // namespace switchboard::cli
