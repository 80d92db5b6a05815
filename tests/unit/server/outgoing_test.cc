// Over a plain loopback socket: what is collected goes out in order, with the promise of its sync.
#include "broker/server/outgoing.h"

#include <gmock/gmock.h>

#include "broker/wire/dealer.h"
#include "tests/support/eventually.h"

namespace switchboard::server {
namespace {

using test::eventually;

class OutgoingTest : public testing::Test {
 protected:
  OutgoingTest()
      : clients_(open()), admins_(open()), client_(dial(*clients_)), admin_(dial(*admins_)) {
    client_address_ = greet(*client_, *clients_);
    admin_address_ = greet(*admin_, *admins_);
    promise_.set_epoch(2);
    promise_.set_position(77);
  }
  std::unique_ptr<wire::Router> open() {
    return wire::Router::open(context_, {.bind = "tcp://127.0.0.1:0", .curve = false}).value();
  }
  std::unique_ptr<wire::Dealer> dial(const wire::Router& router) {
    return wire::Dealer::open(context_, {.connect = router.endpoint(), .curve = false}).value();
  }
  static std::string greet(wire::Dealer& dealer, wire::Router& router) {
    EXPECT_TRUE(eventually([&] { return dealer.send("hello"); }));
    wire::Sender from;
    wire::Frame frame;
    EXPECT_TRUE(eventually([&] { return router.receive(from, frame); }));
    return from.address;
  }
  template <typename Message>
  Message next(wire::Dealer& dealer) {
    wire::Frame frame;
    Message message;
    EXPECT_TRUE(eventually([&] { return dealer.receive(frame); }));
    EXPECT_TRUE(message.ParseFromString(std::string(frame.bytes())));
    return message;
  }

  wire::Context context_;
  std::unique_ptr<wire::Router> clients_, admins_;
  std::unique_ptr<wire::Dealer> client_, admin_;
  std::string client_address_, admin_address_;
  v1::Promise promise_;
  Outgoing outgoing_;
};

TEST_F(OutgoingTest, EveryAnswerThatPromisesCarriesThePromiseOfItsSync) {
  outgoing_.to_client(client_address_).mutable_welcome();
  outgoing_.to_client(client_address_).mutable_accepted()->set_through(3);
  outgoing_.to_client(client_address_).mutable_attached();
  outgoing_.to_client(client_address_).mutable_acted();
  outgoing_.to_client(client_address_).mutable_pong();
  EXPECT_TRUE(outgoing_.send(*clients_, *admins_, promise_).empty());
  EXPECT_EQ(next<v1::HubFrame>(*client_).welcome().promise().position(), 77u);
  const auto accepted = next<v1::HubFrame>(*client_).accepted();
  EXPECT_EQ(accepted.through(), 3u);
  EXPECT_EQ(accepted.promise().epoch(), 2u);
  EXPECT_EQ(next<v1::HubFrame>(*client_).attached().promise().position(), 77u);
  EXPECT_EQ(next<v1::HubFrame>(*client_).acted().promise().position(), 77u);
  EXPECT_EQ(next<v1::HubFrame>(*client_).pong().promise().position(), 77u);
}

TEST_F(OutgoingTest, AnAdministratorsApplyIsPromisedToo) {
  outgoing_.to_admin(admin_address_, 5).mutable_applied();
  EXPECT_FALSE(outgoing_.empty());
  outgoing_.send(*clients_, *admins_, promise_);
  const auto reply = next<v1::AdminReply>(*admin_);
  EXPECT_EQ(reply.request(), 5u);
  EXPECT_EQ(reply.applied().promise().position(), 77u);
  EXPECT_TRUE(outgoing_.empty());
}

TEST_F(OutgoingTest, SaysWhoIsGoneAndSendsToTheRest) {
  outgoing_.refuse("nobody", v1::CODE_BUSY, "later", true);
  outgoing_.refuse(client_address_, v1::CODE_BUSY, "later", false);
  EXPECT_THAT(outgoing_.send(*clients_, *admins_, promise_), testing::ElementsAre("nobody"));
  const auto refused = next<v1::HubFrame>(*client_).refused();
  EXPECT_EQ(refused.code(), v1::CODE_BUSY);
  EXPECT_FALSE(refused.session_ends());
}

TEST_F(OutgoingTest, NothingIsSentTwice) {
  outgoing_.to_client(client_address_).mutable_pong()->set_nonce(1);
  outgoing_.send(*clients_, *admins_, promise_);
  outgoing_.to_client(client_address_).mutable_pong()->set_nonce(2);
  outgoing_.send(*clients_, *admins_, promise_);
  EXPECT_EQ(next<v1::HubFrame>(*client_).pong().nonce(), 1u);
  EXPECT_EQ(next<v1::HubFrame>(*client_).pong().nonce(), 2u);
}

}  // namespace
}  // namespace switchboard::server
