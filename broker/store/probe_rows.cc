#include "broker/store/probe_rows.h"

namespace switchboard::store {

using kv::Family;

static Result<std::vector<ProbeRow>> read_all(const kv::Reads& reads, const std::string& prefix) {
  std::vector<ProbeRow> out;
  const auto rows = reads.scan(Family::kState, prefix, kv::prefix_end(prefix));
  for (; rows->valid(); rows->next()) {
    ProbeRow row;
    const auto value = rows->value();
    if (!row.record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt probe row");
    }
    row.team = get_u32(rows->key().substr(1));
    out.push_back(std::move(row));
  }
  TRY_DO(rows->status());
  return out;
}

Result<std::vector<ProbeRow>> read_probes(const kv::Reads& reads) {
  return read_all(reads, key::probe_prefix());
}
Result<std::vector<ProbeRow>> read_probes(const kv::Reads& reads, TeamHandle team) {
  return read_all(reads, key::probe_prefix(team));
}
Result<std::optional<v1::ProbeRecord>> read_probe(const kv::Reads& reads, TeamHandle team,
                                                  std::string_view agency,
                                                  std::string_view system) {
  return read_record<v1::ProbeRecord>(reads, Family::kState, key::probe(team, agency, system));
}
void write_probe(Journal& journal, TeamHandle team, const v1::ProbeRecord& record) {
  journal.put(Family::kState, key::probe(team, record.agency(), record.system()),
              record.SerializeAsString());
}

}  // namespace switchboard::store
