#include "broker/server/journey_page.h"

#include <algorithm>

#include "broker/core/disclose.h"
#include "broker/server/task_page.h"

namespace switchboard::server {
namespace {

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// The sender wants this one known to as few as possible: who else has it is part of that.
bool is_limited(const v1::Audience& audience) {
  return audience.only_team_kinds_size() + audience.never_agencies_size() +
             audience.only_agencies_size() >
         0;
}

// Is the event itself shown to one of these teams, so that it may know who else has it?
Result<bool> may_know_of_others(const View& view, const std::vector<std::string>& teams,
                                uint64_t position) {
  TRY(const auto event, store::read_event(view.reads, position));
  if (!event || is_limited(event->audience())) return false;
  TRY(const auto recipients, store::read_recipients(view.reads, position));
  return std::any_of(recipients.begin(), recipients.end(), [&](const auto& r) {
    return has(teams, r.team()) &&
           core::disclose(view.directory, *event, r).level <= v1::DISCLOSURE_SUMMARY;
  });
}

// Who, how far, since when, and who has it.
v1::JourneyRecipient outline(const v1::JourneyRecipient& of) {
  v1::JourneyRecipient out;
  out.set_team(of.team());
  out.set_team_name(of.team_name());
  out.set_attention(of.attention());
  out.set_state(of.state());
  out.set_added_us(of.added_us());
  out.set_acknowledge_by_us(of.acknowledge_by_us());
  out.set_overdue_level(of.overdue_level());
  for (const auto& step : of.steps()) {
    if (step.state() != v1::DELIVERY_STATE_ACKNOWLEDGED) continue;
    v1::JourneyStep& kept = *out.add_steps();
    kept.set_state(step.state());
    kept.set_at_us(step.at_us());
    kept.mutable_actor()->set_name(step.actor().name());
    kept.mutable_actor()->set_role(step.actor().role());
    kept.mutable_actor()->set_team(step.actor().team());
  }
  return out;
}

}  // namespace

Result<v1::Journey> journey_for(const View& view, const std::string& agency,
                                const std::vector<std::string>& teams,
                                const std::string& event_id) {
  v1::EventGet get;
  get.set_event_id(event_id);
  TRY(auto journey, event_journey(view, get, Outcomes::kShown));
  narrow_tasks({agency, teams}, journey);
  if (journey.agency() == agency) return journey;
  const auto told = std::move(*journey.mutable_recipients());
  journey.clear_recipients();
  TRY(const bool others, may_know_of_others(view, teams, journey.position()));
  bool any = false;
  for (const auto& recipient : told) {
    const bool own = has(teams, recipient.team());
    any = any || own;
    if (own) {
      *journey.add_recipients() = recipient;
    } else if (others) {
      *journey.add_recipients() = outline(recipient);
    }
  }
  // The same answer as for an event that does not exist: existence is information too.
  if (!any) return error(v1::CODE_NOT_FOUND, "no event has this id");
  return journey;
}

}  // namespace switchboard::server
