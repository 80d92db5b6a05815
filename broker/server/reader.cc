#include "broker/server/reader.h"

#include <poll.h>

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/notice.h"
#include "broker/server/attendance_page.h"
#include "broker/server/breaches.h"
#include "broker/server/child_page.h"
#include "broker/server/directory_page.h"
#include "broker/server/journey_page.h"
#include "broker/server/nudge_pages.h"
#include "broker/server/own_quarantine.h"
#include "broker/server/pages.h"
#include "broker/server/reconcile.h"
#include "broker/server/sent_page.h"
#include "broker/server/task_page.h"
#include "broker/server/team_page.h"
#include "broker/server/timeline.h"
#include "broker/server/told_report.h"
#include "broker/server/verify.h"
#include "broker/server/watch_page.h"

namespace switchboard::server {
namespace {

template <typename Message>
void set_error(Message& reply, const Error& error) {
  reply.set_code(error.code);
  reply.set_text(error.text);
}

Fetched fetch(const View& view, FetchJob job) {
  Fetched out;
  const PageRange range{job.next - 1, job.items_max, job.bytes_max, false};
  auto entries = log_entries(view, job.log, range, job.replayed_through);
  out.job = std::move(job);
  if (entries.ok()) {
    out.entries = std::move(entries).value();
  } else {
    out.error = entries.error().text;
  }
  return out;
}

// Puts a result into its place of the reply, or the error.
template <typename Reply, typename T, typename Place>
void put(Reply& reply, Result<T> result, Place place) {
  if (result.ok()) {
    *place() = std::move(result).value();
  } else {
    set_error(reply, result.error());
  }
}

Result<v1::Page> inbox_page(const View& view, const ReadJob& job) {
  const auto& asked = job.read.inbox();
  const uint32_t items =
      asked.limit() == 0 ? limits::kPageItemsMax : std::min(asked.limit(), limits::kPageItemsMax);
  return log_page(view, job.log, {asked.after(), items, limits::kPageBytesMax, asked.open_only()});
}

Result<v1::BreachRows> team_breaches(const View& view, const ReadJob& job) {
  const auto& asked = job.read.breaches();
  BreachScope scope{job.teams, asked.within_s(), asked.limit()};
  if (!asked.team().empty()) scope.teams = {asked.team()};
  return breach_rows(view, scope);
}

void answer(const View& view, const ReadJob& job, v1::Page& page) {
  const auto whole = [&] { return &page; };
  switch (job.read.what_case()) {
    case v1::Read::kInbox:
      return put(page, inbox_page(view, job), whole);
    case v1::Read::kSent:
      return put(page, sent_page(view, job.read.sent()), whole);
    case v1::Read::kTasks:
      return put(page, task_page(view, job.read.tasks()), whole);
    case v1::Read::kChild:
      return put(page, child_page(view, job.read.child()), whole);
    case v1::Read::kAttendances:
      return put(page, attendance_page(view, job.read.attendances()), whole);
    case v1::Read::kQuarantine:
      return put(page, own_quarantine(view, {job.agency, job.system}, job.read.quarantine()),
                 whole);
    case v1::Read::kBreaches:
      return put(page, team_breaches(view, job), [&] { return page.mutable_breaches(); });
    case v1::Read::kSheet:
      return put(page, directory_sheet(view, job.read.sheet()),
                 [&] { return page.mutable_sheet(); });
    case v1::Read::kTeam:
      return put(page, team_view(view, job.presence, job.read.team().team()),
                 [&] { return page.mutable_team(); });
    default:
      return put(page, journey_for(view, job.agency, job.teams, job.read.event().event_id()),
                 [&] { return page.mutable_journey(); });
  }
}

Answered read(const View& view, const ReadJob& job, uint64_t position) {
  v1::HubFrame frame;
  v1::Page& page = *frame.mutable_page();
  answer(view, job, page);
  page.set_request(job.read.request());
  page.set_as_of_position(position);
  return {job.address, false, {frame.SerializeAsString()}};
}

Result<v1::Page> admin_inbox(const View& view, const v1::InboxList& asked) {
  const v1::Team* team = view.directory.team(asked.team());
  if (team == nullptr) return error(v1::CODE_NOT_FOUND, "no such team");
  const auto log = asked.log() == v1::LOG_KIND_SENT ? store::Log::kSent : store::Log::kInbox;
  const uint32_t items =
      asked.limit() == 0 ? limits::kPageItemsMax : std::min(asked.limit(), limits::kPageItemsMax);
  TRY(auto page, log_page(view, {team->handle(), log},
                          {asked.after(), items, limits::kPageBytesMax, asked.open_only()}));
  // Operators see that something is there and its state, never whom it is about.
  for (auto& entry : *page.mutable_items()) {
    entry.clear_header();
    entry.clear_sections();
    entry.mutable_notice()->clear_subject();
    // People's and publishers' words; those on an escalation and the like are the hub's own.
    if (!core::says_why(entry.notice().cause())) entry.mutable_notice()->clear_outcome();
  }
  return page;
}

Result<v1::BreachRows> admin_breaches(const View& view, const v1::BreachRequest& asked) {
  BreachScope scope{{}, asked.within_s(), asked.limit()};
  if (!asked.team().empty()) scope.teams = {asked.team()};
  if (!asked.team().empty() && view.directory.team(asked.team()) == nullptr) {
    return error(v1::CODE_NOT_FOUND, "no such team");
  }
  return breach_rows(view, scope);
}

Result<v1::Status> status(const View& view, v1::Status live) {
  TRY_DO(add_status(view, live));
  return live;
}

void answer(const View& view, AdminJob& job, v1::AdminReply& r) {
  auto& q = job.request;
  switch (q.what_case()) {
    case v1::AdminRequest::kStatus:
      return put(r, status(view, std::move(job.live)), [&] { return r.mutable_status(); });
    case v1::AdminRequest::kDirectory:
      *r.mutable_directory() = directory_rows(view.directory, q.directory());
      return;
    case v1::AdminRequest::kSheet:
      return put(r, directory_sheet(view, q.sheet()), [&] { return r.mutable_sheet(); });
    case v1::AdminRequest::kRouteTest:
      return put(r, route_test(view, q.route_test()), [&] { return r.mutable_routes(); });
    case v1::AdminRequest::kEvents:
      return put(r, event_list(view, q.events()), [&] { return r.mutable_events(); });
    case v1::AdminRequest::kEvent:
      return put(r, event_journey(view, q.event(), Outcomes::kLeftOut),
                 [&] { return r.mutable_journey(); });
    case v1::AdminRequest::kInbox:
      return put(r, admin_inbox(view, q.inbox()), [&] { return r.mutable_page(); });
    case v1::AdminRequest::kQueue:
      return put(r, queue_list(view, q.queue()), [&] { return r.mutable_queue(); });
    case v1::AdminRequest::kLedger:
      return put(r, ledger_report(view, q.ledger()), [&] { return r.mutable_ledger(); });
    case v1::AdminRequest::kShadow:
      return put(r, shadow_report(view, q.shadow()), [&] { return r.mutable_shadow(); });
    case v1::AdminRequest::kEstimate:
      return put(r, route_estimate(view, q.estimate()), [&] { return r.mutable_estimate(); });
    case v1::AdminRequest::kReplay:
      return put(r, replay_plan(view, q.replay()), [&] { return r.mutable_replay(); });
    case v1::AdminRequest::kWatch:
      return put(r, watch_rows(view, job.presence), [&] { return r.mutable_watch(); });
    case v1::AdminRequest::kParked:
      return put(r, parked_rows(view, q.parked()), [&] { return r.mutable_parked(); });
    case v1::AdminRequest::kNudges:
      return put(r, nudge_list(view, q.nudges()), [&] { return r.mutable_nudges(); });
    case v1::AdminRequest::kMembers:
      return put(r, list_rows(view, q.members()), [&] { return r.mutable_watch(); });
    case v1::AdminRequest::kTasks:
      return put(r, task_list(view, q.tasks()), [&] { return r.mutable_tasks(); });
    case v1::AdminRequest::kSent:
      return put(r, sent_page(view, q.sent()), [&] { return r.mutable_sent(); });
    case v1::AdminRequest::kPolicyTest:
      return put(r, policy_timeline(view, q.policy_test()), [&] { return r.mutable_timeline(); });
    case v1::AdminRequest::kBreaches:
      return put(r, admin_breaches(view, q.breaches()), [&] { return r.mutable_breaches(); });
    case v1::AdminRequest::kAuditTail:
      return put(r, audit_tail(view, q.audit_tail().limit()), [&] { return r.mutable_audit(); });
    case v1::AdminRequest::kAuditVerify:
      return put(r, verify(view.reads, view.secrets, q.audit_verify().witness()),
                 [&] { return r.mutable_audit_report(); });
    default:
      set_error(r, error(v1::CODE_MALFORMED, "the request asks for nothing known"));
  }
}

Answered admin(const View& view, AdminJob& job) {
  v1::AdminReply reply;
  reply.set_request(job.request.request());
  answer(view, job, reply);
  return {job.address, true, {reply.SerializeAsString()}};
}

// A directory question about the past is answered from the past's rows (P3).
Result<std::shared_ptr<const core::Directory>> directory_for(const Job& job) {
  uint64_t at = 0;
  if (const auto* asked = std::get_if<AdminJob>(&job.what)) {
    if (asked->request.has_route_test()) at = asked->request.route_test().at_position();
    if (asked->request.has_directory()) at = asked->request.directory().at_position();
  }
  if (at == 0) return job.directory;
  return core::Directory::load(*job.snapshot, at);
}

}  // namespace

Reader::Reader(const core::Secrets& secrets)
    : jobs_(limits::kReaderQueueMax),
      done_(limits::kReaderQueueMax),
      secrets_(secrets),
      thread_([this] { run(); }) {}

Reader::~Reader() {
  stop_ = true;
  const uint64_t one = 1;
  (void)!::write(jobs_.fd(), &one, sizeof one);
  thread_.join();
}

Done Reader::work(Job& job) {
  auto directory = directory_for(job);
  const core::Directory& in_force = directory.ok() ? *directory.value() : *job.directory;
  const View view{*job.snapshot, in_force, secrets_, job.now};
  if (auto* wanted = std::get_if<FetchJob>(&job.what)) return fetch(view, std::move(*wanted));
  if (auto* wanted = std::get_if<ReadJob>(&job.what)) return read(view, *wanted, job.position);
  return admin(view, std::get<AdminJob>(job.what));
}

void Reader::run() {
  while (!stop_) {
    pollfd wake{jobs_.fd(), POLLIN, 0};
    ::poll(&wake, 1, -1);
    jobs_.clear_wakeup();
    while (!stop_) {
      auto job = jobs_.pop();
      if (!job) break;
      Done done = work(*job);
      job->snapshot.reset();  // pins no files while the answer waits
      // As many answers as jobs fit: the loop submits no more than it has room to take.
      while (!done_.push(std::move(done)) && !stop_) ::poll(nullptr, 0, 1);
    }
  }
}

}  // namespace switchboard::server
