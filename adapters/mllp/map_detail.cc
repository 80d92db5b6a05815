#include "adapters/mllp/code_words.h"
#include "adapters/mllp/draft.h"

namespace switchboard::mllp {
namespace {

void set_time(std::optional<v1::TimeRange> range, v1::TimeRange* (*slot)(v1::Detail&),
              v1::Detail& detail) {
  if (range) *slot(detail) = *std::move(range);
}

void map_admission(Draft& draft, v1::Detail& detail) {
  const DetailPlaces& places = draft.mapping.detail;
  v1::Admission& admission = *detail.mutable_admission();
  admission.set_patient_class(draft.take({"PV1", 2, 0}, "detail.admission.patient_class"));
  admission.set_admission_method(
      draft.take(places.admission_method, "detail.admission.admission_method"));
  admission.set_admission_source(
      draft.take(places.admission_source, "detail.admission.admission_source"));
  admission.set_specialty(draft.take(places.specialty, "detail.admission.specialty"));
  admission.set_reason(draft.take(places.reason, "detail.admission.reason"));
  set_time(
      draft.take_time({"PV1", 44, 0}, "detail.admission.admitted"),
      [](v1::Detail& d) { return d.mutable_admission()->mutable_admitted(); }, detail);
  set_time(
      draft.take_time(places.expected_discharge, "detail.admission.expected_discharge"),
      [](v1::Detail& d) { return d.mutable_admission()->mutable_expected_discharge(); }, detail);
}

// A method is one digit and a destination two: some trusts send them the other way round.
bool are_swapped(std::string_view method, std::string_view destination) {
  return method.size() == 2 && destination.size() <= 1;
}

void map_discharge(Draft& draft, v1::Detail& detail) {
  const DischargePlaces& places = draft.mapping.discharge;
  v1::Discharge& discharge = *detail.mutable_discharge();
  std::string method = draft.take(places.method, "detail.discharge.discharge_method");
  std::string destination =
      draft.take(places.destination, "detail.discharge.discharge_destination");
  if (places.swap_by_shape && are_swapped(method, destination)) {
    std::swap(method, destination);
    draft.note("discharge method and destination exchanged by the shape of their codes");
  }
  discharge.set_self_discharge(is_self_discharge(method));
  discharge.set_discharge_method(std::move(method));
  discharge.set_discharge_destination(std::move(destination));
  set_time(
      draft.take_time({"PV1", 44, 0}, "detail.discharge.admitted"),
      [](v1::Detail& d) { return d.mutable_discharge()->mutable_admitted(); }, detail);
  set_time(
      draft.take_time({"PV1", 45, 0}, "detail.discharge.discharged"),
      [](v1::Detail& d) { return d.mutable_discharge()->mutable_discharged(); }, detail);
}

void map_ed_attendance(Draft& draft, v1::Detail& detail) {
  const DetailPlaces& places = draft.mapping.detail;
  v1::EdAttendance& ed = *detail.mutable_ed_attendance();
  ed.set_arrival_mode(draft.take(places.arrival_mode, "detail.ed_attendance.arrival_mode"));
  ed.set_chief_complaint(draft.take(places.reason, "detail.ed_attendance.chief_complaint"));
  ed.set_accompanied_by(draft.take(places.accompanied_by, "detail.ed_attendance.accompanied_by"));
  ed.set_disposal(draft.take(places.disposal, "detail.ed_attendance.disposal"));
  set_time(
      draft.take_time({"PV1", 44, 0}, "detail.ed_attendance.arrived"),
      [](v1::Detail& d) { return d.mutable_ed_attendance()->mutable_arrived(); }, detail);
}

// PRD-1 of table 0286: RP refers, RT is referred to. XCN or XPN names are shown as sent.
std::string provider(const Message& message, std::string_view role) {
  for (const Segment& prd : message.segments()) {
    if (prd.name() != "PRD" || prd.field(1).component(1).raw() != role) continue;
    const Value name = prd.field(2).repetition(1);
    std::string text = name.component(5).text();
    for (const size_t part : {2u, 1u}) {
      const std::string word = name.component(part).text();
      if (!word.empty()) text += (text.empty() ? "" : " ") + word;
    }
    if (text.empty()) text = prd.field(3).component(1).text();
    return clip(text, 256);
  }
  return {};
}

void map_referral(Draft& draft, v1::Detail& detail) {
  v1::Referral& referral = *detail.mutable_referral();
  referral.set_status(draft.take({"RF1", 1, 1}, "detail.referral.status"));
  referral.set_priority(draft.take({"RF1", 2, 1}, "detail.referral.priority"));
  referral.set_referral_type(draft.take({"RF1", 3, 1}, "detail.referral.referral_type"));
  FieldPlace reason{"RF1", 10, 2};
  if (!reason.in(draft.message).has_value()) reason.component = 1;
  referral.set_reason(draft.take(reason, "detail.referral.reason"));
  referral.set_referring_practitioner(provider(draft.message, "RP"));
  referral.set_referred_to(provider(draft.message, "RT"));
  set_time(
      draft.take_time({"RF1", 7, 0}, "detail.referral.effective"),
      [](v1::Detail& d) { return d.mutable_referral()->mutable_effective(); }, detail);
  const auto& table = draft.mapping.referral.urgency_by_priority;
  if (const auto it = table.find(referral.priority()); it != table.end()) {
    draft.header().set_urgency(it->second);
    draft.because("header.urgency", "RF1-2 by urgency_by_priority", v1::Urgency_Name(it->second));
  }
}

std::string thread_authority(const Draft& draft, const std::string& configured) {
  if (!configured.empty()) return configured;
  return draft.listener.agency + "/" + draft.listener.system;
}

void add_thread(Draft& draft, v1::ThreadType type, const FieldPlace& place,
                const std::string& authority) {
  const std::string number = draft.take(place, "header.threads " + v1::ThreadType_Name(type));
  if (number.empty()) return;
  v1::Thread& thread = *draft.header().add_threads();
  thread.set_type(type);
  thread.set_authority(thread_authority(draft, authority));
  thread.set_value(number);
}

}  // namespace

void map_threads(Draft& draft) {
  const Mapping& mapping = draft.mapping;
  add_thread(draft, v1::THREAD_TYPE_VISIT, mapping.visit.number, mapping.visit.authority);
  if (draft.row.kind == "referral") {
    add_thread(draft, v1::THREAD_TYPE_REFERRAL, mapping.referral.number,
               mapping.referral.authority);
  }
  if (draft.header().threads().empty()) {
    draft.note("no visit or referral number: a later correction cannot find this event");
  }
}

// A cancellation has nothing to tell but what it cancels; an update brings the new content.
void map_detail(Draft& draft) {
  if (draft.row.nature == v1::CORRECTION_NATURE_VOID) return;
  v1::Detail& detail = *draft.event.mutable_detail();
  const auto kind = draft.row.target_kind.empty() ? draft.row.kind : draft.row.target_kind;
  if (kind == "admission") map_admission(draft, detail);
  if (kind == "discharge") map_discharge(draft, detail);
  if (kind == "ed_attendance") map_ed_attendance(draft, detail);
  if (kind == "referral") map_referral(draft, detail);
  for (const auto& [name, place] : draft.mapping.coded) {
    const std::string value = draft.take(place, "detail.coded " + name);
    if (!value.empty()) (*detail.mutable_coded())[name] = value;
  }
}

}  // namespace switchboard::mllp
