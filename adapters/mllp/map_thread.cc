#include "adapters/mllp/draft.h"

namespace switchboard::mllp {
namespace {

std::string authority_for(const Draft& draft, v1::ThreadType type) {
  const Mapping& mapping = draft.mapping;
  std::string configured = mapping.visit.authority;
  if (type == v1::THREAD_TYPE_APPOINTMENT) configured = mapping.appointment.authority;
  if (type == v1::THREAD_TYPE_REFERRAL) configured = mapping.referral.authority;
  if (draft.row.content_kind() == "referral_outcome") {
    configured = mapping.referral_outcome.authority;
  }
  if (!configured.empty()) return configured;
  return draft.listener.agency + "/" + draft.listener.system;
}

void add_thread(Draft& draft, v1::ThreadType type, const FieldPlace& place) {
  const std::string number = draft.take(place, "header.threads " + v1::ThreadType_Name(type));
  if (number.empty()) return;
  v1::Thread& thread = *draft.header().add_threads();
  thread.set_type(type);
  thread.set_authority(authority_for(draft, type));
  thread.set_value(number);
}

// A moved or merged visit goes by its new number and its old ones (MRG-5).
void add_moved_visits(Draft& draft) {
  const FieldPlace& number = draft.mapping.visit.number;
  for (const Segment& segment : draft.message.segments()) {
    if (draft.header().threads_size() >= 8) return;
    Value value;
    if (segment.name() == "MRG") value = segment.field(5).component(1);
    if (segment.name() == number.segment) value = segment.field(number.field).component(1);
    const std::string text = value.text();
    bool known = text.empty();
    for (const v1::Thread& thread : draft.header().threads()) known |= thread.value() == text;
    if (known) continue;
    v1::Thread& thread = *draft.header().add_threads();
    thread.set_type(v1::THREAD_TYPE_VISIT);
    thread.set_authority(authority_for(draft, v1::THREAD_TYPE_VISIT));
    thread.set_value(text);
  }
}

}  // namespace

v1::ThreadType thread_type_of(std::string_view content_kind) {
  if (content_kind.starts_with("referral")) return v1::THREAD_TYPE_REFERRAL;
  const bool appointment = content_kind == "appointment" || content_kind == "not_brought";
  return appointment ? v1::THREAD_TYPE_APPOINTMENT : v1::THREAD_TYPE_VISIT;
}

FieldPlace thread_number_place(const Mapping& mapping, const MessageFacts& facts,
                               std::string_view content_kind) {
  switch (thread_type_of(content_kind)) {
    case v1::THREAD_TYPE_APPOINTMENT:
      return mapping.appointment.number;
    case v1::THREAD_TYPE_REFERRAL:
      if (facts.type == "ORM") return mapping.consult.number;
      return facts.type == "RRI" ? mapping.referral_outcome.number : mapping.referral.number;
    default:
      return mapping.visit.number;
  }
}

// The thread of its own kind, or else the visit: two numbers would make the updates of one look
// like changes of the other.
void map_threads(Draft& draft) {
  const std::string_view kind = draft.row.content_kind();
  if (kind == "identity_changed") {
    if (draft.row.change == v1::IDENTITY_CHANGE_VISIT_MOVED) add_moved_visits(draft);
    return;
  }
  const v1::ThreadType type = thread_type_of(kind);
  add_thread(draft, type, thread_number_place(draft.mapping, draft.facts, kind));
  if (draft.header().threads().empty() && type != v1::THREAD_TYPE_VISIT) {
    add_thread(draft, v1::THREAD_TYPE_VISIT, draft.mapping.visit.number);
  }
  if (draft.header().threads().empty()) {
    draft.note("no number of visit, referral or appointment: a correction cannot find this event");
  }
}

}  // namespace switchboard::mllp
