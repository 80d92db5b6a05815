#include <fmt/format.h>

#include <algorithm>

#include "adapters/mllp/survey.h"

namespace switchboard::mllp {
namespace {

constexpr const char* kFrom = R"(
# Who speaks, and whom to ring: only you know.
[from]
team = "CHANGE-ME"
call_back = { name = "CHANGE-ME", phone = "CHANGE-ME", hours = "CHANGE-ME" }
out_of_hours = { name = "CHANGE-ME", phone = "CHANGE-ME" }
represents = ["hospital care"]
not_covered = []
lawful_basis = "UK GDPR 6(1)(e), 9(2)(g); DPA 2018 Sch 1 para 18"
purpose = "safeguarding"

[urgency]
admission = "routine"
discharge = "routine"
ed_attendance = "urgent"
not_brought = "urgent"
referral = "urgent"
referral_outcome = "urgent"
death = "urgent"
correction = "urgent"
)";

// What `shown` hid cannot stand in a mapping.
bool is_plain(const std::string& value) { return value.find('<') == value.npos; }

std::vector<std::string> values(const Tally& tally, size_t limit = 30) {
  std::vector<std::string> out;
  for (const auto& [value, count] : tally.rows()) {
    if (out.size() < limit && is_plain(value) && !value.starts_with('(')) out.push_back(value);
  }
  return out;
}

std::string list(const std::vector<std::string>& all) {
  std::string out;
  for (const std::string& value : all) out += (out.empty() ? "\"" : ", \"") + value + "\"";
  return "[" + out + "]";
}

// The field that is filled most often, or the one that is usual.
std::string best(const std::map<std::string, FieldUse>& fields, std::string usual) {
  uint64_t most = 0;
  for (const auto& [place, use] : fields) {
    if (use.filled <= most) continue;
    most = use.filled;
    usual = place;
  }
  return usual;
}

// Destinations have two digits and methods one.
uint64_t two_digits(const Tally& shapes) { return shapes.of("99"); }

}  // namespace

std::string Survey::draft_identity() const {
  std::string out = "\n# PID-3, each pair of authority and type as it was found.\n";
  for (const auto& [key, form] : identifiers_) {
    if (!is_plain(key)) continue;
    const size_t bar = key.find('|');
    const std::string authority = key.substr(0, bar), type = key.substr(bar + 1);
    const bool nhs = form.valid_nhs_numbers * 10 >= form.seen * 9;
    out += fmt::format(
        "[[identifier]]   # {} times, {} valid NHS numbers\nauthority = \"{}\"\n"
        "type_code = \"{}\"\n",
        form.seen, form.valid_nhs_numbers, authority, type);
    const std::string name = authority + "-" + type;
    out += nhs ? "is = \"nhs_number\"\n\n" : fmt::format("is = \"local\"\nname = \"{}\"\n\n", name);
  }
  if (out.find("[[identifier]]") == out.npos) {
    out +=
        "[[identifier]]   # none was found\nauthority = \"NHS\"\ntype_code = \"NH\"\n"
        "is = \"nhs_number\"\n\n";
  }
  std::vector<std::string> verified;
  for (const char* code : {"01", "NSTS01"}) {
    if (verification_.of(code) > 0) verified.push_back(code);
  }
  return out + fmt::format(
                   "# Codes of a number that was traced.\n[verification]\nfield = "
                   "\"PID-32\"\nverified = {}\n",
                   list(verified));
}

std::string Survey::draft_stays() const {
  const bool exchanged = two_digits(methods_) > two_digits(destinations_);
  return fmt::format(
      "\n# Filled most often; see the report above.\n[visit]\nnumber = \"{}\"\nauthority = \"\"\n"
      "\n# By the shape of the codes found{}.\n[discharge]\nmethod = \"PV1-{}.1\"\ndestination = "
      "\"PV1-{}.1\"\nswap_by_shape = true\n",
      best(visit_fields_, "PV1-19.1"),
      methods_.empty() && destinations_.empty() ? ": none were" : "", exchanged ? 37 : 36,
      exchanged ? 36 : 37);
}

std::string Survey::draft_events() const {
  const bool by_slot = times_.contains("AIS-4.1") && !times_.contains("SCH-11.4");
  std::string out = fmt::format(
      "\n[referral]\nnumber = \"RF1-6.1\"\n\n# Codes of RF1-1 found: {}\n[referral_outcome]\n"
      "number = \"RF1-6.1\"\n\n# Orders found: {}. Those that are referrals:\n[consult]\ncodes = "
      "[]\n",
      list(values(decisions_)), list(values(orders_)));
  out += fmt::format(
      "\n# Codes of SCH-25 found: {}. Say what those mean that are the trust's "
      "own.\n[appointment]\n"
      "number = \"SCH-2.1\"\nstarts = {}\nattendance = \"SCH-25.1\"\nattendance_codes = {{}}\n",
      list(values(attendance_)), by_slot ? "[\"AIS-4\"]" : "[\"SCH-11.4\", \"AIS-4\"]");
  out += fmt::format(
      "\n# Types found: {}. Name those to tell of, with their words.\n[document]\n"
      "types = {{}}\n",
      list(values(documents_)));
  return out;
}

std::string Survey::draft_places() const {
  const auto sites = values(sites_);
  const auto facilities = values(facilities_, 1);
  std::string out = fmt::format(
      "\n[place_of_care]\nfield = \"PV1-3.4\"\nmore_fields = [\"AIL-3.4\"]\ndefault_ods = \"{}\"\n",
      facilities.empty() ? "" : facilities.front());
  for (const std::string& site : sites) {
    out += fmt::format(
        "\n[[site]]   # {} times\ncode = \"{}\"\nods = \"{}\"\nname = "
        "\"CHANGE-ME\"\n",
        sites_.of(site), site, site);
  }
  for (const std::string& letters : values(districts_, 10)) {
    out += fmt::format("\n[[area]]   # {} homes\narea_code = \"CHANGE-ME\"\ndistricts = [\"{}\"]\n",
                       districts_.of(letters), letters);
  }
  return out;
}

std::string Survey::draft_scope() const {
  std::vector<std::string> emergency, outside;
  for (const std::string& code : values(classes_)) {
    if (code.starts_with('E')) emergency.push_back(code);
    if (code.starts_with('O') || code.starts_with('P')) outside.push_back(code);
  }
  if (emergency.empty()) emergency.push_back("E");
  if (outside.empty()) outside = {"O", "P"};
  return fmt::format(
      "\n# Classes found: {}. What is in neither list is an inpatient.\n[patient_class]\nemergency "
      "= {}\noutside = {}\n\n# Begin small: no adults. Empty lists take all.\n[scope]\nadults = "
      "\"none\"\nmaternity_specialties = [\"501\", \"560\"]\nkinds = []\nsites = []\n\n# Services "
      "whose events stay at home. Specialties found: {}\n[sensitive]\nspecialties = [\"360\"]\n"
      "clinics = []\nlocations = []\n",
      list(values(classes_)), list(emergency), list(outside), list(values(specialties_)));
}

std::string Survey::draft() const {
  std::vector<std::string> elsewhere, practices;
  for (const auto& [place, use] : nhs_elsewhere_) {
    if (use.filled > 0) elsewhere.push_back(place);
  }
  for (const auto& [place, use] : practice_fields_) practices.push_back(place);
  std::sort(practices.begin(), practices.end(), [&](const auto& a, const auto& b) {
    return practice_fields_.at(a).filled > practice_fields_.at(b).filled;
  });
  if (practices.empty()) practices.push_back("PD1-3.3");
  std::string out = fmt::format(
      "\n# A draft: every CHANGE-ME is yours to fill, every key is explained in\n# "
      "deploy/config/mapping-example.toml. Then: switchboard-mllp --dry-run THIS-FILE CAPTURE\n\n"
      "name = \"CHANGE-ME\"\ntime_zone = \"Europe/London\"\ncharset_fallback = "
      "\"windows-1252\"\nline_ends = \"{}\"\nmore_nhs_number_fields = {}\npractice_fields = "
      "{}\nprotected_address_codes = [\"Y\"]   # found in PD1-12: {}\n",
      line_feeds_ > 0 ? "any" : "cr", list(elsewhere), list(practices), list(values(protection_)));
  out += fmt::format("\n[sender]\napplications = {}\nfacilities = {}\n",
                     list(values(applications_)), list(values(facilities_)));
  return out + kFrom + draft_identity() + draft_stays() + draft_events() + draft_places() +
         draft_scope();
}

}  // namespace switchboard::mllp
