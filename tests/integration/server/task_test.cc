// Tasks over real sockets: a call that the sender is asked for, what it sees of what it sent, and a
// question with its reply.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/hub_world.h"

namespace switchboard::test {
namespace {

using testing::SizeIs;

constexpr std::chrono::seconds kAnswer{15};

// X26-NET sent something immediate; nell of that team and rosa of X99-HV are at their screens.
struct Sent : HubWorld {
  Sent() {
    v1::Directory change;
    v1::Person& nell = *change.add_people();
    nell.set_id("nell");
    nell.set_name("Invented nell");
    nell.add_teams("X26-NET");
    EXPECT_EQ(apply(change).value().code(), v1::CODE_OK);
    item = item_of({.message_id = "1", .urgency = v1::URGENCY_IMMEDIATE});
    EXPECT_TRUE(publisher()->publish(std::span(&item, 1), kAnswer).ok());
    net = endpoint("net", "x26-screen", "X26-NET");
    visitors = endpoint("hv", "x99-screen", "X99-HV");
    EXPECT_TRUE(run_until({net.get(), visitors.get()}, [&] {
      return net->endpoint(0).store().through() >= 1 &&
             visitors->endpoint(0).store().through() >= 1;
    })) << hub.log();
  }
  v1::Page tasks(sdk::Client& client, const std::string& team) {
    v1::Read read;
    read.mutable_tasks()->set_team(team);
    read.mutable_tasks()->set_open_only(true);
    return page_of(client, read);
  }
  v1::Page sent(sdk::Client& client, const std::string& team) {
    v1::Read read;
    read.mutable_sent()->set_team(team);
    return page_of(client, read);
  }
  // One that is refused has the code alone.
  static v1::Page page_of(sdk::Client& client, const v1::Read& read) {
    auto page = client.request(read, kAnswer);
    if (page.ok()) return std::move(page).value();
    v1::Page refused;
    refused.set_code(page.error().code);
    return refused;
  }
  std::string event_id() const {
    v1::EventHeader header;
    CHECK(header.ParseFromString(item.header()));
    return header.event_id();
  }
  v1::Item item;
  std::unique_ptr<sdk::Client> net, visitors;
};

v1::Act logged_call(const v1::Task& task) {
  v1::Act act = act_on("X26-NET", 0, v1::ACT_KIND_LOG_CALL, "nell", "will look at once");
  act.set_task_id(task.task_id());
  act.mutable_call()->set_result(v1::CALL_RESULT_REACHED);
  act.mutable_call()->set_spoke_to("duty health visitor");
  return act;
}

TEST(HubTasks, TheSenderIsAskedToRingAndALoggedCallEndsIt) {
  Sent world;
  const auto entry = world.net->endpoint(0).store().find(1).value();
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->entry.notice().type(), v1::ENTRY_TYPE_TASK);
  const v1::Task& task = entry->entry.notice().task();
  EXPECT_EQ(task.ring_team(), "X99-HV");
  EXPECT_NE(task.number_now().phone(), "") << "right when it was sent";
  EXPECT_EQ(entry->entry.sections_size(), 0);
  EXPECT_THAT(world.tasks(*world.net, "X26-NET").tasks(), SizeIs(1));
  const auto said = world.net->act(logged_call(task), kAnswer);
  ASSERT_TRUE(said.ok()) << said.error().text;
  EXPECT_EQ(said->code, v1::CODE_OK) << said->text;
  EXPECT_THAT(world.tasks(*world.net, "X26-NET").tasks(), SizeIs(0));
  const auto page = world.net->request(read_event(world.event_id()), kAnswer).value();
  ASSERT_THAT(page.journey().tasks(), SizeIs(1));
  EXPECT_EQ(page.journey().tasks(0).steps(0).call().spoke_to(), "duty health visitor");
}
TEST(HubTasks, TheSenderSeesWhoHasWhatItSentAndNobodyElseDoes) {
  Sent world;
  const auto page = world.sent(*world.net, "X26-NET");
  ASSERT_THAT(page.sent(), SizeIs(1));
  ASSERT_THAT(page.sent(0).recipients(), SizeIs(1));
  EXPECT_EQ(page.sent(0).recipients(0).team(), "X99-HV");
  EXPECT_NE(page.sent(0).recipients(0).ring().phone(), "");
  EXPECT_THAT(page.sent(0).tasks(), SizeIs(1));
  EXPECT_EQ(world.sent(*world.visitors, "X26-NET").code(), v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(world.tasks(*world.visitors, "X26-NET").code(), v1::CODE_NOT_ALLOWED);
  ASSERT_TRUE(
      world.visitors->act(act_on("X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "rosa"), kAnswer).ok());
  const auto after = world.sent(*world.net, "X26-NET");
  EXPECT_EQ(after.sent(0).recipients(0).state(), v1::DELIVERY_STATE_ACKNOWLEDGED);
  EXPECT_EQ(after.sent(0).recipients(0).picked_up_by().name(), "Invented rosa");
}
TEST(HubTasks, OperatorsSeeThatThereIsATaskAndNotWhatPeopleSaid) {
  Sent world;
  const auto task = world.tasks(*world.net, "X26-NET").tasks(0).task();
  ASSERT_TRUE(world.net->act(logged_call(task), kAnswer).ok());
  v1::AdminRequest request;
  request.mutable_tasks()->set_team("X26-NET");
  const auto rows = world.ask(request, "operator").value().tasks();
  ASSERT_THAT(rows.rows(), SizeIs(1));
  EXPECT_EQ(rows.rows(0).task().state(), v1::TASK_STATE_DONE);
  EXPECT_EQ(rows.rows(0).steps(0).call().spoke_to(), "");
  EXPECT_EQ(rows.rows(0).steps(0).outcome(), "");
  v1::AdminRequest sent;
  sent.mutable_sent()->set_team("X26-NET");
  EXPECT_THAT(world.ask(sent, "operator").value().sent().sent(), SizeIs(1));
}
TEST(HubTasks, AQuestionReachesWhoIsInvolvedAndItsReplyWhoeverAsked) {
  Sent world;
  v1::Act ask = act_on("X26-NET", 0, v1::ACT_KIND_ASK, "nell", "who saw the family last?");
  ask.set_event_id(world.event_id());
  ask.set_reply_by_us(world.sent(*world.net, "X26-NET").sent(0).accepted_us() + 3'600'000'000);
  const auto asked = world.net->act(ask, kAnswer);
  ASSERT_TRUE(asked.ok());
  EXPECT_EQ(asked->code, v1::CODE_OK) << asked->text;
  ASSERT_TRUE(run_until({world.visitors.get()},
                        [&] { return world.visitors->endpoint(0).store().through() >= 2; }));
  const auto entry = world.visitors->endpoint(0).store().find(2).value();
  EXPECT_EQ(entry->entry.notice().outcome(), "who saw the family last?");
  v1::Act reply = act_on("X99-HV", 2, v1::ACT_KIND_REPLY, "rosa", "we did, on Monday");
  reply.set_task_id(entry->entry.notice().task().task_id());
  EXPECT_EQ(world.visitors->act(reply, kAnswer)->code, v1::CODE_OK);
  v1::Read log = read_inbox("X26-NET");
  log.mutable_inbox()->set_log(v1::LOG_KIND_SENT);
  const auto page = world.net->request(log, kAnswer).value();
  ASSERT_THAT(page.items(), SizeIs(1));
  EXPECT_EQ(page.items(0).notice().change(), v1::CHANGE_TASK_DONE);
  EXPECT_EQ(page.items(0).notice().outcome(), "we did, on Monday");
}

}  // namespace
}  // namespace switchboard::test
