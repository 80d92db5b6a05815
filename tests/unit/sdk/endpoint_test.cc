#include "adapters/sdk/endpoint.h"

#include <gtest/gtest.h>

#include <set>

#include "broker/kv/faulty_kv.h"
#include "broker/kv/mem_kv.h"
#include "tests/support/fake_hub.h"
#include "tests/support/sdk_client.h"

namespace switchboard::sdk {
namespace {

using test::FakeHub;
using test::SdkClient;

constexpr Time kNow{1'800'000'000'000'000};
constexpr char kTeam[] = "X26-MIDWIFERY";

class EndpointTest : public ::testing::Test {
 protected:
  void settle(SdkClient& client, Time now = kNow) {
    for (bool moved = true; moved;) {
      moved = false;
      for (const auto& frame : hub_.deliver(1)) {
        client.hear(frame, now);
        moved = true;
      }
      ASSERT_TRUE(client.conversation.flush().ok());
      while (auto frame = client.next(now)) {
        moved = true;
        client.say(*frame, hub_, now);
      }
    }
  }
  void open(SdkClient& client, Time now = kNow) {
    client.conversation.connected(now);
    settle(client, now);
  }
  // Until the endpoint reads; what is delivered then is up to the test.
  void attach(SdkClient& client) {
    client.conversation.connected(kNow);
    client.talk(hub_, kNow);
    ASSERT_TRUE(client.endpoint.reading());
  }
  static v1::HubFrame deliver(uint64_t first, int count, uint64_t epoch = 1) {
    v1::HubFrame frame;
    auto& deliver = *frame.mutable_deliver();
    deliver.set_team(kTeam);
    deliver.set_log(v1::LOG_KIND_INBOX);
    deliver.set_endpoint("screen");
    deliver.set_epoch(epoch);
    deliver.set_first(first);
    for (int i = 0; i < count; ++i) {
      deliver.add_items()->set_number(first + static_cast<uint64_t>(i));
    }
    return frame;
  }
  void fill(int entries) {
    for (int i = 1; i <= entries; ++i) hub_.add_entry(kTeam, "entry " + std::to_string(i));
  }

  // Entries about children, one letter each; a space is about nobody.
  static v1::HubFrame about(uint64_t first, const std::string& children) {
    v1::HubFrame frame = deliver(first, static_cast<int>(children.size()));
    for (size_t i = 0; i < children.size(); ++i) {
      if (children[i] == ' ') continue;
      auto& entry = *frame.mutable_deliver()->mutable_items(static_cast<int>(i));
      entry.mutable_notice()->set_subject(std::string(16, children[i]));
    }
    return frame;
  }
  // A system that cannot use these numbers; the others it uses are noted.
  Endpoint::Use failing(const std::set<uint64_t>& numbers) {
    return [this, numbers](const Endpoint::Arrival& arrival) {
      const uint64_t number = arrival.entry.number();
      if (numbers.contains(number)) return "unknown kind";
      used_.push_back(number);
      return "";
    };
  }
  static std::vector<uint64_t> parked(const SdkClient& client) {
    std::vector<uint64_t> numbers;
    const auto marks = client.store.parked().value();
    for (const auto& mark : marks) numbers.push_back(mark.number);
    return numbers;
  }

  // A hub in its second epoch, which has these numbers and lost what came after them.
  void attach_to_what_is_left(SdkClient& client, uint64_t numbers) {
    v1::HubFrame attached;
    v1::Attached& answer = *attached.mutable_attached();
    answer.set_team(kTeam);
    answer.set_log(v1::LOG_KIND_INBOX);
    answer.set_endpoint("screen");
    answer.set_head(numbers);
    answer.set_through(numbers);
    answer.set_common(numbers);
    answer.mutable_promise()->set_epoch(2);
    client.conversation.connected(kNow);
    while (auto frame = client.next(kNow)) {
      if (frame->has_attach()) {
        client.hear(attached, kNow);
        continue;
      }
      client.say(*frame, hub_, kNow);
    }
    ASSERT_TRUE(client.endpoint.reading());
  }
  using Used = std::vector<std::pair<uint64_t, uint64_t>>;  // number, epoch
  static Used used(SdkClient& client) {
    Used all;
    client.endpoint.use_arrivals([&](const Endpoint::Arrival& arrival) {
      all.emplace_back(arrival.entry.number(), arrival.epoch);
      return std::string();
    });
    return all;
  }

  kv::MemKv kv_;
  FakeHub hub_;
  std::vector<uint64_t> used_;
};

TEST_F(EndpointTest, ReadsTheLogInOrderAndSaysWhatItStored) {
  SdkClient client(kv_);
  fill(10);
  open(client);
  EXPECT_EQ(client.store.through(), 10u);
  EXPECT_EQ(hub_.received(kTeam), 10u);
  const auto arrivals = client.endpoint.take_arrivals();
  ASSERT_EQ(arrivals.size(), 10u);
  EXPECT_EQ(arrivals[9].entry.header(), "entry 10");
}

TEST_F(EndpointTest, CreditBoundsWhatIsOnTheWay) {
  SdkClient client(kv_, {.endpoint = {.name = "screen", .credit_items = 4}});
  fill(10);
  attach(client);
  size_t items = 0;
  for (const auto& frame : hub_.deliver(1)) {
    items += static_cast<size_t>(frame.deliver().items_size());
  }
  EXPECT_EQ(items, 4u);
}

TEST_F(EndpointTest, NoReceiptLeavesBeforeItsSync) {
  kv::FaultyKv faulty(kv_, {.sync = 4});  // after two outboxes and the epoch
  SdkClient client(faulty);
  attach(client);
  client.hear(deliver(1, 2), kNow);
  EXPECT_FALSE(client.next(kNow)) << "not flushed yet";
  EXPECT_FALSE(client.conversation.flush().ok());
  EXPECT_FALSE(client.next(kNow)) << "the sync failed";
}

TEST_F(EndpointTest, AttachNamesOnlyWhatIsSynced) {
  SdkClient client(kv_);
  attach(client);
  client.hear(deliver(1, 2), kNow);
  ASSERT_GT(kv_.unsynced(), 0u);
  client.conversation.disconnected();
  client.conversation.connected(kNow);
  const auto hello = client.next(kNow);
  client.say(*hello, hub_, kNow);
  EXPECT_EQ(client.next(kNow)->attach().through(), 2u);
  EXPECT_EQ(kv_.unsynced(), 0u) << "P1: it is a receipt";
}

TEST_F(EndpointTest, GoesOnAfterACrashFromWhatWasSynced) {
  fill(5);
  {
    SdkClient client(kv_);
    open(client);
    hub_.add_entry(kTeam, "entry 6");
    for (const auto& frame : hub_.deliver(1)) client.hear(frame, kNow);
  }
  kv_.crash();
  hub_.restart();
  SdkClient client(kv_);
  EXPECT_EQ(client.store.through(), 5u);
  open(client);
  EXPECT_EQ(client.store.through(), 6u);
  EXPECT_EQ(hub_.received(kTeam), 6u);
}

TEST_F(EndpointTest, AGapIsNotStoredAndHealedByAttachingAnew) {
  fill(9);
  SdkClient client(kv_);
  attach(client);
  client.hear(deliver(1, 3), kNow);
  client.hear(deliver(7, 3), kNow);  // 4 to 6 are lost
  EXPECT_EQ(client.store.through(), 3u);
  EXPECT_EQ(client.endpoint.gaps(), 1u);
  settle(client, kNow + seconds(1));
  EXPECT_EQ(client.store.through(), 9u);
  EXPECT_EQ(hub_.received(kTeam), 9u);
}

TEST_F(EndpointTest, AFrameLostWithNothingAfterItIsAskedForWhenTheLogIsSilent) {
  fill(2);
  SdkClient client(kv_);
  attach(client);
  ASSERT_FALSE(hub_.deliver(1).empty());  // lost
  settle(client, kNow + seconds(4));
  EXPECT_EQ(client.store.through(), 0u);
  for (int s = 10; s <= 310; s += 4) settle(client, kNow + seconds(s));
  EXPECT_EQ(client.store.through(), 2u);
  EXPECT_EQ(hub_.received(kTeam), 2u);
}

TEST_F(EndpointTest, AnAheadCopyIsShownAndNotStored) {
  SdkClient client(kv_);
  attach(client);
  auto ahead = deliver(50, 1);
  ahead.mutable_deliver()->set_ahead(true);
  client.hear(ahead, kNow);
  const auto arrivals = client.endpoint.take_arrivals();
  ASSERT_EQ(arrivals.size(), 1u);
  EXPECT_EQ(arrivals[0].turn, Endpoint::Turn::kAhead);
  EXPECT_EQ(client.store.through(), 0u);
  ASSERT_TRUE(client.conversation.flush().ok());
  EXPECT_FALSE(client.next(kNow)) << "no receipt for it";
}

TEST_F(EndpointTest, AReplayIsShownAsSuchAndItsReceiptNamesItsOwnNumbers) {
  fill(6);
  SdkClient client(kv_);
  open(client);
  client.endpoint.take_arrivals();
  client.hear(deliver(2, 2), kNow);
  EXPECT_EQ(client.endpoint.take_arrivals().at(0).turn, Endpoint::Turn::kAgain);
  ASSERT_TRUE(client.conversation.flush().ok());
  EXPECT_EQ(client.next(kNow)->received().through(), 3u);
  EXPECT_EQ(client.store.through(), 6u);
}

TEST_F(EndpointTest, WhatCannotBeUsedIsReportedWithItsReason) {
  fill(2);
  SdkClient client(kv_);
  attach(client);
  for (const auto& frame : hub_.deliver(1)) client.hear(frame, kNow);
  client.endpoint.use_arrivals(failing({2}));
  settle(client);
  ASSERT_EQ(hub_.failed().size(), 1u);
  EXPECT_EQ(hub_.failed()[0].number(), 2u);
  EXPECT_EQ(hub_.failed()[0].reason(), "unknown kind");
  EXPECT_EQ(hub_.received(kTeam), 2u);
}

TEST_F(EndpointTest, AReportThatDidNotLeaveIsMadeInTheNextSession) {
  fill(2);
  SdkClient client(kv_);
  attach(client);
  for (const auto& frame : hub_.deliver(1)) client.hear(frame, kNow);
  client.endpoint.use_arrivals(failing({2}));
  ASSERT_TRUE(client.conversation.flush().ok());
  client.conversation.disconnected();
  open(client);
  EXPECT_EQ(hub_.failed().size(), 1u);
}

// ---- P6: one child's trouble is nobody else's ----

TEST_F(EndpointTest, LaterEntriesOfTheSameChildAreParkedBehindItAndNobodyElses) {
  SdkClient client(kv_);
  attach(client);
  client.hear(about(1, "abaab"), kNow);
  client.endpoint.use_arrivals(failing({1}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{2, 5}));
  ASSERT_TRUE(client.conversation.flush().ok());
  const auto received = client.next(kNow)->received();
  EXPECT_EQ(received.through(), 5u) << "stored, and receipted";
  ASSERT_EQ(received.failed_size(), 3);
  EXPECT_EQ(received.failed(0).behind(), 0u);
  EXPECT_EQ(received.failed(1).number(), 3u);
  EXPECT_EQ(received.failed(1).behind(), 1u);
  EXPECT_EQ(received.failed(1).reason(), "behind 1");
  client.hear(about(6, "ab"), kNow);
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{2, 5, 7}));
  EXPECT_EQ(parked(client), (std::vector<uint64_t>{1, 3, 4, 6}));
}

TEST_F(EndpointTest, AnEntryAboutNobodyIsParkedAlone) {
  SdkClient client(kv_);
  attach(client);
  client.hear(about(1, "   "), kNow);
  client.endpoint.use_arrivals(failing({1}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{2, 3}));
}

TEST_F(EndpointTest, WhatComesAgainAsAPointerIsParkedNoMoreOnceItWasUsed) {
  SdkClient client(kv_);
  attach(client);
  client.hear(about(1, "aa"), kNow);
  client.endpoint.use_arrivals(failing({1}));
  client.hear(about(1, " a"), kNow);  // again: today its team may not see whom it is about
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{1, 2}));
  EXPECT_TRUE(parked(client).empty());
  client.hear(about(3, "a"), kNow);
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{1, 2, 3})) << "nothing holds the child back for ever";
}

TEST_F(EndpointTest, WhatFailsAgainUnderAnotherSubjectIsParkedOnceAndForThatOne) {
  {
    SdkClient client(kv_);
    attach(client);
    client.hear(about(1, "ab"), kNow);
    client.endpoint.use_arrivals(failing({1}));
    client.hear(about(1, " b"), kNow);
    client.endpoint.use_arrivals(failing({1}));
    EXPECT_EQ(parked(client), (std::vector<uint64_t>{1}));
    client.hear(about(1, "bb"), kNow);
    client.endpoint.use_arrivals(failing({1}));
    ASSERT_TRUE(client.conversation.flush().ok());
  }
  kv_.crash();
  hub_.restart();
  SdkClient client(kv_);
  attach(client);
  EXPECT_EQ(parked(client), (std::vector<uint64_t>{1, 2}));
  used_.clear();
  client.hear(about(3, "ab"), kNow);
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{3})) << "only what is about b waits";
}

TEST_F(EndpointTest, WhatIsParkedIsParkedAfterACrashToo) {
  {
    SdkClient client(kv_);
    attach(client);
    client.hear(about(1, "ab"), kNow);
    client.endpoint.use_arrivals(failing({1}));
    ASSERT_TRUE(client.conversation.flush().ok());
  }
  kv_.crash();
  hub_.restart();
  SdkClient client(kv_);
  attach(client);
  client.hear(about(3, "ab"), kNow);
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{2, 4}));
  EXPECT_EQ(parked(client), (std::vector<uint64_t>{1, 3}));
}

TEST_F(EndpointTest, AReplayGivesThemAnotherChanceInOrder) {
  SdkClient client(kv_);
  attach(client);
  client.hear(about(1, "aaba"), kNow);
  client.endpoint.use_arrivals(failing({1}));
  used_.clear();
  client.hear(about(1, "aaba"), kNow);  // again
  client.endpoint.use_arrivals(failing({2}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{1, 3})) << "2 fails now, and 4 waits behind it";
  EXPECT_EQ(parked(client), (std::vector<uint64_t>{2, 4}));
  client.hear(about(2, "aba"), kNow);
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{1, 3, 2, 3, 4}));
  EXPECT_TRUE(parked(client).empty());
}

// What a team may be shown of an earlier entry can change: it comes again, about the same child.
TEST_F(EndpointTest, WhatFailedItselfCanBeReleasedAlsoWhereAnEarlierOneOfTheChildFailedSince) {
  SdkClient client(kv_);
  attach(client);
  client.hear(about(1, " b"), kNow);
  client.endpoint.use_arrivals(failing({2}));
  client.hear(about(1, "b"), kNow);
  client.endpoint.use_arrivals(failing({1}));
  client.hear(about(3, "b"), kNow);
  client.endpoint.use_arrivals(failing({}));
  ASSERT_EQ(parked(client), (std::vector<uint64_t>{1, 2, 3}));
  used_.clear();
  EXPECT_TRUE(client.endpoint.release(2).ok());
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{})) << "P6: the third waits for the first as well";
  EXPECT_EQ(parked(client), (std::vector<uint64_t>{1, 3}));
  EXPECT_TRUE(client.endpoint.release(1).ok());
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{3}));
}

TEST_F(EndpointTest, WhatItsOperatorReleasesLetsTheNextGoOnInOrder) {
  SdkClient client(kv_);
  attach(client);
  client.hear(about(1, "abaa"), kNow);
  client.endpoint.use_arrivals(failing({1}));
  used_.clear();
  client.hear(about(5, "a"), kNow);  // here already, not looked at yet
  EXPECT_EQ(client.endpoint.release(3).error().code, v1::CODE_NOT_FOUND) << "it waits itself";
  ASSERT_TRUE(client.endpoint.release(1).ok());
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{3, 4, 5}));
  EXPECT_TRUE(parked(client).empty());
  ASSERT_TRUE(client.conversation.flush().ok());
  const auto received = client.next(kNow)->received();
  EXPECT_EQ(std::vector<uint64_t>(received.settled().begin(), received.settled().end()),
            (std::vector<uint64_t>{1, 3, 4}))
      << "the hub's operators need not look any more";
}

TEST_F(EndpointTest, AReplayThatACrashBrokeOffLetsWhatWaitsGoOn) {
  {
    SdkClient client(kv_);
    attach(client);
    client.hear(about(1, "aba"), kNow);
    client.endpoint.use_arrivals(failing({1}));
    client.hear(about(1, "a"), kNow);  // again, and now it can be used
    client.endpoint.use_arrivals(failing({}));
    ASSERT_TRUE(client.conversation.flush().ok());
    EXPECT_EQ(client.next(kNow)->received().settled_size(), 1);
  }
  used_.clear();
  hub_.restart();
  SdkClient client(kv_);
  attach(client);
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{3}));
  EXPECT_TRUE(parked(client).empty());
}

TEST_F(EndpointTest, WhatFailedIsSaidAgainInTheNextSession) {
  SdkClient client(kv_);
  attach(client);
  client.hear(about(1, "aab"), kNow);
  client.endpoint.use_arrivals(failing({1}));
  ASSERT_TRUE(client.conversation.flush().ok());
  ASSERT_TRUE(client.next(kNow));  // lost on the way
  client.conversation.disconnected();
  open(client);
  ASSERT_EQ(hub_.failed().size(), 1u);
  EXPECT_EQ(hub_.failed()[0].number(), 1u);
}

TEST_F(EndpointTest, WhatWasStoredAndNotUsedYetArrivesAfterARestart) {
  {
    SdkClient client(kv_);
    attach(client);
    client.hear(about(1, "ab"), kNow);
    client.endpoint.use_arrivals(failing({}));
    client.hear(about(3, "ab"), kNow);
    ASSERT_TRUE(client.conversation.flush().ok());
  }
  used_.clear();
  hub_.restart();
  SdkClient client(kv_);
  attach(client);
  client.hear(about(5, "a"), kNow);
  client.endpoint.use_arrivals(failing({}));
  EXPECT_EQ(used_, (std::vector<uint64_t>{3, 4, 5}));
}

// P5: found by the simulation, seed 151.
TEST_F(EndpointTest, WhatWasStoredAtTheStartAndWentWithALostTailIsNotHandedOut) {
  {
    SdkClient client(kv_);
    attach(client);
    client.hear(about(1, "abcd"), kNow);
    ASSERT_TRUE(client.conversation.flush().ok());
  }
  hub_.restart();
  SdkClient client(kv_);
  attach_to_what_is_left(client, 2);
  client.hear(deliver(3, 1, 2), kNow);
  EXPECT_EQ(used(client), (Used{{1, 1}, {2, 1}, {3, 2}}));
}

TEST_F(EndpointTest, WhatArrivedUnusedAndWentWithALostTailIsNotHandedOut) {
  SdkClient client(kv_);
  attach(client);
  client.hear(about(1, "abcd"), kNow);
  ASSERT_TRUE(client.conversation.flush().ok());
  hub_.restart();
  attach_to_what_is_left(client, 2);
  client.hear(deliver(3, 1, 2), kNow);
  EXPECT_EQ(used(client), (Used{{1, 1}, {2, 1}, {3, 2}}));
}

}  // namespace
}  // namespace switchboard::sdk
