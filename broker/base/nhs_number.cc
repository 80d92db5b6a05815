#include "broker/base/nhs_number.h"

#include <algorithm>

namespace switchboard {

std::string nhs_number_digits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ' && c != '-') digits.push_back(c);
  }
  return digits;
}

NhsNumberCheck check_nhs_number(std::string_view text) {
  const std::string digits = nhs_number_digits(text);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.size() != 10 || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    return NhsNumberCheck::kNotTenDigits;
  }
  if (digits.find_first_not_of(digits[0]) == std::string::npos) {
    return NhsNumberCheck::kRepeatedDigit;
  }
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (digits[static_cast<size_t>(i)] - '0') * (10 - i);
  const int check = (11 - sum % 11) % 11;  // 10 is never issued, and never equals a digit
  return check == digits[9] - '0' ? NhsNumberCheck::kValid : NhsNumberCheck::kCheckDigit;
}

}  // namespace switchboard
