#include "broker/server/nudge_pages.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/store/nudge_rows.h"

namespace switchboard::server {

static void add_row(const v1::NudgeRecord& record, v1::NudgeRows& rows) {
  v1::NudgeRow& row = *rows.add_rows();
  row.set_nudge_id(record.nudge_id());
  row.set_team(record.team());
  row.set_via(record.via());
  row.set_state(record.state());
  row.set_at_us(record.made_us());
  row.set_attempts(record.attempts());
  row.set_why(record.why());
}

static Result<std::vector<v1::NudgeRecord>> all_waiting(const store::Reads& reads) {
  return store::waiting_nudges(reads, 0, INT64_MAX - 1, limits::kNudgesLookedAtMax);
}

Result<v1::NudgeRows> nudge_list(const View& view, const v1::NudgeList& wanted) {
  if (!wanted.team().empty() && view.directory.team(wanted.team()) == nullptr) {
    return error(v1::CODE_NOT_FOUND, "no such team");
  }
  const uint32_t limit =
      wanted.limit() == 0 ? limits::kPageItemsMax : std::min(wanted.limit(), limits::kPageItemsMax);
  const auto room = [&](const v1::NudgeRows& rows) {
    return rows.rows_size() < static_cast<int>(limit);
  };
  v1::NudgeRows rows;
  TRY(const auto waiting, all_waiting(view.reads));
  for (const auto& record : waiting) {
    const bool asked = wanted.team().empty() || wanted.team() == record.team();
    if (asked && room(rows)) add_row(record, rows);
  }
  TRY(const auto newest, store::newest_nudges(view.reads, wanted.team(), limits::kPageItemsMax));
  for (const auto& record : newest) {
    if (record.state() != v1::NUDGE_STATE_WAITING && room(rows)) add_row(record, rows);
  }
  return rows;
}

Result<NudgeBacklog> nudge_backlog(const store::Reads& reads) {
  NudgeBacklog backlog;
  TRY(const auto waiting, all_waiting(reads));
  backlog.waiting = waiting.size();
  for (const auto& record : waiting) {
    const bool older = backlog.oldest_us == 0 || record.made_us() < backlog.oldest_us;
    if (older) backlog.oldest_us = record.made_us();
  }
  return backlog;
}

}  // namespace switchboard::server
