#include "broker/server/pages.h"

#include <algorithm>
#include <map>

#include "broker/base/limits.h"
#include "broker/core/attention.h"
#include "broker/core/disclose.h"
#include "broker/core/journey.h"
#include "broker/core/ladder.h"
#include "broker/core/publish.h"
#include "broker/core/shadow.h"
#include "broker/core/task_view.h"
#include "broker/server/entry_bytes.h"
#include "broker/store/rows.h"

namespace switchboard::server {
namespace {

uint32_t page_limit(uint32_t asked) {
  return asked == 0 ? limits::kPageItemsMax : std::min(asked, limits::kPageItemsMax);
}

v1::EventRow to_row(uint64_t position, const v1::EventRecord& event) {
  v1::EventRow row;
  row.set_position(position);
  row.set_event_id(event.event_id());
  row.set_agency(event.agency());
  row.set_system(event.system());
  row.set_kind(event.kind());
  row.set_urgency(event.urgency());
  row.set_accepted_us(event.accepted_us());
  row.set_occurred_us(event.occurred_earliest_us());
  row.set_disposition(std::string(core::words(event.disposition())));
  row.set_code(event.code());
  row.set_text(event.text());
  row.set_recipients(static_cast<uint32_t>(event.recipients_size()));
  row.set_unverified_identity(event.unverified_identity());
  row.set_environment(event.environment());
  row.set_source_message_id(event.source_message_id());
  row.set_reused_source_id(event.reused_source_id());
  row.set_payload_bytes(event.payload_bytes());
  row.set_shadow(static_cast<uint32_t>(event.shadow_size()));
  row.set_trigger(event.trigger());
  row.set_identity_change(event.identity_change());
  row.set_held_until_us(event.held_until_us());
  return row;
}

// Who dealt with it, and why (P10).
Status add_clearing(std::string_view value, v1::EventRow& row) {
  v1::ClearedRecord cleared;
  if (!cleared.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return error(v1::CODE_INTERNAL, "corrupt cleared row");
  }
  row.set_cleared_by(cleared.person());
  row.set_cleared_reason(cleared.reason());
  row.set_cleared_us(cleared.at_us());
  return ok();
}

bool wanted_event(const v1::EventList& wanted, const v1::EventRecord& event) {
  if (!wanted.agency().empty() && wanted.agency() != event.agency()) return false;
  if (!wanted.kind().empty() && wanted.kind() != event.kind()) return false;
  if (!wanted.disposition().empty() && wanted.disposition() != core::words(event.disposition())) {
    return false;
  }
  if (wanted.team().empty()) return true;
  return std::any_of(event.recipients().begin(), event.recipients().end(),
                     [&](const auto& r) { return r.team() == wanted.team(); });
}

// Does this delivery or task still wait for a person? (P4)
Result<bool> is_open(const store::Reads& reads, store::LogId log, uint64_t number,
                     const store::LogEntry& entry) {
  if (entry.type == v1::ENTRY_TYPE_TASK) {
    TRY(const auto task, store::read_task(reads, entry.task));
    return task && task->task().state() == v1::TASK_STATE_OPEN;
  }
  if (entry.type != v1::ENTRY_TYPE_DELIVERY) return false;
  TRY(const auto delivery, store::read_delivery(reads, log.team, number));
  const auto now = delivery ? delivery->attention() : v1::ATTENTION_UNSPECIFIED;
  const auto asks = now == v1::ATTENTION_UNSPECIFIED ? entry.attention : now;
  if (asks == v1::ATTENTION_FILE) return false;
  return !delivery || !core::ended(core::state_of(*delivery));
}

// How a walk over a page ended: next_after as in v1.Page.
struct Walked {
  uint64_t head = 0;
  uint64_t next_after = 0;
};

}  // namespace

// Calls take(log, number, entry), which returns how many bytes that added to the page.
template <typename Take>
static Result<Walked> walk_page(const View& view, store::LogId log, const PageRange& range,
                                Take&& take) {
  TRY(const uint64_t head, store::read_log_head(view.reads, log));
  Walked walked{head, 0};
  const auto rows = view.reads.scan(kv::Family::kInbox, store::key::inbox(log, range.after + 1),
                                    store::key::inbox(log, head + 1));
  TRY(const uint64_t received, store::read_received_through(view.reads, log));
  store::DeliveryScan states(view.reads, log.team, range.after + 1, head + 1);
  const StoredLog from{view.reads, view.directory, view.secrets, log, received, view.now, &states};
  uint64_t bytes = 0, items = 0;
  uint64_t last = range.after;
  for (; rows->valid(); rows->next()) {
    const uint64_t number = store::key::trailing_u64(rows->key());
    const auto entry = store::decode_entry(rows->value());
    if (range.open_only && entry) {
      TRY(const bool open, is_open(view.reads, log, number, *entry));
      if (!open) continue;
    }
    if (items >= range.items_max || bytes >= range.bytes_max) {
      walked.next_after = last;
      break;
    }
    bytes += take(from, number, entry);
    ++items;
    last = number;
  }
  TRY_DO(rows->status());
  return walked;
}

Result<v1::Page> log_page(const View& view, store::LogId log, const PageRange& range) {
  v1::Page page;
  const auto take = [&](const StoredLog& from, uint64_t number, const auto& entry) {
    auto made = stored_entry(from, number, entry);
    const uint64_t bytes = made.ByteSizeLong();
    *page.add_items() = std::move(made);
    return bytes;
  };
  TRY(const Walked walked, walk_page(view, log, range, take));
  page.set_head(walked.head);
  page.set_next_after(walked.next_after);
  return page;
}

Result<std::vector<std::string>> log_entries(const View& view, store::LogId log,
                                             const PageRange& range, uint64_t replayed_through) {
  std::vector<std::string> entries;
  const auto take = [&](const StoredLog& from, uint64_t number, const auto& entry) -> uint64_t {
    entries.push_back(stored_entry_bytes(from, number, entry, number <= replayed_through));
    return entries.back().size();
  };
  TRY_DO(walk_page(view, log, range, take));
  return entries;
}

Result<v1::EventRows> event_list(const View& view, const v1::EventList& wanted) {
  v1::EventRows out;
  const uint32_t limit = page_limit(wanted.limit());
  const uint64_t before = wanted.before_position() == 0 ? ~uint64_t{0} : wanted.before_position();
  const auto rows = view.reads.scan_back(kv::Family::kEvent, "", store::key::position(before));
  for (; rows->valid(); rows->next()) {
    v1::EventRecord event;
    const auto value = rows->value();
    if (!event.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return error(v1::CODE_INTERNAL, "corrupt event row");
    }
    if (!wanted_event(wanted, event)) continue;
    if (out.rows_size() == static_cast<int>(limit)) {
      out.set_next_before(out.rows(out.rows_size() - 1).position());
      break;
    }
    *out.add_rows() = to_row(store::key::trailing_u64(rows->key()), event);
  }
  TRY_DO(rows->status());
  return out;
}

Result<v1::EventRows> queue_list(const View& view, const v1::QueueList& wanted) {
  static const std::map<std::string, store::Queue> kQueues{
      {"quarantine", store::Queue::kQuarantine},
      {"unrouted", store::Queue::kUnrouted},
      {"held", store::Queue::kHeld},
      {"match", store::Queue::kMatch},
      {"cleared", store::Queue::kCleared}};
  const auto named = kQueues.find(wanted.queue());
  if (named == kQueues.end()) return error(v1::CODE_INVALID, "no queue has this name");
  const store::Queue queue = named->second;
  const auto prefix = store::key::queue_prefix(queue);
  const uint64_t before = wanted.before_position() == 0 ? ~uint64_t{0} : wanted.before_position();
  const auto rows =
      view.reads.scan_back(kv::Family::kState, prefix, store::key::queue(queue, before));
  v1::EventRows out;
  for (; rows->valid(); rows->next()) {
    if (out.rows_size() == static_cast<int>(page_limit(wanted.limit()))) {
      out.set_next_before(out.rows(out.rows_size() - 1).position());
      break;
    }
    const uint64_t position = store::key::trailing_u64(rows->key());
    TRY(const auto event, store::read_event(view.reads, position));
    if (!event) continue;
    *out.add_rows() = to_row(position, *event);
    if (queue == store::Queue::kCleared) {
      TRY_DO(add_clearing(rows->value(), *out.mutable_rows()->rbegin()));
    }
  }
  TRY_DO(rows->status());
  return out;
}

Result<v1::Journey> event_journey(const View& view, const v1::EventGet& wanted, Outcomes outcomes) {
  uint64_t position = wanted.position();
  if (const auto id = id_from_bytes(wanted.event_id())) {
    TRY(const auto known, core::find_known(view.reads, *id, {}));
    if (!known) return error(v1::CODE_NOT_FOUND, "no event has this id");
    position = known->position;
  }
  const SealKey* seal = outcomes == Outcomes::kShown ? &view.secrets.seal : nullptr;
  TRY(auto journey, core::journey(view.reads, view.directory, seal, position));
  TRY_DO(core::add_tasks(view.reads, view.directory, seal, position, view.now, journey));
  return journey;
}

Result<v1::PrincipalRow> publisher_of(const v1::Item& item, const char* test) {
  v1::EventHeader header;
  if (!header.ParseFromString(item.header())) {
    return error(v1::CODE_MALFORMED, "the header cannot be parsed");
  }
  v1::PrincipalRow as;
  as.set_id(test);
  as.set_agency(header.agency());
  as.set_system(header.system());
  as.set_environment(v1::ENVIRONMENT_LIVE);
  as.add_roles(v1::ROLE_PUBLISHER);
  return as;
}

Result<v1::RouteExplanation> route_test(const View& view, const v1::RouteTest& wanted) {
  TRY(const auto as, publisher_of(wanted.item(), "route test"));
  const auto trial =
      core::try_routes(view.reads, view.directory, view.secrets, as, wanted.item(), view.now);
  if (trial.admitted.verdict != core::Verdict::kAdmit) {
    return error(trial.admitted.code, trial.admitted.text);
  }
  v1::RouteExplanation out;
  out.set_disposition(std::string(core::words(trial.disposition)));
  for (const auto& e : trial.routes) {
    v1::Explained& row = *out.add_teams();
    row.set_team(e.team);
    row.set_route(e.route);
    row.set_matches(e.matches);
    row.set_why(e.why);
    const v1::Team* team = view.directory.team(e.team);
    if (!e.matches || team == nullptr) continue;
    const auto asked = core::attention(
        view.directory.policy().row, trial.circumstances,
        {v1::CAUSE_ROUTE, team->kind(), !view.directory.staffing(*team).staffed(view.now)});
    row.set_attention(asked.attention);
    row.set_acknowledge_within_s(static_cast<uint32_t>(asked.acknowledge_within.us / 1'000'000));
    v1::EventRecord event;
    event.set_agency(trial.admitted.header.agency());
    event.set_kind(trial.admitted.header.kind());
    v1::Recipient recipient;
    recipient.set_team(e.team);
    row.set_disclosure(core::disclose(view.directory, event, recipient).level);
  }
  return out;
}

Result<v1::ReplayReport> replay_plan(const View& view, const v1::ReplayPlan& wanted) {
  const v1::Team* team = view.directory.team(wanted.team());
  if (team == nullptr) return error(v1::CODE_NOT_FOUND, "no such team");
  const store::LogId log{team->handle(), store::Log::kInbox};
  TRY(const uint64_t head, store::read_log_head(view.reads, log));
  const uint64_t from = std::max<uint64_t>(1, wanted.from_number());
  const uint64_t to = wanted.to_number() == 0 ? head : std::min(head, wanted.to_number());
  v1::ReplayReport out;
  out.set_from_number(from);
  out.set_to_number(to);
  out.set_count(to >= from ? to - from + 1 : 0);
  uint64_t received = 0;
  TRY(const auto cursors, store::read_cursors(view.reads));
  for (const auto& cursor : cursors) {
    if (cursor.log != log) continue;
    received = std::max(received, cursor.record.through());
    if (!wanted.endpoint().empty() && wanted.endpoint() != cursor.record.endpoint()) continue;
    out.add_endpoints(cursor.record.endpoint());
  }
  out.set_never_received(to > received ? to - std::max(received, from - 1) : 0);
  const auto rows = view.reads.scan(kv::Family::kInbox, store::key::inbox(log, from),
                                    store::key::inbox(log, to + 1));
  uint64_t deliveries = 0;
  for (; rows->valid(); rows->next()) {
    deliveries += rows->value().front() == static_cast<char>(v1::ENTRY_TYPE_DELIVERY);
  }
  TRY_DO(rows->status());
  out.set_deliveries(deliveries);
  return out;
}

}  // namespace switchboard::server
