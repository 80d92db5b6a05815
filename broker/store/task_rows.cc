#include "broker/store/task_rows.h"

namespace switchboard::store {
namespace {

using kv::Family;

Result<std::vector<std::string>> read_ids(const kv::Reads& reads, Family family,
                                          const std::string& prefix, size_t limit) {
  std::vector<std::string> ids;
  const auto rows = reads.scan(family, prefix, kv::prefix_end(prefix));
  for (; rows->valid() && ids.size() < limit; rows->next()) {
    const auto id = key::trailing_task(rows->key());
    if (id.empty()) return error(v1::CODE_INTERNAL, "corrupt key of a task");
    ids.emplace_back(id);
  }
  TRY_DO(rows->status());
  return ids;
}

std::string open_key(const v1::TaskRecord& task) {
  return key::open_task(task.team_handle(), task.task().due_us(), task.task().task_id());
}

}  // namespace

Result<std::optional<v1::TaskRecord>> read_task(const kv::Reads& reads, std::string_view id) {
  return read_record<v1::TaskRecord>(reads, Family::kState, key::task(id));
}

Result<std::vector<std::string>> read_open_tasks(const kv::Reads& reads, TeamHandle team,
                                                 size_t limit) {
  return read_ids(reads, Family::kState, key::open_task_prefix(team), limit);
}

Result<std::vector<std::string>> read_event_tasks(const kv::Reads& reads, uint64_t position,
                                                  size_t limit) {
  return read_ids(reads, Family::kIndex, key::event_task_prefix(position), limit);
}

void add_task(Journal& journal, const v1::TaskRecord& task) {
  const auto& id = task.task().task_id();
  journal.put(Family::kState, key::task(id), task.SerializeAsString());
  journal.put(Family::kState, open_key(task), {});
  journal.put(Family::kIndex, key::event_task(task.event_position(), id), {});
}

void move_task(Journal& journal, v1::TaskRecord& task, int64_t due_us) {
  journal.erase(Family::kState, open_key(task));
  task.mutable_task()->set_due_us(due_us);
  journal.put(Family::kState, open_key(task), {});
  journal.put(Family::kState, key::task(task.task().task_id()), task.SerializeAsString());
}

void write_task(Journal& journal, const v1::TaskRecord& task) {
  journal.put(Family::kState, key::task(task.task().task_id()), task.SerializeAsString());
  if (task.task().state() != v1::TASK_STATE_OPEN) journal.erase(Family::kState, open_key(task));
}

}  // namespace switchboard::store
