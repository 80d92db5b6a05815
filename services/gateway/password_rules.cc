#include "services/gateway/password_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "broker/base/password.h"

namespace switchboard::gateway {
namespace {

// Guessed first, whatever digits and signs are put around them or between.
constexpr std::array<std::string_view, 31> kWorstWords{
    "password",    "passwort",     "letmein",     "letmeinplease", "welcome",   "welcomeback",
    "qwerty",      "qwertyuiop",   "asdfghjkl",   "zxcvbnm",       "iloveyou",  "administrator",
    "admin",       "changeme",     "changemenow", "default",       "temporary", "secret",
    "football",    "liverpool",    "arsenal",     "chelsea",       "sunshine",  "princess",
    "switchboard", "safeguarding", "safeguard",   "hospital",      "nhs",       "nhsmail",
    "nightshift"};
// … and those that are no word.
constexpr std::array<std::string_view, 10> kWorstKeys{
    "1q2w3e4r5t", "q1w2e3r4t5", "1qaz2wsx3edc", "1qaz2wsx3e", "abc1234567",
    "a1b2c3d4e5", "qwer123456", "asdf123456",   "abcd123456", "zaq12wsxcde"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// What is left of "Anna.Jones-2026!" is "annajones". Bytes over 127 stay: they are letters to most.
std::string letters(std::string_view text) {
  std::string out;
  for (const char c : lower(text)) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0) out.push_back(c);
  }
  return out;
}

// "P@ssw0rd2026" is "password": the signs that stand for letters, but for those at the ends.
std::string read_signs(std::string_view text) {
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  const auto from = std::find_if(text.begin(), text.end(), is_letter);
  const auto until = std::find_if(text.rbegin(), text.rend(), is_letter).base();
  std::string out(from, std::max(from, until));
  for (const auto& [sign, letter] : {std::pair('0', 'o'), std::pair('@', 'a'), std::pair('$', 's'),
                                     std::pair('3', 'e'), std::pair('1', 'i')}) {
    std::replace(out.begin(), out.end(), sign, letter);
  }
  return letters(out);
}

// Bytes that begin a character of UTF-8.
size_t characters(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// "1234567890", "aaaaaaaaaa", "0987654321": each byte is as far from the last as the one before.
bool is_run(std::string_view text) {
  for (size_t i = 2; i < text.size(); ++i) {
    const int step = (text[i] - text[i - 1] + 10) % 10;
    if (step != (text[1] - text[0] + 10) % 10) return false;
  }
  return true;
}

template <size_t N>
bool has(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_own_name(const std::string& password, std::string_view id, std::string_view name) {
  for (const std::string_view own : {id, name}) {
    if (own.empty()) continue;
    if (lower(own) == lower(password)) return true;
    if (const std::string word = letters(own); !word.empty() && word == letters(password)) {
      return true;
    }
  }
  return false;
}

}  // namespace

Status check_new_password(std::string_view password, std::string_view id, std::string_view name) {
  const std::string text(password);
  if (characters(text) < kPasswordCharactersMin) {
    return error(v1::CODE_INVALID, "use at least 10 characters: three words together are good");
  }
  if (text.size() > kPasswordBytesMax) {
    return error(v1::CODE_INVALID, "use at most 128 characters");
  }
  if (is_own_name(text, id, name)) {
    return error(v1::CODE_INVALID, "this is your own name: use something that others do not know");
  }
  if (is_run(text) || has(kWorstKeys, lower(text)) || has(kWorstWords, letters(text)) ||
      has(kWorstWords, read_signs(text))) {
    return error(v1::CODE_INVALID,
                 "this is among the passwords that are guessed first: three words together are "
                 "better");
  }
  return ok();
}

}  // namespace switchboard::gateway
