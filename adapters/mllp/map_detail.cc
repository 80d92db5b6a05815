#include "adapters/mllp/code_words.h"
#include "adapters/mllp/draft.h"

namespace switchboard::mllp {
namespace {

// Writes the time that is there into a field of the detail.
template <typename Part>
void put(Part& part, v1::TimeRange* (Part::*slot)(), std::optional<v1::TimeRange> range) {
  if (range) *(part.*slot)() = *std::move(range);
}

// PV1 of a stay that is yet to come has no time of its own: the plan's does, or EVN-3.
std::vector<FieldPlace> when_planned(const FieldPlace& place) {
  return {place, FieldPlace{"EVN", 3, 0}};
}

void map_admission(Draft& draft, v1::Detail& detail, std::string_view kind) {
  const DetailPlaces& places = draft.mapping.detail;
  v1::Admission& admission = *detail.mutable_admission();
  admission.set_patient_class(draft.take({"PV1", 2, 0}, "detail.admission.patient_class"));
  admission.set_admission_method(
      draft.take(places.admission_method, "detail.admission.admission_method"));
  admission.set_admission_source(
      draft.take(places.admission_source, "detail.admission.admission_source"));
  admission.set_specialty(draft.take(places.specialty, "detail.admission.specialty"));
  admission.set_reason(draft.take(places.reason, "detail.admission.reason"));
  const bool planned = kind == "admission_planned";
  put(admission, &v1::Admission::mutable_admitted,
      planned
          ? draft.take_time(when_planned(places.expected_admission), "detail.admission.admitted")
          : draft.take_time({"PV1", 44, 0}, "detail.admission.admitted"));
  put(admission, &v1::Admission::mutable_expected_discharge,
      draft.take_time(places.expected_discharge, "detail.admission.expected_discharge"));
}

DischargeCodes take_codes(Draft& draft) {
  DischargeCodes codes = discharge_codes(draft.message, draft.mapping);
  const DischargePlaces& places = draft.mapping.discharge;
  const FieldPlace& method = codes.exchanged ? places.destination : places.method;
  const FieldPlace& destination = codes.exchanged ? places.method : places.destination;
  draft.because("detail discharge_method", method.text(), codes.method);
  draft.because("detail discharge_destination", destination.text(), codes.destination);
  if (codes.exchanged) {
    draft.note("discharge method and destination exchanged by the shape of their codes");
  }
  return codes;
}

void map_discharge(Draft& draft, v1::Detail& detail, std::string_view kind) {
  v1::Discharge& discharge = *detail.mutable_discharge();
  DischargeCodes codes = take_codes(draft);
  discharge.set_self_discharge(is_self_discharge(codes.method));
  discharge.set_to_local_authority_care(is_local_authority_care(codes.destination));
  discharge.set_discharge_method(std::move(codes.method));
  discharge.set_discharge_destination(std::move(codes.destination));
  put(discharge, &v1::Discharge::mutable_admitted,
      draft.take_time({"PV1", 44, 0}, "detail.discharge.admitted"));
  const bool planned = kind == "discharge_planned";
  put(discharge, &v1::Discharge::mutable_discharged,
      planned ? draft.take_time(when_planned(draft.mapping.detail.expected_discharge),
                                "detail.discharge.discharged")
              : draft.take_time({"PV1", 45, 0}, "detail.discharge.discharged"));
}

void map_death(Draft& draft, v1::Detail& detail) {
  v1::Death& death = *detail.mutable_death();
  DischargeCodes codes = take_codes(draft);
  death.set_stillborn(is_stillborn(codes.method));
  death.set_discharge_method(std::move(codes.method));
  death.set_discharge_destination(std::move(codes.destination));
  death.set_ends_visit(true);
  put(death, &v1::Death::mutable_died,
      draft.take_time({FieldPlace{"PID", 29, 0}, FieldPlace{"PV1", 45, 0}}, "detail.death.died"));
}

void map_ed_attendance(Draft& draft, v1::Detail& detail) {
  const DetailPlaces& places = draft.mapping.detail;
  v1::EdAttendance& ed = *detail.mutable_ed_attendance();
  ed.set_arrival_mode(draft.take(places.arrival_mode, "detail.ed_attendance.arrival_mode"));
  ed.set_chief_complaint(draft.take(places.reason, "detail.ed_attendance.chief_complaint"));
  ed.set_accompanied_by(draft.take(places.accompanied_by, "detail.ed_attendance.accompanied_by"));
  ed.set_disposal(draft.take(places.disposal, "detail.ed_attendance.disposal"));
  put(ed, &v1::EdAttendance::mutable_arrived,
      draft.take_time({"PV1", 44, 0}, "detail.ed_attendance.arrived"));
}

// The ODS code of the site that a place field names; the code as sent has no meaning elsewhere.
std::string site_at(const Draft& draft, FieldPlace place) {
  if (place.empty()) return {};
  place.component = draft.mapping.places.site.component;
  const Site* site = draft.mapping.site_of(place.in(draft.message).subcomponent(1).text());
  return site ? site->ods : "";
}

void map_transfer(Draft& draft, v1::Detail& detail, std::string_view kind) {
  const PlacePlaces& places = draft.mapping.places;
  const bool planned = kind == "transfer_planned";
  const FieldPlace now{"PV1", 3, 0};
  const FieldPlace& from = planned ? now : places.from;
  const FieldPlace& to = planned ? places.planned : now;
  const auto ward = [&](FieldPlace place, std::string_view target) {
    if (!place.empty()) place.component = 1;
    return draft.take(place, target);
  };
  v1::Transfer& transfer = *detail.mutable_transfer();
  transfer.set_from_place(ward(from, "detail.transfer.from_place"));
  transfer.set_to_place(ward(to, "detail.transfer.to_place"));
  transfer.set_from_site(site_at(draft, from));
  transfer.set_to_site(site_at(draft, to));
  transfer.set_specialty(draft.take(draft.mapping.detail.specialty, "detail.transfer.specialty"));
  put(transfer, &v1::Transfer::mutable_at,
      planned ? draft.take_time({"EVN", 3, 0}, "detail.transfer.at")
              : draft.take_time({"EVN", 6, 0}, "detail.transfer.at"));
}

void map_leave(Draft& draft, v1::Detail& detail) {
  v1::Leave& leave = *detail.mutable_leave();
  leave.set_returned(draft.row.trigger == "A22");
  leave.set_place(draft.take({"PV1", 3, 1}, "detail.leave.place"));
  put(leave, &v1::Leave::mutable_at, draft.take_time({"EVN", 6, 0}, "detail.leave.at"));
  put(leave, &v1::Leave::mutable_expected_return,
      draft.take_time(draft.mapping.detail.expected_return, "detail.leave.expected_return"));
}

void map_document(Draft& draft, v1::Detail& detail) {
  const DocumentPlaces& places = draft.mapping.document;
  v1::Document& document = *detail.mutable_document();
  const std::string type = draft.take(places.type, "detail.document.type");
  document.set_type(places.types.at(type).empty() ? type : places.types.at(type));
  document.set_title(draft.take(places.title, "detail.document.title"));
  document.set_reference(draft.take(places.reference, "detail.document.reference"));
  document.set_author_role(draft.take(places.author_role, "detail.document.author_role"));
  document.set_status(draft.take(places.status, "detail.document.status"));
  put(document, &v1::Document::mutable_written,
      draft.take_time(places.written, "detail.document.written"));
}

// HL7 does not say what an update changed; only what it deletes.
void map_identity_changed(Draft& draft, v1::Detail& detail) {
  v1::IdentityChanged& changed = *detail.mutable_identity_changed();
  struct Named {
    FieldPlace place;
    const char* name;
  };
  const Named fields[] = {{{"PID", 5, 0}, "name"},           {{"PID", 7, 0}, "birth_date"},
                          {{"PID", 11, 0}, "address"},       {{"PID", 13, 0}, "phone"},
                          {{"PID", 29, 0}, "date_of_death"}, {{"PID", 30, 0}, "death"},
                          {{"PD1", 3, 0}, "practice"},       {{"NK1", 2, 0}, "related"}};
  for (const Named& field : fields) {
    if (field.place.in(draft.message).is_delete()) {
      changed.add_fields(field.name);
      draft.because("detail.identity_changed.fields", field.place.text(),
                    changed.fields().at(changed.fields_size() - 1));
    }
  }
  changed.set_reason(draft.take({"EVN", 4, 0}, "detail.identity_changed.reason"));
}

void map_kind(Draft& draft, v1::Detail& detail, std::string_view kind) {
  if (kind.starts_with("admission")) return map_admission(draft, detail, kind);
  if (kind.starts_with("discharge")) return map_discharge(draft, detail, kind);
  if (kind.starts_with("transfer")) return map_transfer(draft, detail, kind);
  if (kind == "ed_attendance") return map_ed_attendance(draft, detail);
  if (kind == "death") return map_death(draft, detail);
  if (kind == "leave") return map_leave(draft, detail);
  if (kind == "referral") return map_referral(draft, detail);
  if (kind == "referral_outcome") return map_referral_outcome(draft, detail);
  if (kind == "appointment") return map_appointment(draft, detail);
  if (kind == "not_brought") return map_not_brought(draft, detail);
  if (kind == "document") return map_document(draft, detail);
  if (kind == "identity_changed") return map_identity_changed(draft, detail);
}

}  // namespace

// A cancellation has nothing to tell but what it cancels; an update brings the new content.
void map_detail(Draft& draft) {
  if (draft.row.nature == v1::CORRECTION_NATURE_VOID) return;
  v1::Detail& detail = *draft.event.mutable_detail();
  map_kind(draft, detail, draft.row.content_kind());
  for (const auto& [name, place] : draft.mapping.coded) {
    const std::string value = draft.take(place, "detail.coded " + name);
    if (!value.empty()) (*detail.mutable_coded())[name] = value;
  }
}

}  // namespace switchboard::mllp
