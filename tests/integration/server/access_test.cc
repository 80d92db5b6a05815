// P9 over real sockets: nobody in who does not belong, nobody speaks or reads for another, and what
// is shown is decided when it is sent.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"

namespace switchboard::test {
namespace {

constexpr std::chrono::seconds kAnswer{15};

TEST(HubAccess, AStrangersKeyGetsNoFrame) {
  HubWorld world;
  RawClient stranger(world.context, world.dial("nobody"));
  EXPECT_TRUE(eventually([&] {
    stranger.dealer().wait(std::chrono::milliseconds(10));
    return stranger.dealer().refused();
  }));
  EXPECT_EQ(stranger.dealer().connections(), 0u);
  auto options = world.dial("nobody");
  options.connect = world.hub.admin_endpoint();
  EXPECT_FALSE(world.ask({}, "nobody").ok());
}

TEST(HubAccess, AKeyForOneTeamReadsNoOtherTeamsInboxByAnyDoor) {
  HubWorld world;
  ASSERT_TRUE(world.publisher()->publish(std::vector{admission("1")}, kAnswer).ok());
  RawClient client(world.context, world.dial("x26-screen"));
  ASSERT_TRUE(client.hello().has_welcome());
  const auto attached = client.ask(RawClient::attach_frame("X99-HV", 0, 10, 1 << 20));
  EXPECT_EQ(attached.refused().code(), v1::CODE_NOT_ALLOWED);
  EXPECT_FALSE(attached.refused().session_ends());
  EXPECT_EQ(client.ask(RawClient::received_frame("X99-HV", 1)).refused().code(),
            v1::CODE_NOT_ALLOWED);

  v1::ClientFrame read;
  *read.mutable_read() = read_inbox("X99-HV");
  const auto page = client.ask(read).page();
  EXPECT_EQ(page.code(), v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(page.items_size(), 0);

  v1::ClientFrame late;
  late.mutable_read()->mutable_breaches()->set_team("X99-HV");
  EXPECT_EQ(client.ask(late).page().code(), v1::CODE_NOT_ALLOWED);

  v1::ClientFrame acts;
  *acts.mutable_acts()->add_items() = act_on("X99-HV", 1, v1::ACT_KIND_OPEN, "rosa");
  acts.mutable_acts()->mutable_items(0)->set_act_id(std::string(16, 'a'));
  EXPECT_EQ(client.ask(acts).acted().items(0).code(), v1::CODE_NOT_ALLOWED);
  EXPECT_TRUE(client.ping().has_pong()) << "the session goes on";
  // Nothing of it moved.
  EXPECT_EQ(world.team_status("X99-HV").received(), 0u);
}

// P9, P10: pages that name children are for a team of the key only, and each look at one is
// recorded with who looked.
TEST(HubAccess, APageThatNamesChildrenIsForItsOwnTeamAndEachLookIsRecorded) {
  HubWorld world;
  auto directory = world.directory();
  for (auto& team : *directory.mutable_teams()) team.set_reviews_attendances(true);
  ASSERT_TRUE(world.apply(directory).ok());
  RawClient client(world.context, world.dial("x26-screen"));
  ASSERT_TRUE(client.hello().has_welcome());
  const auto attendances = [&](const std::string& team) {
    v1::ClientFrame frame;
    frame.mutable_read()->mutable_attendances()->set_team(team);
    frame.mutable_read()->mutable_attendances()->mutable_viewer()->set_person("mina");
    return client.ask(frame).page().code();
  };
  const auto child = [&](const std::string& team) {
    v1::ClientFrame frame;
    frame.mutable_read()->mutable_child()->set_team(team);
    frame.mutable_read()->mutable_child()->set_number(1);
    frame.mutable_read()->mutable_child()->mutable_viewer()->set_person("mina");
    return client.ask(frame).page().code();
  };
  EXPECT_EQ(attendances("X99-HV"), v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(child("X99-HV"), v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(attendances("X26-MID"), v1::CODE_OK);
  EXPECT_EQ(child("X26-MID"), v1::CODE_NOT_FOUND) << "nobody was told of anything yet";
  v1::AdminRequest tail;
  tail.mutable_audit_tail()->set_limit(50);
  const auto audit = world.ask(tail).value().audit();
  std::vector<std::string> looks;
  for (const auto& row : audit.rows()) {
    if (row.person() == "mina") looks.push_back(row.team() + ": " + row.text());
  }
  std::sort(looks.begin(), looks.end());
  EXPECT_EQ(looks, (std::vector<std::string>{"X26-MID: all about the child of this number",
                                             "X26-MID: attendances before this number"}));
}

// P9: of a key that speaks for two teams, a person of one is told what that one may know.
TEST(HubAccess, AViewerOfOneTeamOfAKeySeesNoJourneyThatOnlyTheOtherWasToldOf) {
  HubWorld world;
  auto directory = world.directory();
  *directory.add_principals() =
      world.principal("x26-screens", "X26", {v1::ROLE_ENDPOINT}, {"X26-MID", "X26-NET"});
  *directory.add_routes() = area_route("mid-area", "X26-MID", kArea);
  ASSERT_TRUE(world.apply(directory).ok());
  auto publisher = world.publisher("other", "x99-pas");
  const EventSpec told{.agency = "X99", .message_id = "told"};
  ASSERT_TRUE(publisher->publish(std::vector{item_of(told)}, kAnswer).ok());
  auto screens = world.endpoint("screens", "x26-screens", "X26-MID");
  v1::Read read = read_event(header_of(told).event_id());
  const auto asked_by = [&](const std::string& team) {
    read.mutable_event()->mutable_viewer()->set_team(team);
    return screens->request(read, kAnswer);
  };
  EXPECT_TRUE(asked_by("X26-MID").ok());
  const auto other = asked_by("X26-NET"), foreign = asked_by("X99-HV");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, v1::CODE_NOT_FOUND);
  ASSERT_FALSE(foreign.ok());
  EXPECT_EQ(foreign.error().code, v1::CODE_NOT_ALLOWED);
}

TEST(HubAccess, AnEventThatIsNotYoursToKnowOfLooksAsIfItDidNotExist) {
  HubWorld world;
  ASSERT_TRUE(world.publisher()->publish(std::vector{admission("1")}, kAnswer).ok());
  auto stranger = world.publisher("other", "x99-pas");
  auto narrowed = world.endpoint("screen", "x99-screen");
  const auto id = header_of({.message_id = "1"}).event_id();
  EXPECT_EQ(narrowed->request(read_event(id), kAnswer)->journey().recipients_size(), 1);
  auto outsider = world.directory();
  auto& other = *outsider.add_agencies();
  other.set_id("X55");
  other.set_safety_net_team("X55-NET");
  *outsider.add_teams() = team_row("X55-NET", "X55", "school_nursing");
  *outsider.add_principals() = world.principal("x55-pas", "X55", {v1::ROLE_PUBLISHER});
  ASSERT_TRUE(world.apply(outsider).ok());
  auto third = world.publisher("third", "x55-pas");
  const auto hidden = third->request(read_event(id), kAnswer);
  const auto absent = third->request(read_event(std::string(16, 'z')), kAnswer);
  ASSERT_FALSE(hidden.ok());
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(hidden.error().code, v1::CODE_NOT_FOUND);
  EXPECT_EQ(hidden.error().text, absent.error().text);
}

TEST(HubAccess, AnAgencySpeaksOnlyForItself) {
  HubWorld world;
  RawClient client(world.context, world.dial("x99-pas"));
  ASSERT_TRUE(client.hello().has_welcome());
  EventSpec other_system;
  other_system.agency = "X99";
  other_system.system = "LAB";
  EventSpec own;
  own.agency = "X99";
  const auto said =
      client.publish(1, {admission("1"), item_of(other_system), item_of(own)}).accepted();
  EXPECT_EQ(said.through(), 3u);
  ASSERT_EQ(said.exceptions_size(), 2);
  for (const auto& e : said.exceptions()) {
    EXPECT_EQ(e.code(), v1::CODE_NOT_ALLOWED);
    EXPECT_EQ(e.position(), 0u) << "custody stays with the client";
  }
  EXPECT_EQ(world.status().events(), 1u);
}

TEST(HubAccess, AReaderDoesNotPublishAndAPublisherDoesNotRead) {
  HubWorld world;
  RawClient reader(world.context, world.dial("x99-screen"));
  ASSERT_TRUE(reader.hello().has_welcome());
  EventSpec own;
  own.agency = "X99";
  EXPECT_EQ(reader.publish(1, {item_of(own)}).accepted().exceptions(0).code(),
            v1::CODE_NOT_ALLOWED);
  RawClient publisher(world.context, world.dial("x26-pas"));
  ASSERT_TRUE(publisher.hello().has_welcome());
  EXPECT_EQ(publisher.ask(RawClient::attach_frame("X26-MID", 0, 1, 1)).refused().code(),
            v1::CODE_NOT_ALLOWED);
}

TEST(HubAccess, AKeyRevokedWhileConnectedIsToldAndGetsNothingMore) {
  HubWorld world;
  RawClient screen(world.context, world.dial("x99-screen"));
  ASSERT_TRUE(screen.hello().has_welcome());
  ASSERT_TRUE(screen.ask(RawClient::attach_frame("X99-HV", 0, 100, 1 << 20)).has_attached());

  v1::Directory change;
  *change.add_principals() = world.principal("x99-screen", "X99", {v1::ROLE_ENDPOINT}, {"X99-HV"});
  change.mutable_principals(0)->set_revoked(true);
  ASSERT_TRUE(world.apply(change).ok());
  const auto told = screen.next();
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->refused().code(), v1::CODE_NOT_ALLOWED);
  EXPECT_TRUE(told->refused().session_ends());

  ASSERT_TRUE(world.publisher()->publish(std::vector{admission("1")}, kAnswer).ok());
  const auto after = screen.ping();
  EXPECT_FALSE(after.has_deliver()) << "it was delivered to a revoked key";
  EXPECT_TRUE(after.refused().session_ends());
  EXPECT_EQ(screen.hello().refused().code(), v1::CODE_NOT_ALLOWED);
}

TEST(HubAccess, AKeyThatIsReplacedEndsTheSessionOfTheOldOne) {
  HubWorld world;
  RawClient screen(world.context, world.dial("x99-screen"));
  ASSERT_TRUE(screen.hello().has_welcome());
  v1::Directory change;
  *change.add_principals() = world.principal("x99-screen", "X99", {v1::ROLE_ENDPOINT}, {"X99-HV"});
  change.mutable_principals(0)->set_public_key(wire::make_key_pair().public_key);
  ASSERT_TRUE(world.apply(change).ok());
  EXPECT_EQ(screen.next().value_or(v1::HubFrame{}).refused().code(), v1::CODE_NOT_ALLOWED);
}

TEST(HubAccess, AKeyThatLosesOneTeamStopsReadingThatTeamOnly) {
  HubWorld world;
  RawClient screen(world.context, world.dial("x26-screen"));
  ASSERT_TRUE(screen.hello().has_welcome());
  ASSERT_TRUE(screen.ask(RawClient::attach_frame("X26-MID", 0, 100, 1 << 20)).has_attached());
  ASSERT_TRUE(screen.ask(RawClient::attach_frame("X26-NET", 0, 100, 1 << 20)).has_attached());
  v1::Directory change;
  *change.add_principals() = world.principal("x26-screen", "X26", {v1::ROLE_ENDPOINT}, {"X26-NET"});
  *change.add_routes() = area_route("mid-area", "X26-MID", kArea);
  *change.add_routes() = area_route("net-area", "X26-NET", kArea);
  ASSERT_TRUE(world.apply(change).ok());
  const auto told = screen.next().value_or(v1::HubFrame{});
  EXPECT_EQ(told.refused().code(), v1::CODE_NOT_ALLOWED);
  EXPECT_FALSE(told.refused().session_ends());
  ASSERT_TRUE(world.publisher()->publish(std::vector{admission("1")}, kAnswer).ok());
  const auto next = screen.next().value_or(v1::HubFrame{});
  EXPECT_EQ(next.deliver().team(), "X26-NET");
  EXPECT_TRUE(screen.ping().has_pong()) << "something else was delivered";
}

TEST(HubAccess, EachLevelOfDisclosureShowsItsSectionsLiveAndFromTheStore) {
  HubWorld world;
  const std::vector<std::pair<std::string, std::pair<bool, int>>> kExpected = {
      {"admission", {true, 4}},      // full: all but the source
      {"ed_attendance", {true, 2}},  // summary
      {"referral", {false, 0}},      // pointer
      {"discharge", {false, 0}}};    // withheld
  auto live = world.endpoint("live");
  ASSERT_TRUE(run_until({live.get()}, [&] { return live->endpoint(0).reading(); }));
  auto publisher = world.publisher();
  std::vector<v1::Item> items;
  for (const auto& [kind, shown] : kExpected) {
    EventSpec spec;
    spec.kind = kind;
    spec.message_id = kind;
    items.push_back(item_of(spec));
  }
  ASSERT_TRUE(publisher->publish(items, kAnswer).ok());
  auto late = world.endpoint("late");
  for (auto* client : {live.get(), late.get()}) {
    ASSERT_TRUE(run_until({client}, [&] { return client->endpoint(0).store().through() == 4; }));
    const auto stored = client->endpoint(0).store().read(0, 10).value();
    ASSERT_EQ(stored.size(), 4u);
    for (size_t i = 0; i < 4; ++i) {
      const auto& entry = stored[i].entry;
      EXPECT_EQ(!entry.header().empty(), kExpected[i].second.first) << kExpected[i].first;
      EXPECT_EQ(entry.sections_size(), kExpected[i].second.second) << kExpected[i].first;
      for (const auto& section : entry.sections()) {
        EXPECT_NE(section.kind(), v1::SECTION_KIND_SOURCE);
      }
    }
    EXPECT_EQ(stored[3].entry.notice().type(), v1::ENTRY_TYPE_PLACEHOLDER);
    EXPECT_EQ(stored[3].entry.notice().placeholder(), v1::PLACEHOLDER_REASON_WITHHELD);
    EXPECT_TRUE(stored[3].entry.notice().event_id().empty());
    EXPECT_EQ(stored[3].entry.notice().call_back().phone(), "");
  }
  const auto& one = live->endpoint(0).store();
  const auto& two = late->endpoint(0).store();
  for (uint64_t n = 1; n <= 4; ++n) {  // both paths make the same entry, but for its state now
    auto a = one.find(n).value()->entry;
    auto b = two.find(n).value()->entry;
    b.mutable_notice()->set_state(a.notice().state());
    EXPECT_EQ(a.SerializeAsString(), b.SerializeAsString()) << n << "\n"
                                                            << a.notice().DebugString() << "\n"
                                                            << b.notice().DebugString();
  }
}

TEST(HubAccess, WhatMayBeShownIsDecidedAnewWhenTheMatrixChanges) {
  HubWorld world;
  ASSERT_TRUE(world.publisher()->publish(std::vector{admission("1")}, kAnswer).ok());
  v1::Directory change;
  change.mutable_disclosure()->set_id("default");
  *change.mutable_disclosure()->add_rows() = disclosure_row("admission", v1::DISCLOSURE_POINTER);
  ASSERT_TRUE(world.apply(change).ok());
  auto late = world.endpoint();
  ASSERT_TRUE(run_until({late.get()}, [&] { return late->endpoint(0).store().through() == 1; }));
  const auto entry = late->endpoint(0).store().find(1).value()->entry;
  EXPECT_EQ(entry.notice().disclosure(), v1::DISCLOSURE_POINTER);
  EXPECT_TRUE(entry.header().empty());
  EXPECT_EQ(entry.sections_size(), 0);
}

}  // namespace
}  // namespace switchboard::test
