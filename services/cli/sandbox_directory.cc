#include "services/cli/sandbox_directory.h"

#include <array>

#include "broker/base/check.h"
#include "services/cli/sandbox_region.h"
#include "services/cli/sandbox_screens.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

constexpr std::array kPrincipals = {
    SandboxPrincipal{"operator", "", "", "", v1::ROLE_ADMINISTRATOR},
    SandboxPrincipal{"x26-screen-operator", "", "", "", v1::ROLE_OPERATOR},
    SandboxPrincipal{"nudger", "", "", "", v1::ROLE_NUDGER},
    SandboxPrincipal{"x26-pas", "X26", "PAS", "", v1::ROLE_PUBLISHER},
    SandboxPrincipal{"x99-pas", "X99", "PAS", "", v1::ROLE_PUBLISHER},
    SandboxPrincipal{"x26-forms", "X26", "FORMS", "", v1::ROLE_PUBLISHER},
    SandboxPrincipal{"x99-forms", "X99", "FORMS", "", v1::ROLE_PUBLISHER},
    SandboxPrincipal{"x26-midwifery.desk", "X26", "", "X26-MIDWIFERY", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-ed.desk", "X26", "", "X26-ED", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-liaison.desk", "X26", "", "X26-LIAISON", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-safeguarding.desk", "X26", "", "X26-SAFEGUARDING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-hv.desk", "X99", "", "X99-HEALTH-VISITING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-safeguarding.desk", "X99", "", "X99-SAFEGUARDING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x70-mash.desk", "X70", "", "X70-MASH", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x70-duty.desk", "X70", "", "X70-DUTY", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-spoc.desk", "X99", "", "X99-SPOC", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-school-nursing.desk", "X99", "", "X99-SCHOOL-NURSING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x70-social-care.desk", "X70", "", "X70-SOCIAL-CARE", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-midwifery.system", "X26", "", "X26-MIDWIFERY", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-ed.system", "X26", "", "X26-ED", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-liaison.system", "X26", "", "X26-LIAISON", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-safeguarding.system", "X26", "", "X26-SAFEGUARDING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-hv.system", "X99", "", "X99-HEALTH-VISITING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-safeguarding.system", "X99", "", "X99-SAFEGUARDING", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x70-mash.system", "X70", "", "X70-MASH", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x70-duty.system", "X70", "", "X70-DUTY", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-spoc.system", "X99", "", "X99-SPOC", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x99-school-nursing.system", "X99", "", "X99-SCHOOL-NURSING",
                     v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x70-social-care.system", "X70", "", "X70-SOCIAL-CARE", v1::ROLE_ENDPOINT},
    SandboxPrincipal{"x26-screen", "X26", "SCREEN", "", v1::ROLE_ENDPOINT, true},
    SandboxPrincipal{"x99-screen", "X99", "SCREEN", "", v1::ROLE_ENDPOINT, true},
    SandboxPrincipal{"x70-screen", "X70", "SCREEN", "", v1::ROLE_ENDPOINT, true},
};

constexpr std::array kTeams = {
    SandboxTeam{"X26-MIDWIFERY", "x26-midwifery.system"},
    SandboxTeam{"X26-ED", "x26-ed.system"},
    SandboxTeam{"X26-LIAISON", "x26-liaison.system"},
    SandboxTeam{"X26-SAFEGUARDING", "x26-safeguarding.system"},
    SandboxTeam{"X99-HEALTH-VISITING", "x99-hv.system"},
    SandboxTeam{"X99-SAFEGUARDING", "x99-safeguarding.system"},
    SandboxTeam{"X70-MASH", "x70-mash.system"},
    SandboxTeam{"X70-DUTY", "x70-duty.system"},
    SandboxTeam{"X99-SPOC", "x99-spoc.system"},
    SandboxTeam{"X99-SCHOOL-NURSING", "x99-school-nursing.system"},
    SandboxTeam{"X70-SOCIAL-CARE", "x70-social-care.system"},
};

std::string teams_of(const SandboxPrincipal& p) {
  if (!p.screen) return p.team.empty() ? "" : "\"" + std::string(p.team) + "\"";
  std::string out;
  for (const std::string_view team : sandbox_teams_of(p.agency)) {
    out += (out.empty() ? "\"" : ", \"") + std::string(team) + "\"";
  }
  return out;
}

std::string roles_of(const SandboxPrincipal& p) {
  if (p.screen) return R"("endpoint", "publisher")";
  if (p.role == v1::ROLE_ADMINISTRATOR) return R"("operator", "administrator")";
  return "\"" + name_of(p.role) + "\"";
}

std::string principal_rows(const std::map<std::string, std::string>& public_keys) {
  std::string out =
      "# ---- keys -----------------------------------------------------------------------------\n"
      "# A key is bound to an agency, a system or a team, and a role: the key is the identity.\n"
      "# One that is taken until a day only has it as  expires = \"2027-11-30\"  (see: key ls).\n";
  for (const SandboxPrincipal& p : kPrincipals) {
    const auto key = public_keys.find(std::string(p.id));
    CHECK(key != public_keys.end());
    out += "\n[[principals]]\nid = \"" + std::string(p.id) + "\"\npublic_key = '" + key->second +
           "'\n";
    if (!p.agency.empty()) out += "agency = \"" + std::string(p.agency) + "\"\n";
    if (!p.system.empty()) out += "system = \"" + std::string(p.system) + "\"\n";
    if (const std::string teams = teams_of(p); !teams.empty()) out += "teams = [" + teams + "]\n";
    out += "roles = [" + roles_of(p) + "]\n";
    out += "environment = \"live\"\n";
    if (p.role == v1::ROLE_ENDPOINT) {
      out += p.screen ? "assurance = \"local_sign_in\"\n" : "assurance = \"asserted\"\n";
    }
  }
  return out;
}

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), with);
    at += with.size();
  }
}

}  // namespace

std::span<const SandboxPrincipal> sandbox_principals() { return kPrincipals; }
std::span<const SandboxTeam> sandbox_teams() { return kTeams; }

std::string sandbox_directory(const std::map<std::string, std::string>& public_keys, Day today) {
  std::string text(sandbox_region());
  text += sandbox_people();
  text += principal_rows(public_keys);
  text += sandbox_routes();
  text += sandbox_policy();
  replace_all(text, "@TRIED@", to_string(today + -20));
  replace_all(text, "@LONG_AGO@", to_string(today + -195));
  return text;
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
