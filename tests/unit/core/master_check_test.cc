#include "broker/core/master_check.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::HasSubstr;

HashKey other_master() {
  HashKey master;
  master.fill(8);
  return master;
}

Result<std::unique_ptr<Core>> open_with(const HashKey& master, const kv::Kv& kv,
                                        std::unique_ptr<store::Journal>& journal) {
  journal = std::make_unique<store::Journal>(kv);
  return Core::open(*journal, master);
}

struct Scene {
  HubCore hub;
  std::unique_ptr<store::Journal> journal;

  // As a hub of before left it.
  void forget() {
    kv::Batch batch;
    batch.erase(kv::Family::kMeta, store::key::master_check());
    CHECK(hub.kv().write(batch).ok());
  }
  bool has_value() const {
    return hub.kv().get(kv::Family::kMeta, store::key::master_check()).value().has_value();
  }
  Status open(const HashKey& master) {
    auto opened = open_with(master, hub.kv(), journal);
    return opened.ok() ? ok() : Status(opened.error());
  }
  void expect_refused() {
    const auto opened = open(other_master());
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, v1::CODE_NOT_ALLOWED);
    EXPECT_THAT(opened.error().text, HasSubstr("not the one that the store was made with"));
  }
};

TEST(MasterCheck, AStoreIsOpenedByTheKeyItWasMadeWithAndByNoOther) {
  Scene scene;
  EXPECT_TRUE(scene.has_value());
  scene.expect_refused();
  EXPECT_TRUE(scene.open(support::test_master()).ok());
}
TEST(MasterCheck, ItsValueIsOfTheKeyAloneAndSaysNothingOfIt) {
  HubCore one, two(support::small_world(), 2);
  const auto value = [](const HubCore& hub) {
    return hub.kv().get(kv::Family::kMeta, store::key::master_check()).value().value();
  };
  EXPECT_EQ(value(one), value(two));
  EXPECT_EQ(value(one).size(), kHashBytes);
  EXPECT_NE(value(one), std::string(kHashBytes, 7));
}
TEST(MasterCheck, AnOlderStoreIsOpenedByTheKeyThatOpensItsEventsAndKeepsTheValue) {
  Scene scene;
  scene.hub.publish(Event("concern", "1"));
  scene.forget();
  scene.expect_refused();
  EXPECT_FALSE(scene.has_value());
  scene.hub.crash(SIZE_MAX);
  EXPECT_TRUE(scene.has_value());
  scene.expect_refused();
}
TEST(MasterCheck, AnOlderStoreWithoutEventsIsToldByItsDirectory) {
  Scene scene;
  scene.forget();
  scene.expect_refused();
  EXPECT_TRUE(scene.open(support::test_master()).ok());
}
// One event of many that does not open is a damaged event, and not another key.
TEST(MasterCheck, ADamagedEventOfAnOlderStoreDoesNotMakeTheKeyWrong) {
  Scene scene;
  scene.hub.publish(Event("concern", "1"));
  const uint64_t newest = scene.hub.publish(Event("concern", "2")).position;
  kv::Batch batch;
  batch.put(kv::Family::kPayload, store::key::position(newest), "no payload");
  CHECK(scene.hub.kv().write(batch).ok());
  scene.forget();
  EXPECT_TRUE(scene.open(support::test_master()).ok());
  scene.expect_refused();
}
TEST(MasterCheck, AnEmptyStoreTakesAnyKey) {
  kv::MemKv empty;
  std::unique_ptr<store::Journal> journal;
  EXPECT_TRUE(open_with(other_master(), empty, journal).ok());
}

}  // namespace
}  // namespace switchboard::core
