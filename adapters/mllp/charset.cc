#include "adapters/mllp/charset.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace switchboard::mllp {
namespace {

// 0x80-0x9f of Windows-1252; the five holes become U+FFFD.
constexpr std::array<char16_t, 32> kWindows = {
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

char16_t latin9(uint8_t byte) {
  switch (byte) {
    case 0xa4:
      return 0x20ac;
    case 0xa6:
      return 0x0160;
    case 0xa8:
      return 0x0161;
    case 0xb4:
      return 0x017d;
    case 0xb8:
      return 0x017e;
    case 0xbc:
      return 0x0152;
    case 0xbd:
      return 0x0153;
    case 0xbe:
      return 0x0178;
    default:
      return byte;
  }
}

void put_utf8(std::string& out, char16_t c) {
  const auto put = [&](unsigned v) { out.push_back(static_cast<char>(v)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xc0u | c >> 6), put(0x80u | (c & 0x3fu));
  put(0xe0u | c >> 12);
  put(0x80u | (c >> 6 & 0x3fu));
  put(0x80u | (c & 0x3fu));
}

bool is_ascii(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
}

bool holds_control_codes(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0xe0) == 0x80; });
}

bool fits(std::string_view bytes, Charset charset) {
  switch (charset) {
    case Charset::kAscii:
      return is_ascii(bytes);
    case Charset::kLatin1:
    case Charset::kLatin9:
      return !holds_control_codes(bytes);
    case Charset::kUtf8:
      return is_utf8(bytes);
    case Charset::kWindows1252:
      return true;
  }
  return false;
}

std::string to_utf8(std::string_view bytes, Charset charset) {
  if (charset == Charset::kAscii || charset == Charset::kUtf8) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    const bool windows = charset == Charset::kWindows1252 && (byte & 0xe0) == 0x80;
    put_utf8(out, windows                       ? kWindows[byte - 0x80]
                  : charset == Charset::kLatin9 ? latin9(byte)
                                                : char16_t{byte});
  }
  return out;
}

// The length of the well-formed sequence at the front; 0 if there is none (Unicode table 3-7).
size_t sequence_length(std::string_view in) {
  const auto at = [&](size_t i) {
    return i < in.size() ? static_cast<uint8_t>(in[i]) : uint8_t{0};
  };
  const auto tail = [&](size_t i) { return (at(i) & 0xc0) == 0x80; };
  const uint8_t lead = at(0), second = at(1);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const bool overlong = lead == 0xe0 && second < 0xa0;
    const bool surrogate = lead == 0xed && second >= 0xa0;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool overlong = lead == 0xf0 && second < 0x90;
    const bool beyond = lead == 0xf4 && second >= 0x90;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t n = sequence_length(bytes);
    if (n == 0) return false;
    bytes.remove_prefix(n);
  }
  return true;
}

std::string clip(std::string text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (text[limit] & 0xc0) == 0x80) --limit;
  text.resize(limit);
  return text;
}

DecodedText decode(std::string_view bytes, std::optional<Charset> declared, Charset fallback) {
  if (declared && fits(bytes, *declared)) return {to_utf8(bytes, *declared), *declared, false};
  if (is_ascii(bytes)) return {std::string(bytes), Charset::kAscii, false};
  if (is_utf8(bytes)) return {std::string(bytes), Charset::kUtf8, true};
  if (!fits(bytes, fallback)) fallback = Charset::kWindows1252;
  return {to_utf8(bytes, fallback), fallback, true};
}

std::optional<Charset> charset_from_name(std::string_view name) {
  std::string plain;  // "ISO IR-8859-1", "8859/1" and "iso8859_1" are one set
  for (const char c : name) {
    if (c >= 'a' && c <= 'z') plain += static_cast<char>(c - 32);
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) plain += c;
  }
  if (plain.starts_with("ISO")) plain.erase(0, 3);
  if (plain == "ASCII" || plain == "USASCII" || plain == "IR6") return Charset::kAscii;
  if (plain == "88591") return Charset::kLatin1;
  if (plain == "885915") return Charset::kLatin9;
  if (plain == "UNICODEUTF8" || plain == "UTF8" || plain == "UNICODE") return Charset::kUtf8;
  if (plain == "WINDOWS1252" || plain == "CP1252") return Charset::kWindows1252;
  return std::nullopt;
}

std::string_view charset_name(Charset charset) {
  switch (charset) {
    case Charset::kAscii:
      return "ASCII";
    case Charset::kLatin1:
      return "8859/1";
    case Charset::kLatin9:
      return "8859/15";
    case Charset::kUtf8:
      return "UNICODE UTF-8";
    case Charset::kWindows1252:
      return "windows-1252";
  }
  return "";
}

}  // namespace switchboard::mllp
