// The arithmetic of an NHS number. Passing it does not make it this child's number.
#pragma once

#include <string>
#include <string_view>

namespace switchboard {

enum class NhsNumberCheck {
  kValid,
  kNotTenDigits,   // after spaces and hyphens were dropped
  kCheckDigit,     // fails modulus 11
  kRepeatedDigit,  // ten equal digits pass the arithmetic and are nobody's number
};

// Without the spaces and hyphens of the printed 3-3-4 form; everything else is kept.
std::string nhs_number_digits(std::string_view text);
// Takes the printed form too.
NhsNumberCheck check_nhs_number(std::string_view text);

}  // namespace switchboard
