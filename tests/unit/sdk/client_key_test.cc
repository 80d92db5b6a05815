#include "adapters/sdk/client_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.h"

namespace switchboard::sdk {
namespace {

TEST(ClientKey, IsMadeOnceForItsOwnerAlone) {
  const TempDir dir;
  const auto made = load_or_make_client_key(dir.file("key"));
  ASSERT_TRUE(made.ok()) << made.error().text;
  struct stat status {};
  ASSERT_EQ(::stat(dir.file("key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(load_or_make_client_key(dir.file("key")).value(), *made);
  EXPECT_NE(load_or_make_client_key(dir.file("other")).value(), *made);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 2);
}

TEST(ClientKey, OneOthersMayReadIsRefused) {
  const TempDir dir;
  ASSERT_TRUE(load_or_make_client_key(dir.file("key")).ok());
  ASSERT_EQ(::chmod(dir.file("key").c_str(), 0640), 0);
  EXPECT_EQ(load_or_make_client_key(dir.file("key")).error().code, v1::CODE_NOT_ALLOWED);
}

TEST(ClientKey, AFileThatIsNoKeyIsRefusedAndNotReplaced) {
  const TempDir dir;
  dir.write("key", "not a key\n");
  ASSERT_EQ(::chmod(dir.file("key").c_str(), 0600), 0);
  EXPECT_EQ(load_or_make_client_key(dir.file("key")).error().code, v1::CODE_INVALID);
  EXPECT_EQ(std::filesystem::file_size(dir.file("key")), 10u);
}

}  // namespace
}  // namespace switchboard::sdk
