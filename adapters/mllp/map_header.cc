#include <algorithm>

#include "adapters/mllp/draft.h"

namespace switchboard::mllp {
namespace {

void map_occurred(Draft& draft, Time received) {
  v1::EventHeader& header = draft.header();
  for (const FieldPlace& place :
       {FieldPlace{"EVN", 6, 0}, FieldPlace{"EVN", 2, 0}, FieldPlace{"MSH", 7, 0}}) {
    if (auto range = draft.take_time(place, "header.occurred")) {
      *header.mutable_occurred() = *std::move(range);
      break;
    }
  }
  if (!header.has_occurred()) {
    header.mutable_occurred()->set_earliest_us(received.us);
    header.mutable_occurred()->set_latest_us(received.us);
    draft.note("no time in EVN-6, EVN-2 or MSH-7: the time of receipt stands in");
  }
  for (const FieldPlace& place : {FieldPlace{"EVN", 2, 0}, FieldPlace{"MSH", 7, 0}}) {
    if (header.recorded_us() != 0) break;
    if (const auto range = draft.take_time(place, "header.recorded_us")) {
      header.set_recorded_us(range->earliest_us());
    }
  }
}

// P9: such an event never leaves its agency by a feed; a person may still send it.
void map_audience(Draft& draft) {
  if (!is_sensitive(draft.message, draft.mapping)) return;
  draft.header().mutable_audience()->add_only_agencies(draft.listener.agency);
  draft.because("header.audience.only_agencies", "mapping [sensitive]", draft.listener.agency);
  draft.note("a sensitive service: the event stays with its own agency");
}

std::string_view reason_of(const Draft& draft) {
  const bool is_void = draft.row.nature == v1::CORRECTION_NATURE_VOID;
  if (is_void && draft.row.target_kind == "appointment") {
    const auto& places = draft.mapping.appointment;
    switch (places.attendance_of(places.attendance.in(draft.message).text())) {
      case Attendance::kCancelledByFamily:
        return "cancelled by or for the patient";
      case Attendance::kCancelledByProvider:
        return "cancelled by the provider";
      default:
        break;
    }
  }
  return is_void ? "cancelled in the sender's record" : "changed in the sender's record";
}

}  // namespace

void start_header(v1::EventHeader& header, const Mapping& mapping,
                  const ListenerIdentity& listener) {
  header.set_agency(listener.agency);
  header.set_system(listener.system);
  header.set_environment(listener.environment);
  header.set_channel(v1::CHANNEL_ELECTRONIC);
  header.set_kind_version(1);
  header.set_from_team(mapping.from_team);
  *header.mutable_call_back() = mapping.call_back;
  *header.mutable_out_of_hours() = mapping.out_of_hours;
  header.mutable_represents()->Add(mapping.represents.begin(), mapping.represents.end());
  header.mutable_not_covered()->Add(mapping.not_covered.begin(), mapping.not_covered.end());
  header.set_lawful_basis(mapping.lawful_basis);
  header.set_purpose(mapping.purpose);
}

void map_header(Draft& draft, Time received) {
  v1::EventHeader& header = draft.header();
  start_header(header, draft.mapping, draft.listener);
  header.set_source_message_id(draft.message.msh().field(10).text());
  header.set_trigger(draft.facts.name());
  header.set_kind(std::string(draft.row.kind));
  header.set_identity_change(draft.row.change);
  draft.because("header.kind",
                "MSH-9 " + draft.facts.name() + ", " + std::string(words(draft.row.when)),
                draft.row.kind);
  header.set_urgency(draft.mapping.urgency_of(header.kind()));
  draft.because("header.urgency", "mapping [urgency] " + header.kind(),
                v1::Urgency_Name(header.urgency()));
  draft.because("header.from_team", "mapping [from] team", draft.mapping.from_team);
  map_occurred(draft, received);
  map_audience(draft);
}

void map_correction(Draft& draft) {
  if (draft.row.nature == v1::CORRECTION_NATURE_UNSPECIFIED) return;
  v1::Correction& correction = *draft.header().mutable_correction();
  *correction.mutable_target_thread() = draft.header().threads(0);
  correction.set_target_kind(std::string(draft.row.target_kind));
  correction.set_nature(draft.row.nature);
  correction.set_reason(std::string(reason_of(draft)));
  draft.because(
      "header.correction", "MSH-9.2",
      v1::CorrectionNature_Name(draft.row.nature) + " of " + std::string(draft.row.target_kind));
}

}  // namespace switchboard::mllp
