// What must not reach toml++ 3.3, which has undefined behaviour on it: whoever reads a file asks
// here first. Pure. Thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace switchboard {

// Both count from 1; a column in bytes.
struct TextPlace {
  uint32_t line = 1;
  uint32_t column = 1;
  bool operator==(const TextPlace&) const = default;
};

// The first byte outside strings and comments that TOML does not allow there, i.e. anything but
// ASCII text and quotes at the start of a word.
std::optional<TextPlace> find_foreign_byte(std::string_view text);

inline constexpr char kForeignByte[] =
    "this character cannot stand here: outside quotes and comments only plain ASCII may";

}  // namespace switchboard
