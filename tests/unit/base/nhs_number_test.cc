#include "broker/base/nhs_number.h"

#include <gtest/gtest.h>

namespace switchboard {

TEST(NhsNumber, PassesModulus11InPlainAndPrintedForm) {
  for (const char* number : {"9434765919", "943 476 5919", "943-476-5919", "9000000009"}) {
    EXPECT_EQ(check_nhs_number(number), NhsNumberCheck::kValid) << number;
  }
  EXPECT_EQ(nhs_number_digits("943 476-5919"), "9434765919");
}

TEST(NhsNumber, AWrongCheckDigitIsFound) {
  EXPECT_EQ(check_nhs_number("9434765918"), NhsNumberCheck::kCheckDigit);
}

// 100000001: the remainder is 1, so the check would be 10, which no digit can be.
TEST(NhsNumber, ACheckOfTenNeverPasses) {
  for (char last = '0'; last <= '9'; ++last) {
    EXPECT_EQ(check_nhs_number(std::string("900000010") + last) == NhsNumberCheck::kValid,
              last == '6')
        << last;
    EXPECT_EQ(check_nhs_number(std::string("100000001") + last), NhsNumberCheck::kCheckDigit);
  }
}

TEST(NhsNumber, TenEqualDigitsAreRefusedThoughTheArithmeticPasses) {
  for (char digit = '0'; digit <= '9'; ++digit) {
    EXPECT_EQ(check_nhs_number(std::string(10, digit)), NhsNumberCheck::kRepeatedDigit);
  }
}

TEST(NhsNumber, AnythingButTenDigitsIsRefused) {
  for (const char* text : {"", "943476591", "94347659190", "94347659l9", "943_476_5919"}) {
    EXPECT_EQ(check_nhs_number(text), NhsNumberCheck::kNotTenDigits) << text;
  }
}

}  // namespace switchboard
