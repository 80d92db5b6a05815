// Invented NHS numbers: they begin with 9, which is nobody's range, and their check digit is right.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace switchboard::test {

// Ten digits for these nine; nothing where no check digit is right.
inline std::optional<std::string> with_check_digit(const std::string& nine) {
  unsigned sum = 0;
  for (unsigned i = 0; i < 9; ++i) sum += (10 - i) * static_cast<unsigned>(nine[i] - '0');
  const unsigned check = (11 - sum % 11) % 11;
  if (check == 10) return std::nullopt;
  return nine + std::to_string(check);
}

// The n-th; each is another's.
inline std::string nhs_number(uint64_t n) {
  for (uint64_t stem = 900'000'000 + n * 17;; ++stem) {
    if (auto number = with_check_digit(std::to_string(stem))) return *std::move(number);
  }
}

}  // namespace switchboard::test
