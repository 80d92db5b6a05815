// A publisher's own affairs over real sockets: its ledger and its quarantine, and nobody else's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/base/london.h"
#include "tests/support/hub_world.h"

namespace switchboard::test {
namespace {

using ::testing::Contains;

constexpr auto kPatience = std::chrono::seconds(15);

// An admission without a from_team: held in quarantine.
v1::Item held(const std::string& message_id, const std::string& agency = "X26") {
  EventSpec spec;
  spec.message_id = message_id;
  spec.agency = agency;
  v1::EventHeader header = header_of(spec);
  header.clear_from_team();
  v1::Item item = item_of(spec);
  item.set_header(header.SerializeAsString());
  return item;
}
v1::Read own_quarantine(uint64_t position = 0) {
  v1::Read read;
  read.mutable_quarantine()->set_position(position);
  return read;
}
v1::ClearQuarantined clearing(uint64_t position) {
  v1::ClearQuarantined clear;
  clear.set_position(position);
  clear.set_reason("corrected and sent again");
  clear.mutable_actor()->set_person("ivy.engineer");
  return clear;
}
v1::EventRows queue(HubWorld& world, const std::string& name) {
  v1::AdminRequest request;
  request.mutable_queue()->set_queue(name);
  return world.ask(request, "operator").value().queue();
}
v1::LedgerReport ledger(HubWorld& world, Day day) {
  v1::AdminRequest request;
  request.mutable_ledger()->set_day(to_string(day));
  return world.ask(request, "operator").value().ledger();
}
v1::AdapterLedger line(Day day, uint64_t taken) {
  v1::AdapterLedger l;
  l.set_listener("main");
  l.set_agency("X26");
  l.set_system("PAS");
  l.set_bucket(v1::LEDGER_BUCKET_TEST);
  l.set_day(to_string(day));
  l.set_read(taken);
  l.set_taken(taken);
  return l;
}

// The hub's word on this line.
v1::Code tell(sdk::Client& client, const v1::AdapterLedger& line) {
  v1::AdapterLedgers ledgers;
  *ledgers.add_items() = line;
  const uint64_t request = client.tell(ledgers);
  std::optional<v1::Page> page;
  EXPECT_TRUE(run_until({&client}, [&] { return (page = client.take_page(request)).has_value(); }));
  return page.value_or(v1::Page{}).code();
}

TEST(HubSender, ASenderSeesReadsAndClearsItsOwnQuarantine) {
  HubWorld world;
  auto sender = world.publisher();
  ASSERT_EQ(sender->publish(std::vector{held("1")}, kPatience).value()[0].code,
            v1::CODE_QUARANTINED);
  const auto list = sender->request(own_quarantine(), kPatience);
  ASSERT_TRUE(list.ok()) << list.error().text;
  ASSERT_EQ(list->quarantine_size(), 1);
  EXPECT_EQ(list->quarantine(0).source_message_id(), "1");
  const uint64_t position = list->quarantine(0).position();
  const auto whole = sender->request(own_quarantine(position), kPatience);
  ASSERT_TRUE(whole.ok()) << whole.error().text;
  EXPECT_NE(whole->SerializeAsString().find("MSH|1"), std::string::npos);

  ASSERT_TRUE(sender->clear(clearing(position), kPatience).ok());
  EXPECT_EQ(sender->request(own_quarantine(), kPatience)->quarantine_size(), 0);
  EXPECT_EQ(queue(world, "quarantine").rows_size(), 0);
  const auto cleared = queue(world, "cleared");
  ASSERT_EQ(cleared.rows_size(), 1);
  EXPECT_EQ(cleared.rows(0).cleared_by(), "ivy.engineer");
  EXPECT_EQ(cleared.rows(0).cleared_reason(), "corrected and sent again");

  v1::AdminRequest tail;
  tail.mutable_audit_tail();
  std::vector<std::string> kinds;
  const auto audit = world.ask(tail).value().audit();
  for (const auto& row : audit.rows()) kinds.push_back(row.kind());
  EXPECT_THAT(kinds, Contains("DISCLOSED"));
  EXPECT_THAT(kinds, Contains("CLEARED"));
}

TEST(HubSender, AnotherAgencySeesAndClearsNothing) {
  HubWorld world;
  ASSERT_TRUE(world.publisher()->publish(std::vector{held("1")}, kPatience).ok());
  const uint64_t position = queue(world, "quarantine").rows(0).position();
  auto stranger = world.publisher("stranger", "x99-pas");
  EXPECT_EQ(stranger->request(own_quarantine(), kPatience)->quarantine_size(), 0);
  const auto whole = stranger->request(own_quarantine(position), kPatience);
  EXPECT_EQ(whole.error().code, v1::CODE_NOT_FOUND);
  EXPECT_EQ(stranger->clear(clearing(position), kPatience).error().code, v1::CODE_NOT_FOUND);
  auto screen = world.endpoint();
  EXPECT_EQ(screen->request(own_quarantine(), kPatience).error().code, v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(screen->clear(clearing(position), kPatience).error().code, v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(queue(world, "quarantine").rows_size(), 1);
}

TEST(HubSender, TheHubsCountMeetsTheAdaptersOwn) {
  HubWorld world;
  auto sender = world.publisher();
  const Time taken = sender->now();
  const Day today = london_day(taken);
  v1::Item refused = admission("4");
  v1::EventHeader live;
  ASSERT_TRUE(live.ParseFromString(refused.header()));
  live.set_environment(v1::ENVIRONMENT_LIVE);
  refused.set_header(live.SerializeAsString());
  std::vector<v1::Item> items{admission("1"), admission("1"), held("3"), admission("5")};
  for (auto& item : items) item.set_taken_us(taken.us);
  refused.set_taken_us(taken.us);
  ASSERT_TRUE(sender->publish(items, kPatience).ok());
  EXPECT_EQ(tell(*sender, line(today, 4)), v1::CODE_OK);
  // The day may have turned since: then the line is the day before's, and counts as stale.
  const auto report = ledger(world, today);
  ASSERT_EQ(report.lines_size(), 1);
  EXPECT_EQ(report.lines(0).bucket(), v1::LEDGER_BUCKET_TEST);
  EXPECT_EQ(report.lines(0).accepted(), 2u);
  EXPECT_EQ(report.lines(0).duplicate(), 1u);
  EXPECT_EQ(report.lines(0).quarantined(), 1u);
  EXPECT_EQ(report.lines(0).unexplained(), 0);
  EXPECT_NE(report.lines(0).state(), v1::LEDGER_STATE_DIFFERS);

  ASSERT_FALSE(sender->publish(std::vector{refused}, kPatience).value().empty());
  const auto later = ledger(world, today);
  EXPECT_EQ(later.lines_size(), 2) << "refused: a live event of a key for test";
}

TEST(HubSender, CountsAreThereAfterTheHubWasKilledAndNothingIsCountedTwice) {
  HubWorld world;
  auto sender = world.publisher();
  const Time taken = sender->now();
  const Day today = london_day(taken);
  std::vector<v1::Item> items;
  for (int n = 0; n < 40; ++n) {
    items.push_back(admission(std::to_string(n)));
    items.back().set_taken_us(taken.us);
  }
  ASSERT_TRUE(sender->publish(items, kPatience).ok());
  world.hub.kill();
  ASSERT_TRUE(world.hub.start());
  sender->publisher().append(items, sender->now()).value();
  ASSERT_TRUE(run_until({sender.get()}, [&] { return sender->publisher().idle(); }));
  const auto report = ledger(world, today);
  ASSERT_EQ(report.lines_size(), 1);
  EXPECT_EQ(report.lines(0).accepted(), 40u);
  EXPECT_EQ(report.lines(0).duplicate(), 40u);
}

TEST(HubSender, ALedgerOfAnotherAgencyIsRefused) {
  HubWorld world;
  auto stranger = world.publisher("stranger", "x99-pas");
  const Day today = london_day(stranger->now());
  EXPECT_EQ(tell(*stranger, line(today, 4)), v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(ledger(world, today).lines_size(), 0);
}

TEST(HubSender, AnEstimateOverTheAdminSocketSaysWhoAndWhatTheyState) {
  HubWorld world;
  ASSERT_TRUE(world.publisher()->publish(std::vector{admission("1")}, kPatience).ok());
  v1::AdminRequest request;
  v1::Team team = team_row("X99-HV", "X99", "health_visiting");
  team.set_act_per_day(1);
  *request.mutable_estimate()->mutable_with()->add_teams() = team;
  const auto report = world.ask(request, "operator").value().estimate();
  EXPECT_EQ(report.events(), 1u);
  ASSERT_EQ(report.rows_size(), 1);
  EXPECT_EQ(report.rows(0).team(), "X99-HV");
  EXPECT_EQ(report.act_per_day().at("X99-HV"), 1u);
  v1::AdminRequest shadow;
  shadow.mutable_shadow();
  const auto told = world.ask(shadow, "operator").value().shadow();
  EXPECT_EQ(told.events(), 0u);
  EXPECT_TRUE(told.complete());
}

}  // namespace
}  // namespace switchboard::test
