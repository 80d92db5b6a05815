#include "services/cli/sandbox_directory.h"

#include <array>

#include "broker/base/check.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

constexpr std::array kPrincipals = {
    SandboxPrincipal{"operator", "", "", "", v1::ROLE_ADMINISTRATOR},
    SandboxPrincipal{"x26-pas", "X26", "PAS", "", v1::ROLE_PUBLISHER},
    SandboxPrincipal{"x99-pas", "X99", "PAS", "", v1::ROLE_PUBLISHER},
    SandboxPrincipal{"x26-forms", "X26", "FORMS", "", v1::ROLE_PUBLISHER},
    SandboxPrincipal{"x99-forms", "X99", "FORMS", "", v1::ROLE_PUBLISHER},
    SandboxPrincipal{"x26-midwifery.desk", "X26", "", "X26-MIDWIFERY", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-ed.desk", "X26", "", "X26-ED", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-safeguarding.desk", "X26", "", "X26-SAFEGUARDING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-hv.desk", "X99", "", "X99-HEALTH-VISITING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-safeguarding.desk", "X99", "", "X99-SAFEGUARDING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x70-mash.desk", "X70", "", "X70-MASH", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x70-duty.desk", "X70", "", "X70-DUTY", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-midwifery.system", "X26", "", "X26-MIDWIFERY", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-ed.system", "X26", "", "X26-ED", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-safeguarding.system", "X26", "", "X26-SAFEGUARDING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-hv.system", "X99", "", "X99-HEALTH-VISITING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-safeguarding.system", "X99", "", "X99-SAFEGUARDING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x70-mash.system", "X70", "", "X70-MASH", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x70-duty.system", "X70", "", "X70-DUTY", v1::ROLE_ENDPOINT},
};

constexpr std::array kTeams = {
    SandboxTeam{"X26-MIDWIFERY", "x26-midwifery.system"},
    SandboxTeam{"X26-ED", "x26-ed.system"},
    SandboxTeam{"X26-SAFEGUARDING", "x26-safeguarding.system"},
    SandboxTeam{"X99-HEALTH-VISITING", "x99-hv.system"},
    SandboxTeam{"X99-SAFEGUARDING", "x99-safeguarding.system"},
    SandboxTeam{"X70-MASH", "x70-mash.system"},
    SandboxTeam{"X70-DUTY", "x70-duty.system"},
};

constexpr const char* kAgenciesAndTeams =
    R"toml(# Who can be told, by whom, of what. Nothing here is real.
# Within this sandbox everything is live: test events raise no alarm and show little.
# Change it and run:  switchboard apply directory.toml --dry-run
# Rows that are left out stay as they are; rows that changed become a new version.

[[agencies]]
id = "X26"
name = "Northmoor Hospitals (fictional)"
safety_net_team = "X26-SAFEGUARDING"   # what reaches nobody goes there, with a clock

[[agencies]]
id = "X99"
name = "Southfen Community and Hospital Services (fictional)"
safety_net_team = "X99-SAFEGUARDING"

[[agencies]]
id = "X70"
name = "Northmoor Council (fictional)"
safety_net_team = "X70-DUTY"

# ---- teams ----------------------------------------------------------------------------------
# Every team has a number to ring, and says who is told next when it does not pick up.

[[teams]]
id = "X26-MIDWIFERY"
name = "Northmoor midwifery"
agency = "X26"
kind = "midwifery"
reach = "inbox"
environment = "live"
deputy_team = "X26-SAFEGUARDING"
office = { name = "Specialist midwife", phone = "01632 960111", hours = "Mon-Fri 08:00-18:00" }
out_of_hours = { name = "Labour ward coordinator", phone = "01632 960112" }

[[teams]]
id = "X26-ED"
name = "Northmoor emergency department"
agency = "X26"
kind = "ed"
reach = "inbox"
environment = "live"
deputy_team = "X26-SAFEGUARDING"
office = { name = "Nurse in charge", phone = "01632 960121" }
out_of_hours = { name = "Nurse in charge", phone = "01632 960121" }

[[teams]]
id = "X26-SAFEGUARDING"
name = "Northmoor safeguarding team"
agency = "X26"
kind = "safeguarding"
reach = "inbox"
environment = "live"
office = { name = "Named nurse", phone = "01632 960131", hours = "Mon-Fri 09:00-17:00" }
out_of_hours = { name = "Site manager on call", phone = "01632 960132" }

[[teams]]
id = "X99-HEALTH-VISITING"
name = "Southfen health visiting"
agency = "X99"
kind = "health_visiting"
reach = "inbox"
environment = "live"
deputy_team = "X99-SAFEGUARDING"
office = { name = "Duty health visitor", phone = "01632 960141", hours = "Mon-Fri 09:00-17:00" }
out_of_hours = { name = "Site manager on call", phone = "01632 960152" }

[[teams]]
id = "X99-SAFEGUARDING"
name = "Southfen safeguarding team"
agency = "X99"
kind = "safeguarding"
reach = "inbox"
environment = "live"
office = { name = "Named nurse", phone = "01632 960151", hours = "Mon-Fri 09:00-17:00" }
out_of_hours = { name = "Site manager on call", phone = "01632 960152" }

[[teams]]
id = "X70-MASH"
name = "Northmoor multi-agency safeguarding hub"
agency = "X70"
kind = "mash"
reach = "inbox"
environment = "live"
deputy_team = "X70-DUTY"
office = { name = "MASH duty desk", phone = "01632 960161", hours = "Mon-Fri 08:30-17:30" }
out_of_hours = { name = "Emergency duty team", phone = "01632 960171" }

[[teams]]
id = "X70-DUTY"
name = "Northmoor emergency duty team"
agency = "X70"
kind = "emergency_duty"
reach = "inbox"
environment = "live"
office = { name = "Emergency duty team", phone = "01632 960171" }
out_of_hours = { name = "Emergency duty team", phone = "01632 960171" }

# ---- people ---------------------------------------------------------------------------------
# An alert is picked up by somebody with a name.

[[people]]
id = "amara.osei"
name = "Amara Osei"
role = "specialist midwife"
teams = ["X26-MIDWIFERY"]

[[people]]
id = "ben.carver"
name = "Ben Carver"
role = "safeguarding nurse, emergency department"
teams = ["X26-ED"]

[[people]]
id = "ruth.hollis"
name = "Ruth Hollis"
role = "named nurse"
teams = ["X26-SAFEGUARDING", "X26-MIDWIFERY", "X26-ED"]

[[people]]
id = "chloe.ng"
name = "Chloe Ng"
role = "health visitor"
teams = ["X99-HEALTH-VISITING"]

[[people]]
id = "tomos.price"
name = "Tomos Price"
role = "named nurse"
teams = ["X99-SAFEGUARDING", "X99-HEALTH-VISITING"]

[[people]]
id = "dev.patel"
name = "Dev Patel"
role = "social worker"
teams = ["X70-MASH"]

[[people]]
id = "orla.finn"
name = "Orla Finn"
role = "social worker, emergency duty"
teams = ["X70-DUTY", "X70-MASH"]

)toml";

constexpr const char* kRoutesAndPolicy = R"(
# ---- routes ---------------------------------------------------------------------------------
# A team is told when one of its routes matches: by area, practice, place of care or caseload.
# E06009901 stands for the area of Northmoor Council.

[[routes]]
id = "x26-midwifery-babies"
team = "X26-MIDWIFERY"
clause = { area = "E06009901" }
ages = { below_months = 2, unborn = true }

[[routes]]
id = "x26-ed-seen-elsewhere"
team = "X26-ED"
kinds = ["ed_attendance", "concern", "correction"]
clause = { area = "E06009901" }
sources = ["X99"]

[[routes]]
id = "x26-ed-concerns"
team = "X26-ED"
kinds = ["concern"]
clause = { place = "X2601" }

[[routes]]
id = "x99-hv-under-fives"
team = "X99-HEALTH-VISITING"
clause = { area = "E06009901" }
ages = { below_months = 60, unborn = true }

[[routes]]
id = "x70-mash-concerns"
team = "X70-MASH"
kinds = ["concern", "referral", "referral_outcome", "death", "correction"]
clause = { area = "E06009901" }

[[routes]]
id = "x70-mash-urgent"
team = "X70-MASH"
kinds = ["ed_attendance", "admission", "discharge", "not_brought"]
clause = { area = "E06009901" }
least_urgency = "urgent"

# ---- policy ---------------------------------------------------------------------------------
# What is asked of a team, and how soon. An EXAMPLE: a hub for real children needs one that the
# safeguarding partners have signed off, with their name in signed_off_by.
# The first row that matches decides. act = a person must pick it up; see = a person must open it.

[policy]
id = "default"
signed_off_by = ""
must_reach_kinds = ["concern", "referral", "referral_outcome", "death"]

[[policy.rows]]
least_urgency = "immediate"
attention = "act"
acknowledge_within_s = 900

[[policy.rows]]
kinds = ["concern"]
attention = "act"
acknowledge_within_s = 3600

[[policy.rows]]
kinds = ["referral"]
attention = "act"
acknowledge_within_s = 14400

[[policy.rows]]
kinds = ["ed_attendance", "admission"]
team_kinds = ["health_visiting", "midwifery"]
attention = "act"
acknowledge_within_s = 28800

[[policy.rows]]
kinds = ["discharge", "not_brought"]
team_kinds = ["health_visiting", "midwifery"]
attention = "act"
acknowledge_within_s = 86400

[[policy.rows]]
kinds = ["death"]
attention = "act"
acknowledge_within_s = 14400

[[policy.rows]]
kinds = ["referral_outcome"]
attention = "act"
acknowledge_within_s = 86400

[[policy.rows]]
kinds = ["correction", "ed_attendance", "admission", "discharge", "not_brought"]
attention = "see"

[[policy.rows]]
kinds = ["transfer", "leave"]
attention = "see"

[[policy.rows]]
kinds = ["admission_planned", "discharge_planned", "transfer_planned"]
attention = "see"

[[policy.rows]]
kinds = ["appointment", "identity_changed", "document"]
attention = "file"

# ---- what each kind of team may be shown ------------------------------------------------------
# full = all but the raw source; summary = who and the short text; pointer = ring the sender.

[disclosure]
id = "default"

[[disclosure.rows]]
team_kinds = ["midwifery", "health_visiting", "ed", "safeguarding"]
disclosure = "full"
reason = "direct care and safeguarding, health"

[[disclosure.rows]]
kinds = ["concern", "referral"]
team_kinds = ["mash", "emergency_duty"]
disclosure = "full"
reason = "safeguarding enquiry"

[[disclosure.rows]]
team_kinds = ["mash", "emergency_duty"]
disclosure = "summary"
reason = "information sharing agreement, example"
)";

std::string principal_rows(const std::map<std::string, std::string>& public_keys) {
  std::string out =
      "# ---- keys -----------------------------------------------------------------------------\n"
      "# A key is bound to an agency, a system or a team, and a role: the key is the identity.\n";
  for (const SandboxPrincipal& p : kPrincipals) {
    const auto key = public_keys.find(std::string(p.id));
    CHECK(key != public_keys.end());
    out += "\n[[principals]]\nid = \"" + std::string(p.id) + "\"\npublic_key = '" + key->second +
           "'\n";
    if (!p.agency.empty()) out += "agency = \"" + std::string(p.agency) + "\"\n";
    if (!p.system.empty()) out += "system = \"" + std::string(p.system) + "\"\n";
    if (!p.team.empty()) out += "teams = [\"" + std::string(p.team) + "\"]\n";
    const bool admin = p.role == v1::ROLE_ADMINISTRATOR;
    out += admin ? "roles = [\"operator\", \"administrator\"]\n"
                 : "roles = [\"" + name_of(p.role) + "\"]\n";
    out += "environment = \"live\"\n";
    if (p.role == v1::ROLE_ENDPOINT) out += "assurance = \"asserted\"\n";
  }
  return out;
}

}  // namespace

std::span<const SandboxPrincipal> sandbox_principals() { return kPrincipals; }
std::span<const SandboxTeam> sandbox_teams() { return kTeams; }

std::string sandbox_directory(const std::map<std::string, std::string>& public_keys) {
  return kAgenciesAndTeams + principal_rows(public_keys) + kRoutesAndPolicy;
}

std::string sandbox_concern() {
  return R"(# A concern as a person writes it. Ids and times that are left out are filled in.
#   switchboard route test --event concern.toml      who would be told, and why
#   switchboard event publish --event concern.toml   send it
# Who the child is stands in [identity]; an NHS number can also be given with --nhs-number -.

[header]
kind = "concern"
agency = "X26"
system = "FORMS"
environment = "live"
urgency = "immediate"            # a person must ring as well
channel = "phone"
from_team = "X26-ED"
call_back = { name = "Nurse in charge, emergency department", phone = "01632 960121" }
represents = ["emergency care"]
not_covered = ["maternity", "health visiting"]
level = "child_in_need"
family_informed = "no"
family_informed_reason = "telling them now may put the child at risk"
views_sought = "not_appropriate"
lawful_basis = "UK GDPR 6(1)(e), 9(2)(g); DPA 2018 Sch 1 para 18"
purpose = "safeguarding"

[header.subject]
type = "child"
area_code = "E06009901"
place_of_care = "X2601"

[identity]
birth_date = "2026-05-02"
sex = "female"
name = { family = "Harrow", given = ["Nia"] }

[[identity.identifiers]]
type = "nhs_number"
authority = "NHS"
value = "9126040018"             # synthetic: numbers that begin with 9 are nobody's
verification = "verified"

[summary]
text = "Bruising to both cheeks in a seven-month-old who does not yet crawl."
significance = "Bruising in a baby who cannot move by herself needs an explanation; none was given."
child_voice_absent = "too young to say; quiet, watchful, settled only with the nurse"
factors = ["bruising_nonmobile"]

[detail.concern]
stage = "actual"
threshold = "met"
narrative = "Brought by mother's partner. Account changed between triage and examination."
)";
}

}  // namespace switchboard::cli
