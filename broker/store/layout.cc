#include "broker/store/layout.h"

#include <string>

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/store/keys.h"

namespace switchboard::store {

namespace {

using kv::Family;
using limits::kStorePageBytes;

// Rows of these come in order: of position, or of number in their log (four bytes). Rows with
// random keys, and those that are changed again and again, stay on their own. Deadlines of one
// moment ('T', time) come together and are erased one by one, so their pages are small.
constexpr std::array<kv::Packing, 5> kPackings = {{
    {Family::kEvent, "", "", 0, kStorePageBytes},
    {Family::kPayload, "", "", 0, kStorePageBytes},
    {Family::kKey, "", "", 0, kStorePageBytes},
    {Family::kInbox, "", "", 4, kStorePageBytes},
    {Family::kState, "T", "U", 9, limits::kDuePageBytes},
}};

Error other_format(const std::string& which) {
  return error(v1::CODE_UNSUPPORTED_VERSION, "storage: the store has format " + which +
                                                 ", this program reads and writes format " +
                                                 std::to_string(kFormat));
}

Result<bool> has_format(const kv::Reads& reads) {
  TRY(const auto row, reads.get(Family::kMeta, key::format()));
  if (row) {
    const uint32_t format = row->size() == 4 ? get_u32(*row) : 0;
    if (format != kFormat) return other_format(std::to_string(format));
    return true;
  }
  // Format 1 had no such row, but every store that was ever written to has a head.
  TRY(const auto head, reads.get(Family::kMeta, key::head()));
  if (head) return other_format("1");
  return false;
}

}  // namespace

std::span<const kv::Packing> packing() { return kPackings; }

Status check_format(const kv::Reads& reads) {
  TRY_DO(has_format(reads));
  return ok();
}

Status check_or_make_format(kv::Kv& kv) {
  TRY(const bool there, has_format(kv));
  if (there) return ok();
  kv::Batch batch;
  std::string row;
  put_u32(row, kFormat);
  batch.put(Family::kMeta, key::format(), row);
  return kv.write_synced(batch);
}

}  // namespace switchboard::store
