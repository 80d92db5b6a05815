#include "broker/server/admin.h"

#include <algorithm>

#include "broker/core/in_force.h"
#include "broker/core/wrong_number.h"
#include "broker/runtime/log.h"
#include "broker/server/pages.h"

namespace switchboard::server {

static bool has_role(const v1::PrincipalRow& who, v1::Role role) {
  return std::find(who.roles().begin(), who.roles().end(), role) != who.roles().end();
}

void Admin::refuse(const wire::Sender& from, const v1::AdminRequest& request, v1::Code code,
                   std::string text) {
  v1::AdminReply& reply = parts_.outgoing.to_admin(from.address, request.request());
  reply.set_code(code);
  reply.set_text(std::move(text));
}

const v1::PrincipalRow* Admin::who(const wire::Sender& from) {
  const auto& directory = *parts_.core.directory();
  const bool enrolled = directory.principal_by_key(from.public_key) != nullptr;
  if (enrolled) return parts_.core.principal_by_key(from.public_key);
  const bool first = !parts_.first_admin_key.empty() && !directory.has_administrator(now_) &&
                     (from.public_key == parts_.first_admin_key || !parts_.curve);
  if (!first) return nullptr;
  first_admin_.set_id("first-administrator");
  first_admin_.clear_roles();
  first_admin_.add_roles(v1::ROLE_ADMINISTRATOR);
  first_admin_.add_roles(v1::ROLE_OPERATOR);
  return &first_admin_;
}

std::string Admin::why_not(const wire::Sender& from) const {
  const auto* row = parts_.core.directory()->principal_by_key(from.public_key);
  const bool expired = row != nullptr && core::key_state(*row, now_) == core::KeyState::kExpired;
  return expired ? core::why_not_taken(*row, now_) : "this key is not an operator's";
}

void Admin::take(const wire::Sender& from, std::string_view bytes, Time now, bool writable) {
  now_ = now;
  v1::AdminRequest request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return refuse(from, request, v1::CODE_MALFORMED, "not a request of this protocol");
  }
  const auto* principal = who(from);
  if (principal == nullptr ||
      !(has_role(*principal, v1::ROLE_OPERATOR) || has_role(*principal, v1::ROLE_ADMINISTRATOR))) {
    return refuse(from, request, v1::CODE_NOT_ALLOWED, why_not(from));
  }
  const bool execute = request.has_replay() && request.replay().execute();
  const bool change = request.has_apply()
                          ? !request.apply().dry_run()
                          : execute || request.has_release() || request.has_accept_clock() ||
                                request.members().execute();
  if (change && !writable) {
    return refuse(from, request, v1::CODE_READ_ONLY, "the hub takes no changes now; see `status`");
  }
  if (change && request.reason().empty()) {
    return refuse(from, request, v1::CODE_INVALID, "say why: a change needs a reason");
  }
  if (request.has_apply()) return apply(from, *principal, request);
  if (execute) return replay(from, *principal, request);
  if (request.has_release()) return release(from, request);
  const bool looks = request.members().mode() == v1::MEMBERS_MODE_UNSPECIFIED;
  if (request.has_members() && !looks) {
    return parts_.membership.take(from.address, *principal, request);
  }
  if (request.has_accept_clock()) return accept_clock(from, *principal, request);
  ask_reader(from, std::move(request), now);
}

void Admin::apply(const wire::Sender& from, const v1::PrincipalRow& who,
                  const v1::AdminRequest& request) {
  if (!has_role(who, v1::ROLE_ADMINISTRATOR) &&
      !core::only_verifies(*parts_.core.directory(), request.apply().directory())) {
    return refuse(
        from, request, v1::CODE_NOT_ALLOWED,
        "only administrators apply the directory; operators may say that the numbers of a "
        "team were tried");
  }
  const v1::PrincipalRow row = who;  // the directory it lies in is about to be replaced
  parts_.flush();  // a directory change is a turn of its own: the batch is bounded
  auto applied = parts_.core.apply(row, request.person(), request.apply());
  parts_.flush();
  log::info("directory applied", {{"principal", row.id()},
                                  {"changed", applied.changed_size()},
                                  {"problems", applied.problems_size()},
                                  {"dry_run", request.apply().dry_run()}});
  parts_.delivery.forget_made();
  v1::AdminReply& reply = parts_.outgoing.to_admin(from.address, request.request());
  if (applied.problems_size() > 0) reply.set_code(v1::CODE_INVALID);
  *reply.mutable_applied() = std::move(applied);
}

void Admin::replay(const wire::Sender& from, const v1::PrincipalRow& who,
                   const v1::AdminRequest& request) {
  const auto& plan = request.replay();
  const auto snapshot = parts_.snapshot();
  const View view{*snapshot, *parts_.core.directory(), parts_.core.secrets(), {}};
  auto report = replay_plan(view, plan);
  if (!report.ok()) return refuse(from, request, report.error().code, report.error().text);
  if (report->count() != plan.confirm()) {
    return refuse(from, request, v1::CODE_CONFLICT,
                  "the plan is now for " + std::to_string(report->count()) +
                      " entries: look at it again and confirm that count");
  }
  const auto* team = parts_.core.directory()->team(plan.team());
  const uint64_t through = report->from_number() - 1;
  parts_.core.rewind(who, request.reason(), *team, plan.endpoint(), through);
  parts_.delivery.rewind({team->handle(), store::Log::kInbox}, plan.endpoint(), through);
  report->set_executed(true);
  *parts_.outgoing.to_admin(from.address, request.request()).mutable_replay() =
      std::move(report).value();
}

void Admin::release(const wire::Sender& from, const v1::AdminRequest& request) {
  parts_.core.release_recovery(request.person().empty() ? "operator" : request.person());
  parts_.outgoing.to_admin(from.address, request.request()).set_text("released: ticks go on");
}

void Admin::accept_clock(const wire::Sender& from, const v1::PrincipalRow& who,
                         const v1::AdminRequest& request) {
  parts_.core.decided(who, request.person(), "clock step accepted: " + request.reason());
  parts_.accept_clock();
  parts_.outgoing.to_admin(from.address, request.request()).set_text("accepted: deadlines go on");
}

void Admin::ask_reader(const wire::Sender& from, v1::AdminRequest&& request, Time now) {
  AdminJob what;
  what.address = from.address;
  if (request.has_status()) what.live = parts_.live_status();
  if (request.has_watch()) what.presence = parts_.presence();
  const uint64_t number = request.request();
  what.request = std::move(request);
  Job job;
  job.what = std::move(what);
  job.snapshot = parts_.snapshot();
  job.directory = parts_.core.directory();
  job.position = parts_.core.head().position;
  job.now = now;
  if (parts_.reader.submit(std::move(job))) return;
  v1::AdminReply& reply = parts_.outgoing.to_admin(from.address, number);
  reply.set_code(v1::CODE_BUSY);
  reply.set_text("too many questions at once; try again");
}

}  // namespace switchboard::server
