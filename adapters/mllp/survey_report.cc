#include <fmt/format.h>

#include "adapters/mllp/survey.h"

namespace switchboard::mllp {
namespace {

constexpr size_t kRowsMax = 30;

std::string lines(std::string_view title, const Tally& tally) {
  if (tally.empty()) return "";
  std::string out = fmt::format("#\n# {}\n", title);
  const auto rows = tally.rows();
  for (size_t i = 0; i < rows.size() && i < kRowsMax; ++i) {
    out += fmt::format("#   {:>8}  {}\n", rows[i].second, rows[i].first);
  }
  if (rows.size() > kRowsMax) out += fmt::format("#   and {} more\n", rows.size() - kRowsMax);
  return out;
}

std::string forms(const Tally& tally) {
  std::string out;
  const auto rows = tally.rows();
  for (size_t i = 0; i < rows.size() && i < 4; ++i) {
    out += fmt::format("{}{} ({})", i > 0 ? "; " : "", rows[i].first, rows[i].second);
  }
  if (rows.size() > 4) out += fmt::format("; {} more", rows.size() - 4);
  return out;
}

std::string lines(std::string_view title, const std::map<std::string, FieldUse>& fields) {
  if (fields.empty()) return "";
  std::string out = fmt::format("#\n# {}\n", title);
  for (const auto& [place, use] : fields) {
    out += fmt::format("#   {:>8}  {:<9} {}\n", use.filled, place, forms(use.forms));
  }
  return out;
}

std::string lines(const std::map<std::string, IdentifierForm>& identifiers) {
  std::string out =
      "#\n# Identifiers (PID-3, MRG-1): authority, type, how many of them are valid NHS numbers, "
      "shapes\n";
  for (const auto& [key, form] : identifiers) {
    const size_t bar = key.find('|');
    out += fmt::format("#   {:>8}  \"{}\", \"{}\"  {} valid  {}\n", form.seen, key.substr(0, bar),
                       key.substr(bar + 1), form.valid_nhs_numbers, forms(form.shapes));
  }
  return out;
}

}  // namespace

std::string Survey::report() const {
  std::string out = fmt::format(
      "# {} messages in {} files, {} of them framed. No identifiers or names: 9 is a digit, A a "
      "letter,\n# {{n}} how many in a row.\n",
      messages_, files_, framed_files_);
  if (stray_lines_ > 0)
    out += fmt::format("# {} files or lines begin outside a message\n", stray_lines_);
  out += lines("Triggers that make events (adapters/mllp/TRIGGERS.md)", mapped_triggers_);
  out += lines("Triggers that make none: ignored or kept, by other_triggers of the listener",
               triggers_);
  out += lines("Not readable as messages", problems_);
  out += lines("MSH-3, sending application", applications_);
  out += lines("MSH-4, sending facility", facilities_);
  out += lines("MSH-11: a live listener takes P, a test listener T and D", processing_);
  out += lines("MSH-12, version", versions_);
  out += lines("Acknowledgements asked for", acknowledgements_);
  out += lines("Character set declared (MSH-18)", declared_charsets_);
  out += lines("Character set found", charsets_);
  out += fmt::format("#\n# Segments that end in LF, of framed messages: {}\n", line_feeds_);
  out += lines(identifiers_);
  out += lines("Valid NHS numbers elsewhere", nhs_elsewhere_);
  out += lines("Missing", missing_);
  out += lines("NHS number status (PID-32)", verification_);
  out += lines("Protection (PD1-12)", protection_);
  out += fmt::format("#\n# Under 18: {}. 18 or more: {}. No birth date: {}.\n", children_, adults_,
                     no_birth_date_);
  out += lines("Fields that may number visits: how many are filled", visit_fields_);
  out += lines("Patient class (PV1-2)", classes_);
  out += lines("Specialty (PV1-10)", specialties_);
  out += lines("Sites (PV1-3.4)", sites_);
  out += lines("Sites of clinics (AIL-3.4)", clinic_sites_);
  out += lines("Practice: where an ODS code stands", practice_fields_);
  out += lines("Practices", practices_);
  out += lines("Postcode areas of homes", districts_);
  out += lines("Times: how exact, with an offset or not", times_);
  out += lines("PV1-36: shapes (a method is 9, a destination 99)", methods_);
  out += lines("PV1-37: shapes", destinations_);
  out += lines("Appointment status (SCH-25)", attendance_);
  out += lines("Referral status (RF1-1)", decisions_);
  out += lines("Orders (OBR-4)", orders_);
  out += lines("Documents (TXA-2)", documents_);
  out += lines("Fields deleted with two quotes", deletes_);
  out += lines("Local segments", z_segments_);
  return out;
}

}  // namespace switchboard::mllp
