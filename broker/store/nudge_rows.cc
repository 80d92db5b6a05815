#include "broker/store/nudge_rows.h"

#include "broker/base/hash.h"
#include "broker/base/limits.h"

namespace switchboard::store {
namespace {

using kv::Family;

std::string gathering_key(const std::string& team, const std::string& address) {
  const Hash h = Hasher().add(team).add(address).finish();
  return key::gathering_nudge(view(h).substr(0, 16));
}

Id id_of(const v1::NudgeRecord& record) {
  const auto id = id_from_bytes(record.nudge_id());
  CHECK(id.has_value());
  return *id;
}

}  // namespace

Result<std::optional<v1::NudgeRecord>> read_nudge(const kv::Reads& reads, const Id& id) {
  return read_record<v1::NudgeRecord>(reads, Family::kState, key::nudge(id));
}

void write_nudge(Journal& journal, const v1::NudgeRecord& record) {
  const Id id = id_of(record);
  const auto before = journal.take(read_nudge(journal, id));
  if (before && before->state() == v1::NUDGE_STATE_WAITING) {
    journal.erase(Family::kState, key::waiting_nudge(before->next_try_us(), id));
  }
  journal.put(Family::kState, key::nudge(id), record.SerializeAsString());
  if (record.state() == v1::NUDGE_STATE_WAITING) {
    journal.put(Family::kState, key::waiting_nudge(record.next_try_us(), id), {});
  }
}

Result<std::vector<v1::NudgeRecord>> waiting_nudges(const kv::Reads& reads, int64_t from_us,
                                                    int64_t until_us, size_t limit) {
  std::vector<v1::NudgeRecord> waiting;
  const auto rows = reads.scan(Family::kState, key::waiting_nudge_from(from_us),
                               key::waiting_nudge_from(until_us + 1));
  for (; rows->valid() && waiting.size() < limit; rows->next()) {
    const auto id = key::read_waiting_nudge(rows->key());
    if (!id) return error(v1::CODE_INTERNAL, "corrupt key of a waiting nudge");
    TRY(auto record, read_nudge(reads, *id));
    if (!record) return error(v1::CODE_INTERNAL, "a nudge waits and is not there");
    waiting.push_back(std::move(*record));
  }
  TRY_DO(rows->status());
  return waiting;
}

Result<std::vector<v1::NudgeRecord>> newest_nudges(const kv::Reads& reads, const std::string& team,
                                                   size_t limit) {
  std::vector<v1::NudgeRecord> newest;
  std::string end = key::nudge_prefix();
  ++end.back();
  const auto rows = reads.scan_back(Family::kState, key::nudge_prefix(), end);
  for (size_t seen = 0; rows->valid() && seen < limits::kQueueRowsMax; rows->next(), ++seen) {
    v1::NudgeRecord record;
    const auto value = rows->value();
    if (!record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt nudge row");
    }
    if (!team.empty() && record.team() != team) continue;
    newest.push_back(std::move(record));
    if (newest.size() == limit) break;
  }
  TRY_DO(rows->status());
  return newest;
}

std::optional<v1::NudgeRecord> find_gathering(Journal& journal, const std::string& team,
                                              const std::string& address) {
  const auto row = journal.take(journal.get(Family::kIndex, gathering_key(team, address)));
  const auto id = row ? id_from_bytes(*row) : std::nullopt;
  return id ? journal.take(read_nudge(journal, *id)) : std::nullopt;
}
void start_gathering(Journal& journal, const v1::NudgeRecord& record) {
  journal.put(Family::kIndex, gathering_key(record.team(), record.address()), record.nudge_id());
}
void stop_gathering(Journal& journal, const v1::NudgeRecord& record) {
  const std::string k = gathering_key(record.team(), record.address());
  const auto row = journal.take(journal.get(Family::kIndex, k));
  if (row && *row == record.nudge_id()) journal.erase(Family::kIndex, k);
}

}  // namespace switchboard::store
