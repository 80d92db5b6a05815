#include "broker/server/session.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"

namespace switchboard::server {
namespace {

TEST(Sessions, BelongToTheKeyThatOpenedThem) {
  Sessions sessions;
  ASSERT_NE(sessions.open("a", "key", "pas", 1), nullptr);
  ASSERT_NE(sessions.find("a", "key"), nullptr);
  EXPECT_EQ(sessions.find("a", "key")->principal, "pas");
}

TEST(Sessions, AFrameFromTheAddressWithAnotherKeyEndsIt) {
  Sessions sessions;
  sessions.open("a", "key", "pas", 1);
  EXPECT_EQ(sessions.find("a", "other key"), nullptr);
  EXPECT_EQ(sessions.find("a", "key"), nullptr) << "an address that was taken over is not trusted";
}

TEST(Sessions, ASecondHelloBeginsANewOne) {
  Sessions sessions;
  sessions.open("a", "key", "pas", 1)->next["outbox"] = 5;
  EXPECT_TRUE(sessions.open("a", "key", "pas", 2)->next.empty());
  EXPECT_EQ(sessions.size(), 1u);
}

TEST(Sessions, SilentOnesExpireAndOthersStay) {
  Sessions sessions;
  sessions.open("old", "key", "pas", 0);
  sessions.open("young", "key", "pas", 0);
  sessions.find("young", "key")->last_seen_us = 50;
  EXPECT_THAT(sessions.expire(100, 60), testing::ElementsAre("old"));
  EXPECT_EQ(sessions.at("old"), nullptr);
  EXPECT_NE(sessions.at("young"), nullptr);
  EXPECT_TRUE(sessions.expire(100, 60).empty());
}

TEST(Sessions, AKeyWithAllItsSessionsGivesUpTheOneThatWasSilentLongest) {
  Sessions sessions;
  for (size_t i = 0; i < limits::kConnectionsPerKeyMax; ++i) {
    EXPECT_EQ(sessions.crowded_out("key", "a" + std::to_string(i)), std::nullopt);
    sessions.open("a" + std::to_string(i), "key", "pas", i == 6 ? 50 : 100);
  }
  EXPECT_EQ(sessions.crowded_out("other key", "b"), std::nullopt);
  EXPECT_EQ(sessions.crowded_out("key", "a3"), std::nullopt) << "it begins anew";
  EXPECT_EQ(sessions.crowded_out("key", "one more"), "a6");
  EXPECT_EQ(sessions.crowded_out("", "one more"), std::nullopt) << "without CURVE";
}

TEST(Sessions, AreBoundedAndOneWhoIsThereMayBeginAnew) {
  Sessions sessions;
  for (size_t i = 0; i < limits::kSessionsMax; ++i) {
    ASSERT_NE(sessions.open("a" + std::to_string(i), "key", "pas", 0), nullptr);
  }
  EXPECT_EQ(sessions.open("one more", "key", "pas", 0), nullptr);
  EXPECT_NE(sessions.open("a0", "key", "pas", 0), nullptr);
  sessions.close("a1");
  EXPECT_NE(sessions.open("one more", "key", "pas", 0), nullptr);
}

}  // namespace
}  // namespace switchboard::server
