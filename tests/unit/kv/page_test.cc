#include "broker/kv/page.h"

#include <gtest/gtest.h>

namespace switchboard::kv {
namespace {

const std::vector<PageRow> kRows = {{"ab1", "one"}, {"ab2", ""}, {"ab25", "two and a half"}};

std::string encoded(const std::vector<PageRow>& rows = kRows) {
  std::string bytes;
  encode_page(rows, bytes);
  return bytes;
}

TEST(Page, RowsComeBackInOrder) {
  const std::string bytes = encoded();
  const Page page = Page::open("ab25", bytes).value();
  ASSERT_EQ(page.count(), kRows.size());
  std::string key;
  for (size_t row = 0; row < kRows.size(); ++row) {
    page.key(row, key);
    EXPECT_EQ(key, kRows[row].key);
    EXPECT_EQ(page.value(row), kRows[row].value);
    EXPECT_EQ(page.find(kRows[row].key), kRows[row].value);
    EXPECT_EQ(page.lower_bound(kRows[row].key), row);
  }
}

TEST(Page, WhatIsNotThereIsNotFound) {
  const std::string bytes = encoded();
  const Page page = Page::open("ab25", bytes).value();
  for (const char* key : {"", "a", "ab", "ab0", "ab11", "ab3", "abc", "b", "zz", "aa99"}) {
    EXPECT_EQ(page.find(key), std::nullopt) << key;
  }
  EXPECT_EQ(page.lower_bound("ab"), 0u);
  EXPECT_EQ(page.lower_bound("aa99"), 0u);
  EXPECT_EQ(page.lower_bound("ab11"), 1u);
  EXPECT_EQ(page.lower_bound("ab3"), 3u);
  EXPECT_EQ(page.lower_bound("b"), 3u);
}

TEST(Page, OneRowWithAnEmptyKeyIsAPage) {
  const std::string bytes = encoded({{"", "x"}});
  const Page page = Page::open("", bytes).value();
  EXPECT_EQ(page.count(), 1u);
  EXPECT_EQ(page.find(""), "x");
  EXPECT_EQ(page.find("a"), std::nullopt);
}

TEST(Page, ARowIsNeverLargerThanWasReckoned) {
  for (const size_t size : {0, 1, 127, 128, 20'000}) {
    const std::string value(size, 'x');
    const PageRow row{"a key of some length", value};
    const PageRow next{"b", value};
    const size_t one = encoded({row}).size();
    EXPECT_LE(encoded({row, next}).size() - one, page_bytes_of(row) + page_bytes_of(next));
  }
}

// A page of another place, or bytes that are no page, are an error, never rows.
TEST(Page, NothingElseIsTakenForAPage) {
  const std::string bytes = encoded();
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(Page::open("ab25", bytes.substr(0, length)).error().code, v1::CODE_INTERNAL);
  }
  EXPECT_FALSE(Page::open("ab25", bytes + "x").ok());
  EXPECT_FALSE(Page::open("ab26", bytes).ok());
  EXPECT_FALSE(Page::open("a", bytes).ok());
  EXPECT_FALSE(Page::open("ab25", encoded({{"ab3", "x"}, {"ab25", "y"}})).ok());
  EXPECT_FALSE(Page::open("ab25", encoded({{"ab25", "x"}, {"ab25", "y"}})).ok());
}

// Whatever is altered: an error, or rows that can be read to the end.
TEST(Page, AnAlteredBytePutsNobodyOutOfBounds) {
  const std::string bytes = encoded();
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const int change : {0x01, 0x40, 0x80, 0xff}) {
      std::string altered = bytes;
      altered[at] = static_cast<char>(altered[at] ^ change);
      const auto page = Page::open("ab25", altered);
      if (!page.ok()) continue;
      std::string key, before;
      for (size_t row = 0; row < page->count(); ++row) {
        page->key(row, key);
        EXPECT_TRUE(row == 0 || before < key);
        EXPECT_EQ(page->find(key), page->value(row));
        before = key;
      }
      EXPECT_EQ(key, "ab25");
    }
  }
}

}  // namespace
}  // namespace switchboard::kv
