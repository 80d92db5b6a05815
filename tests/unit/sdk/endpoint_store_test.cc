#include "adapters/sdk/endpoint_store.h"

#include <gtest/gtest.h>

#include "broker/base/limits.h"
#include "broker/kv/mem_kv.h"

namespace switchboard::sdk {
namespace {

v1::Deliver frame(uint64_t epoch, uint64_t first, std::vector<std::string> headers) {
  v1::Deliver deliver;
  deliver.set_epoch(epoch);
  deliver.mutable_promise()->set_epoch(epoch);
  deliver.mutable_promise()->set_position(100 * epoch + first);
  deliver.set_first(first);
  for (auto& header : headers) {
    auto& entry = *deliver.add_items();
    entry.set_number(first++);
    entry.set_header(std::move(header));
  }
  return deliver;
}

v1::Promise promise(uint64_t epoch) {
  v1::Promise promise;
  promise.set_epoch(epoch);
  return promise;
}

class EndpointStoreTest : public ::testing::Test {
 protected:
  EndpointStore open(std::optional<SealKey> key = std::nullopt, std::string team = "X26-HV") {
    return EndpointStore::open(kv_, entropy_, {.team = std::move(team), .key = key}).value();
  }
  kv::MemKv kv_;
  Entropy entropy_{{1}};
};

TEST_F(EndpointStoreTest, EntriesAndCursorSurviveTogetherOrNotAtAll) {
  auto store = open();
  ASSERT_TRUE(store.append(frame(1, 1, {"a", "b"})).ok());
  ASSERT_TRUE(store.sync().ok());
  ASSERT_TRUE(store.append(frame(1, 3, {"c"})).ok());
  kv_.crash();
  auto again = open();
  EXPECT_EQ(again.through(), 2u);
  EXPECT_EQ(again.epoch(), 1u);
  EXPECT_EQ(again.read(0, 10).value().size(), 2u);
  EXPECT_FALSE(again.find(3).value());
}

TEST_F(EndpointStoreTest, AGapIsRefusedAndStoresNothing) {
  auto store = open();
  ASSERT_TRUE(store.append(frame(1, 1, {"a"})).ok());
  EXPECT_EQ(store.append(frame(1, 3, {"c"})).error().code, v1::CODE_CONFLICT);
  auto skewed = frame(1, 2, {"b", "c"});
  skewed.mutable_items(1)->set_number(4);
  EXPECT_EQ(store.append(skewed).error().code, v1::CODE_MALFORMED);
  EXPECT_EQ(store.through(), 1u);
  EXPECT_EQ(store.read(0, 10).value().size(), 1u);
}

TEST_F(EndpointStoreTest, AReplayReplacesWhatWasThereAndTheCursorStays) {
  auto store = open();
  ASSERT_TRUE(store.append(frame(1, 1, {"a", "b", "c"})).ok());
  ASSERT_TRUE(store.append(frame(1, 2, {"b, voided"})).ok());
  EXPECT_EQ(store.through(), 3u);
  EXPECT_EQ(store.find(2).value()->entry.header(), "b, voided");
}

TEST_F(EndpointStoreTest, ANewEpochGoesOnWhereTheHubSaysAndKeepsWhatWasSeen) {
  auto store = open();
  ASSERT_TRUE(store.append(frame(1, 1, {"a", "b", "c"})).ok());
  ASSERT_TRUE(store.adopt(promise(2), 1).ok());
  EXPECT_EQ(store.through(), 1u);
  ASSERT_TRUE(store.append(frame(2, 2, {"b anew"})).ok());
  EXPECT_EQ(store.find(2).value()->entry.header(), "b anew");
  EXPECT_EQ(store.find(3).value()->entry.header(), "c");
  EXPECT_EQ(store.read(0, 10).value().size(), 4u) << "also the copy of the epoch before";
  EXPECT_EQ(store.append(frame(1, 3, {"old"})).error().code, v1::CODE_STALE_EPOCH);
}

TEST_F(EndpointStoreTest, KeepsThePromiseThatCoversWhatIsStored) {
  auto store = open();
  ASSERT_TRUE(store.append(frame(1, 1, {"a", "b"})).ok());
  ASSERT_TRUE(store.append(frame(1, 3, {"c"})).ok());
  ASSERT_TRUE(store.sync().ok());
  EXPECT_EQ(open().covered().position(), 103u);
  EXPECT_EQ(open().covered().epoch(), 1u);
}

TEST_F(EndpointStoreTest, AnOlderFrameThatComesLateTakesNothingFromThePromiseThatCoversAll) {
  auto store = open();
  const auto first = frame(1, 1, {"a"});
  ASSERT_TRUE(store.append(first).ok());
  ASSERT_TRUE(store.append(frame(1, 2, {"b", "c"})).ok());
  ASSERT_TRUE(store.append(first).ok());
  EXPECT_EQ(store.covered().position(), 102u) << "else a hub that lost 2 and 3 calls them forged";
}

TEST_F(EndpointStoreTest, RemembersWhereItStoodInEarlierEpochsAsFarAsThatStillHolds) {
  auto store = open();
  ASSERT_TRUE(store.append(frame(1, 1, {"a", "b"})).ok());
  ASSERT_TRUE(store.adopt(promise(2), 2).ok());
  ASSERT_TRUE(store.append(frame(2, 3, {"c", "d"})).ok());
  ASSERT_TRUE(store.adopt(promise(3), 3).ok());
  const auto again = open();
  EXPECT_EQ(again.through(), 3u);
  ASSERT_EQ(again.earlier().items_size(), 2);
  EXPECT_EQ(again.earlier().items(0).epoch(), 2u);
  EXPECT_EQ(again.earlier().items(0).through(), 3u) << "its number 4 is of a lost tail";
  EXPECT_EQ(again.earlier().items(1).epoch(), 1u);
  EXPECT_EQ(again.earlier().items(1).through(), 2u);
}

TEST_F(EndpointStoreTest, EarlierEpochsAreBoundedAndTheOldestStays) {
  auto store = open();
  ASSERT_TRUE(store.append(frame(1, 1, {"a"})).ok());
  for (uint64_t epoch = 2; epoch <= 200; ++epoch) {
    ASSERT_TRUE(store.adopt(promise(epoch), 1).ok());
    ASSERT_LE(store.earlier().items_size(), static_cast<int>(limits::kEarlierMax));
  }
  const auto& items = store.earlier().items();
  for (int i = 0; i < 16; ++i) EXPECT_EQ(items[i].epoch(), 199u - static_cast<unsigned>(i));
  EXPECT_EQ(items[items.size() - 1].epoch(), 1u);
}

TEST_F(EndpointStoreTest, SealedEntriesOpenOnlyWithTheKey) {
  auto store = open(SealKey{9});
  ASSERT_TRUE(store.append(frame(1, 1, {"a child's name"})).ok());
  const auto scan = kv_.scan(kv::Family::kInbox, "", "");
  ASSERT_TRUE(scan->valid());
  EXPECT_EQ(scan->value().find("child"), std::string_view::npos);
  EXPECT_EQ(open(SealKey{9}).find(1).value()->entry.header(), "a child's name");
  const auto without = EndpointStore::open(kv_, entropy_, {.team = "X26-HV"});
  ASSERT_FALSE(without.ok());
  EXPECT_EQ(without.error().code, v1::CODE_INVALID);
}

TEST_F(EndpointStoreTest, AnotherKeyIsRefusedAtOpenAndOneDamagedEntryIsNoOtherKey) {
  const auto opened = [&](SealKey key) {
    return EndpointStore::open(kv_, entropy_, {.team = "X26-HV", .key = key});
  };
  {
    auto store = open(SealKey{9});
    EXPECT_TRUE(opened(SealKey{8}).ok()) << "nothing is stored yet";
    ASSERT_TRUE(store.append(frame(1, 1, {"a", "b"})).ok());
    ASSERT_TRUE(store.sync().ok());
  }
  const auto other = opened(SealKey{8});
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, v1::CODE_INVALID);
  EXPECT_NE(other.error().text.find("client.key"), std::string::npos);
  const auto newest = kv_.scan_back(kv::Family::kInbox, "", "");
  std::string bytes(newest->value());
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  kv::Batch batch;
  batch.put(kv::Family::kInbox, newest->key(), bytes);
  ASSERT_TRUE(kv_.write(batch).ok());
  EXPECT_TRUE(opened(SealKey{9}).ok());
}

TEST_F(EndpointStoreTest, TeamsOfOneStoreDoNotMeet) {
  auto one = open(std::nullopt, "X26-HV");
  auto two = open(std::nullopt, "X26-HV2");
  ASSERT_TRUE(one.append(frame(1, 1, {"a", "b"})).ok());
  ASSERT_TRUE(two.append(frame(1, 1, {"z"})).ok());
  EXPECT_EQ(one.read(0, 10).value().size(), 2u);
  EXPECT_EQ(two.read(0, 10).value().size(), 1u);
}

TEST_F(EndpointStoreTest, WhatTheOwnerReleasesIsDroppedInStretches) {
  auto store = open();
  ASSERT_TRUE(store.append(frame(1, 1, {"a", "b", "c", "d"})).ok());
  EXPECT_FALSE(store.drop_through(3, 2).value());
  EXPECT_TRUE(store.drop_through(3, 2).value());
  EXPECT_EQ(store.read(0, 10).value().size(), 1u);
  EXPECT_EQ(open().through(), 4u);
}

}  // namespace
}  // namespace switchboard::sdk
