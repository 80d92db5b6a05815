#include "services/cli/sandbox_region.h"

namespace switchboard::cli {
namespace {

constexpr std::string_view kRegion =
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

[[agencies]]
id = "X71"
name = "Eastmere Council (fictional)"
safety_net_team = "X71-SOCIAL-CARE"

[[agencies]]
id = "X80"
name = "Northmoor Police (fictional)"
safety_net_team = "X80-PPU"

[[agencies]]
id = "X81"
name = "Northmoor practices (fictional)"
safety_net_team = "X99-SPOC"

# ---- teams ----------------------------------------------------------------------------------
# Every team has a number to ring, right at every hour, and says who is told next when it does not
# pick up. Hours are London's; without hours a team is always staffed. last_verified: the day its
# numbers were tried (switchboard team verified TEAM).

[[teams]]
id = "X26-MIDWIFERY"
name = "Northmoor midwifery"
agency = "X26"
kind = "midwifery"
reach = "inbox"
environment = "live"
deputy_team = "X26-SAFEGUARDING"
named_lead = "ruth.hollis"
office = { name = "Specialist midwife", phone = "01632 960111" }
out_of_hours = { name = "Labour ward coordinator", phone = "01632 960112" }
switchboard = { name = "Northmoor Hospitals switchboard", phone = "01632 960100" }
hours = [{ from = "08:00", to = "18:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
nudges = [{ via = "mail", address = "midwifery.duty@x26.example" }]
last_verified = "@TRIED@"

[[teams]]
id = "X26-ED"
name = "Northmoor emergency department"
agency = "X26"
kind = "ed"
reach = "inbox"
environment = "live"
deputy_team = "X26-SAFEGUARDING"
named_lead = "ruth.hollis"
office = { name = "Nurse in charge", phone = "01632 960121" }
out_of_hours = { name = "Nurse in charge", phone = "01632 960121" }
switchboard = { name = "Northmoor Hospitals switchboard", phone = "01632 960100" }
last_verified = "@TRIED@"

# The safety net of the emergency department: looks at every attendance of a child.
[[teams]]
id = "X26-LIAISON"
name = "Northmoor paediatric liaison"
agency = "X26"
kind = "paediatric_liaison"
reach = "inbox"
environment = "live"
reviews_attendances = true
deputy_team = "X26-SAFEGUARDING"
named_lead = "ruth.hollis"
office = { name = "Liaison nurse", phone = "01632 960126" }
out_of_hours = { name = "Nurse in charge, emergency department", phone = "01632 960121" }
switchboard = { name = "Northmoor Hospitals switchboard", phone = "01632 960100" }
hours = [{ from = "09:00", to = "17:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
last_verified = "@TRIED@"

[[teams]]
id = "X26-SAFEGUARDING"
name = "Northmoor safeguarding team"
agency = "X26"
kind = "safeguarding"
reach = "inbox"
environment = "live"
named_lead = "ruth.hollis"
office = { name = "Named nurse", phone = "01632 960131" }
out_of_hours = { name = "Site manager on call", phone = "01632 960132" }
switchboard = { name = "Northmoor Hospitals switchboard", phone = "01632 960100" }
hours = [{ from = "09:00", to = "17:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
nudges = [{ via = "mail", address = "safeguarding@x26.example" }]
last_verified = "@TRIED@"

# Not on the hub: it has no screen and is rung. A call task tells the sender so.
[[teams]]
id = "X26-PAEDIATRICS"
name = "Northmoor children's ward"
agency = "X26"
kind = "paediatrics"
reach = "phone"
environment = "live"
deputy_team = "X26-SAFEGUARDING"
office = { name = "Consultant of the week", phone = "01632 960135" }
out_of_hours = { name = "Paediatric registrar on call", phone = "01632 960136" }
switchboard = { name = "Northmoor Hospitals switchboard", phone = "01632 960100" }
hours = [{ from = "09:00", to = "17:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
last_verified = "@TRIED@"

[[teams]]
id = "X99-HEALTH-VISITING"
name = "Southfen health visiting"
agency = "X99"
kind = "health_visiting"
reach = "inbox"
environment = "live"
deputy_team = "X99-SAFEGUARDING"
spoc_team = "X99-SPOC"
named_lead = "tomos.price"
office = { name = "Duty health visitor", phone = "01632 960141" }
out_of_hours = { name = "Site manager on call", phone = "01632 960152" }
switchboard = { name = "Southfen switchboard", phone = "01632 960140" }
hours = [{ from = "09:00", to = "17:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
nudges = [{ via = "mail", address = "hv.duty@x99.example" }]
last_verified = "@TRIED@"

[[teams]]
id = "X99-SCHOOL-NURSING"
name = "Southfen school nursing"
agency = "X99"
kind = "school_nursing"
reach = "inbox"
environment = "live"
deputy_team = "X99-SAFEGUARDING"
spoc_team = "X99-SPOC"
named_lead = "tomos.price"
office = { name = "Duty school nurse", phone = "01632 960145" }
switchboard = { name = "Southfen switchboard", phone = "01632 960140" }
hours = [{ from = "08:30", to = "16:30", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
last_verified = "@TRIED@"

[[teams]]
id = "X99-SPOC"
name = "Southfen single point of contact"
agency = "X99"
kind = "spoc"
reach = "inbox"
environment = "live"
deputy_team = "X99-SAFEGUARDING"
office = { name = "Single point of contact", phone = "01632 960148" }
switchboard = { name = "Southfen switchboard", phone = "01632 960140" }
hours = [{ from = "08:00", to = "20:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
last_verified = "@TRIED@"

[[teams]]
id = "X99-SAFEGUARDING"
name = "Southfen safeguarding team"
agency = "X99"
kind = "safeguarding"
reach = "inbox"
environment = "live"
named_lead = "tomos.price"
office = { name = "Named nurse", phone = "01632 960151" }
out_of_hours = { name = "Site manager on call", phone = "01632 960152" }
switchboard = { name = "Southfen switchboard", phone = "01632 960140" }
hours = [{ from = "09:00", to = "17:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
nudges = [{ via = "mail", address = "safeguarding@x99.example" }]
last_verified = "@TRIED@"

# Its numbers were last tried long ago: they show as STALE.
[[teams]]
id = "X99-CAMHS"
name = "Southfen child and adolescent mental health"
agency = "X99"
kind = "camhs"
reach = "phone"
environment = "live"
deputy_team = "X99-SAFEGUARDING"
spoc_team = "X99-SPOC"
office = { name = "CAMHS duty clinician", phone = "01632 960155" }
out_of_hours = { name = "Crisis line", phone = "01632 960156" }
switchboard = { name = "Southfen switchboard", phone = "01632 960140" }
hours = [{ from = "09:00", to = "17:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
last_verified = "@LONG_AGO@"

[[teams]]
id = "X70-MASH"
name = "Northmoor multi-agency safeguarding hub"
agency = "X70"
kind = "mash"
reach = "inbox"
environment = "live"
deputy_team = "X70-DUTY"
edt_team = "X70-DUTY"
named_lead = "dev.patel"
office = { name = "MASH duty desk", phone = "01632 960161" }
out_of_hours = { name = "Emergency duty team", phone = "01632 960171" }
switchboard = { name = "Northmoor Council contact centre", phone = "01632 960160" }
hours = [{ from = "08:30", to = "17:30", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
nudges = [{ via = "mail", address = "mash@x70.example" }]
last_verified = "@TRIED@"

[[teams]]
id = "X70-DUTY"
name = "Northmoor emergency duty team"
agency = "X70"
kind = "emergency_duty"
reach = "inbox"
environment = "live"
office = { name = "Emergency duty team", phone = "01632 960171" }
out_of_hours = { name = "Emergency duty team", phone = "01632 960171" }
switchboard = { name = "Northmoor Council contact centre", phone = "01632 960160" }
last_verified = "@TRIED@"

[[teams]]
id = "X70-SOCIAL-CARE"
name = "Northmoor children's social care"
agency = "X70"
kind = "social_care"
reach = "inbox"
environment = "live"
deputy_team = "X70-MASH"
edt_team = "X70-DUTY"
named_lead = "dev.patel"
office = { name = "Duty social worker", phone = "01632 960165" }
switchboard = { name = "Northmoor Council contact centre", phone = "01632 960160" }
hours = [{ from = "09:00", to = "17:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
last_verified = "@TRIED@"

# By telephone only: practices, the police, and the authority next door.
[[teams]]
id = "X81001-GP"
name = "Tern Surgery"
agency = "X81"
kind = "gp_practice"
reach = "phone"
environment = "live"
deputy_team = "X99-SPOC"
office = { name = "Reception, ask for the safeguarding lead", phone = "01632 960181" }
out_of_hours = { name = "Out-of-hours service", phone = "01632 960183" }
hours = [{ from = "08:00", to = "18:30", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
last_verified = "@TRIED@"

[[teams]]
id = "X80-PPU"
name = "Northmoor police public protection"
agency = "X80"
kind = "police_public_protection"
reach = "phone"
environment = "live"
office = { name = "Public protection desk", phone = "01632 960191" }
out_of_hours = { name = "Force control room", phone = "01632 960192" }
hours = [{ from = "08:00", to = "22:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
last_verified = "@TRIED@"

[[teams]]
id = "X71-SOCIAL-CARE"
name = "Eastmere children's social care"
agency = "X71"
kind = "social_care"
reach = "phone"
environment = "live"
office = { name = "Front door", phone = "01632 960261" }
out_of_hours = { name = "Emergency duty team", phone = "01632 960271" }
hours = [{ from = "09:00", to = "17:00", days = [
  "monday", "tuesday", "wednesday", "thursday", "friday"] }]
last_verified = "@TRIED@"

# ---- groups, areas, practices ---------------------------------------------------------------
# Any of a group may pick up: that stops the clocks of the others.

[[groups]]
id = "x70-front-door"
name = "Northmoor front door, day and night"
teams = ["X70-MASH", "X70-DUTY"]

# E06009901 stands for the area of Northmoor Council, E06009902 for the one next door.

[[areas]]
id = "E06009901"
name = "Northmoor"
social_care_team = "X70-SOCIAL-CARE"
edt_team = "X70-DUTY"
office = { name = "MASH duty desk", phone = "01632 960161" }
out_of_hours = { name = "Emergency duty team", phone = "01632 960171" }

[[areas]]
id = "E06009902"
name = "Eastmere"
social_care_team = "X71-SOCIAL-CARE"
office = { name = "Front door", phone = "01632 960261" }
out_of_hours = { name = "Emergency duty team", phone = "01632 960271" }

# Where a postcode lies: the longest prefix decides. Replace it: switchboard area load
[postcodes]
id = "postcodes"
edition = "sandbox 2026-11"
rows = [
  { prefix = "XA1", area = "E06009901" },
  { prefix = "XA2", area = "E06009901" },
  { prefix = "XE", area = "E06009902" },
]

[[practices]]
id = "X81001"
name = "Tern Surgery"
team = "X81001-GP"
office = { name = "Reception", phone = "01632 960181" }

[[practices]]
id = "X81002"
name = "Weir Lane Surgery"
office = { name = "Reception", phone = "01632 960182" }

[[practices]]
id = "X81003"
name = "Old Quay Surgery"
office = { name = "Reception of its successor", phone = "01632 960181" }
closed_on = "2026-09-30"
successor = "X81001"

)toml";

constexpr std::string_view kPeople =
    R"toml(# ---- people ----------------------------------------
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
teams = ["X26-ED", "X26-LIAISON"]

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

[[people]]
id = "kit.marsh"
name = "Kit Marsh"
role = "school nurse"
teams = ["X99-SCHOOL-NURSING"]

[[people]]
id = "ines.duarte"
name = "Ines Duarte"
role = "referral coordinator"
teams = ["X99-SPOC"]

[[people]]
id = "sol.abbot"
name = "Sol Abbot"
role = "social worker"
teams = ["X70-SOCIAL-CARE"]

# ---- who is on duty -------------------------------------------------------------------------
# A week, and what stands before it on some days (London). The id is the team's.

[[rotas]]
id = "X99-HEALTH-VISITING"
week = [
  { person = "chloe.ng", from = "09:00", to = "17:00", days = [
    "monday", "tuesday", "wednesday"] },
  { person = "tomos.price", from = "09:00", to = "17:00", days = [
    "thursday", "friday"] },
]
overrides = [
  { from = "2026-12-23 09:00", to = "2026-12-23 17:00", person = "tomos.price" },
]

[[rotas]]
id = "X26-MIDWIFERY"
week = [
  { person = "amara.osei", from = "08:00", to = "18:00", days = [
    "monday", "tuesday", "wednesday", "thursday", "friday"] },
]

[[rotas]]
id = "X70-MASH"
week = [
  { person = "dev.patel", from = "08:30", to = "17:30", days = [
    "monday", "tuesday", "wednesday", "thursday", "friday"] },
]

[[rotas]]
id = "X70-DUTY"
week = [
  { person = "orla.finn", from = "17:30", to = "08:30", days = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday"] },
]

# ---- bank holidays --------------------------------------------------------------------------

[[calendars]]
id = "england"
days = [
  { date = "2026-01-01", name = "New Year's Day" },
  { date = "2026-04-03", name = "Good Friday" },
  { date = "2026-04-06", name = "Easter Monday" },
  { date = "2026-05-04", name = "Early May bank holiday" },
  { date = "2026-05-25", name = "Spring bank holiday" },
  { date = "2026-08-31", name = "Summer bank holiday" },
  { date = "2026-12-25", name = "Christmas Day" },
  { date = "2026-12-28", name = "Boxing Day (substitute day)" },
  { date = "2027-01-01", name = "New Year's Day" },
  { date = "2027-03-26", name = "Good Friday" },
  { date = "2027-03-29", name = "Easter Monday" },
  { date = "2027-05-03", name = "Early May bank holiday" },
  { date = "2027-05-31", name = "Spring bank holiday" },
  { date = "2027-08-30", name = "Summer bank holiday" },
  { date = "2027-12-27", name = "Christmas Day (substitute day)" },
  { date = "2027-12-28", name = "Boxing Day (substitute day)" },
]

)toml";

}  // namespace

std::string_view sandbox_region() { return kRegion; }
std::string_view sandbox_people() { return kPeople; }

}  // namespace switchboard::cli
