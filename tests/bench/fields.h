// Walks the fields of serialised protobuf bytes in place, without copying or allocating.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace switchboard::bench {

struct Field {
  uint32_t number = 0;
  uint64_t value = 0;      // of a varint field
  std::string_view bytes;  // of a length-delimited field
};

class Fields {
 public:
  explicit Fields(std::string_view bytes) : rest_(bytes) {}
  // False at the end, or at bytes that are not a varint or length-delimited field: see ok().
  bool next(Field& field);
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

void put_field(std::string& out, uint32_t number, uint64_t value);
void put_field(std::string& out, uint32_t number, std::string_view bytes);

}  // namespace switchboard::bench
