#include "services/cli/argument_guard.h"

#include <gtest/gtest.h>

namespace switchboard::cli {
namespace {

TEST(ArgumentGuard, AnNhsNumberIsRefusedHoweverItIsTyped) {
  EXPECT_TRUE(refuse_identity({"event", "ls", "9126040018"}));
  EXPECT_TRUE(refuse_identity({"event", "ls", "912-604-0018"}));
  EXPECT_TRUE(refuse_identity({"event", "ls", "912 604 0018"}));
  EXPECT_TRUE(refuse_identity({"event", "ls", "912", "604", "0018"}));
  EXPECT_TRUE(refuse_identity({"event", "publish", "--nhs-number=9126040018"}));
  EXPECT_TRUE(refuse_identity({"finish", "--outcome", "seen 9126040018 at home"}));
  EXPECT_TRUE(refuse_identity({"event", "ls", "9999999999"}));
}

TEST(ArgumentGuard, TheAdviceDoesNotRepeatTheNumber) {
  const auto advice = refuse_identity({"event", "ls", "9126040018"});
  ASSERT_TRUE(advice);
  EXPECT_EQ(advice->find("9126040018"), std::string::npos);
  EXPECT_NE(advice->find("--nhs-number -"), std::string::npos);
}

TEST(ArgumentGuard, OtherNumbersPass) {
  EXPECT_FALSE(refuse_identity({"ack", "--team", "X26-ED", "3"}));
  EXPECT_FALSE(refuse_identity({"event", "show", "1763794324123456"}));
  EXPECT_FALSE(refuse_identity({"finish", "--outcome", "rang 01632 960121"}));
  EXPECT_FALSE(refuse_identity({"event", "ls", "9126040019"}));  // fails the check digit
  EXPECT_FALSE(refuse_identity({"event", "show", "019ab000-1234-8abc-9def-912604001899"}));
}

}  // namespace
}  // namespace switchboard::cli
