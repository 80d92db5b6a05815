// The watchdogs over real sockets: a probe is proven, and the page says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/hub_world.h"

namespace switchboard::test {
namespace {

using testing::HasSubstr;

v1::WatchRow row(HubWorld& world, const std::string& what) {
  v1::AdminRequest request;
  request.mutable_watch();
  const auto reply = world.ask(request, "operator");
  EXPECT_TRUE(reply.ok()) << reply.error().text;
  if (!reply.ok()) return {};
  for (const auto& one : reply->watch().rows()) {
    if (one.what() == what) return one;
  }
  return {};
}

v1::Item probe_now(sdk::Client& publisher, const std::string& team) {
  const Time now = publisher.now();
  EventSpec spec;
  spec.kind = "probe";
  v1::EventHeader header = header_of(spec);
  header.clear_subject();
  header.add_direct_to(team);
  header.mutable_occurred()->set_earliest_us(now.us);
  header.mutable_occurred()->set_latest_us((now + seconds(900)).us);
  v1::Item item;
  item.set_header(header.SerializeAsString());
  return item;
}

TEST(HubWatch, AProbeIsProvenWhenTheTeamsSystemHasStoredItAndThePageSaysWhen) {
  HubWorld world;
  auto publisher = world.publisher();
  const v1::Item item = probe_now(*publisher, "X99-HV");
  ASSERT_TRUE(publisher->publisher().append({&item, 1}, publisher->now()).ok());
  ASSERT_TRUE(run_until({publisher.get()}, [&] { return publisher->publisher().idle(); }));
  const auto before = row(world, "probe X26/PAS > X99-HV");
  EXPECT_EQ(before.last_us(), 0);
  EXPECT_FALSE(before.alarm());
  EXPECT_THAT(before.why(), HasSubstr("on its way"));

  auto screen = world.endpoint();
  ASSERT_TRUE(run_until({screen.get()}, [&] {
    return screen->endpoint(0).store().through() == 1 &&
           row(world, "probe X26/PAS > X99-HV").last_us() > 0;
  }));
  const auto proven = row(world, "probe X26/PAS > X99-HV");
  EXPECT_EQ(proven.team(), "X99-HV");
  EXPECT_EQ(proven.why(), "proven");
  EXPECT_GT(proven.expected_us(), proven.last_us());
}

TEST(HubWatch, ASourceIsShownWithWhenItWasHeardAndByWhenItIsExpected) {
  HubWorld world;
  v1::Directory change;
  *change.add_principals() = world.principal("x26-pas", "X26", {v1::ROLE_PUBLISHER});
  change.mutable_principals(0)->set_quiet_after_s(3600);
  ASSERT_TRUE(world.apply(change).ok());
  const auto before = row(world, "source X26/PAS");
  EXPECT_EQ(before.last_us(), 0);
  EXPECT_GT(before.expected_us(), 0);

  auto publisher = world.publisher();
  const v1::Item item = admission("1");
  ASSERT_TRUE(publisher->publisher().append({&item, 1}, publisher->now()).ok());
  ASSERT_TRUE(run_until({publisher.get()}, [&] { return publisher->publisher().idle(); }));
  const auto heard = row(world, "source X26/PAS");
  EXPECT_GT(heard.last_us(), 0);
  EXPECT_GT(heard.expected_us(), heard.last_us());
  EXPECT_FALSE(heard.alarm());
}

TEST(HubWatch, APublisherOrAnEndpointIsNotShownIt) {
  HubWorld world;
  v1::AdminRequest request;
  request.mutable_watch();
  for (const auto* key : {"x26-pas", "x99-screen"}) {
    EXPECT_EQ(world.ask(request, key).error().code, v1::CODE_NOT_ALLOWED) << key;
  }
}

}  // namespace
}  // namespace switchboard::test
