#include "broker/server/task_page.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/disclose.h"
#include "broker/core/task_view.h"

namespace switchboard::server {
namespace {

uint32_t limit_of(uint32_t asked) {
  return asked == 0 ? limits::kPageItemsMax : std::min(asked, limits::kPageItemsMax);
}

using Rows = google::protobuf::RepeatedPtrField<v1::TaskRow>;

bool full(const Rows& rows, uint32_t limit) { return rows.size() >= static_cast<int>(limit); }

// P9: as of today. A team that may not see the event any more is not shown what was asked either.
Result<bool> may_see_words(const View& view, const v1::TaskRecord& task) {
  TRY(const auto event, store::read_event(view.reads, task.event_position()));
  if (!event) return false;
  v1::Recipient recipient;
  recipient.set_team(task.team());
  return core::disclose(view.directory, *event, recipient).level <= v1::DISCLOSURE_SUMMARY;
}

Status add_row(const View& view, const SealKey* seal, const std::string& id, Rows& rows) {
  TRY(const auto task, store::read_task(view.reads, id));
  if (!task) return ok();
  TRY(const bool words, may_see_words(view, *task));
  TRY(*rows.Add(),
      core::task_row(view.reads, view.directory, words ? seal : nullptr, *task, view.now));
  return ok();
}

// Those that have ended have no rows of their own: the team's newest entries lead to them.
Status add_ended(const View& view, const SealKey* seal, const v1::Team& team, uint32_t limit,
                 Rows& rows) {
  const store::LogId log{team.handle(), store::Log::kInbox};
  const auto entries = view.reads.scan_back(kv::Family::kInbox, store::key::inbox(log, 0),
                                            store::key::inbox(log, ~uint64_t{0}));
  for (size_t seen = 0; entries->valid() && seen < limits::kQueueRowsMax; entries->next(), ++seen) {
    if (full(rows, limit)) break;
    const auto entry = store::decode_entry(entries->value());
    if (!entry || entry->type != v1::ENTRY_TYPE_TASK) continue;
    TRY(const auto task, store::read_task(view.reads, entry->task));
    if (!task || task->task().state() == v1::TASK_STATE_OPEN) continue;
    TRY_DO(add_row(view, seal, entry->task, rows));
  }
  return entries->status();
}

Status add_tasks(const View& view, const SealKey* seal, const v1::Team& team, bool open_only,
                 uint32_t limit, Rows& rows) {
  TRY(const auto open, store::read_open_tasks(view.reads, team.handle(), limit));
  for (const auto& id : open) {
    if (full(rows, limit)) return ok();
    TRY_DO(add_row(view, seal, id, rows));
  }
  return open_only ? ok() : add_ended(view, seal, team, limit, rows);
}

bool has(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

Result<v1::Page> task_page(const View& view, const v1::ReadTasks& wanted) {
  const v1::Team* team = view.directory.team(wanted.team());
  if (team == nullptr) return error(v1::CODE_NOT_FOUND, "no such team");
  v1::Page page;
  TRY_DO(add_tasks(view, &view.secrets.seal, *team, wanted.open_only(), limit_of(wanted.limit()),
                   *page.mutable_tasks()));
  return page;
}

Result<v1::TaskRows> task_list(const View& view, const v1::TaskList& wanted) {
  v1::TaskRows out;
  const uint32_t limit = limit_of(wanted.limit());
  if (!wanted.team().empty()) {
    const v1::Team* team = view.directory.team(wanted.team());
    if (team == nullptr) return error(v1::CODE_NOT_FOUND, "no such team");
    TRY_DO(add_tasks(view, nullptr, *team, wanted.open_only(), limit, *out.mutable_rows()));
    return out;
  }
  for (const auto& [id, team] : view.directory.teams()) {
    TRY_DO(add_tasks(view, nullptr, team.row, wanted.open_only(), limit, *out.mutable_rows()));
  }
  return out;
}

void narrow_tasks(const Asker& asker, v1::Journey& journey) {
  Rows& rows = *journey.mutable_tasks();
  const auto theirs = [&](const v1::TaskRow& row) {
    return has(asker.teams, row.team()) || has(asker.teams, row.asked_by());
  };
  if (journey.agency() != asker.agency) {
    rows.erase(std::remove_if(rows.begin(), rows.end(), [&](auto& row) { return !theirs(row); }),
               rows.end());
  }
  for (auto& row : rows) {
    if (theirs(row)) continue;
    for (auto& step : *row.mutable_steps()) {
      step.clear_outcome();
      step.mutable_call()->clear_spoke_to();
    }
  }
}

}  // namespace switchboard::server
