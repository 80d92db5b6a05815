// Character sets of HL7 feeds, read into UTF-8.
//
// What is declared is read strictly; where that fails, or nothing is declared, UTF-8 is tried and
// then the fallback, and the text is marked as guessed. A byte 0x80-0x9f in a set declared as
// 8859 counts as failure: those are control codes there, and apostrophes in Windows-1252.
// Pure ASCII is never a guess. Thread: any. Fails: never; the raw bytes are kept elsewhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace switchboard::mllp {

enum class Charset { kAscii, kLatin1, kLatin9, kUtf8, kWindows1252 };

struct DecodedText {
  std::string utf8;
  Charset charset = Charset::kUtf8;
  bool guessed = false;
};

DecodedText decode(std::string_view bytes, std::optional<Charset> declared, Charset fallback);

// HL7 table 0211 and the names in use; nothing if unknown.
std::optional<Charset> charset_from_name(std::string_view name);
std::string_view charset_name(Charset charset);

bool is_utf8(std::string_view bytes);
// At most `limit` bytes, not cutting a character in two.
std::string clip(std::string text, size_t limit);

}  // namespace switchboard::mllp
