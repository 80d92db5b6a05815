// A folder in which nothing can be written is opened to be read. Root, as whom tests run, is
// stopped by no right: a folder in the way of the file by which the store finds out stands for it
// here; a real mount is in tests/integration/server/read_only_test.cc.
#include "broker/server/store_dir.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/core/master_check.h"
#include "tests/support/hub_core.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wrong_bytes.h"

namespace switchboard::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class StoreDirTest : public testing::Test {
 protected:
  StoreDirTest() {
    config_.set_data_dir(dir_.file("hub"));
    config_.mutable_store()->set_memtable_mb(4);
    config_.mutable_store()->set_block_cache_mb(4);
  }
  void make_store() {
    const auto made = StoreDir::open(config_).value();
    EXPECT_EQ(made->unwritable(), "");
    ASSERT_TRUE(made->kv().write_synced(row()).ok());
  }
  static kv::Batch row() {
    kv::Batch batch;
    batch.put(kv::Family::kEvent, "key", "value");
    return batch;
  }
  void put_in_the_way(const std::string& name) {
    fs::create_directories(config_.data_dir() + "/" + name);
  }
  TempDir dir_;
  v1::BrokerConfig config_;
};

TEST_F(StoreDirTest, AStoreThatCannotBeWrittenIsReadAndSaysWhy) {
  for (const char* name : {"writable.new", "store/writable.new"}) {
    fs::remove_all(config_.data_dir());
    make_store();
    put_in_the_way(name);
    const auto opened = StoreDir::open(config_);
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    EXPECT_THAT(opened.value()->unwritable(), HasSubstr("Is a directory")) << name;
    auto& kv = opened.value()->kv();
    EXPECT_EQ(kv.get(kv::Family::kEvent, "key").value(), "value");
    EXPECT_EQ(kv.write(row()).error().code, v1::CODE_READ_ONLY);
    EXPECT_TRUE(opened.value()->note_endpoints("tcp://a", "tcp://b", 0).ok());
    EXPECT_FALSE(fs::exists(config_.data_dir() + "/endpoints.json"));
  }
}
TEST_F(StoreDirTest, OneThatIsOnlyReadKeepsASecondHubOut) {
  make_store();
  put_in_the_way("writable.new");
  const auto opened = StoreDir::open(config_);
  ASSERT_TRUE(opened.ok());
  const auto second = StoreDir::open(config_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, v1::CODE_CONFLICT);
}
TEST_F(StoreDirTest, ADamagedStoreIsNotOpenedToBeReadEither) {
  make_store();
  put_in_the_way("writable.new");
  std::ofstream(config_.data_dir() + "/store/CURRENT") << "rubbish";
  EXPECT_FALSE(StoreDir::open(config_).ok());
}
TEST_F(StoreDirTest, WithoutAStoreThereIsNothingToRead) {
  put_in_the_way("lock");  // no lock can be had
  const auto opened = StoreDir::open(config_);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().text, HasSubstr("lock: Is a directory"));
}
TEST_F(StoreDirTest, ATryLeavesNothingBehind) {
  make_store();
  ASSERT_TRUE(StoreDir::open(config_).ok());
  EXPECT_FALSE(fs::exists(config_.data_dir() + "/writable.new"));
  EXPECT_FALSE(fs::exists(config_.data_dir() + "/store/writable.new"));
}
// Refused with its reason, the same key still (a digit's case), or one that does not open the
// store it is used with.
TEST(MasterKeyFile, AWrongByteAnywhereInItIsRefusedByItOrByTheStore) {
  const TempDir dir;
  const HashKey right = support::test_master();
  const std::string text = to_hex(view(right)) + "\n";
  const std::string file = dir.write("master.key", text);
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  const support::HubCore hub;
  size_t no_key = 0, other_key = 0;
  test::each_wrong_byte(file, text, [&](const std::string& wrong) {
    const auto loaded = load_master_key(file);
    if (!loaded.ok()) {
      ++no_key;
      EXPECT_EQ(loaded.error().code, v1::CODE_INVALID);
      EXPECT_THAT(loaded.error().text, HasSubstr(file));
      return;
    }
    other_key += *loaded != right;
    const auto checked = core::check_master(hub.kv(), core::Secrets(*loaded));
    EXPECT_EQ(checked.ok(), *loaded == right) << wrong;
    if (!checked.ok()) {
      EXPECT_EQ(checked.error().code, v1::CODE_NOT_ALLOWED);
    }
  });
  EXPECT_GT(no_key, 0u);
  EXPECT_GE(other_key, 64u * 15) << "each digit has fifteen others";
  EXPECT_EQ(load_master_key(file).value(), right);
}

}  // namespace
}  // namespace switchboard::server
