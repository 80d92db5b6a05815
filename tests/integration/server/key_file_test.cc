// A wrong byte in a key file of the hub: it does not start, or runs as somebody whom no client
// takes for it. With the right byte back it goes on where it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"
#include "tests/support/wrong_bytes.h"

namespace switchboard::test {
namespace {

using testing::HasSubstr;

constexpr std::chrono::seconds kAnswer{15};

// The hub with this byte of the file wrong comes to its end by itself.
void expect_no_start(HubProcess& hub, const std::string& file, size_t at, char wrong) {
  const char right = read_file(file).at(at);
  put_byte(file, at, wrong);
  hub.launch();
  EXPECT_TRUE(eventually([&] { return !hub.running(); }, kAnswer)) << hub.log();
  hub.kill();
  put_byte(file, at, right);
}

TEST(HubKeyFiles, WithAWrongDigitInTheMasterKeyItDoesNotStart) {
  HubWorld world;
  ASSERT_TRUE(world.publisher()->publish(std::vector{admission("1")}, kAnswer).ok());
  ASSERT_EQ(world.hub.stop(), 0);
  const std::string file = world.hub.dir().file("master.key");
  const std::string digits = read_file(file);
  for (const size_t at : {0, 31, 63}) {
    expect_no_start(world.hub, file, at, digits[at] == '0' ? '1' : '0');
  }
  EXPECT_THAT(world.hub.log(), HasSubstr("not the one that the store was made with"));
  EXPECT_THAT(world.hub.log(), testing::Not(HasSubstr("64 hex digits")));
  expect_no_start(world.hub, file, 40, 'x');
  EXPECT_THAT(world.hub.log(), HasSubstr("64 hex digits"));
  ASSERT_TRUE(world.hub.start()) << world.hub.log();
  EXPECT_EQ(world.status().events(), 1u);
}

TEST(HubKeyFiles, WithAWrongByteInItsOwnKeyItIsTakenForItselfByNobody) {
  HubWorld world;
  const std::string file = world.hub.dir().file("hub.key");
  world.hub.kill();
  expect_no_start(world.hub, file, 7, '~');
  EXPECT_THAT(world.hub.log(), HasSubstr("holds no Z85 key"));

  const char right = read_file(file).at(7);
  put_byte(file, 7, right == 'a' ? 'b' : 'a');
  ASSERT_TRUE(world.hub.start()) << world.hub.log();
  RawClient client(world.context, world.dial("x26-pas"));
  // It is there, for who would know it by its new key; nobody does.
  auto other = world.dial("x26-pas");
  other.hub_public_key = wire::load_key_pair(file).value().public_key;
  ASSERT_NE(other.hub_public_key, world.hub.public_key());
  EXPECT_TRUE(RawClient(world.context, other).hello().has_welcome());
  EXPECT_EQ(client.dealer().connections(), 0u);

  world.hub.kill();
  put_byte(file, 7, right);
  ASSERT_TRUE(world.hub.start()) << world.hub.log();
  EXPECT_TRUE(client.hello().has_welcome());
  EXPECT_EQ(client.dealer().connections(), 1u) << "it knocked all the while, and was let in now";
}

}  // namespace
}  // namespace switchboard::test
