#include "broker/kv/page.h"

#include <algorithm>

#include "broker/base/bytes.h"

namespace switchboard::kv {

namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kOffsetBytes = 4;

size_t common_bytes(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  return static_cast<size_t>(std::mismatch(a.begin(), a.begin() + most, b.begin()).first -
                             a.begin());
}

bool take_bytes(std::string_view& in, std::string_view& out) {
  const auto length = take_varint(in);
  if (!length || *length > in.size()) return false;
  out = in.substr(0, static_cast<size_t>(*length));
  in.remove_prefix(out.size());
  return true;
}

bool take_row(std::string_view& in, PageRow& row) {
  return take_bytes(in, row.key) && take_bytes(in, row.value);
}

}  // namespace

size_t page_bytes_of(const PageRow& row) {
  return row.key.size() + row.value.size() + kOffsetBytes + 8;  // and two lengths
}

void encode_page(std::span<const PageRow> rows, std::string& out) {
  const size_t begin = out.size();
  const size_t shared = common_bytes(rows.front().key, rows.back().key);
  put_u8(out, kVersion);
  put_varint(out, rows.size());
  put_varint(out, shared);
  std::string offsets;
  offsets.reserve(rows.size() * kOffsetBytes);
  for (const PageRow& row : rows) {
    put_u32(offsets, static_cast<uint32_t>(out.size() - begin));
    put_varint(out, row.key.size() - shared);
    out.append(row.key.substr(shared));
    put_varint(out, row.value.size());
    out.append(row.value);
  }
  out.append(offsets);
}

Result<Page> Page::open(std::string_view key, std::string_view bytes) {
  const Error corrupt = error(v1::CODE_INTERNAL, "storage corrupt: not a page");
  std::string_view rest = bytes;
  if (rest.empty() || static_cast<uint8_t>(rest.front()) != kVersion) return corrupt;
  rest.remove_prefix(1);
  const auto count = take_varint(rest);
  const auto shared = take_varint(rest);
  if (!count || !shared || *count == 0 || *shared > key.size()) return corrupt;
  if (*count > rest.size() / kOffsetBytes) return corrupt;
  Page page;
  page.key_ = key;
  page.bytes_ = bytes;
  page.count_ = static_cast<size_t>(*count);
  page.shared_ = static_cast<size_t>(*shared);
  rest.remove_suffix(page.count_ * kOffsetBytes);
  PageRow row;
  std::string_view before;
  for (size_t i = 0; i < page.count_; ++i) {
    if (page.offset(i) != static_cast<size_t>(rest.data() - bytes.data())) return corrupt;
    if (!take_row(rest, row)) return corrupt;
    if (i > 0 && row.key <= before) return corrupt;
    before = row.key;
  }
  if (!rest.empty() || before != key.substr(page.shared_)) return corrupt;
  return page;
}

size_t Page::offset(size_t row) const {
  return get_u32(bytes_.substr(bytes_.size() - (count_ - row) * kOffsetBytes));
}

PageRow Page::at(size_t row) const {
  std::string_view rest = bytes_.substr(offset(row));
  PageRow taken;
  CHECK(row < count_ && take_row(rest, taken));  // open() has walked it
  return taken;
}

void Page::key(size_t row, std::string& out) const {
  out.assign(key_.substr(0, shared_));
  out.append(at(row).key);
}

size_t Page::lower_bound(std::string_view key) const {
  const std::string_view front = key_.substr(0, shared_);
  const int order = key.substr(0, shared_).compare(front);
  if (order != 0) return order < 0 ? 0 : count_;
  const std::string_view rest = key.substr(shared_);
  size_t low = 0, high = count_;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (at(middle).key < rest) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::optional<std::string_view> Page::find(std::string_view key) const {
  const size_t row = lower_bound(key);
  if (row == count_) return std::nullopt;
  const PageRow found = at(row);
  const bool same = key.size() >= shared_ && key.substr(0, shared_) == key_.substr(0, shared_) &&
                    key.substr(shared_) == found.key;
  return same ? std::optional(found.value) : std::nullopt;
}

}  // namespace switchboard::kv
