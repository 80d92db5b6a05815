#include "broker/kv/rocks_manifest.h"

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <fstream>
#include <iterator>

#include "broker/kv/rocks_kv.h"
#include "broker/kv/rocks_manifest_sum.h"
#include "tests/unit/kv/folder.h"

namespace switchboard::kv {

namespace fs = std::filesystem;

std::string read_bytes(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// In place: to cut a file short and write it again makes some file systems wait for the disk.
void write_byte(const fs::path& path, size_t at, char byte) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

// A store whose MANIFEST says where "a" is, and whose log holds "b".
class Manifest : public testing::Test {
 protected:
  Manifest() {
    put("a");
    put("b");  // this opening makes a table of what the log held
    std::string current = read_bytes(fs::path(dir_) / "CURRENT");
    current.pop_back();
    manifest_ = fs::path(dir_) / current;
    whole_ = read_bytes(manifest_);
  }
  void put(const std::string& key) const {
    const auto kv = RocksKv::open(options_).value();
    Batch batch;
    batch.put(Family::kMeta, key, key);
    ASSERT_TRUE(kv->write_synced(batch).ok());
  }
  void expect_whole() const {
    const auto opened = RocksKv::open(options_);
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    for (const std::string key : {"a", "b"}) {
      EXPECT_EQ(opened.value()->get(Family::kMeta, key).value(), key);
    }
  }
  // By the check itself; that a store is opened through it is asked now and then.
  void expect_refused(size_t at) const {
    auto refused = check(true);
    if (refused.ok() || at % 50 == 0) {
      auto opened = RocksKv::open(options_);
      ASSERT_FALSE(refused.ok()) << at;
      ASSERT_FALSE(opened.ok()) << at;
      refused = std::move(opened).error();
    }
    EXPECT_EQ(refused.error().code, v1::CODE_INTERNAL) << at;
    EXPECT_NE(refused.error().text.find("storage corrupt"), std::string::npos) << at;
    EXPECT_NE(refused.error().text.find("MANIFEST"), std::string::npos) << at;
  }
  Status check(bool mend) const { return check_manifest(*rocksdb::Env::Default(), dir_, mend); }

  Folder folder_;
  const std::string dir_ = folder_.at("db");
  const RocksKv::Options options_{.dir = dir_, .create = true};
  fs::path manifest_;
  std::string whole_;
};

TEST_F(Manifest, IsWholeRecordsAndNotedToItsLastByte) {
  EXPECT_EQ(whole_records(whole_), whole_.size());
  const auto files = rocksdb::Env::Default()->GetFileSystem();
  const auto sums = ManifestSums::read(*files, dir_).value();
  ASSERT_FALSE(sums.empty());
  EXPECT_EQ(sums.rbegin()->second.bytes, whole_.size());
  expect_whole();
}

// P1, P10: RocksDB takes some of these for an edit that was never finished.
TEST_F(Manifest, AWrongByteAnywhereInItIsRefused) {
  for (size_t at = 0; at < whole_.size(); ++at) {
    for (const int mask : {0x01, 0x80, 0xFF}) {
      write_byte(manifest_, at, static_cast<char>(whole_[at] ^ mask));
      expect_refused(at);
    }
    write_byte(manifest_, at, whole_[at]);
  }
  expect_whole();
}

TEST_F(Manifest, CutShortAnywhereItIsRefused) {
  for (size_t bytes = whole_.size(); bytes > 0;) {
    fs::resize_file(manifest_, --bytes);
    expect_refused(bytes);
  }
}

TEST_F(Manifest, WhatAPowerCutLeavesBehindItIsCutOff) {
  std::string begun = whole_.substr(0, 40);
  begun[2] = static_cast<char>(begun[2] ^ 1);  // an edit whose last sectors came and first did not
  for (const std::string& tail :
       {std::string(512, '\0'), std::string(512, '\x5a'), std::string(3, '\x01'), begun}) {
    write_bytes(manifest_, whole_ + tail);
    EXPECT_TRUE(check(false).ok());
    EXPECT_EQ(read_bytes(manifest_), whole_ + tail) << "only a writer mends";
    ASSERT_TRUE(check(true).ok());
    EXPECT_EQ(read_bytes(manifest_), whole_);
  }
  write_bytes(manifest_, whole_ + std::string(512, '\x5a'));
  expect_whole();
}

TEST_F(Manifest, OfAStoreThatIsOpenIsLeftAlone) {
  const auto kv = RocksKv::open(options_).value();
  std::string current = read_bytes(fs::path(dir_) / "CURRENT");
  current.pop_back();
  const fs::path live = fs::path(dir_) / current;
  const std::string longer = read_bytes(live) + std::string(9, '\x5a');  // as if being appended to
  write_bytes(live, longer);
  EXPECT_TRUE(check(true).ok());
  EXPECT_EQ(read_bytes(live), longer);
}

TEST_F(Manifest, WithoutANoteItIsForRocksDbToJudge) {
  for (const std::string& sums : {std::string(), std::string(48, 'x'), std::string("torn")}) {
    write_bytes(fs::path(dir_) / kManifestSumFile, sums);
    EXPECT_TRUE(check(true).ok());
    expect_whole();
  }
  fs::remove(fs::path(dir_) / kManifestSumFile);
  expect_whole();
  EXPECT_TRUE(fs::exists(fs::path(dir_) / kManifestSumFile)) << "noted from now on";
}

// The note itself is damaged, or its last record was being written.
TEST_F(Manifest, AWrongByteInTheNoteNeverRefusesAWholeStore) {
  const fs::path path = fs::path(dir_) / kManifestSumFile;
  const std::string sums = read_bytes(path);
  for (size_t at = 0; at < sums.size(); ++at) {
    write_byte(path, at, static_cast<char>(sums[at] ^ 0x10));
    EXPECT_TRUE(check(true).ok()) << at;
    write_byte(path, at, sums[at]);
  }
  for (size_t bytes = sums.size(); bytes > 0;) {
    fs::resize_file(path, --bytes);
    EXPECT_TRUE(check(true).ok()) << bytes;
  }
}

TEST_F(Manifest, ManyOpeningsKeepTheNoteSmall) {
  for (int i = 0; i < 10; ++i) put("c");
  EXPECT_LT(fs::file_size(fs::path(dir_) / kManifestSumFile), 500U);
}

}  // namespace switchboard::kv
