#include "broker/server/publish_queue.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"

namespace switchboard::server {
namespace {

using Put = PublishQueue::Put;

PublishQueue::Ptr entry(const std::string& principal, size_t bytes, size_t items = 1,
                        uint64_t first = 1) {
  auto e = std::make_unique<PublishQueue::Entry>();
  e->address = principal + "'s connection";
  e->principal = principal;
  e->parsed = std::make_unique<v1::ClientFrame>();
  v1::Publish& publish = *e->parsed->mutable_publish();
  publish.set_outbox("outbox");
  publish.set_first(first);
  for (size_t i = 0; i < items; ++i) publish.add_items()->set_header("header");
  e->publish.refer_to(publish);
  e->bytes = bytes;
  return e;
}
std::string whose(PublishQueue& queue) {
  const auto next = queue.next();
  return next ? next->principal + (next->over ? " over" : "") : "nobody";
}

TEST(PublishQueue, EachClientInItsOrderAndTheClientsInTurn) {
  PublishQueue queue;
  for (uint64_t first : {1, 2, 3}) queue.put(entry("storm", 100, 1, first));
  queue.put(entry("pas", 1));
  queue.put(entry("rio", 1));
  EXPECT_EQ(whose(queue), "pas");
  EXPECT_EQ(whose(queue), "rio");
  for (uint64_t first : {1, 2, 3}) {
    const auto next = queue.next();
    ASSERT_TRUE(next);
    EXPECT_EQ(next->publish.first(), first);
  }
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(whose(queue), "nobody");
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(PublishQueue, WhatIsOverTheWindowKeepsItsPlaceAndNoneOfItsItems) {
  PublishQueue queue;
  const size_t half = limits::kPublishWindowBytes / 2;
  EXPECT_EQ(queue.put(entry("pas", half, 1, 1)), Put::kTaken);
  EXPECT_EQ(queue.put(entry("pas", half, 1, 2)), Put::kTaken);
  EXPECT_EQ(queue.put(entry("pas", 1, 1, 3)), Put::kOver);
  EXPECT_EQ(queue.put(entry("rio", half)), Put::kTaken) << "another's window is another's";
  EXPECT_EQ(queue.bytes(), 3 * half);
  EXPECT_EQ(whose(queue), "pas");
  EXPECT_EQ(whose(queue), "rio");
  EXPECT_EQ(whose(queue), "pas");
  const auto over = queue.next();
  ASSERT_TRUE(over && over->over);
  EXPECT_EQ(over->first, 3u);
  EXPECT_EQ(over->outbox, "outbox");
  EXPECT_EQ(over->publish.items(), 0u);
  EXPECT_EQ(over->parsed, nullptr);
  EXPECT_EQ(queue.put(entry("pas", half)), Put::kTaken) << "the window is free again";
}

TEST(PublishQueue, ItemsCountAsBytesDo) {
  PublishQueue queue;
  EXPECT_EQ(queue.put(entry("pas", 1, limits::kPublishWindowItems)), Put::kTaken);
  EXPECT_EQ(queue.put(entry("pas", 1, 1)), Put::kOver);
}

TEST(PublishQueue, OneFrameIsTakenWhateverItsSize) {
  PublishQueue queue;
  EXPECT_EQ(queue.put(entry("pas", limits::kPublishWindowBytes + 1)), Put::kTaken);
}

TEST(PublishQueue, AllTogetherHaveABoundAndEveryClientStillHasItsOneFrame) {
  PublishQueue queue;
  size_t clients = 0;
  while (queue.bytes() + limits::kPublishWindowBytes <= limits::kPublishQueueBytesMax) {
    queue.put(entry("client " + std::to_string(clients), limits::kPublishWindowBytes / 2));
    queue.put(entry("client " + std::to_string(clients++), limits::kPublishWindowBytes / 2));
  }
  EXPECT_EQ(queue.put(entry("late", 1000)), Put::kTaken);
  EXPECT_EQ(queue.put(entry("late", 1000)), Put::kOver);
}

TEST(PublishQueue, WhoDoesNotLookAtAnswersIsNotQueuedForEver) {
  PublishQueue queue;
  queue.put(entry("storm", limits::kPublishWindowBytes));
  for (size_t i = 0; i < limits::kOverWindowMax; ++i) {
    ASSERT_EQ(queue.put(entry("storm", 1)), Put::kOver);
  }
  EXPECT_EQ(queue.put(entry("storm", 1)), Put::kFarOver);
}

}  // namespace
}  // namespace switchboard::server
