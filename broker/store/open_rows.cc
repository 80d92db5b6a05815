#include "broker/store/open_rows.h"

#include "broker/base/bytes.h"

namespace switchboard::store {

using kv::Family;

Result<std::optional<OpenCount>> read_open_count(const kv::Reads& reads, TeamHandle team) {
  TRY(const auto row, reads.get(Family::kState, key::open_count(team)));
  if (!row) return std::optional<OpenCount>{};
  if (row->size() != 24) return error(v1::CODE_INTERNAL, "corrupt row of open counts");
  const std::string_view in = *row;
  return std::optional(OpenCount{get_u64(in), get_u64(in.substr(8)), get_u64(in.substr(16))});
}

void write_open_count(Journal& journal, TeamHandle team, const OpenCount& count) {
  std::string row;
  for (const uint64_t field : {count.open, count.overdue, count.first}) put_u64(row, field);
  journal.put(Family::kState, key::open_count(team), row);
}

Result<uint64_t> read_counted_epoch(const kv::Reads& reads) {
  TRY(const auto row, reads.get(Family::kMeta, key::counted()));
  if (!row) return uint64_t{0};
  if (row->size() != 8) return error(v1::CODE_INTERNAL, "corrupt row of open counts");
  return get_u64(*row);
}

void write_counted_epoch(Journal& journal, uint64_t epoch) {
  journal.put(Family::kMeta, key::counted(), key::position(epoch));
}

}  // namespace switchboard::store
