#include "broker/server/membership.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/runtime/log.h"

namespace switchboard::server {
namespace {

// Why this person may not change a list of the team, or nothing. A program may keep a caseload by
// itself; an enquiry is somebody's decision.
std::string barred(const core::Directory& directory, const v1::MembersRequest& request) {
  const auto& change = request.change();
  const auto& id = request.actor().person();
  if (id.empty()) {
    const bool asks = change.list() == v1::MEMBER_LIST_ENQUIRY && change.execute();
    return asks ? "say who opens or ends the enquiry: an enrolled person of the team" : "";
  }
  const v1::Person* person = directory.person(id);
  if (person == nullptr) return "the person is not enrolled: apply a directory file that has them";
  if (person->disabled()) return "the person's enrolment is disabled";
  const auto& teams = person->teams();
  const bool member = std::find(teams.begin(), teams.end(), change.team()) != teams.end();
  return member ? "" : "the person is not a member of the team";
}

core::MembersAnswer refused(v1::Code code, std::string text) { return {code, std::move(text), {}}; }

}  // namespace

void Membership::take(const std::string& address, const v1::PrincipalRow& who,
                      const v1::MembersRequest& request, const Door& door, Time now) {
  const Asked asked{address, request.request(), Asked::By::kTeam};
  const auto in_force = parts_.core.directory();  // rows below lie in it, whatever is flushed
  const auto& change = request.change();
  const v1::Team* team = parts_.core.readable_team(who, change.team());
  if (team == nullptr) {
    return answer(asked, refused(v1::CODE_NOT_ALLOWED, "this key is not enrolled for the team"));
  }
  const core::MembersCommand command{who, request.actor().person(), change, *team};
  if (change.mode() == v1::MEMBERS_MODE_UNSPECIFIED) {
    return answer(asked, parts_.core.look_at_members(command, now));
  }
  if (door.acts != v1::CODE_OK) return answer(asked, refused(door.acts, door.text));
  if (auto why = barred(*in_force, request); !why.empty()) {
    return answer(asked, refused(v1::CODE_NOT_ALLOWED, std::move(why)));
  }
  this->change(asked, command);
}

void Membership::take(const std::string& address, const v1::PrincipalRow& who,
                      const v1::AdminRequest& request) {
  const Asked asked{address, request.request(), Asked::By::kOperator};
  const auto in_force = parts_.core.directory();
  v1::MembersChange change = request.members();
  if (change.reason().empty()) change.set_reason(request.reason());
  const v1::Team* team = in_force->team(change.team());
  if (team == nullptr) return answer(asked, refused(v1::CODE_NOT_FOUND, "no such team"));
  const v1::PrincipalRow row = who;
  this->change(asked, {row, request.person(), change, *team});
}

void Membership::change(Asked asked, const core::MembersCommand& command) {
  if (command.change.rows_size() > static_cast<int>(limits::kMembersPerFrameMax)) {
    return answer(asked, refused(v1::CODE_OVERSIZE, "too many rows in one frame: send more parts"));
  }
  parts_.flush();
  const uint64_t ticket = ++last_ticket_;
  auto at_once = parts_.core.change_members(command, ticket);
  if (!at_once) {
    asked_[ticket] = std::move(asked);
    return;
  }
  if (at_once->report.executed()) {
    log::info("a list of children changed", {{"team", command.team.id()},
                                             {"list", core::list_name(command.change.list())},
                                             {"added", at_once->report.added()},
                                             {"removed", at_once->report.removed()}});
  }
  answer(asked, std::move(*at_once));
  parts_.flush();
}

void Membership::work() {
  parts_.core.work();
  while (auto done = parts_.core.take_finished()) {
    const auto asked = asked_.extract(done->ticket);
    if (!asked.empty()) answer(asked.mapped(), std::move(done->answer));
  }
  // Nobody waits for what is no longer worked on.
  if (!waiting()) asked_.clear();
}

void Membership::answer(const Asked& asked, core::MembersAnswer answer) {
  if (asked.by == Asked::By::kOperator) {
    v1::AdminReply& reply = parts_.outgoing.to_admin(asked.address, asked.request);
    reply.set_code(answer.code);
    reply.set_text(std::move(answer.text));
    *reply.mutable_members() = std::move(answer.report);
    return;
  }
  v1::Page& page = *parts_.outgoing.to_client(asked.address).mutable_page();
  page.set_request(asked.request);
  page.set_code(answer.code);
  page.set_text(std::move(answer.text));
  *page.mutable_members() = std::move(answer.report);
}

}  // namespace switchboard::server
