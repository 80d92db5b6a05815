// Events of invented children, as a trust's system would publish them.
#pragma once

#include <cstdint>
#include <string>

#include "broker/base/ids.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::test {

inline constexpr char kArea[] = "E99000001";

struct EventSpec {
  std::string agency = "X26";
  std::string system = "PAS";
  std::string message_id = "1";
  std::string kind = "admission";
  v1::Urgency urgency = v1::URGENCY_ROUTINE;
  std::string area = kArea;
  size_t padding = 0;     // bytes more in the summary
  std::string chosen_id;  // 16 bytes; empty: derived from the message id
  std::string note = "came to the ward";
};

inline void add_section(v1::Item& item, v1::SectionKind kind,
                        const google::protobuf::MessageLite& body) {
  auto& section = *item.add_sections();
  section.set_kind(kind);
  section.set_body(body.SerializeAsString());
}

inline v1::EventHeader header_of(const EventSpec& spec) {
  constexpr int64_t kThen = 1'700'000'000'000'000;
  v1::EventHeader h;
  const std::string bytes = "MSH|" + spec.message_id;
  const Id id = derive_event_id({.agency = spec.agency,
                                 .system = spec.system,
                                 .message_id = spec.message_id,
                                 .bytes = bytes,
                                 .time = {kThen}});
  h.set_event_id(spec.chosen_id.empty() ? std::string(id.view()) : spec.chosen_id);
  h.set_id_origin(spec.chosen_id.empty() ? v1::ID_ORIGIN_DERIVED : v1::ID_ORIGIN_CHOSEN);
  h.set_agency(spec.agency);
  h.set_system(spec.system);
  h.set_source_message_id(spec.message_id);
  h.set_kind(spec.kind);
  h.set_kind_version(1);
  h.mutable_occurred()->set_earliest_us(kThen);
  h.mutable_occurred()->set_latest_us(kThen);
  h.mutable_subject()->set_type(v1::SUBJECT_TYPE_CHILD);
  h.mutable_subject()->set_area_code(spec.area);
  h.set_from_team(spec.agency + "-NET");
  h.mutable_call_back()->set_phone("01632 960001");  // kept for drama: rings nowhere
  h.set_channel(v1::CHANNEL_ELECTRONIC);
  h.set_urgency(spec.urgency);
  h.set_environment(v1::ENVIRONMENT_TEST);
  return h;
}

inline v1::Detail detail_of(const EventSpec& spec) {
  v1::Detail detail;
  if (spec.kind == "admission") detail.mutable_admission()->set_reason(spec.note);
  if (spec.kind == "discharge") detail.mutable_discharge()->set_receiver(spec.note);
  if (spec.kind == "referral") detail.mutable_referral()->set_reason(spec.note);
  if (spec.kind == "ed_attendance") detail.mutable_ed_attendance()->set_chief_complaint(spec.note);
  return detail;
}

inline v1::Item item_of(const EventSpec& spec) {
  v1::Item item;
  item.set_header(header_of(spec).SerializeAsString());
  v1::Identity identity;
  auto& mrn = *identity.add_identifiers();
  mrn.set_type(v1::IDENTIFIER_TYPE_LOCAL);
  mrn.set_authority("X26-MRN");
  mrn.set_value("INVENTED-" + spec.message_id);
  identity.mutable_name()->set_family("EXAMPLE");
  identity.set_birth_date("2025-03-01");
  v1::Summary summary;
  summary.set_text(spec.note + " " + spec.message_id + std::string(spec.padding, 'x'));
  v1::Location location;
  location.set_current_place("Ward Seven");
  v1::Source source;
  source.set_media_type("x-application/hl7-v2+er7");
  source.set_content("MSH|" + spec.message_id);
  add_section(item, v1::SECTION_KIND_IDENTITY, identity);
  add_section(item, v1::SECTION_KIND_SUMMARY, summary);
  add_section(item, v1::SECTION_KIND_DETAIL, detail_of(spec));
  add_section(item, v1::SECTION_KIND_LOCATION, location);
  add_section(item, v1::SECTION_KIND_SOURCE, source);
  return item;
}

// An admission with this message id.
inline v1::Item admission(const std::string& message_id,
                          v1::Urgency urgency = v1::URGENCY_ROUTINE) {
  EventSpec spec;
  spec.message_id = message_id;
  spec.urgency = urgency;
  return item_of(spec);
}

}  // namespace switchboard::test
