// P9: each kind of frame against each role, and captured frames in other hands.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"

namespace switchboard::test {
namespace {

enum class Who { kPublisher, kEndpoint, kNudger };

// What the hub said of the one thing a frame asked for.
v1::Code code_of(const v1::HubFrame& frame) {
  if (frame.has_refused()) return frame.refused().code();
  if (frame.has_page()) return frame.page().code();
  if (frame.has_acted()) return frame.acted().items(0).code();
  if (frame.has_accepted()) {
    const auto& exceptions = frame.accepted().exceptions();
    return exceptions.empty() ? v1::CODE_OK : exceptions[0].code();
  }
  return frame.body_case() == v1::HubFrame::BODY_NOT_SET ? v1::CODE_INTERNAL : v1::CODE_OK;
}

v1::ClientFrame frame_of(v1::ClientFrame::BodyCase kind) {
  v1::ClientFrame frame;
  switch (kind) {
    case v1::ClientFrame::kHello:
      frame.mutable_hello()->set_protocol_min(1);
      frame.mutable_hello()->set_protocol_max(1);
      return frame;
    case v1::ClientFrame::kPublish:
      return RawClient::publish_frame(1, {admission("1")});
    case v1::ClientFrame::kAttach:
      return RawClient::attach_frame("X99-HV", 0, 10, 1 << 20);
    case v1::ClientFrame::kReceived:
      return RawClient::received_frame("X99-HV", 0);
    case v1::ClientFrame::kActs:
      *frame.mutable_acts()->add_items() = act_on("X99-HV", 1, v1::ACT_KIND_OPEN, "rosa");
      frame.mutable_acts()->mutable_items(0)->set_act_id(std::string(16, 'a'));
      return frame;
    case v1::ClientFrame::kRead:
      *frame.mutable_read() = read_inbox("X99-HV");
      return frame;
    case v1::ClientFrame::kPing:
      frame.mutable_ping()->set_nonce(1);
      return frame;
    case v1::ClientFrame::kLedgers:
      frame.mutable_ledgers()->set_request(1);
      return frame;
    case v1::ClientFrame::kClear:
      frame.mutable_clear()->set_position(1);
      frame.mutable_clear()->set_reason("dealt with");
      return frame;
    case v1::ClientFrame::kNudges:
      frame.mutable_nudges()->add_items()->set_nudge_id(std::string(16, 'n'));
      return frame;
    case v1::ClientFrame::kMembers:
      frame.mutable_members()->mutable_change()->set_team("X99-HV");
      frame.mutable_members()->mutable_change()->set_list(v1::MEMBER_LIST_CASELOAD);
      return frame;
    default:
      return frame;
  }
}

class HubRoles : public testing::Test {
 protected:
  HubRoles() {
    v1::Directory change;
    *change.add_principals() = world_.principal("nudger", "X26", {v1::ROLE_NUDGER});
    EXPECT_TRUE(world_.apply(change).ok());
  }
  v1::Code ask(Who who, v1::ClientFrame::BodyCase kind) {
    const char* const name = who == Who::kPublisher  ? "x26-pas"
                             : who == Who::kEndpoint ? "x99-screen"
                                                     : "nudger";
    RawClient client(world_.context, world_.dial(name));
    EXPECT_TRUE(client.hello().has_welcome());
    EXPECT_TRUE(client.send(frame_of(kind)));
    if (kind != v1::ClientFrame::kReceived) return code_of(client.next().value_or(v1::HubFrame{}));
    return code_of(client.ping());  // no news is good news
  }
  HubWorld world_;
};

TEST_F(HubRoles, EachKindOfFrameIsForTheRolesOfTheTableAndForNoOther) {
  using Frame = v1::ClientFrame;
  const std::map<Frame::BodyCase, std::set<Who>> kMay = {
      {Frame::kHello, {Who::kPublisher, Who::kEndpoint, Who::kNudger}},
      {Frame::kPing, {Who::kPublisher, Who::kEndpoint, Who::kNudger}},
      {Frame::kPublish, {Who::kPublisher}},
      {Frame::kLedgers, {Who::kPublisher}},
      {Frame::kClear, {Who::kPublisher}},
      {Frame::kAttach, {Who::kEndpoint}},
      {Frame::kReceived, {Who::kEndpoint}},
      {Frame::kActs, {Who::kEndpoint}},
      {Frame::kRead, {Who::kEndpoint}},
      {Frame::kMembers, {Who::kEndpoint}},
      {Frame::kNudges, {Who::kNudger}},
  };
  for (int i = 0; i < Frame::descriptor()->oneof_decl(0)->field_count(); ++i) {
    const auto kind =
        static_cast<Frame::BodyCase>(Frame::descriptor()->oneof_decl(0)->field(i)->number());
    if (kind == Frame::kGoodbye) continue;  // ends what is one's own
    const auto row = kMay.find(kind);
    ASSERT_NE(row, kMay.end()) << "a kind of frame without a row: " << kind;
    for (const Who who : {Who::kPublisher, Who::kEndpoint, Who::kNudger}) {
      const auto code = ask(who, kind);
      EXPECT_NE(code, v1::CODE_INTERNAL) << "no answer to " << kind;
      EXPECT_EQ(code != v1::CODE_NOT_ALLOWED, row->second.contains(who))
          << "frame " << kind << " of role " << static_cast<int>(who) << ": "
          << v1::Code_Name(code);
    }
  }
  EXPECT_EQ(world_.status().events(), 1u);
}

TEST_F(HubRoles, AKeyOfOneSocketIsAStrangerAtTheOther) {
  for (const char* name : {"operator", "admin"}) {
    RawClient at_clients(world_.context, world_.dial(name));
    EXPECT_TRUE(eventually([&] {
      at_clients.dealer().wait(std::chrono::milliseconds(10));
      return at_clients.dealer().refused();
    })) << name;
  }
  for (const char* name : {"x26-pas", "x99-screen", "nudger"}) {
    auto options = world_.dial(name);
    options.connect = world_.hub.admin_endpoint();
    RawClient at_admins(world_.context, options);
    EXPECT_TRUE(eventually([&] {
      at_admins.dealer().wait(std::chrono::milliseconds(10));
      return at_admins.dealer().refused();
    })) << name;
  }
}

TEST_F(HubRoles, AFrameCapturedAndSentAgainSaysNothingNewAndNothingForAnother) {
  const auto captured = frame_of(v1::ClientFrame::kPublish).SerializeAsString();
  const auto send = [&](RawClient& client) {
    EXPECT_TRUE(client.send_bytes(captured));
    return code_of(client.next().value_or(v1::HubFrame{}));
  };
  RawClient own(world_.context, world_.dial("x26-pas"));
  ASSERT_TRUE(own.hello().has_welcome());
  EXPECT_EQ(send(own), v1::CODE_OK);
  EXPECT_EQ(send(own), v1::CODE_DUPLICATE);
  RawClient again(world_.context, world_.dial("x26-pas"));
  ASSERT_TRUE(again.hello().has_welcome());
  EXPECT_EQ(send(again), v1::CODE_DUPLICATE);
  RawClient thief(world_.context, world_.dial("x99-pas"));
  ASSERT_TRUE(thief.hello().has_welcome());
  EXPECT_EQ(send(thief), v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(world_.status().events(), 1u);

  // A receipt of one team's reader in the hands of another moves nothing.
  RawClient screen(world_.context, world_.dial("x99-screen"));
  ASSERT_TRUE(screen.hello().has_welcome());
  ASSERT_TRUE(screen.ask(frame_of(v1::ClientFrame::kAttach)).has_attached());
  RawClient other(world_.context, world_.dial("x26-screen"));
  ASSERT_TRUE(other.hello().has_welcome());
  EXPECT_EQ(other.ask(RawClient::received_frame("X99-HV", 1)).refused().code(),
            v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(world_.team_status("X99-HV").received(), 0u);
}

}  // namespace
}  // namespace switchboard::test
