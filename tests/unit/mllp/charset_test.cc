#include "adapters/mllp/charset.h"

#include <gtest/gtest.h>

namespace switchboard::mllp {
namespace {
constexpr auto kWindows = Charset::kWindows1252;
}

TEST(Charset, WhatIsDeclaredAndFitsIsNoGuess) {
  const auto latin1 = decode("Zo\xeb", Charset::kLatin1, kWindows);
  EXPECT_EQ(latin1.utf8, "Zoë");
  EXPECT_FALSE(latin1.guessed);
  EXPECT_EQ(decode("\xa4\xbd", Charset::kLatin9, kWindows).utf8, "€œ");
  EXPECT_EQ(decode("Siŵan", Charset::kUtf8, kWindows).utf8, "Siŵan");
  EXPECT_FALSE(decode("plain", Charset::kAscii, kWindows).guessed);
}

TEST(Charset, NothingDeclaredMeansUtf8ThenWindows1252AndIsMarked) {
  const auto utf8 = decode("Siŵan Llŷr", std::nullopt, kWindows);
  EXPECT_EQ(utf8.utf8, "Siŵan Llŷr");
  EXPECT_TRUE(utf8.guessed);
  const auto windows = decode(
      "O\x92"
      "Brien Zo\xeb",
      std::nullopt, kWindows);
  EXPECT_EQ(windows.utf8, "O’Brien Zoë");
  EXPECT_EQ(windows.charset, kWindows);
  EXPECT_TRUE(windows.guessed);
}

TEST(Charset, AsciiIsNeverAGuess) {
  EXPECT_FALSE(decode("O'Brien", std::nullopt, kWindows).guessed);
}

TEST(Charset, AFalseDeclarationIsFoundAndMarked) {
  const auto not_utf8 = decode("Zo\xeb", Charset::kUtf8, kWindows);
  EXPECT_EQ(not_utf8.utf8, "Zoë");
  EXPECT_TRUE(not_utf8.guessed);
  const auto not_ascii = decode("Zoë", Charset::kAscii, kWindows);
  EXPECT_EQ(not_ascii.utf8, "Zoë");
  EXPECT_TRUE(not_ascii.guessed);
  const auto not_latin = decode(
      "O\x92"
      "Brien",
      Charset::kLatin1, kWindows);
  EXPECT_EQ(not_latin.utf8, "O’Brien");
  EXPECT_TRUE(not_latin.guessed);
}

TEST(Charset, IllFormedUtf8IsNotUtf8) {
  for (const char* bytes : {"\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc5",
                            "\x80", "\xf8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(is_utf8(bytes));
  }
  EXPECT_TRUE(is_utf8("ŵ€\U0001F600"));
}

TEST(Charset, TheNamesInUseAreKnown) {
  EXPECT_EQ(charset_from_name("UNICODE UTF-8"), Charset::kUtf8);
  EXPECT_EQ(charset_from_name("utf-8"), Charset::kUtf8);
  EXPECT_EQ(charset_from_name("8859/1"), Charset::kLatin1);
  EXPECT_EQ(charset_from_name("8859/15"), Charset::kLatin9);
  EXPECT_EQ(charset_from_name("ISO-8859-1"), Charset::kLatin1);
  EXPECT_EQ(charset_from_name("ISO IR87"), std::nullopt);
  EXPECT_EQ(charset_from_name("8859/2"), std::nullopt);
}

TEST(Charset, EveryByteOfTheFallbackGivesUtf8) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_TRUE(is_utf8(decode(all, std::nullopt, kWindows).utf8));
}

}  // namespace switchboard::mllp
