#include "broker/server/journey_page.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using testing::IsEmpty;
using testing::SizeIs;

// An urgent concern of X26 reaches X99-HV and X99-MASH; the health visitors' is picked up.
struct Told : HubCore {
  explicit Told(const v1::Directory& directory = support::small_world()) : HubCore(directory) {}

  void say(const v1::Audience& audience = {}) {
    Event event("concern", "1");
    event.header.set_urgency(v1::URGENCY_URGENT);
    *event.header.mutable_audience() = audience;
    id = std::string(event.id().view());
    publish(event);
    act(make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
    act(make_act(2, "X99-HV", 1, v1::ACT_KIND_ACTION, "amy", "rang the family"));
  }
  Result<v1::Journey> journey(const std::string& agency, const std::string& team) const {
    return journey_for({kv(), *core().directory(), core().secrets(), now}, agency, {team}, id);
  }
  const v1::JourneyRecipient* other(const v1::Journey& journey, const std::string& team) const {
    for (const auto& r : journey.recipients()) {
      if (r.team() == team) return &r;
    }
    return nullptr;
  }
  std::string id;
};

TEST(JourneyPage, ATeamThatWasToldSeesWhoElseWasHowFarTheyAreAndWhoHasIt) {
  Told hub;
  hub.say();
  const auto journey = hub.journey("X70", "X99-MASH").value();
  const auto* hv = hub.other(journey, "X99-HV");
  ASSERT_NE(hv, nullptr);
  EXPECT_EQ(hv->state(), v1::DELIVERY_STATE_ACTIONED);
  ASSERT_THAT(hv->steps(), SizeIs(1));
  EXPECT_EQ(hv->steps(0).actor().name(), "Amy Example");
}
TEST(JourneyPage, OfOthersItSeesNeitherWhyTheyWereToldNorWhatTheyWrote) {
  Told hub;
  hub.say();
  const auto journey = hub.journey("X70", "X99-MASH").value();
  const auto* hv = hub.other(journey, "X99-HV");
  ASSERT_NE(hv, nullptr);
  EXPECT_EQ(hv->facts() + hv->route() + hv->policy_row(), "");
  EXPECT_EQ(hv->number(), 0u);
  for (const auto& step : hv->steps()) {
    EXPECT_EQ(step.outcome() + step.actor().person() + step.actor().principal(), "");
  }
  EXPECT_FALSE(hub.other(journey, "X99-MASH")->facts().empty()) << "its own part is whole";
}
TEST(JourneyPage, WhereTheSenderLimitsWhoMayHaveItNobodyIsToldWhoElseHas) {
  Told hub;
  v1::Audience audience;
  audience.add_never_agencies("X55");
  hub.say(audience);
  EXPECT_THAT(hub.journey("X70", "X99-MASH").value().recipients(), SizeIs(1));
}
TEST(JourneyPage, ATeamWithAPointerOnlyIsNotToldWhoElseHas) {
  v1::Directory directory = support::small_world();
  v1::DisclosureRow& pointer = *directory.mutable_disclosure()->mutable_rows(0);
  pointer.set_disclosure(v1::DISCLOSURE_POINTER);
  Told hub(directory);
  hub.say();
  EXPECT_THAT(hub.journey("X70", "X99-MASH").value().recipients(), SizeIs(1));
}
TEST(JourneyPage, TheSendersAgencySeesAllOfIt) {
  Told hub;
  hub.say();
  const auto journey = hub.journey("X26", "X26-SAFETY").value();
  EXPECT_FALSE(hub.other(journey, "X99-HV")->facts().empty());
}
TEST(JourneyPage, WhoWasNotToldGetsTheAnswerForAnEventThatIsNotThere) {
  Told hub;
  hub.say();
  const auto of_nobody = hub.journey("X70", "X99-DUTY");
  ASSERT_FALSE(of_nobody.ok());
  hub.id = std::string(16, 'x');
  EXPECT_EQ(of_nobody.error().text, hub.journey("X70", "X99-DUTY").error().text);
}

}  // namespace
}  // namespace switchboard::server
