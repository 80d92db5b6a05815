// Any bytes as a page of rows under any key: each row is found, in order, and written again the
// page says the same.
#include <cstdint>
#include <vector>

#include "broker/base/check.h"
#include "broker/kv/page.h"

using switchboard::kv::Page;
using switchboard::kv::PageRow;

namespace {

void check(const Page& page) {
  std::vector<std::string> keys(page.count());
  std::vector<PageRow> rows;
  for (size_t i = 0; i < page.count(); ++i) {
    page.key(i, keys[i]);
    CHECK(i == 0 || keys[i - 1] < keys[i]);
    CHECK(page.lower_bound(keys[i]) == i);
    CHECK(page.find(keys[i]) == page.value(i));
    rows.push_back({keys[i], page.value(i)});
  }
  CHECK(keys.back() == page.last_key());
  std::string bytes;
  encode_page(rows, bytes);
  const auto again = Page::open(keys.back(), bytes);
  CHECK(again.ok() && again->count() == page.count());
  for (size_t i = 0; i < page.count(); ++i) CHECK(again->find(keys[i]) == page.value(i));
}

}  // namespace

// The first byte: how long the key is.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::string_view key = rest.substr(0, bytes[0]);
  rest.remove_prefix(key.size());
  const auto page = Page::open(key, rest);
  if (page.ok()) check(*page);
  return 0;
}
