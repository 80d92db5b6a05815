#include "services/gateway/password_rules.h"

#include <gmock/gmock.h>

#include "broker/base/password.h"

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string why_not(std::string_view password) {
  const auto checked = check_new_password(password, "anna.jones", "Anna Jones");
  return checked.ok() ? std::string() : checked.error().text;
}

TEST(PasswordRules, TenCharactersAreEnoughOfAnyKind) {
  EXPECT_EQ(why_not("kettle moss"), "");
  EXPECT_EQ(why_not("tbxkdlwmqe"), "");
  EXPECT_EQ(why_not("9402617385"), "");
  EXPECT_EQ(why_not("żółw łódka"), "");
  EXPECT_THAT(why_not("tbxkdlwmq"), HasSubstr("at least 10"));
  EXPECT_THAT(why_not("żółwżółwż"), HasSubstr("at least 10")) << "nine, however many bytes";
  EXPECT_THAT(why_not(""), HasSubstr("at least 10"));
}
TEST(PasswordRules, ALongOneIsTakenWholeOrNotAtAll) {
  std::string longest = "a tree by the river ";
  longest.resize(kPasswordBytesMax, 'x');
  EXPECT_EQ(why_not(longest), "");
  EXPECT_THAT(why_not(longest + "x"), HasSubstr("at most 128"));
}
TEST(PasswordRules, TheWorstAreRefusedWhateverDigitsAreAround) {
  for (const char* bad :
       {"password12", "Password2026!", "PASSWORD!!!", "Passw0rd123", "P@ssw0rd2026", "qwertyuiop",
        "letmein2026", "1234567890", "0987654321", "aaaaaaaaaa", "1q2w3e4r5t", "Switchboard1",
        "safeguarding", "Liverpool2026", "welcome-2026"}) {
    EXPECT_THAT(why_not(bad), HasSubstr("guessed first")) << bad;
  }
}
TEST(PasswordRules, OnesOwnNameIsRefused) {
  for (const char* bad : {"anna.jones", "Anna Jones", "AnnaJones2026", "anna-jones-1"}) {
    EXPECT_THAT(why_not(bad), HasSubstr("own name")) << bad;
  }
  EXPECT_EQ(why_not("anna jones sings"), "");
  EXPECT_TRUE(check_new_password("quiet harbour", "9402617385", "").ok());
  EXPECT_FALSE(check_new_password("9402617385", "9402617385", "").ok());
}
TEST(PasswordRules, TheRefusalDoesNotSayThePassword) {
  EXPECT_THAT(why_not("Password2026!"), Not(HasSubstr("2026")));
}

}  // namespace
}  // namespace switchboard::gateway
