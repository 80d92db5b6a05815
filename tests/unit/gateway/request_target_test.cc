#include "services/gateway/request_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::gateway {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(RequestTarget, IsDecodedOnce) {
  const auto target = parse_target("/api/teams/a%20b/%2541?note=x+y%2Bz&all=1");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->path, "/api/teams/a b/%41");
  EXPECT_THAT(target->query, ElementsAre(Pair("all", "1"), Pair("note", "x y+z")));
}

TEST(RequestTarget, TheFirstOfANameCounts) {
  const auto target = parse_target("/x?a=1&a=2&b&=c&&d==");
  ASSERT_TRUE(target.ok());
  EXPECT_THAT(target->query,
              ElementsAre(Pair("", "c"), Pair("a", "1"), Pair("b", ""), Pair("d", "=")));
}

TEST(RequestTarget, APlusInAPathIsAPlus) { EXPECT_EQ(parse_target("/a+b")->path, "/a+b"); }

TEST(RequestTarget, WhatCannotBeReadIsRefused) {
  for (const char* wrong : {"", "*", "http://screen/x", "x", "/%", "/%4", "/%zz", "/%00", "/a%0ab",
                            "/%7f", "/%1b", "/%ff", "/%c0%af", "/%ed%a0%80", "/x?%", "/x?a=%0d"}) {
    const auto target = parse_target(wrong);
    ASSERT_FALSE(target.ok()) << wrong;
    EXPECT_EQ(target.error().code, v1::CODE_MALFORMED) << wrong;
  }
  EXPECT_FALSE(parse_target("/a\x01").ok());
  EXPECT_FALSE(parse_target(std::string_view("/a\0b", 4)).ok());
}

TEST(RequestTarget, AnEscapedSlashIsNoPartOfAPath) {
  EXPECT_FALSE(parse_target("/api/teams/a%2Fb").ok());
  EXPECT_FALSE(parse_target("/..%2f..%2fetc").ok());
  EXPECT_EQ(parse_target("/x?back=%2Fa")->query.at("back"), "/a");
}

TEST(RequestTarget, ARefusalDoesNotQuoteIt) {
  EXPECT_EQ(parse_target("/NAME%").error().text.find("NAME"), std::string::npos);
}

TEST(RequestTarget, AQueryHasAtMostSoManyNames) {
  std::string query = "/x?";
  for (int i = 0; i < 33; ++i) query += "a" + std::to_string(i) + "=1&";
  EXPECT_FALSE(parse_target(query).ok());
  EXPECT_TRUE(parse_target(query.substr(0, query.rfind("a32"))).ok());
}

}  // namespace
}  // namespace switchboard::gateway
