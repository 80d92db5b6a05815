#include "services/cli/sandbox_region.h"

namespace switchboard::cli {
namespace {

constexpr std::string_view kRoutes = R"toml(
# ---- routes ---------------------------------------------------------------------------------
# A team is told when one of its routes matches: by area, practice, place of care or caseload.

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
id = "x26-liaison-attendances"          # every child who is seen; an unknown age is not left out
team = "X26-LIAISON"
kinds = ["ed_attendance"]
clause = { place = "X2601" }
sources = ["X26"]
ages = { below_months = 217 }           # and a month: a route goes by the age of that day

[[routes]]
id = "x99-hv-under-fives"
team = "X99-HEALTH-VISITING"
clause = { area = "E06009901" }
ages = { below_months = 60, unborn = true }

[[routes]]
id = "x70-mash-concerns"
team = "X70-MASH"
kinds = ["concern", "referral", "referral_outcome", "call_logged", "death", "correction"]
clause = { area = "E06009901" }

[[routes]]
id = "x70-mash-urgent"
team = "X70-MASH"
kinds = ["ed_attendance", "admission", "discharge", "not_brought"]
clause = { area = "E06009901" }
least_urgency = "urgent"

[[routes]]
id = "x99-school-nursing-school-age"
team = "X99-SCHOOL-NURSING"
clause = { area = "E06009901" }
ages = { from_months = 60, below_months = 228 }

[[routes]]
id = "x70-social-care-caseload"
team = "X70-SOCIAL-CARE"
clause = { caseload = true }

[[routes]]
id = "x81001-gp-concerns"
team = "X81001-GP"                     # by telephone
kinds = ["concern", "referral_outcome"]
clause = { practice = "X81001" }

[[routes]]
id = "x71-social-care-concerns"
team = "X71-SOCIAL-CARE"               # the authority next door, by telephone
kinds = ["concern", "referral", "death"]
clause = { area = "E06009902" }

)toml";

constexpr std::string_view kPolicy = R"toml(
# ---- policy ---------------------------------------------------------------------------------
# What is asked of a team, and how soon. EXAMPLE: needs local sign-off. A hub for real children
# needs one that the safeguarding partners have signed, with their name in signed_off_by.
# The first row that matches decides. act = a person must pick it up; see = a person must open it.

[policy]
id = "default"
signed_off_by = ""
stale_contact_days = 90
must_reach_kinds = ["concern", "referral", "referral_outcome", "call_logged", "death"]

# Asked by the form by which people send, with the answers shown to whoever is told. At most 12;
# a mandatory one needs an answer, and "not known" is one. EXAMPLES: partners decide what is asked.
[[policy.send_prompts]]
id = "household"
kinds = ["concern", "referral"]
question = "Who else is in the household?"
hint = "Other children above all. EXAMPLE of a local question"
mandatory = true

[[policy.send_prompts]]
id = "out-of-area"
kinds = ["concern", "referral"]
question = "Is an out-of-area team involved?"
hint = "Which one, and its number if you have it. EXAMPLE of a local question"

[[policy.send_prompts]]
id = "called-before"
kinds = ["call_logged"]
question = "Has anybody else been told by telephone?"
hint = "Who, and when. EXAMPLE of a local question"

[[policy.rows]]
id = "immediate"
least_urgency = "immediate"
attention = "act"
acknowledge_within_s = 900
receive_within_s = 300
action_within_s = 14400
levels = [
  { tell = ["deputy", "sender", "call_sender"] },
  { after_s = 900, tell = ["spoc", "edt"] },
  { after_s = 1800, tell = ["safety_net", "call_team"] },
]

[[policy.rows]]
id = "safety net"                      # reviewed within one working day
kinds = ["ed_attendance"]
team_kinds = ["paediatric_liaison"]
attention = "act"
acknowledge_within_s = 28800
action_within_s = 28800
clock = "working"
levels = [{ tell = ["deputy"] }]

[[policy.rows]]
id = "concern"
kinds = ["concern"]
attention = "act"
acknowledge_within_s = 3600
action_within_s = 86400
levels = [
  { tell = ["deputy", "sender"] },
  { after_s = 3600, tell = ["spoc", "edt", "call_sender"] },
  { after_s = 7200, tell = ["safety_net"] },
]

[[policy.rows]]
kinds = ["referral"]
attention = "act"
acknowledge_within_s = 14400

[[policy.rows]]
id = "seen, under 1"
kinds = ["ed_attendance", "admission"]
team_kinds = ["health_visiting", "midwifery"]
contexts = ["under_1"]
attention = "act"
acknowledge_within_s = 28800

[[policy.rows]]
kinds = ["ed_attendance", "admission"]
team_kinds = ["health_visiting", "midwifery", "school_nursing"]
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

# A call that was made or taken: whoever has a reason to know reads of it. What is to be picked up
# is sent as a concern.
[[policy.rows]]
id = "call"
kinds = ["call_logged"]
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
team_kinds = ["midwifery", "health_visiting", "school_nursing", "ed", "paediatrics", "camhs",
  "safeguarding", "spoc"]
disclosure = "full"
reason = "direct care and safeguarding, health"

[[disclosure.rows]]
kinds = ["concern", "referral", "call_logged"]
team_kinds = ["mash", "social_care", "emergency_duty"]
disclosure = "full"
reason = "safeguarding enquiry"

[[disclosure.rows]]
team_kinds = ["mash", "social_care", "emergency_duty"]
disclosure = "summary"
reason = "information sharing agreement, example"
)toml";

}  // namespace

std::string_view sandbox_routes() { return kRoutes; }
std::string_view sandbox_policy() { return kPolicy; }

}  // namespace switchboard::cli
