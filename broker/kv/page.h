// A page: consecutive rows as the value of one physical row, whose key is the last row's.
//
// Encoding (STORAGE.md): version, count, length of the bytes that all keys begin with (they are
// those of the page's key), then the rows with the rest of their keys, then where each row begins.
// Owns: nothing; borrows key and bytes. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "broker/base/result.h"

namespace switchboard::kv {

struct PageRow {
  std::string_view key;
  std::string_view value;
};

// At least one row, keys strictly ascending; the page's key is the last of them. Appends to `out`.
void encode_page(std::span<const PageRow> rows, std::string& out);
// What the row takes of a page, at most.
size_t page_bytes_of(const PageRow& row);

class Page {
 public:
  Page() = default;  // no rows
  // Walks all of it, so that what follows needs no checks. CODE_INTERNAL if it is not a page.
  static Result<Page> open(std::string_view key, std::string_view bytes);

  size_t count() const { return count_; }
  void key(size_t row, std::string& out) const;
  std::string_view value(size_t row) const { return at(row).value; }
  std::string_view last_key() const { return key_; }
  // The first row whose key is not less; count() if there is none.
  size_t lower_bound(std::string_view key) const;
  std::optional<std::string_view> find(std::string_view key) const;

 private:
  // PageRow::key is what follows the common bytes.
  PageRow at(size_t row) const;
  size_t offset(size_t row) const;
  std::string_view key_;
  std::string_view bytes_;
  size_t count_ = 0;
  size_t shared_ = 0;
};

}  // namespace switchboard::kv
