#include "services/gateway/feed.h"

#include <gmock/gmock.h>

#include "services/gateway/screen_json.h"

namespace switchboard::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Sent {
  std::string event, id, data;
};

// What a browser has been sent; it closes when told to.
struct FakeStream final : Stream {
  bool send(std::string_view event, std::string_view id, std::string_view data) override {
    if (open_) sent.push_back({std::string(event), std::string(id), std::string(data)});
    return open_;
  }
  void close() override { open_ = false; }
  bool open() const override { return open_; }
  // Ids of what was pushed, and the names of everything else, in order.
  std::vector<std::string> told() const {
    std::vector<std::string> all;
    for (const auto& one : sent) {
      if (one.event != "live") all.push_back(one.event == "pushed" ? one.id : one.event);
    }
    return all;
  }
  v1::Pushed last() const {
    v1::Pushed pushed;
    EXPECT_TRUE(from_json(sent.back().data, pushed, 1 << 20).ok());
    return pushed;
  }
  std::vector<Sent> sent;
  bool open_ = true;
};

v1::Entry delivery(uint64_t number) {
  v1::Entry entry;
  entry.set_number(number);
  entry.mutable_notice()->set_type(v1::ENTRY_TYPE_DELIVERY);
  return entry;
}
v1::Entry change(uint64_t number, uint64_t about) {
  v1::Entry entry;
  entry.set_number(number);
  entry.mutable_notice()->set_type(v1::ENTRY_TYPE_CHANGE);
  entry.mutable_notice()->set_change(v1::CHANGE_ACKNOWLEDGED);
  entry.mutable_notice()->set_refers_to(about);
  return entry;
}

// A feed in front of a hub that has this log, and answers when it is told to.
struct World {
  World() { go_live(); }
  void go_live(uint64_t epoch = 7) {
    v1::Live live;
    live.set_live(true);
    feed.live(live, epoch);
  }
  // The entry comes into the log and, as the hub delivers it, to the gateway.
  void happens(v1::Entry entry) {
    log.push_back(entry);
    feed.arrived({"X99-HV", v1::LOG_KIND_INBOX, sdk::Endpoint::Turn::kNew, 7, std::move(entry)});
  }
  std::shared_ptr<FakeStream> join(
      std::optional<Feed::Place> after, Feed::Still still = [] { return true; }) {
    auto stream = std::make_shared<FakeStream>();
    feed.join(stream, after, std::move(still));
    return stream;
  }
  void answer_all() {
    while (!asked.empty()) answer();
  }
  void answer() { answer(0); }
  // The n-th question that waits, as the log is now.
  void answer(size_t n) {
    const auto at = asked.begin() + static_cast<std::ptrdiff_t>(n);
    auto [read, then] = std::move(*at);
    asked.erase(at);
    v1::Page page;
    page.set_head(log.size());
    for (const auto& entry : log) {
      if (entry.number() <= read.inbox().after()) continue;
      if (page.items_size() == static_cast<int>(read.inbox().limit())) {
        page.set_next_after(page.items(page.items_size() - 1).number());
        break;
      }
      *page.add_items() = entry;
    }
    then(std::move(page));
  }
  std::vector<v1::Entry> log;
  std::deque<std::pair<v1::Read, HubThread::OnPage>> asked;
  Feed feed{"X99-HV", [this](v1::Read read, HubThread::OnPage then) {
              asked.emplace_back(std::move(read), std::move(then));
            }};
};

TEST(Feed, WhatComesGoesToEveryBrowserUnderItsNumber) {
  World w;
  const auto one = w.join(Feed::Place{7, 0}), two = w.join(Feed::Place{7, 0});
  w.answer_all();
  w.happens(delivery(1));
  w.happens(delivery(2));
  EXPECT_THAT(one->told(), ElementsAre("7-1", "7-2"));
  EXPECT_THAT(two->told(), ElementsAre("7-1", "7-2"));
}
TEST(Feed, AChangeComesWithTheDeliveryItIsAboutAsItStandsNow) {
  World w;
  const auto stream = w.join(Feed::Place{7, 0});
  w.answer_all();
  w.happens(delivery(1));
  w.happens(change(2, 1));
  EXPECT_THAT(stream->told(), ElementsAre("7-1")) << "the hub has not said how it stands";
  w.log[0].mutable_notice()->set_state(v1::DELIVERY_STATE_ACKNOWLEDGED);
  w.answer_all();
  EXPECT_THAT(stream->told(), ElementsAre("7-1", "7-2"));
  EXPECT_EQ(stream->last().now().notice().state(), v1::DELIVERY_STATE_ACKNOWLEDGED);
}
TEST(Feed, NothingOvertakesAnEntryThatWaitsForTheHub) {
  World w;
  const auto stream = w.join(Feed::Place{7, 0});
  w.answer_all();
  w.happens(delivery(1));
  w.happens(change(2, 1));
  w.happens(delivery(3));
  EXPECT_THAT(stream->told(), ElementsAre("7-1"));
  w.answer_all();
  EXPECT_THAT(stream->told(), ElementsAre("7-1", "7-2", "7-3"));
}
// P5.
TEST(Feed, ABrowserThatComesBackIsSentWhatItMissedOnceAndThenGoesOn) {
  World w;
  for (uint64_t n = 1; n <= 250; ++n) w.happens(n % 50 == 0 ? change(n, n - 1) : delivery(n));
  const auto stream = w.join(Feed::Place{7, 20});
  w.answer();  // the first page of what it missed; meanwhile more comes
  w.happens(delivery(251));
  w.answer_all();
  w.happens(delivery(252));
  w.answer_all();
  std::vector<std::string> wanted;
  for (uint64_t n = 21; n <= 252; ++n) wanted.push_back("7-" + std::to_string(n));
  EXPECT_EQ(stream->told(), wanted);
}
TEST(Feed, WhatABrowserSawWhileItCaughtUpIsNotSentAgain) {
  World w;
  const auto first = w.join(Feed::Place{7, 0});
  w.answer_all();
  w.happens(delivery(1));
  w.happens(change(2, 1));  // waits for the hub …
  const auto late = w.join(Feed::Place{7, 0});
  w.answer(1);  // … while another browser is told of it already
  w.answer(1);
  EXPECT_THAT(late->told(), ElementsAre("7-1", "7-2"));
  w.answer_all();
  EXPECT_THAT(first->told(), ElementsAre("7-1", "7-2"));
  EXPECT_THAT(late->told(), ElementsAre("7-1", "7-2"));
}
TEST(Feed, WhoeverIsTooFarBehindReadsTheListAnew) {
  World w;
  for (uint64_t n = 1; n <= 2100; ++n) w.log.push_back(delivery(n));
  const auto stream = w.join(Feed::Place{7, 20});
  w.answer_all();
  EXPECT_THAT(stream->told(), ElementsAre("reload"));
  w.happens(delivery(2101));
  EXPECT_THAT(stream->told(), ElementsAre("reload", "7-2101"));
}
TEST(Feed, ANumberOfAnotherEpochOrBeyondTheEndOrNoneMeansToReadTheListAnew) {
  World w;
  w.happens(delivery(1));
  for (const auto& after : {std::optional(Feed::Place{6, 1}), std::optional(Feed::Place{7, 9}),
                            std::optional<Feed::Place>()}) {
    const auto stream = w.join(after);
    w.answer_all();
    EXPECT_THAT(stream->told(), ElementsAre("reload"));
  }
}
TEST(Feed, InANewEpochEverybodyReadsTheListAnew) {
  World w;
  const auto live = w.join(Feed::Place{7, 0});
  w.answer_all();
  w.happens(delivery(1));
  w.happens(change(2, 1));  // on its way
  const auto behind = w.join(Feed::Place{7, 0});
  w.go_live(8);
  w.answer_all();
  EXPECT_THAT(live->told(), ElementsAre("7-1", "reload"));
  EXPECT_THAT(behind->told(), ElementsAre("reload"));
}
TEST(Feed, AnAheadCopyHasNoIdAsItComesAgainInItsTurn) {
  World w;
  const auto stream = w.join(Feed::Place{7, 0});
  w.answer_all();
  w.feed.arrived({"X99-HV", v1::LOG_KIND_INBOX, sdk::Endpoint::Turn::kAhead, 7, delivery(9)});
  EXPECT_THAT(stream->told(), ElementsAre(""));
  EXPECT_TRUE(stream->last().ahead());
}
// P9.
TEST(Feed, WhoeverMayNotSeeItAnyMoreIsSentNothingAndToldThatItHasEnded) {
  World w;
  bool may = true;
  const auto stream = w.join(Feed::Place{7, 0}, [&may] { return may; });
  w.answer_all();
  w.happens(delivery(1));
  may = false;
  w.happens(delivery(2));
  EXPECT_THAT(stream->told(), ElementsAre("7-1", "ended"));
  EXPECT_FALSE(stream->open());
  EXPECT_EQ(w.feed.browsers(), 0u);
}
TEST(Feed, AHubThatDoesNotAnswerEndsTheStreamSoThatItComesBack) {
  World w;
  w.happens(delivery(1));
  const auto stream = w.join(Feed::Place{7, 0});
  w.asked.front().second(error(v1::CODE_BUSY, "away"));
  EXPECT_FALSE(stream->open());
  EXPECT_EQ(w.feed.browsers(), 0u);
}
// P11.
TEST(Feed, WhereTheHubSaysNothingForLongAllAreCutRatherThanKeptWaitingWithoutBound) {
  World w;
  const auto stream = w.join(Feed::Place{7, 0});
  w.answer_all();
  w.happens(delivery(1));
  for (uint64_t n = 2; n < 1200; ++n) w.happens(change(n, 1));
  EXPECT_FALSE(stream->open());
}
TEST(Feed, PlacesAreAnEpochAndANumber) {
  EXPECT_EQ(Feed::place_from("12-34")->number, 34u);
  for (const char* bad :
       {"", "-", "1-", "-1", "1", "a-1", "1-b", "1-2-3", "1-99999999999999999999"}) {
    EXPECT_FALSE(Feed::place_from(bad)) << bad;
  }
}

}  // namespace
}  // namespace switchboard::gateway
