#include "tests/bench/fields.h"

#include "broker/base/bytes.h"

namespace switchboard::bench {

bool Fields::next(Field& field) {
  if (rest_.empty() || !ok_) return false;
  ok_ = false;
  const auto tag = take_varint(rest_);
  if (!tag) return false;
  field.number = static_cast<uint32_t>(*tag >> 3);
  const auto value = take_varint(rest_);
  if (!value) return false;
  field.value = *value;
  field.bytes = {};
  if ((*tag & 7) == 2) {
    if (*value > rest_.size()) return false;
    field.bytes = rest_.substr(0, *value);
    rest_.remove_prefix(*value);
  } else if ((*tag & 7) != 0) {
    return false;
  }
  ok_ = true;
  return true;
}

void put_field(std::string& out, uint32_t number, uint64_t value) {
  put_varint(out, number << 3);
  put_varint(out, value);
}
void put_field(std::string& out, uint32_t number, std::string_view bytes) {
  put_varint(out, number << 3 | 2);
  put_varint(out, bytes.size());
  out.append(bytes);
}

}  // namespace switchboard::bench
