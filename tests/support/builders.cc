#include "tests/support/builders.h"

#include "broker/base/bytes.h"
#include "broker/base/hash.h"
#include "tests/support/nhs_number.h"

namespace switchboard::support {

std::string nhs_number(unsigned n) { return test::nhs_number(n); }

v1::Identifier nhs_identifier(const std::string& number, v1::Verification verification) {
  v1::Identifier id;
  id.set_type(v1::IDENTIFIER_TYPE_NHS_NUMBER);
  id.set_authority("NHS");
  id.set_value(number);
  id.set_verification(verification);
  return id;
}

v1::Identifier local_identifier(const std::string& value) {
  v1::Identifier id;
  id.set_type(v1::IDENTIFIER_TYPE_LOCAL);
  id.set_authority("X26-MRN");
  id.set_value(value);
  return id;
}

v1::Thread thread(v1::ThreadType type, const std::string& value) {
  v1::Thread thread;
  thread.set_type(type);
  thread.set_authority("X26/PAS");
  thread.set_value(value);
  return thread;
}
v1::Thread visit(const std::string& value) { return thread(v1::THREAD_TYPE_VISIT, value); }

static void fill_detail(std::string_view kind, v1::Detail& detail) {
  if (kind == "concern") detail.mutable_concern()->set_narrative("bruising, not yet mobile");
  if (kind == "call_logged") {
    detail.mutable_call_logged()->set_direction(v1::CALL_DIRECTION_MADE);
    detail.mutable_call_logged()->set_with_whom("the duty social worker");
  }
  if (kind == "referral") detail.mutable_referral()->set_reason("early help");
  if (kind == "admission") detail.mutable_admission()->set_patient_class("I");
  if (kind == "admission_planned") detail.mutable_admission()->set_admission_method("11");
  if (kind == "discharge") detail.mutable_discharge()->set_discharge_method("1");
  if (kind == "discharge_planned") detail.mutable_discharge()->set_receiver("community nurse");
  if (kind == "ed_attendance") detail.mutable_ed_attendance()->set_arrival_mode("ambulance");
  if (kind == "not_brought") detail.mutable_not_brought()->set_attendance_code("3");
  if (kind == "appointment") {
    detail.mutable_appointment()->set_status(v1::APPOINTMENT_STATUS_BOOKED);
  }
  if (kind == "referral_outcome") {
    detail.mutable_referral_outcome()->set_decision(v1::REFERRAL_DECISION_REJECTED);
  }
  if (kind == "identity_changed") detail.mutable_identity_changed()->add_fields("address");
  if (kind == "death") detail.mutable_death()->set_discharge_method("4");
  if (kind == "transfer") detail.mutable_transfer()->set_to_place("Ward B");
  if (kind == "transfer_planned") detail.mutable_transfer()->set_to_place("Ward C");
  if (kind == "leave") detail.mutable_leave()->set_place("home");
  if (kind == "document") detail.mutable_document()->set_type("discharge letter");
}

static void fill_header(std::string_view kind, std::string message_id, v1::EventHeader& h) {
  h.set_id_origin(v1::ID_ORIGIN_DERIVED);
  h.set_agency("X26");
  h.set_system("PAS");
  h.set_source_message_id(std::move(message_id));
  h.set_kind(std::string(kind));
  h.set_kind_version(1);
  if (kind == "identity_changed") h.set_identity_change(v1::IDENTITY_CHANGE_UPDATED);
  h.mutable_occurred()->set_earliest_us(kNoon.us - seconds(600).us);
  h.mutable_occurred()->set_latest_us(kNoon.us - seconds(540).us);
  h.mutable_subject()->set_type(v1::SUBJECT_TYPE_CHILD);
  h.mutable_subject()->set_area_code(kArea);
  h.set_from_team("X26-SAFETY");
  h.mutable_call_back()->set_name("Safeguarding office");
  h.mutable_call_back()->set_phone("0123 496 0001");
  h.set_channel(v1::CHANNEL_ELECTRONIC);
  h.set_urgency(v1::URGENCY_URGENT);
  h.set_environment(v1::ENVIRONMENT_LIVE);
}

Event::Event(std::string_view kind, std::string message_id) {
  fill_header(kind, std::move(message_id), header);
  *identity.add_identifiers() = nhs_identifier(nhs_number(1));
  identity.mutable_name()->set_family("TESTCHILD");
  identity.mutable_name()->add_given("Aster");
  identity.set_birth_date("2025-06-15");
  summary.set_text("Seen in the emergency department.");
  summary.set_significance("Third attendance in a month.");
  summary.set_child_voice_absent("too young to speak");
  fill_detail(kind, detail);
}

Id Event::id() const {
  if (const auto chosen = id_from_bytes(header.event_id())) return *chosen;
  return derive_event_id({.agency = header.agency(),
                          .system = header.system(),
                          .message_id = header.source_message_id(),
                          .bytes = source,
                          .time = said});
}

static void add_section(v1::Item& item, v1::SectionKind kind,
                        const google::protobuf::MessageLite& body) {
  v1::Section& section = *item.add_sections();
  section.set_kind(kind);
  section.set_body(body.SerializeAsString());
}

v1::Item Event::item() const {
  v1::EventHeader h = header;
  h.set_event_id(std::string(id().view()));
  v1::Item item;
  item.set_header(h.SerializeAsString());
  if (with_identity) add_section(item, v1::SECTION_KIND_IDENTITY, identity);
  if (summary.ByteSizeLong() > 0) add_section(item, v1::SECTION_KIND_SUMMARY, summary);
  if (detail.ByteSizeLong() > 0) add_section(item, v1::SECTION_KIND_DETAIL, detail);
  if (location.ByteSizeLong() > 0) add_section(item, v1::SECTION_KIND_LOCATION, location);
  return item;
}

v1::EventHeader probe(const std::string& team, const std::string& message_id, Time sent,
                      Duration every) {
  v1::EventHeader h;
  h.set_event_id(std::string(make_id(sent, hash("probe " + message_id)).view()));
  h.set_id_origin(v1::ID_ORIGIN_CHOSEN);
  h.set_agency("X26");
  h.set_system("PAS");
  h.set_source_message_id(message_id);
  h.set_kind("probe");
  h.set_kind_version(1);
  h.mutable_occurred()->set_earliest_us(sent.us);
  h.mutable_occurred()->set_latest_us((sent + every).us);
  h.set_from_team("X26-SAFETY");
  h.mutable_call_back()->set_phone("0123 496 0001");
  h.set_channel(v1::CHANNEL_ELECTRONIC);
  h.set_urgency(v1::URGENCY_ROUTINE);
  h.set_environment(v1::ENVIRONMENT_TEST);
  h.add_direct_to(team);
  return h;
}
v1::Item probe_item(const v1::EventHeader& header) {
  v1::Item item;
  item.set_header(header.SerializeAsString());
  return item;
}

Event correction(const std::string& message_id, const std::string& visit_number,
                 const std::string& target_kind, v1::CorrectionNature nature) {
  return correction(message_id, visit(visit_number), target_kind, nature);
}

Event correction(const std::string& message_id, const v1::Thread& target,
                 const std::string& target_kind, v1::CorrectionNature nature) {
  Event event("correction", message_id);
  *event.header.add_threads() = target;
  auto& c = *event.header.mutable_correction();
  *c.mutable_target_thread() = target;
  c.set_target_kind(target_kind);
  c.set_nature(nature);
  c.set_reason("entered for the wrong visit");
  return event;
}

std::string act_id(unsigned n) {
  return std::string(view(hash("act " + std::to_string(n))).substr(0, 16));
}

v1::Act make_act(unsigned id, const std::string& team, uint64_t number, v1::ActKind kind,
                 const std::string& person, const std::string& outcome) {
  v1::Act act;
  act.set_act_id(act_id(id));
  act.set_team(team);
  act.set_number(number);
  act.set_kind(kind);
  act.mutable_actor()->set_person(person);
  act.set_outcome(outcome);
  return act;
}

v1::Act make_call(unsigned id, const v1::TaskRecord& task, v1::CallResult result,
                  const std::string& person, const std::string& spoke_to,
                  const std::string& outcome) {
  v1::Act act = make_act(id, task.team(), 0, v1::ACT_KIND_LOG_CALL, person, outcome);
  act.set_task_id(task.task().task_id());
  act.mutable_call()->set_result(result);
  act.mutable_call()->set_spoke_to(spoke_to);
  act.mutable_call()->set_number("0123 496 0000");
  return act;
}

v1::Act make_reply(unsigned id, const v1::TaskRecord& task, const std::string& person,
                   const std::string& outcome) {
  v1::Act act = make_act(id, task.team(), 0, v1::ACT_KIND_REPLY, person, outcome);
  act.set_task_id(task.task().task_id());
  return act;
}

}  // namespace switchboard::support
