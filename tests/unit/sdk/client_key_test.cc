#include "adapters/sdk/client_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/sdk/outbox.h"
#include "broker/base/bytes.h"
#include "broker/kv/mem_kv.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wrong_bytes.h"

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

// Refused with its reason, the same key still (a digit's case, the line's end), or one that does
// not open what the client has: never a new one in its place.
TEST(ClientKey, AWrongByteAnywhereInItIsRefusedByItOrByTheOutbox) {
  const TempDir dir;
  const std::string file = dir.file("key");
  const SealKey right = load_or_make_client_key(file).value();
  kv::MemKv kv;
  Entropy entropy{{1}};
  ASSERT_TRUE(Outbox::open(kv, right, entropy, {}).value()->append({{"in custody"}}, {}).ok());
  const std::string text =
      to_hex({reinterpret_cast<const char*>(right.data()), right.size()}) + "\n";
  size_t no_key = 0, other_key = 0, same_key = 0;
  test::each_wrong_byte(file, text, [&](const std::string& wrong) {
    const auto loaded = load_or_make_client_key(file);
    if (!loaded.ok()) {
      ++no_key;
      EXPECT_EQ(loaded.error().code, v1::CODE_INVALID);
      EXPECT_NE(loaded.error().text.find(file), std::string::npos);
      return;
    }
    const auto outbox = Outbox::open(kv, *loaded, entropy, {});
    ++(*loaded == right ? same_key : other_key);
    EXPECT_EQ(outbox.ok(), *loaded == right) << wrong;
    if (!outbox.ok()) {
      EXPECT_EQ(outbox.error().code, v1::CODE_INVALID);
    }
  });
  EXPECT_GT(no_key, 0u);
  EXPECT_GE(other_key, 64u * 15) << "each digit has fifteen others";
  EXPECT_GT(same_key, 0u);
  const auto outbox = Outbox::open(kv, load_or_make_client_key(file).value(), entropy, {});
  EXPECT_EQ(outbox.value()->read(1, 1, 1 << 20).value().at(0).bytes, "in custody");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

}  // namespace
}  // namespace switchboard::sdk
