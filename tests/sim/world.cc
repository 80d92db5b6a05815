#include "tests/sim/world.h"

#include "tests/support/directory.h"

namespace switchboard::sim {
namespace {

// Every discharge is a key event: teams with something open on the child review it.
void add_key_event(v1::Directory& world) {
  v1::KeyEvent& key = *world.mutable_policy()->add_key_events();
  key.set_kind("discharge");
  key.set_review_within_s(4 * 3600);
}

void add_handover(v1::Directory& world) {
  world.mutable_policy()->add_handover_prompts("Who visits, and when first?");
  world.mutable_policy()->add_handover_prompts("Whom does the family ring?");
}

void add_nudges(v1::Directory& world) {
  for (auto& team : *world.mutable_teams()) {
    const bool has = team.id() == "X99-HV" || team.id() == "X99-DUTY" || team.id() == "X26-SAFETY";
    if (!has) continue;
    v1::NudgeAddress& mail = *team.add_nudges();
    mail.set_via(v1::NUDGE_VIA_MAIL);
    mail.set_address("duty@" + team.id() + ".example");
    mail.set_only_out_of_hours(team.id() == "X26-SAFETY");
    if (team.id() != "X99-HV") continue;
    v1::NudgeAddress& hook = *team.add_nudges();
    hook.set_via(v1::NUDGE_VIA_WEBHOOK);
    hook.set_address("https://hv.example/tap");
  }
}

// Sources say when their silence is an alarm.
void add_norms(v1::Directory& world) {
  for (auto& key : *world.mutable_principals()) {
    if (key.id() == "pas" || key.id() == "rio") key.set_quiet_after_s(1800);
  }
}

}  // namespace

v1::Directory world_of_all() {
  v1::Directory world = support::small_world();
  v1::PolicyRow row;
  row.set_id("levels");
  row.add_kinds("concern");
  row.add_kinds("referral");
  row.set_attention(v1::ATTENTION_ACT);
  row.set_receive_within_s(900);
  row.set_acknowledge_within_s(7200);
  row.set_action_within_s(3600);
  row.add_levels()->add_tell(v1::ESCALATION_TO_DEPUTY);
  v1::EscalationLevel& last = *row.add_levels();
  last.set_after_s(1800);
  last.add_tell(v1::ESCALATION_TO_SAFETY_NET);
  const v1::Policy before = world.policy();
  world.mutable_policy()->clear_rows();
  *world.mutable_policy()->add_rows() = row;
  for (auto other : before.rows()) {
    if (!other.kinds().empty() && other.kinds(0) == "discharge") {
      other.set_clock(v1::CLOCK_KIND_WORKING);
    }
    *world.mutable_policy()->add_rows() = std::move(other);
  }
  v1::Group& group = *world.add_groups();
  group.set_id("front-door");
  group.add_teams("X99-HV");
  group.add_teams("X99-MASH");
  for (auto& team : *world.mutable_teams()) {
    if (team.id() != "X99-HV") continue;
    v1::Hours& hours = *team.add_hours();
    for (int day = 1; day <= 7; ++day) hours.add_days(static_cast<v1::Weekday>(day));
    hours.set_from("09:00");
    hours.set_to("17:00");
  }
  add_key_event(world);
  add_handover(world);
  add_nudges(world);
  add_norms(world);
  return world;
}

}  // namespace switchboard::sim
