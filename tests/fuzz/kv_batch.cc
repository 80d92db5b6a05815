// Any bytes as a batch: it is one and has exactly these bytes, or it is none.
#include <cstdint>

#include "broker/base/check.h"
#include "broker/kv/kv.h"

using switchboard::kv::Batch;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto batch = Batch::decode(text);
  if (!batch.ok()) return 0;
  CHECK(batch->encode() == text);
  Batch again;
  again.set_header(batch->header());
  size_t count = 0;
  batch->for_each([&](Batch::Op op, auto family, auto key, auto value) {
    ++count;
    op == Batch::Op::kPut ? again.put(family, key, value) : again.erase(family, key);
  });
  CHECK(count == batch->count());
  CHECK(again.encode() == text);
  return 0;
}
