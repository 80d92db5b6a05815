#include "adapters/mllp/probing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/core/admission.h"
#include "broker/runtime/config.h"

namespace switchboard::mllp {
namespace {

constexpr Time kNow{1'772'452'800'000'000};

Result<std::vector<ListenerSettings>> listeners(const std::vector<std::string>& teams,
                                                uint32_t every_s) {
  auto config = load_config<v1::MllpConfig>(std::string(SWITCHBOARD_SOURCE_DIR) +
                                            "/deploy/config/mllp-example.toml");
  auto& one = *config->settings.mutable_listener(0);
  for (const auto& team : teams) one.add_probe_teams(team);
  one.set_probe_every_s(every_s);
  return read_listeners(config->settings);
}

TEST(MllpProbing, TheProbeOfAListenerIsWhatTheHubAdmits) {
  const auto settings = listeners({"XB1-HV", "XB1-SCHOOL"}, 900);
  ASSERT_TRUE(settings.ok()) << settings.error().text;
  const auto header = probe_of(settings->front(), kNow);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->environment(), v1::ENVIRONMENT_TEST) << "on a listener that is live";
  EXPECT_EQ(header->occurred().latest_us() - header->occurred().earliest_us(), 900'000'000);
  v1::PrincipalRow who;
  who.set_id("xa1-epr");
  who.set_agency("XA1");
  who.set_system("EPR");
  who.add_roles(v1::ROLE_PUBLISHER);
  v1::Item item;
  item.set_header(header->SerializeAsString());
  core::Admitted admitted;
  const core::ItemOf owner(item);
  core::admit(who, owner.view(), admitted);
  EXPECT_EQ(admitted.verdict, core::Verdict::kAdmit) << admitted.text;
  EXPECT_FALSE(admitted.unknown_kind);
}
TEST(MllpProbing, TwoProbesAreTwoEvents) {
  const auto settings = listeners({"XB1-HV"}, 900);
  EXPECT_NE(probe_of(settings->front(), kNow)->event_id(),
            probe_of(settings->front(), kNow + seconds(900))->event_id());
}
TEST(MllpProbing, AListenerThatNamesNoTeamsProbesNobody) {
  EXPECT_FALSE(probe_of(listeners({}, 900)->front(), kNow).has_value());
}
TEST(MllpProbing, WithoutAPauseOrWithTooManyTeamsIsAMistakeInTheSettings) {
  EXPECT_THAT(listeners({"XB1-HV"}, 0).error().text, testing::HasSubstr("probe_every_s"));
  EXPECT_THAT(listeners(std::vector<std::string>(33, "XB1-HV"), 900).error().text,
              testing::HasSubstr("probe_teams"));
}

}  // namespace
}  // namespace switchboard::mllp
