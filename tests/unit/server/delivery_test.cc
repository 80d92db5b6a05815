// Where live and catch-up meet, step by step: a core in memory, a real reader thread, one plain
// socket, and the order of things in the test's hand.
#include "broker/server/delivery.h"

#include <gmock/gmock.h>
#include <poll.h>

#include <deque>

#include "broker/wire/dealer.h"
#include "tests/support/eventually.h"
#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using test::eventually;
using testing::ElementsAre;

class DeliveryTest : public testing::Test {
 protected:
  DeliveryTest()
      : router_(
            wire::Router::open(context_, {.bind = "tcp://127.0.0.1:0", .curve = false}).value()),
        dealer_(
            wire::Dealer::open(context_, {.connect = router_->endpoint(), .curve = false}).value()),
        reader_(hub_.core().secrets()),
        delivery_({hub_.core(), *router_, reader_, [this] { return hub_.kv().snapshot(); }}) {
    EXPECT_TRUE(eventually([&] { return dealer_->send("hello"); }));
    wire::Sender from;
    wire::Frame frame;
    EXPECT_TRUE(eventually([&] { return router_->receive(from, frame); }));
    address_ = from.address;
  }

  // Publishes as the loop would: the entries of the turn are handed to the delivery.
  void publish(int count, v1::Urgency urgency = v1::URGENCY_ROUTINE) {
    for (int i = 0; i < count; ++i) {
      Event event("concern", "m" + std::to_string(++published_));
      event.header.set_urgency(urgency);
      items_.push_back(event.item());  // the turn's live entries refer to it
      hub_.publish(items_.back());
      commit();
    }
  }
  void commit() {
    delivery_.append(hub_.now);
    delivery_.leave();
    delivery_.release(hub_.core().promise());
  }
  void attach(uint64_t through, uint32_t items = 100, uint64_t bytes = 1 << 20) {
    v1::Attach request;
    request.set_team("X99-HV");
    request.set_log(v1::LOG_KIND_INBOX);
    request.set_endpoint("screen");
    request.set_through(through);
    request.set_credit_items(items);
    request.set_credit_bytes(bytes);
    delivery_.attach(address_, request, log(), 0);
  }
  void receive(uint64_t through) {
    v1::Received received;
    received.set_endpoint("screen");
    received.set_through(through);
    EXPECT_TRUE(delivery_.receive(address_, received, log(), true));
  }
  store::LogId log() const { return hub_.inbox_of("X99-HV"); }
  void pump() { gone_ = delivery_.pump(hub_.now); }
  // The reader's next page.
  Fetched page() {
    std::optional<Done> done;
    EXPECT_TRUE(eventually([&] { return (done = reader_.take()).has_value(); }));
    return std::move(std::get<Fetched>(*done));
  }
  // Until nothing more is to be sent; nothing is received meanwhile.
  void settle() {
    for (int quiet = 0; quiet < 3;) {
      pump();
      pollfd wake{reader_.fd(), POLLIN, 0};
      if (::poll(&wake, 1, 50) != 1) {
        ++quiet;
        continue;
      }
      reader_.clear_wakeup();
      while (auto done = reader_.take()) delivery_.fetched(std::move(std::get<Fetched>(*done)));
    }
  }
  std::vector<uint64_t> came(bool ahead = false) {
    // The end is marked by a frame of our own behind all others.
    EXPECT_EQ(router_->send(address_, std::string_view("end")), wire::Sent::kYes);
    for (;;) {
      wire::Frame frame;
      EXPECT_TRUE(eventually([&] { return dealer_->receive(frame); }));
      if (frame.bytes() == "end") break;
      v1::HubFrame parsed;
      EXPECT_TRUE(parsed.ParseFromString(std::string(frame.bytes())));
      for (const auto& entry : parsed.deliver().items()) {
        (parsed.deliver().ahead() ? ahead_ : numbers_).push_back(entry.number());
        last_ = entry;
      }
    }
    return std::exchange(ahead ? ahead_ : numbers_, {});
  }

  HubCore hub_;
  wire::Context context_;
  std::unique_ptr<wire::Router> router_;
  std::unique_ptr<wire::Dealer> dealer_;
  Reader reader_;
  Delivery delivery_;
  std::string address_;
  std::vector<std::string> gone_;
  std::deque<v1::Item> items_;
  std::vector<uint64_t> numbers_, ahead_;
  v1::Entry last_;
  int published_ = 0;
};

TEST_F(DeliveryTest, WhoKeepsUpIsServedFromMemory) {
  attach(0);
  publish(3);
  pump();
  EXPECT_THAT(came(), ElementsAre(1, 2, 3));
  EXPECT_FALSE(reader_.take().has_value()) << "nothing was read";
}

// P1: made when the turn is closed, sent when its own batch is durable and not with the one before.
TEST_F(DeliveryTest, WhatIsNotDurableYetIsHeldBack) {
  attach(0);
  items_.push_back(Event("concern", "first").item());
  hub_.publish(items_.back());
  delivery_.append(hub_.now);
  pump();
  delivery_.leave();
  Event second("concern", "second");
  second.header.set_urgency(v1::URGENCY_IMMEDIATE);
  items_.push_back(second.item());
  hub_.publish(items_.back());
  delivery_.append(hub_.now);
  pump();
  EXPECT_TRUE(came().empty());
  delivery_.release(hub_.core().promise());
  pump();
  EXPECT_THAT(came(), ElementsAre(1));
  delivery_.leave();
  pump();
  EXPECT_TRUE(came().empty());
  delivery_.release(hub_.core().promise());
  pump();
  EXPECT_THAT(came(), ElementsAre(2));
}

TEST_F(DeliveryTest, WhoWasAwayIsServedFromTheStoreAndThenFromMemory) {
  publish(5);
  attach(0);
  publish(2);
  settle();
  EXPECT_THAT(came(), ElementsAre(1, 2, 3, 4, 5, 6, 7));
}

TEST_F(DeliveryTest, WhatIsAppendedWhileAPageIsReadComesBehindItOnce) {
  publish(3);
  attach(0);
  pump();  // the page is being read …
  publish(2);
  pump();  // … and what is new must wait
  EXPECT_TRUE(came().empty());
  delivery_.fetched(page());
  settle();
  EXPECT_THAT(came(), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(DeliveryTest, APageReadBeforeTheMatrixChangedIsNotSent) {
  publish(2);
  attach(0);
  pump();
  auto old = page();
  v1::Directory change;
  change.mutable_disclosure()->set_id("default");
  change.mutable_disclosure()->add_rows()->set_disclosure(v1::DISCLOSURE_WITHHELD);
  ASSERT_EQ(hub_.apply(change).problems_size(), 0);
  delivery_.forget_made();
  delivery_.fetched(std::move(old));
  EXPECT_TRUE(came().empty());
  settle();
  EXPECT_THAT(came(), ElementsAre(1, 2));
  EXPECT_EQ(last_.notice().type(), v1::ENTRY_TYPE_PLACEHOLDER);
}

TEST_F(DeliveryTest, APageOfAReadingBeforeIsNotTakenForTheNewOnes) {
  publish(4);
  attach(0);
  pump();
  auto old = page();
  delivery_.detach(address_);
  attach(2);
  delivery_.fetched(std::move(old));
  EXPECT_TRUE(came().empty());
  settle();
  EXPECT_THAT(came(), ElementsAre(3, 4));
}

TEST_F(DeliveryTest, AReplayGoesBackAndAPageOfBeforeIsVoid) {
  publish(4);
  attach(0, 2);
  settle();
  EXPECT_THAT(came(), ElementsAre(1, 2));
  receive(2);
  pump();  // reads 3 and 4
  auto old = page();
  delivery_.rewind(log(), "", 1);
  delivery_.fetched(std::move(old));
  EXPECT_TRUE(came().empty());
  settle();
  EXPECT_THAT(came(), ElementsAre(2, 3));
}

TEST_F(DeliveryTest, AReaderOutOfCreditIsNotTriedOverAndOver) {
  publish(1);
  attach(0, 1);
  settle();
  publish(1);
  pump();
  EXPECT_FALSE(delivery_.waiting()) << "the loop would turn without a pause";
  EXPECT_THAT(came(), ElementsAre(1));
  receive(1);
  settle();
  EXPECT_THAT(came(), ElementsAre(2));
}

TEST_F(DeliveryTest, AByteCreditThatIsSpentIsNotTriedOverAndOver) {
  attach(0, 100, 1);
  publish(3);
  pump();
  EXPECT_FALSE(delivery_.waiting());
  EXPECT_THAT(came(), ElementsAre(1));
  receive(1);
  pump();
  EXPECT_THAT(came(), ElementsAre(2));
}

TEST_F(DeliveryTest, ChangesComeInTheirPlaceBetweenLiveEntries) {
  attach(0);
  publish(1);
  hub_.act(support::make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  commit();
  publish(1);
  settle();
  EXPECT_THAT(came(), ElementsAre(1, 2, 3));
}

TEST_F(DeliveryTest, AnImmediateItemGoesAheadToWhoIsBehindAndInTurnToWhoIsNot) {
  attach(0, 1);
  publish(2);
  publish(1, v1::URGENCY_IMMEDIATE);
  pump();
  EXPECT_THAT(came(true), ElementsAre(3));
  EXPECT_THAT(numbers_, ElementsAre(1));
}

// A row of the store changed behind the hub's back.
void spoil(kv::Kv& kv, kv::Family family, const std::string& key) {
  std::string bytes = kv.get(family, key).value().value();
  for (char& byte : bytes) byte = static_cast<char>(byte ^ 0x55);
  kv::Batch batch;
  batch.put(family, key, bytes);
  CHECK(kv.write(batch).ok());
}

TEST_F(DeliveryTest, AnEventThatCannotBeOpenedComesAsAPointerAndHoldsUpNobody) {
  publish(3);
  const auto second = hub_.inbox("X99-HV").at(1).position;
  spoil(hub_.kv(), kv::Family::kPayload, store::key::position(second));
  attach(0, 2);
  settle();
  EXPECT_THAT(came(), ElementsAre(1, 2));
  EXPECT_EQ(last_.notice().disclosure(), v1::DISCLOSURE_POINTER);
  EXPECT_EQ(last_.notice().type(), v1::ENTRY_TYPE_DELIVERY);
  EXPECT_FALSE(last_.notice().call_back().phone().empty()) << "whom to ring";
  EXPECT_TRUE(last_.header().empty());
  EXPECT_EQ(last_.sections_size(), 0);
  receive(2);
  settle();
  EXPECT_THAT(came(), ElementsAre(3));
}

TEST_F(DeliveryTest, AnEntryThatCannotBeReadComesAsAPlaceholderAndHoldsUpNobody) {
  publish(4);
  const auto second = hub_.inbox("X99-HV").at(1).position;
  spoil(hub_.kv(), kv::Family::kEvent, store::key::position(second));
  spoil(hub_.kv(), kv::Family::kInbox, store::key::inbox(log(), 3));
  attach(0, 2);
  settle();
  EXPECT_THAT(came(), ElementsAre(1, 2));
  EXPECT_EQ(last_.notice().type(), v1::ENTRY_TYPE_PLACEHOLDER);
  EXPECT_EQ(last_.notice().placeholder(), v1::PLACEHOLDER_REASON_UNREADABLE);
  EXPECT_TRUE(last_.notice().event_id().empty());
  receive(2);
  settle();
  EXPECT_THAT(came(), ElementsAre(3, 4));
  EXPECT_EQ(last_.notice().type(), v1::ENTRY_TYPE_DELIVERY);
  EXPECT_FALSE(delivery_.waiting());
}

TEST_F(DeliveryTest, WhoMayNoLongerReadIsSentNothingMore) {
  attach(0);
  EXPECT_THAT(delivery_.keep_only([](const auto&, const auto& team) { return team != "X99-HV"; }),
              ElementsAre(address_));
  publish(2, v1::URGENCY_IMMEDIATE);
  settle();
  EXPECT_TRUE(came().empty());
  EXPECT_EQ(delivery_.attached(log()), 0u);
}

TEST_F(DeliveryTest, AReceiptFromAnotherAddressMovesNothing) {
  attach(0, 1);
  publish(2);
  pump();
  v1::Received received;
  received.set_endpoint("screen");
  received.set_through(1);
  EXPECT_FALSE(delivery_.receive("somebody else", received, log(), true));
  EXPECT_EQ(delivery_.sent("somebody else", log(), "screen"), std::nullopt);
  EXPECT_EQ(delivery_.sent(address_, log(), "screen"), 1u);
  pump();
  EXPECT_THAT(came(), ElementsAre(1));
}

}  // namespace
}  // namespace switchboard::server
