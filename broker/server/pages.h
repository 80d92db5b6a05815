// Pages, listings and reports from one snapshot: what the reader thread answers with.
//
// Pure reads of durable rows under one directory version; every page is bounded in items and bytes
// (P11) and disclosed as of now (P9). Thread: the reader.
#pragma once

#include <vector>

#include "broker/core/directory.h"
#include "broker/core/secrets.h"
#include "broker/store/entry.h"
#include "broker/store/records.h"
#include "broker/store/rows.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::server {

// What one look at the tables goes by.
struct View {
  const store::Reads& reads;
  const core::Directory& directory;
  const core::Secrets& secrets;
  Time now;
};

struct PageRange {
  uint64_t after = 0;
  uint32_t items_max = 0;
  uint64_t bytes_max = 0;
  bool open_only = false;
};
// Entries of a log; next_after is 0 at the end. An entry that cannot be read is a placeholder.
Result<v1::Page> log_page(const View& view, store::LogId log, const PageRange& range);
// The same entries as bytes; those up to `replayed_through` are marked as sent once more.
Result<std::vector<std::string>> log_entries(const View& view, store::LogId log,
                                             const PageRange& range, uint64_t replayed_through);

Result<v1::EventRows> event_list(const View& view, const v1::EventList& wanted);
Result<v1::EventRows> queue_list(const View& view, const v1::QueueList& wanted);
enum class Outcomes { kShown, kLeftOut };
Result<v1::Journey> event_journey(const View& view, const v1::EventGet& wanted, Outcomes outcomes);
// Who publishes an item that is only tested: its own agency, whoever asks. The name is the test's.
Result<v1::PrincipalRow> publisher_of(const v1::Item& item, const char* test);
Result<v1::RouteExplanation> route_test(const View& view, const v1::RouteTest& wanted);
Result<v1::ReplayReport> replay_plan(const View& view, const v1::ReplayPlan& wanted);
// CODE_NOT_FOUND: no such team.
Result<v1::ParkedRows> parked_rows(const View& view, const v1::ParkedList& wanted);
Result<v1::AuditRows> audit_tail(const View& view, uint32_t limit);
// Lists of children, how many and how old, and each enquiry with its end; of one team or all, of
// one sort or all.
Result<v1::WatchRows> list_rows(const View& view, const v1::MembersChange& wanted);
// Fills in what the tables know: teams, queues, losses.
Status add_status(const View& view, v1::Status& status);

}  // namespace switchboard::server
