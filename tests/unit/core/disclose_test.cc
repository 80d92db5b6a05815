#include "broker/core/disclose.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::HubCore;

v1::EventRecord concern() {
  v1::EventRecord event;
  event.set_agency("X26");
  event.set_kind("concern");
  return event;
}
v1::Recipient to(const std::string& team, v1::Disclosure limit = v1::DISCLOSURE_UNSPECIFIED) {
  v1::Recipient r;
  r.set_team(team);
  r.set_limit(limit);
  return r;
}

TEST(Disclose, TheSendersAgencySeesItsOwnEventInFull) {
  HubCore hub;
  EXPECT_EQ(disclose(*hub.core().directory(), concern(), to("X26-SAFETY")).level,
            v1::DISCLOSURE_FULL);
}
TEST(Disclose, OthersSeeASummaryUnlessTheMatrixSaysMore) {
  HubCore hub;
  EXPECT_EQ(disclose(*hub.core().directory(), concern(), to("X99-HV")).level,
            v1::DISCLOSURE_SUMMARY);
  EXPECT_EQ(disclose(*hub.core().directory(), concern(), to("X99-MASH")).level,
            v1::DISCLOSURE_FULL);
}
TEST(Disclose, TheFirstRowThatMatchesDecidesAndSaysWhy) {
  HubCore hub;
  v1::Directory change;
  v1::DisclosureRow& first = *change.mutable_disclosure()->add_rows();
  first.add_agencies("X99");
  first.set_disclosure(v1::DISCLOSURE_WITHHELD);
  first.set_reason("no agreement yet");
  change.mutable_disclosure()->add_rows()->set_disclosure(v1::DISCLOSURE_FULL);
  ASSERT_EQ(hub.apply(change).problems_size(), 0);
  const Disclosed shown = disclose(*hub.core().directory(), concern(), to("X99-MASH"));
  EXPECT_EQ(shown.level, v1::DISCLOSURE_WITHHELD);
  EXPECT_EQ(shown.reason, "no agreement yet");
}
TEST(Disclose, ACeilingOnlyTakesAway) {
  HubCore hub;
  const auto& directory = *hub.core().directory();
  EXPECT_EQ(disclose(directory, concern(), to("X99-MASH", v1::DISCLOSURE_POINTER)).level,
            v1::DISCLOSURE_POINTER);
  EXPECT_EQ(disclose(directory, concern(), to("X99-HV", v1::DISCLOSURE_FULL)).level,
            v1::DISCLOSURE_SUMMARY);
  EXPECT_EQ(disclose(directory, concern(), to("X26-SAFETY", v1::DISCLOSURE_WITHHELD)).level,
            v1::DISCLOSURE_WITHHELD);
}
TEST(Disclose, ATeamThatIsNotInTheDirectorySeesNothing) {
  HubCore hub;
  EXPECT_EQ(disclose(*hub.core().directory(), concern(), to("GONE")).level,
            v1::DISCLOSURE_WITHHELD);
}
TEST(Disclose, TheSourceIsNeverSentToATeam) {
  for (const auto level : {v1::DISCLOSURE_FULL, v1::DISCLOSURE_SUMMARY, v1::DISCLOSURE_POINTER,
                           v1::DISCLOSURE_WITHHELD, v1::DISCLOSURE_UNSPECIFIED}) {
    EXPECT_THAT(sections_of(level, concern()),
                testing::Not(testing::Contains(v1::SECTION_KIND_SOURCE)));
  }
}
TEST(Disclose, EachLevelSelectsItsSections) {
  EXPECT_THAT(sections_of(v1::DISCLOSURE_FULL, concern()),
              testing::Contains(v1::SECTION_KIND_LOCATION));
  EXPECT_THAT(sections_of(v1::DISCLOSURE_SUMMARY, concern()),
              testing::ElementsAre(v1::SECTION_KIND_HEADER, v1::SECTION_KIND_IDENTITY,
                                   v1::SECTION_KIND_SUMMARY));
  EXPECT_THAT(sections_of(v1::DISCLOSURE_POINTER, concern()), testing::IsEmpty());
  EXPECT_THAT(sections_of(v1::DISCLOSURE_WITHHELD, concern()), testing::IsEmpty());
}

TEST(Disclose, AProtectedAddressIsInNoLevelAndNothingElseIsMissing) {
  v1::EventRecord event = concern();
  event.set_protected_address(true);
  for (const auto level : {v1::DISCLOSURE_FULL, v1::DISCLOSURE_SUMMARY, v1::DISCLOSURE_POINTER,
                           v1::DISCLOSURE_WITHHELD, v1::DISCLOSURE_UNSPECIFIED}) {
    auto shown = sections_of(level, concern());
    std::erase(shown, v1::SECTION_KIND_LOCATION);
    EXPECT_EQ(sections_of(level, event), shown) << v1::Disclosure_Name(level);
  }
}

}  // namespace
}  // namespace switchboard::core
