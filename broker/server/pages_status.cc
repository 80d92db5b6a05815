// The parts of pages.h that describe the hub itself: status, what is parked, and the end of the
// audit chain.
#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/open_counts.h"
#include "broker/core/stale_list.h"
#include "broker/server/pages.h"
#include "broker/store/member_rows.h"
#include "broker/store/open_rows.h"
#include "broker/store/rows.h"

namespace switchboard::server {
namespace {

constexpr size_t kStatusQueueMax = 20'000;
// Entries looked at for the oldest that waits: the floor of the count is there or close by.
constexpr uint64_t kStatusEntriesMax = 20'000;

Status add_oldest(const View& view, store::LogId log, uint64_t first, v1::TeamStatus& out) {
  const auto rows = view.reads.scan(kv::Family::kInbox, store::key::inbox(log, first),
                                    store::key::inbox(log, first + kStatusEntriesMax));
  for (; rows->valid(); rows->next()) {
    const auto entry = store::decode_entry(rows->value());
    if (!entry || entry->type != v1::ENTRY_TYPE_DELIVERY) continue;
    const uint64_t number = store::key::trailing_u64(rows->key());
    TRY(const auto delivery, store::read_delivery(view.reads, log.team, number));
    if (!core::waits(entry->attention, delivery ? &*delivery : nullptr).open) continue;
    TRY(const auto event, store::read_event(view.reads, entry->position));
    if (event) out.set_oldest_open_us(event->accepted_us());
    break;
  }
  return rows->status();
}

Status add_open(const View& view, store::LogId log, v1::TeamStatus& out) {
  TRY(const auto count, store::read_open_count(view.reads, log.team));
  if (!count) return ok();
  out.set_open_act(count->open);
  out.set_overdue(count->overdue);
  return count->open == 0 ? ok() : add_oldest(view, log, count->first, out);
}

Status add_team(const View& view, const std::vector<store::Cursor>& cursors, const v1::Team& team,
                v1::TeamStatus& out) {
  const store::LogId log{team.handle(), store::Log::kInbox};
  out.set_team(team.id());
  out.set_name(team.name());
  TRY(const uint64_t head, store::read_log_head(view.reads, log));
  out.set_head(head);
  for (const auto& cursor : cursors) {
    if (cursor.log != log) continue;
    out.set_received(std::max(out.received(), cursor.record.through()));
    out.set_parked(out.parked() + static_cast<uint64_t>(cursor.record.parked_size()));
  }
  return add_open(view, log, out);
}

}  // namespace

static Status add_enquiries(const View& view, const std::string& team, v1::WatchRows& out) {
  const store::TeamHandle handle = view.directory.team(team)->handle();
  TRY(const auto running, store::read_enquiries(view.reads, handle, limits::kEnquiriesMax));
  for (const auto& enquiry : running) {
    v1::WatchRow& row = *out.add_rows();
    row.set_what("enquiry");
    row.set_team(team);
    row.set_last_us(enquiry.opened_us);
    row.set_expected_us(enquiry.until_us);
  }
  return ok();
}

Result<v1::WatchRows> list_rows(const View& view, const v1::MembersChange& wanted) {
  TRY(const auto lists, core::all_lists(view.reads, view.directory, view.now));
  v1::WatchRows out;
  for (const auto& list : lists) {
    if (!wanted.team().empty() && wanted.team() != list.team) continue;
    if (wanted.list() != v1::MEMBER_LIST_UNSPECIFIED && wanted.list() != list.list) continue;
    if (list.list == v1::MEMBER_LIST_ENQUIRY) {
      TRY_DO(add_enquiries(view, list.team, out));
      continue;
    }
    v1::WatchRow& row = *out.add_rows();
    row = core::to_watch_row(list);
    row.set_why(std::to_string(list.count) + (list.count == 1 ? " child" : " children") +
                (row.why().empty() ? "" : "; ") + row.why());
  }
  return out;
}

Status add_status(const View& view, v1::Status& status) {
  TRY(const auto cursors, store::read_cursors(view.reads));
  for (const auto& [id, team] : view.directory.teams()) {
    v1::TeamStatus* row = nullptr;
    for (auto& known : *status.mutable_teams()) {
      if (known.team() == id) row = &known;
    }
    if (row == nullptr) row = status.add_teams();
    TRY_DO(add_team(view, cursors, team.row, *row));
    status.set_open_act(status.open_act() + row->open_act());
    status.set_overdue(status.overdue() + row->overdue());
  }
  TRY(const auto quarantined,
      store::read_queue(view.reads, store::Queue::kQuarantine, kStatusQueueMax));
  status.set_quarantined_open(quarantined.size());
  TRY(const auto unrouted, store::read_queue(view.reads, store::Queue::kUnrouted, kStatusQueueMax));
  status.set_unrouted(unrouted.size());
  TRY(const auto losses, store::read_losses(view.reads));
  for (const auto& loss : losses) {
    v1::LossNote& note = *status.add_losses();
    note.set_epoch(loss.epoch());
    note.set_lost_after(loss.lost_after());
    note.set_lost_through(loss.lost_through());
    note.set_detected_us(loss.detected_us());
    note.set_recovering(loss.recovering());
  }
  return ok();
}

Result<v1::ParkedRows> parked_rows(const View& view, const v1::ParkedList& wanted) {
  const v1::Team* team = view.directory.team(wanted.team());
  if (team == nullptr) return error(v1::CODE_NOT_FOUND, "no such team");
  v1::ParkedRows out;
  TRY(const auto cursors, store::read_cursors(view.reads));
  for (const auto& cursor : cursors) {
    if (cursor.log.team != team->handle()) continue;
    for (const auto& parked : cursor.record.parked()) {
      v1::ParkedRow& row = *out.add_rows();
      row.set_endpoint(cursor.record.endpoint());
      row.set_log(cursor.log.log == store::Log::kSent ? v1::LOG_KIND_SENT : v1::LOG_KIND_INBOX);
      row.set_number(parked.number());
      row.set_reason(parked.reason());
      row.set_waiting(parked.waiting());
      row.set_waiting_through(parked.waiting_through());
    }
  }
  return out;
}

Result<v1::AuditRows> audit_tail(const View& view, uint32_t limit) {
  const uint32_t most = limit == 0 ? limits::kPageItemsMax : std::min(limit, limits::kPageItemsMax);
  std::vector<v1::AuditRow> newest_first;
  const auto rows = view.reads.scan_back(kv::Family::kAudit, "", "");
  for (; rows->valid() && newest_first.size() < most; rows->next()) {
    v1::AuditBlock block;
    const auto value = rows->value();
    if (!block.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt audit block");
    }
    for (int i = block.entries_size() - 1; i >= 0 && newest_first.size() < most; --i) {
      const auto& entry = block.entries(i);
      v1::AuditRow row;
      row.set_position(entry.position());
      row.set_epoch(block.epoch());
      row.set_time_us(block.time_us());
      row.set_kind(v1::AuditKind_Name(entry.kind()).substr(sizeof("AUDIT_KIND_") - 1));
      row.set_event_position(entry.event_position());
      row.set_principal(entry.principal());
      row.set_person(entry.person());
      row.set_team(entry.team());
      row.set_number(entry.number());
      row.set_text(entry.text());
      newest_first.push_back(std::move(row));
    }
  }
  TRY_DO(rows->status());
  v1::AuditRows out;
  for (auto it = newest_first.rbegin(); it != newest_first.rend(); ++it) *out.add_rows() = *it;
  return out;
}

}  // namespace switchboard::server
