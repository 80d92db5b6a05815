#include "adapters/mllp/peer_list.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>

namespace switchboard::mllp {
namespace {

PeerAddress peer(const std::string& text) {
  sockaddr_storage from{};
  sockaddr_in v4{.sin_family = AF_INET};
  sockaddr_in6 v6{.sin6_family = AF_INET6};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    std::memcpy(&from, &v4, sizeof v4);
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
    std::memcpy(&from, &v6, sizeof v6);
  }
  return PeerAddress::of(from);
}
bool allows(const std::vector<std::string>& list, const std::string& who) {
  return PeerList::parse(list).value().allows(peer(who));
}

TEST(PeerList, NobodyNamedMeansLoopbackOnly) {
  EXPECT_TRUE(allows({}, "127.0.0.1"));
  EXPECT_TRUE(allows({}, "127.9.9.9"));
  EXPECT_TRUE(allows({}, "::1"));
  EXPECT_TRUE(allows({}, "::ffff:127.0.0.1"));
  EXPECT_FALSE(allows({}, "192.0.2.1"));
  EXPECT_FALSE(allows({}, "::2"));
}

TEST(PeerList, AListReplacesTheLoopback) { EXPECT_FALSE(allows({"192.0.2.1"}, "127.0.0.1")); }

TEST(PeerList, ARangeHoldsItsAddressesAndNoOthers) {
  EXPECT_TRUE(allows({"192.0.2.64/26"}, "192.0.2.64"));
  EXPECT_TRUE(allows({"192.0.2.64/26"}, "192.0.2.127"));
  EXPECT_FALSE(allows({"192.0.2.64/26"}, "192.0.2.128"));
  EXPECT_FALSE(allows({"192.0.2.64/26"}, "192.0.2.63"));
  EXPECT_TRUE(allows({"192.0.2.65/26"}, "192.0.2.64"));
  EXPECT_TRUE(allows({"fd00::/8"}, "fd12::1"));
  EXPECT_FALSE(allows({"fd00::/8"}, "fe00::1"));
  EXPECT_TRUE(allows({"0.0.0.0/0"}, "203.0.113.9"));
  EXPECT_FALSE(allows({"0.0.0.0/0"}, "2001:db8::1")) << "all of IPv4 is not all of IPv6";
  EXPECT_TRUE(allows({"::ffff:192.0.2.1"}, "192.0.2.1"));
}

TEST(PeerList, WhatIsNoAddressIsRefusedByName) {
  for (const char* wrong : {"", "localhost", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/",
                            "10.0.0.0/8x", "fd00::/129", "10.0.0.0/ 8"}) {
    const auto list = PeerList::parse({wrong});
    ASSERT_FALSE(list.ok()) << wrong;
    EXPECT_NE(list.error().text.find("\"" + std::string(wrong) + "\""), std::string::npos);
  }
}

TEST(PeerList, AddressesAreShownAsPeopleWriteThem) {
  EXPECT_EQ(peer("192.0.2.7").text(), "192.0.2.7");
  EXPECT_EQ(peer("::ffff:192.0.2.7").text(), "192.0.2.7");
  EXPECT_EQ(peer("fd00::1").text(), "fd00::1");
}

}  // namespace
}  // namespace switchboard::mllp
