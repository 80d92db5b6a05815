#include "broker/server/team_page.h"

#include <algorithm>

#include "broker/core/duty.h"
#include "broker/core/stale_list.h"
#include "broker/core/undo.h"

namespace switchboard::server {
namespace {

constexpr Duration kDutyAhead = seconds(7 * 24 * 3600);

void add_people(const View& view, const std::string& team, v1::TeamView& out) {
  for (const auto& [id, person] : view.directory.people()) {
    const auto& teams = person.row.teams();
    if (std::find(teams.begin(), teams.end(), team) == teams.end()) continue;
    v1::TeamPerson& row = *out.add_people();
    row.set_id(id);
    row.set_name(person.row.name());
    row.set_role(person.row.role());
    row.set_disabled(person.row.disabled());
  }
}

// Could this source tell the team something, by a route of today?
bool depends_on(const View& view, const v1::TeamView& team, const v1::PrincipalRow& source) {
  if (source.environment() != team.environment()) return false;
  const std::string whole = source.agency() + "/" + source.system();
  for (const auto& [id, route] : view.directory.routes()) {
    if (route.row.team() != team.team() || route.row.disabled()) continue;
    const auto& from = route.row.sources();
    if (from.empty()) return true;
    if (std::any_of(from.begin(), from.end(),
                    [&](const auto& s) { return s == source.agency() || s == whole; })) {
      return true;
    }
  }
  return false;
}

// A source with two keys, one of them new, is one feed: as the key that was heard last has it.
v1::FeedView* feed_of(const v1::PrincipalRow& source, int64_t last_us, v1::TeamView& out) {
  for (auto& feed : *out.mutable_feeds()) {
    if (feed.agency() != source.agency() || feed.system() != source.system()) continue;
    return feed.last_us() < last_us ? &feed : nullptr;
  }
  return out.add_feeds();
}

Status add_feeds(const View& view, const core::Presence& presence, v1::TeamView& out) {
  TRY(const auto watched, core::watch(view.reads, view.directory, presence, view.now));
  for (const auto& one : watched) {
    const auto* source = view.directory.principal(one.principal);
    if (source == nullptr || !depends_on(view, out, *source)) continue;
    v1::FeedView* feed = feed_of(*source, one.row.last_us(), out);
    if (feed == nullptr) continue;
    feed->set_agency(source->agency());
    feed->set_system(source->system());
    feed->set_last_us(one.row.last_us());
    feed->set_expected_us(one.row.expected_us());
    feed->set_alarm(one.row.alarm());
    feed->set_why(one.row.why());
  }
  return ok();
}

Status add_lists(const View& view, v1::TeamView& out) {
  TRY(const auto lists, core::all_lists(view.reads, view.directory, view.now));
  for (const auto& list : lists) {
    if (list.team != out.team()) continue;
    v1::ListView& row = *out.add_lists();
    row.set_list(list.list);
    row.set_as_of(list.as_of);
    row.set_members(list.count);
    row.set_stale(list.age.stale);
  }
  return ok();
}

void add_policy(const v1::Policy& policy, v1::TeamView& out) {
  out.set_undo_within_s(static_cast<uint32_t>(core::undo_window(policy).us / 1'000'000));
  *out.mutable_handover_prompts() = policy.handover_prompts();
  out.set_policy_signed_off_by(policy.signed_off_by());
  for (const auto& prompt : policy.send_prompts()) {
    const auto& kinds = prompt.team_kinds();
    if (kinds.empty() || std::find(kinds.begin(), kinds.end(), out.kind()) != kinds.end()) {
      *out.add_send_prompts() = prompt;
    }
  }
}

}  // namespace

Result<v1::TeamView> team_view(const View& view, const core::Presence& presence,
                               const std::string& team) {
  const v1::Team* row = view.directory.team(team);
  if (row == nullptr) return error(v1::CODE_NOT_FOUND, "no such team");
  v1::TeamView out;
  out.set_team(team);
  out.set_name(row->name());
  out.set_agency(row->agency());
  if (const v1::Agency* agency = view.directory.agency(row->agency())) {
    out.set_agency_name(agency->name());
  }
  out.set_kind(row->kind());
  out.set_environment(row->environment());
  out.set_reviews_attendances(row->reviews_attendances());
  add_people(view, team, out);
  for (auto& span : core::duty_spans(view.directory, *row, view.now, view.now + kDutyAhead)) {
    *out.add_duty() = std::move(span);
  }
  TRY_DO(add_feeds(view, presence, out));
  TRY_DO(add_lists(view, out));
  add_policy(view.directory.policy().row, out);
  return out;
}

}  // namespace switchboard::server
