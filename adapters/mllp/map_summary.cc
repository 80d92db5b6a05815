#include "adapters/mllp/code_words.h"
#include "adapters/mllp/draft.h"

namespace switchboard::mllp {
namespace {

constexpr int64_t kHourUs = 3'600'000'000;

// A day is a day, and a repeated hour is said, not guessed.
std::string when(const Mapping& mapping, const v1::TimeRange& range) {
  std::string text = mapping.zone.spoken(Time{range.earliest_us()});
  if (range.latest_us() - range.earliest_us() > 20 * kHourUs) {
    text.resize(text.find(" at "));
  } else if (range.ambiguous()) {
    text += " (the clocks changed in this hour: it may be an hour later)";
  }
  return text;
}

std::string place(const Draft& draft) {
  const std::string code = draft.mapping.site_place.in(draft.message).subcomponent(1).text();
  const auto it = draft.mapping.sites.find(code);
  return it == draft.mapping.sites.end() ? "hospital" : it->second.name;
}

std::string comma(std::string_view words) { return words.empty() ? "" : ", " + std::string(words); }

const v1::TimeRange& either(const v1::TimeRange& first, const v1::TimeRange& second) {
  return first.latest_us() != 0 ? first : second;
}

std::string admission_text(const Draft& draft) {
  const v1::Admission& a = draft.event.detail().admission();
  std::string text =
      "Admitted to " + place(draft) + comma(admission_method_words(a.admission_method()));
  if (const auto words = specialty_words(a.specialty()); !words.empty()) {
    text += ", under " + std::string(words);
  }
  text +=
      ", on " + when(draft.mapping, either(a.admitted(), draft.event.header().occurred())) + ".";
  if (!a.reason().empty()) text += " Reason given: " + a.reason() + ".";
  return text;
}

std::string discharge_text(const Draft& draft) {
  const v1::Discharge& d = draft.event.detail().discharge();
  const auto at = when(draft.mapping, either(d.discharged(), draft.event.header().occurred()));
  if (is_died(d.discharge_method(), d.discharge_destination())) {
    return "The record of " + place(draft) + " says that the patient died or was stillborn, on " +
           at + ". Do not contact the family before checking.";
  }
  return "Left " + place(draft) + " on " + at +
         comma(discharge_method_words(d.discharge_method())) +
         comma(discharge_destination_words(d.discharge_destination())) + ".";
}

std::string ed_text(const Draft& draft) {
  const v1::EdAttendance& ed = draft.event.detail().ed_attendance();
  std::string text = "Attended the emergency department of " + place(draft) + " on " +
                     when(draft.mapping, either(ed.arrived(), draft.event.header().occurred())) +
                     ".";
  if (!ed.chief_complaint().empty()) text += " Reason given: " + ed.chief_complaint() + ".";
  if (!ed.accompanied_by().empty()) text += " Came with: " + ed.accompanied_by() + ".";
  return text;
}

std::string referral_text(const Draft& draft) {
  const v1::Referral& r = draft.event.detail().referral();
  std::string text = "Referred";
  if (!r.referred_to().empty()) text += " to " + r.referred_to();
  if (!r.referring_practitioner().empty()) text += " by " + r.referring_practitioner();
  text +=
      " on " + when(draft.mapping, either(r.effective(), draft.event.header().occurred())) + ".";
  if (!r.reason().empty()) text += " Reason given: " + r.reason() + ".";
  return text;
}

std::string content_text(const Draft& draft, std::string_view kind) {
  if (kind == "admission") return admission_text(draft);
  if (kind == "discharge") return discharge_text(draft);
  if (kind == "ed_attendance") return ed_text(draft);
  if (kind == "referral") return referral_text(draft);
  return {};
}

std::string void_text(std::string_view target_kind) {
  if (target_kind == "discharge") {
    return "Cancelled: the discharge sent before did not happen. The patient is still in care.";
  }
  if (target_kind == "admission") return "Cancelled: the admission sent before did not happen.";
  return "Cancelled: the emergency department attendance sent before did not happen.";
}

}  // namespace

void map_summary(Draft& draft) {
  const TriggerRow& row = draft.row;
  std::string text;
  if (row.nature == v1::CORRECTION_NATURE_VOID) {
    text = void_text(row.target_kind);
  } else if (row.nature == v1::CORRECTION_NATURE_SUPERSEDED) {
    text = "The record was changed. It now reads: " + content_text(draft, row.target_kind);
  } else {
    text = content_text(draft, row.kind);
  }
  draft.because("summary.text", "written from the codes above", text);
  draft.event.mutable_summary()->set_text(std::move(text));
}

}  // namespace switchboard::mllp
