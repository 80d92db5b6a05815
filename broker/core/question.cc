#include "broker/core/question.h"

#include "broker/base/bytes.h"
#include "broker/base/limits.h"
#include "broker/core/about.h"
#include "broker/core/call.h"
#include "broker/core/involved.h"

namespace switchboard::core {
namespace {

constexpr Duration kLongest = seconds(60 * 86400);

std::string wrong_with(const Turn& turn, const v1::Act& act) {
  if (act.outcome().empty()) return "say the question: act.outcome is empty";
  const Time by{act.reply_by_us()};
  if (by <= turn.now) return "say until when: act.reply_by_us is missing or past";
  if (by > turn.now + kLongest) return "act.reply_by_us is more than 60 days away";
  return {};
}

// Equal acts give equal requests: after a restore the same question is the same.
std::string request_id(const v1::Act& act) {
  return std::string(
      make_id({0},
              Hasher().add("switchboard question 1").add(act.team()).add(act.act_id()).finish())
          .view());
}

std::vector<Involved> to_be_asked(Turn& turn, const v1::Team& asker, const About& about) {
  std::vector<Involved> teams = involved(turn, about.event.subject(), 0);
  std::erase_if(teams, [&](const Involved& one) {
    return one.team->id() == asker.id() || !may_hear_of(turn, *one.team, about.event);
  });
  return teams;
}

void ask_one(Turn& turn, const v1::Team& asker, const About& about, const Involved& one,
             const v1::TaskStep& asked, const v1::Act& act) {
  const std::string request = request_id(act);
  const Time by{act.reply_by_us()};
  if (one.team->reach() == v1::REACH_PHONE) {
    return ask_to_call_for(turn, about.event, about.event_position, asker, *one.team, by, request);
  }
  NewTask task{.kind = v1::TASK_KIND_REPLY,
               .team = one.team,
               .event = about.event,
               .event_position = about.event_position,
               .about = request,
               .title = asker.name() + " asks what you know"};
  task.script = {"Reply with what your team knows, or that there is nothing."};
  task.due = by;
  task.refers_to = one.number;
  task.asked_by = asker.id();
  task.request = request;
  task.asked = asked;
  make_task(turn, task);
}

uint64_t record(Turn& turn, const About& about, const Deed& deed, size_t teams) {
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_ACT);
  entry.set_event_position(about.event_position);
  entry.set_principal(deed.actor.principal());
  entry.set_person(deed.actor.person());
  entry.set_team(deed.act.team());
  entry.set_text(v1::ActKind_Name(deed.act.kind()) + " " + std::to_string(teams) + " teams, " +
                 to_hex(request_id(deed.act)));
  return entry.position();
}

}  // namespace

TaskAnswer ask(Turn& turn, const v1::Team& team, const Deed& deed) {
  if (auto why = wrong_with(turn, deed.act); !why.empty()) {
    return {v1::CODE_INVALID, std::move(why)};
  }
  const auto about = find_about(turn, team, deed.act);
  if (!about) return {v1::CODE_NOT_FOUND, "the team has no delivery of this number"};
  if (about->event.subject().empty()) {
    return {v1::CODE_CONFLICT, "the item is about no known child: ring the teams you know of"};
  }
  const auto teams = to_be_asked(turn, team, *about);
  if (teams.empty()) {
    return {v1::CODE_CONFLICT, "no other team that may be asked has anything open on the child"};
  }
  if (teams.size() > limits::kTasksPerRequestMax) {
    return {v1::CODE_CONFLICT, "more teams are involved than one question may ask: ring them"};
  }
  const uint64_t position = record(turn, *about, deed, teams.size());
  const v1::TaskStep asked = step_of(turn, about->event_position, deed);
  for (const auto& one : teams) ask_one(turn, team, *about, one, asked, deed.act);
  return {v1::CODE_OK, "asked " + std::to_string(teams.size()) + " teams", position};
}

}  // namespace switchboard::core
