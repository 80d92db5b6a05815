#include "broker/base/postcode.h"

#include <algorithm>

namespace switchboard {
namespace {

bool letter(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

// In two where there is a space.
struct Halves {
  std::string out;  // "XA1"
  std::string in;   // "2BC", or its beginning
};

Halves halves_of(std::string_view text) {
  Halves halves;
  bool after_space = false;
  for (char c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!letter(c) && !digit(c)) {
      after_space = !halves.out.empty();
      continue;
    }
    (after_space ? halves.in : halves.out) += c;
  }
  if (!halves.in.empty()) return halves;
  const size_t size = halves.out.size();  // a whole one without its space
  if (size >= 5 && digit(halves.out[size - 3]) && letter(halves.out[size - 2]) &&
      letter(halves.out[size - 1])) {
    halves.in = halves.out.substr(size - 3);
    halves.out.resize(size - 3);
  }
  return halves;
}

// One or two letters; then, if anything, a digit, and a digit or a letter.
bool is_outward(std::string_view out, size_t letters) {
  if (letters == 0 || letters > 2 || out.size() > letters + 2) return false;
  return out.size() == letters || digit(out[letters]);
}

bool is_inward(std::string_view in) {
  return in.size() <= 3 && digit(in[0]) && std::all_of(in.begin() + 1, in.end(), letter);
}

}  // namespace

std::vector<std::string> postcode_prefixes(std::string_view text) {
  auto [out, in] = halves_of(text);
  const size_t letters =
      static_cast<size_t>(std::find_if_not(out.begin(), out.end(), letter) - out.begin());
  if (!is_outward(out, letters)) return {};
  if (!in.empty() && (out.size() == letters || !is_inward(in))) return {};
  std::vector<std::string> prefixes;
  for (; !in.empty(); in.pop_back()) prefixes.push_back(out + " " + in);
  prefixes.push_back(out);
  if (out.size() > letters + 1 && letter(out.back()))
    prefixes.push_back(out.substr(0, letters + 1));
  if (out.size() > letters) prefixes.push_back(out.substr(0, letters));
  return prefixes;
}

bool is_postcode_prefix(std::string_view text) {
  const auto prefixes = postcode_prefixes(text);
  return !prefixes.empty() && prefixes.front() == text;
}

}  // namespace switchboard
