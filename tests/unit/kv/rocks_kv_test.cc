#include "broker/kv/rocks_kv.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "tests/unit/kv/folder.h"

namespace switchboard::kv {

namespace fs = std::filesystem;

// While it lives, no file of this process may grow past `bytes`: the kernel's own write error.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    old_signal_ = std::signal(SIGXFSZ, SIG_IGN);
    CHECK(::getrlimit(RLIMIT_FSIZE, &old_limit_) == 0);
    const rlimit limit{bytes, old_limit_.rlim_max};
    CHECK(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileSizeLimit() {
    CHECK(::setrlimit(RLIMIT_FSIZE, &old_limit_) == 0);
    std::signal(SIGXFSZ, old_signal_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_limit_{};
  void (*old_signal_)(int) = nullptr;
};

class RocksKvTest : public testing::Test {
 protected:
  std::unique_ptr<RocksKv> create() { return RocksKv::open({.dir = dir_, .create = true}).value(); }
  static void put(RocksKv& kv, std::string_view key, std::string_view value) {
    Batch batch;
    for (const Family family : kFamilies) batch.put(family, key, value);
    ASSERT_TRUE(kv.write_synced(batch).ok());
  }
  static void expect_row(const Reads& kv, std::string_view key, std::string_view value) {
    for (const Family family : kFamilies) EXPECT_EQ(kv.get(family, key).value(), value);
  }
  // Flips one byte in the middle of each file with this ending; how many there were.
  static int damage(const std::string& dir, const std::string& ending) {
    int count = 0;
    for (const auto& file : fs::directory_iterator(dir)) {
      if (file.path().extension() != ending || file.file_size() == 0) continue;
      std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
      const auto middle = static_cast<std::streamoff>(file.file_size() / 2);
      bytes.seekg(middle);
      const int byte = bytes.get();
      bytes.seekp(middle);
      bytes.put(static_cast<char>(byte ^ 0x55));
      ++count;
    }
    return count;
  }

  Folder folder_;
  const std::string dir_ = folder_.at("db");
};

TEST_F(RocksKvTest, ReopenKeepsEveryFamily) {
  put(*create(), "a", "1");
  const auto kv = RocksKv::open({.dir = dir_}).value();
  expect_row(*kv, "a", "1");
  EXPECT_TRUE(kv->healthy());
}

TEST_F(RocksKvTest, ASecondOpenerIsRefusedAndTheFirstGoesOn) {
  const auto kv = create();
  const auto second = RocksKv::open({.dir = dir_});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, v1::CODE_CONFLICT);
  put(*kv, "a", "1");
  expect_row(*kv, "a", "1");
}

TEST_F(RocksKvTest, WithoutCreateAMissingStoreIsNotMade) {
  EXPECT_EQ(RocksKv::open({.dir = dir_}).error().code, v1::CODE_NOT_FOUND);
  EXPECT_FALSE(fs::exists(dir_));
}

TEST_F(RocksKvTest, AStoreThatLostItsCurrentFileIsNotTakenForAnEmptyOne) {
  put(*create(), "a", "1");
  create();  // recovery moves the log's rows into tables
  fs::remove(dir_ + "/CURRENT");
  const auto opened = RocksKv::open({.dir = dir_, .create = true});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, v1::CODE_INTERNAL);
}

TEST_F(RocksKvTest, ReadOnlyReadsBesideTheWriterAndWritesNothing) {
  const auto writer = create();
  put(*writer, "a", "1");
  const auto reader = RocksKv::open({.dir = dir_, .read_only = true}).value();
  expect_row(*reader, "a", "1");
  EXPECT_EQ(reader->write(Batch()).error().code, v1::CODE_READ_ONLY);
  EXPECT_EQ(reader->sync().error().code, v1::CODE_READ_ONLY);
  put(*writer, "b", "2");
}

TEST_F(RocksKvTest, ATornLogTailLosesOnlyTheTail) {
  {
    const auto kv = create();
    put(*kv, "a", "1");
    put(*kv, "b", std::string(1000, 'x'));
    ASSERT_TRUE(kv->checkpoint(folder_.at("unused")).ok());  // "a" and "b" are in tables now
    put(*kv, "c", "3");
    put(*kv, "d", std::string(1000, 'x'));
  }
  fs::path log;
  for (const auto& file : fs::directory_iterator(dir_)) {
    if (file.path().extension() == ".log" && file.file_size() > 0) log = file.path();
  }
  fs::resize_file(log, fs::file_size(log) - 500);
  const auto kv = RocksKv::open({.dir = dir_}).value();
  expect_row(*kv, "b", std::string(1000, 'x'));
  expect_row(*kv, "c", "3");
  EXPECT_EQ(kv->get(Family::kMeta, "d").value(), std::nullopt);
}

// An outbox: nobody else knows what was in it, so a log that ends early is no torn tail.
TEST_F(RocksKvTest, AStoreThatLostWhatItHadSyncedIsRefusedAndLeftAsItIs) {
  const RocksKv::Options marked{.dir = dir_, .create = true, .mark_synced = true};
  {
    const auto kv = RocksKv::open(marked).value();
    put(*kv, "a", "1");
    put(*kv, "b", "2");
  }
  fs::path log;
  for (const auto& file : fs::directory_iterator(dir_)) {
    if (file.path().extension() == ".log" && file.file_size() > 0) log = file.path();
  }
  const auto bytes = fs::file_size(log);
  fs::resize_file(log, bytes - 1);
  for (int again = 0; again < 2; ++again) {
    const auto opened = RocksKv::open(marked);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, v1::CODE_INTERNAL);
    EXPECT_EQ(fs::file_size(log), bytes - 1);
  }
  fs::remove(dir_ + "/SYNCED");  // somebody has decided to go on without it
  expect_row(*RocksKv::open(marked).value(), "a", "1");
}

TEST_F(RocksKvTest, WhatWasNotSyncedMayBeMissingAndADamagedMarkSaysNothing) {
  const RocksKv::Options marked{.dir = dir_, .create = true, .mark_synced = true};
  put(*RocksKv::open(marked).value(), "a", "1");
  std::ofstream(dir_ + "/SYNCED", std::ios::binary) << std::string(24, 'x') << "torn";
  expect_row(*RocksKv::open(marked).value(), "a", "1");
}

// P1: never retry. The disk is well again after the limit is lifted; the store must not go on.
TEST_F(RocksKvTest, AfterAFailedWriteAllFailUntilReopenedAndNothingSyncedIsLost) {
  {
    const auto kv = create();
    put(*kv, "a", "1");
    Batch big;
    big.put(Family::kPayload, "b", std::string(1'000'000, 'x'));
    {
      const FileSizeLimit limit(100'000);
      EXPECT_FALSE(kv->write(big).ok());
    }
    EXPECT_FALSE(kv->write(big).ok());
    EXPECT_FALSE(kv->sync().ok());
    EXPECT_FALSE(kv->healthy());
    expect_row(*kv, "a", "1");
  }
  const auto kv = RocksKv::open({.dir = dir_}).value();
  expect_row(*kv, "a", "1");
  EXPECT_EQ(kv->get(Family::kPayload, "b").value(), std::nullopt);
}

TEST_F(RocksKvTest, AFailedFlushIsReportedAndReadsGoOn) {
  {
    const auto kv = create();
    put(*kv, "a", "1");
    Batch big;
    big.put(Family::kPayload, "b", std::string(1'000'000, 'x'));
    ASSERT_TRUE(kv->write_synced(big).ok());
    EXPECT_FALSE(kv->background_error().has_value());
    const FileSizeLimit limit(100'000);
    EXPECT_FALSE(kv->checkpoint(folder_.at("copy")).ok());  // flushes first
    ASSERT_TRUE(kv->background_error().has_value());
    EXPECT_TRUE(kv->background_error()->text.starts_with("storage i/o: flush"))
        << kv->background_error()->text;
    EXPECT_FALSE(kv->healthy());
    expect_row(*kv, "a", "1");
  }
  const auto kv = RocksKv::open({.dir = dir_}).value();
  EXPECT_TRUE(kv->healthy());
  EXPECT_EQ(kv->get(Family::kPayload, "b").value(), std::string(1'000'000, 'x'));
}

TEST_F(RocksKvTest, ACheckpointIsAWholeStore) {
  const auto kv = create();
  put(*kv, "a", "1");
  ASSERT_TRUE(kv->checkpoint(folder_.at("copy")).ok());
  put(*kv, "a", "2");
  EXPECT_FALSE(kv->checkpoint(folder_.at("copy")).ok()) << "the folder is there already";
  expect_row(*RocksKv::open({.dir = folder_.at("copy")}).value(), "a", "1");
}

TEST_F(RocksKvTest, TheLatestBackupComesBackIntoAnEmptyFolderOnly) {
  const auto kv = create();
  put(*kv, "a", "1");
  ASSERT_TRUE(kv->backup(folder_.at("backup")).ok());
  put(*kv, "a", "2");
  ASSERT_TRUE(kv->backup(folder_.at("backup")).ok());
  put(*kv, "a", "3");
  EXPECT_EQ(RocksKv::restore(folder_.at("backup"), dir_).error().code, v1::CODE_CONFLICT);
  EXPECT_EQ(RocksKv::restore(folder_.at("none"), folder_.at("new")).error().code,
            v1::CODE_NOT_FOUND);
  ASSERT_TRUE(RocksKv::restore(folder_.at("backup"), folder_.at("new")).ok());
  expect_row(*RocksKv::open({.dir = folder_.at("new")}).value(), "a", "2");
  expect_row(*kv, "a", "3");
}

TEST_F(RocksKvTest, ADamagedBackupIsNotRestored) {
  const auto kv = create();
  put(*kv, "a", std::string(5000, 'x'));
  ASSERT_TRUE(kv->backup(folder_.at("backup")).ok());
  ASSERT_GT(damage(folder_.at("backup") + "/shared_checksum", ".sst"), 0);
  EXPECT_FALSE(RocksKv::restore(folder_.at("backup"), folder_.at("new")).ok());
}

TEST_F(RocksKvTest, VerifyFindsADamagedFile) {
  put(*create(), "a", std::string(5000, 'x'));
  auto kv = RocksKv::open({.dir = dir_}).value();
  ASSERT_TRUE(kv->verify_checksums().ok());
  ASSERT_GT(damage(dir_, ".sst"), 0);
  const auto verified = kv->verify_checksums();
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().code, v1::CODE_INTERNAL);
  EXPECT_TRUE(verified.error().text.starts_with("storage corrupt: ")) << verified.error().text;
}

}  // namespace switchboard::kv
