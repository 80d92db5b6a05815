#include "broker/wire/keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "broker/base/bytes.h"
#include "broker/base/seal.h"
#include "tests/support/wrong_bytes.h"

namespace switchboard::wire {

namespace fs = std::filesystem;

class KeyFile : public testing::Test {
 protected:
  KeyFile() { fs::create_directory(folder_); }
  ~KeyFile() override { fs::remove_all(folder_); }

  const fs::path folder_ = fs::temp_directory_path() / ("wire-keys-" + to_hex(os_random(8)));
  const fs::path file_ = folder_ / "hub.key";
  const KeyPair pair_ = make_key_pair();
};

TEST(Keys, EachPairIsNewAndZ85) {
  const auto a = make_key_pair(), b = make_key_pair();
  EXPECT_TRUE(is_public_key(a.public_key));
  EXPECT_TRUE(is_public_key(a.secret_key));
  EXPECT_NE(a.public_key, b.public_key);
  EXPECT_NE(a.public_key, a.secret_key);
}

TEST(Keys, OnlyFortyCharactersOfZ85AreAPublicKey) {
  const auto key = make_key_pair().public_key;
  EXPECT_FALSE(is_public_key(""));
  EXPECT_FALSE(is_public_key(key.substr(1)));
  EXPECT_FALSE(is_public_key(key + "0"));
  EXPECT_FALSE(is_public_key(key.substr(0, 39) + "~"));
  EXPECT_FALSE(is_public_key(key.substr(0, 39) + " "));
  EXPECT_FALSE(is_public_key(key.substr(0, 39) + "\xc3"));
  EXPECT_FALSE(is_public_key(key.substr(0, 39) + std::string(1, '\0')));
  // Five characters above 2^32.
  EXPECT_FALSE(is_public_key("#####" + key.substr(5)));
}

TEST_F(KeyFile, WhatWasSavedIsLoadedWithItsPublicKey) {
  ASSERT_TRUE(save_secret_key(file_, pair_.secret_key).ok());
  const auto loaded = load_key_pair(file_);
  ASSERT_TRUE(loaded.ok()) << loaded.error().text;
  EXPECT_EQ(loaded.value().public_key, pair_.public_key);
  EXPECT_EQ(loaded.value().secret_key, pair_.secret_key);
}

TEST_F(KeyFile, IsWrittenForItsOwnerAloneAndLeavesNothingElse) {
  ASSERT_TRUE(save_secret_key(file_, pair_.secret_key).ok());
  struct stat status {};
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(KeyFile, IsNeverWrittenOver) {
  ASSERT_TRUE(save_secret_key(file_, pair_.secret_key).ok());
  const auto again = save_secret_key(file_, make_key_pair().secret_key);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, v1::CODE_CONFLICT);
  EXPECT_EQ(load_key_pair(file_).value().secret_key, pair_.secret_key);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(KeyFile, ThatOthersCanReadIsRefused) {
  ASSERT_TRUE(save_secret_key(file_, pair_.secret_key).ok());
  for (const auto extra : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
    fs::permissions(file_, fs::perms::owner_read | fs::perms::owner_write | extra);
    const auto loaded = load_key_pair(file_);
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, v1::CODE_NOT_ALLOWED);
  }
}

TEST_F(KeyFile, ThatIsMissingOrHoldsNoKeyIsRefusedWithoutShowingIt) {
  EXPECT_EQ(load_key_pair(file_).error().code, v1::CODE_NOT_FOUND);
  for (const auto& text : {std::string("not a key"), pair_.secret_key + "more", std::string()}) {
    std::ofstream(file_, std::ios::trunc) << text;
    fs::permissions(file_, fs::perms::owner_read | fs::perms::owner_write);
    const auto loaded = load_key_pair(file_);
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, v1::CODE_INVALID);
    EXPECT_EQ(loaded.error().text.find(pair_.secret_key), std::string::npos);
  }
  EXPECT_EQ(load_key_pair(folder_).error().code, v1::CODE_INVALID);
  EXPECT_EQ(save_secret_key(folder_ / "other.key", "short").error().code, v1::CODE_INVALID);
}

// Some bits of a secret key are of no meaning: the public one is then the same. Any other secret is
// of a public key that no peer knows, whoever else is enrolled.
TEST_F(KeyFile, AWrongByteAnywhereInItIsRefusedOrIsNobodysKey) {
  ASSERT_TRUE(save_secret_key(file_, pair_.secret_key).ok());
  const std::string text = pair_.secret_key + "\n";
  const std::string enrolled = make_key_pair().public_key;
  size_t refused = 0, nobodys = 0;
  test::each_wrong_byte(file_, text, [&](const std::string& wrong) {
    const auto loaded = load_key_pair(file_);
    if (!loaded.ok()) {
      ++refused;
      EXPECT_EQ(loaded.error().code, v1::CODE_INVALID);
      EXPECT_NE(loaded.error().text.find(file_.string()), std::string::npos);
      EXPECT_EQ(loaded.error().text.find(wrong.substr(0, 8)), std::string::npos);
      return;
    }
    EXPECT_EQ(loaded->secret_key, wrong.substr(0, 40));
    EXPECT_NE(loaded->public_key, enrolled);
    nobodys += loaded->public_key != pair_.public_key;
  });
  EXPECT_GT(refused, 0u);
  EXPECT_GT(nobodys, 40u * 80) << "most of the 84 others at each place are some key";
  EXPECT_EQ(load_key_pair(file_).value().public_key, pair_.public_key);
}

}  // namespace switchboard::wire
