#include "adapters/mllp/map_message.h"

#include <algorithm>

#include "adapters/mllp/draft.h"
#include "broker/base/ids.h"
#include "broker/base/limits.h"

namespace switchboard::mllp {
namespace {

constexpr std::string_view kMediaType = "x-application/hl7-v2+er7";

struct ReadText {
  DecodedText decoded;
  bool declared_unknown = false;
};

// MSH-18 may repeat; the first is the one of the fields.
ReadText read_text(std::string_view raw, const Message& message, const Mapping& mapping) {
  const std::string name = message.msh().field(18).repetition(1).text();
  const auto declared = charset_from_name(name);
  return {decode(raw, declared, mapping.charset_fallback), !name.empty() && !declared};
}

Time message_time(const Message& message, const Mapping& mapping) {
  for (const Value& value : {message.msh().field(7), message.field("EVN", 2)}) {
    const auto range = to_range(value.component(1).text(), mapping.zone, std::nullopt);
    if (range) return Time{std::max<int64_t>(0, range->earliest_us())};
  }
  return Time{};
}

void identify(v1::EventHeader& header, std::string_view raw, Time time) {
  const Id id = derive_event_id({.agency = header.agency(),
                                 .system = header.system(),
                                 .message_id = header.source_message_id(),
                                 .bytes = raw,
                                 .time = time});
  header.set_event_id(std::string(id.view()));
  header.set_id_origin(v1::ID_ORIGIN_DERIVED);
}

// What every event of this listener says.
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

Unreadable unreadable_message(std::string_view raw, Problem problem, const Mapping& mapping,
                              const ListenerIdentity& listener, Time received,
                              const Message* message) {
  Unreadable out{.problem = std::move(problem), .event = {}};
  v1::EventHeader& header = *out.event.mutable_header();
  start_header(header, mapping, listener);
  header.set_kind("unreadable");
  header.set_urgency(v1::URGENCY_ROUTINE);
  if (message) {
    header.set_source_message_id(message->msh().field(10).text());
  }
  header.mutable_occurred()->set_earliest_us(received.us);
  header.mutable_occurred()->set_latest_us(received.us);
  // Without a readable time the id sorts at the epoch: it must not depend on when bytes arrived.
  identify(header, raw, message ? message_time(*message, mapping) : Time{});
  v1::Source& source = *out.event.mutable_source();
  source.set_media_type(std::string(kMediaType));
  source.set_content(std::string(raw.substr(0, limits::kSourceBytesMax)));
  source.set_problem(out.problem.code);
  return out;
}

bool allows(const std::vector<std::string>& list, const std::string& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

std::optional<Refused> check_sender(const Message& message, const Mapping& mapping,
                                    const ListenerIdentity& listener) {
  const auto refuse = [](int code, std::string location, std::string why) {
    return Refused{
        Verdict::kError, {.code = code, .location = std::move(location)}, std::move(why)};
  };
  if (!allows(mapping.sending_applications, message.msh().field(3).component(1).text())) {
    return refuse(103, "MSH-3", "this listener does not take messages of that application");
  }
  if (!allows(mapping.sending_facilities, message.msh().field(4).component(1).text())) {
    return refuse(103, "MSH-4", "this listener does not take messages of that facility");
  }
  const std::string processing = message.msh().field(11).component(1).text();
  const bool live = listener.environment == v1::ENVIRONMENT_LIVE;
  if (processing.empty() || processing == (live ? "P" : "T") || (!live && processing == "D")) {
    return std::nullopt;
  }
  return refuse(202, "MSH-11",
                live ? "this listener takes live messages only (MSH-11 P)"
                     : "this listener takes test messages only (MSH-11 T or D)");
}

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

void map_correction(Draft& draft) {
  if (draft.row.nature == v1::CORRECTION_NATURE_UNSPECIFIED) return;
  v1::Correction& correction = *draft.header().mutable_correction();
  *correction.mutable_target_thread() = draft.header().threads(0);
  correction.set_target_kind(std::string(draft.row.target_kind));
  correction.set_nature(draft.row.nature);
  correction.set_reason(draft.row.nature == v1::CORRECTION_NATURE_VOID
                            ? "cancelled in the sender's record"
                            : "changed in the sender's record");
  draft.because(
      "header.correction", "MSH-9.2",
      v1::CorrectionNature_Name(draft.row.nature) + " of " + std::string(draft.row.target_kind));
}

void map_source(Draft& draft, std::string_view raw, const DecodedText& text) {
  v1::Source& source = *draft.event.mutable_source();
  source.set_media_type(std::string(kMediaType));
  source.set_content(std::string(raw));
  source.set_charset(std::string(charset_name(text.charset)));
  source.set_charset_guessed(text.guessed);
  draft.because("source.charset", "MSH-18", source.charset() + (text.guessed ? " (guessed)" : ""));
  if (text.guessed) draft.note("the character set was guessed: " + source.charset());
}

bool is_maternity(const Draft& draft) {
  const auto& list = draft.mapping.maternity_specialties;
  const std::string specialty = draft.mapping.detail.specialty.in(draft.message).text();
  return std::find(list.begin(), list.end(), specialty) != list.end();
}

bool is_in_scope(const Draft& draft) {
  if (draft.event.header().subject().type() != v1::SUBJECT_TYPE_ADULT) return true;
  if (draft.mapping.adults == Adults::kAll) return true;
  return draft.mapping.adults == Adults::kMaternity && is_maternity(draft);
}

void map_header(Draft& draft, const std::string& trigger, Time received) {
  v1::EventHeader& header = draft.header();
  start_header(header, draft.mapping, draft.listener);
  header.set_source_message_id(draft.message.msh().field(10).text());
  header.set_kind(std::string(draft.row.kind));
  draft.because("header.kind", "MSH-9 " + trigger + ", PV1-2", draft.row.kind);
  header.set_urgency(draft.mapping.urgency_of(header.kind()));
  draft.because("header.urgency", "mapping [urgency] " + header.kind(),
                v1::Urgency_Name(header.urgency()));
  draft.because("header.from_team", "mapping [from] team", draft.mapping.from_team);
  map_occurred(draft, received);
}

// What the trigger leads to, before any content is read.
using Step = std::variant<const TriggerRow*, OutOfScope, Problem>;

Step find_row(const Message& message, const Mapping& mapping, const ListenerIdentity& listener) {
  const Value type = message.msh().field(9);
  std::string event = type.component(2).text();
  if (event.empty()) event = message.field("EVN", 1).text();
  const std::string trigger = clip(type.component(1).text(), 16) + "^" + clip(event, 16);
  if (type.component(1).text().empty()) return Problem{"no_trigger", "MSH-9 names no message type"};
  if (!is_mapped_trigger(type.component(1).text(), event)) {
    if (listener.other_triggers == ListenerIdentity::OtherTriggers::kIgnore) {
      return OutOfScope{trigger, "trigger"};
    }
    return Problem{"unmapped_trigger", "the trigger is not mapped, and this listener keeps such"};
  }
  const PatientClass patient_class = mapping.classify(message.field("PV1", 2).text());
  const TriggerRow* row = find_trigger(type.component(1).text(), event, patient_class);
  if (!row) return OutOfScope{trigger, "patient class"};
  return row;
}

std::optional<Problem> check_content(const Message& message, const Mapping& mapping,
                                     const TriggerRow& row) {
  if (!message.first("PID")) return Problem{"no_pid", "the message has no PID segment"};
  if (!message.msh().field(10).has_value()) {
    return Problem{"no_control_id", "MSH-10 is empty: a resend could not be told from it"};
  }
  const bool correction = row.nature != v1::CORRECTION_NATURE_UNSPECIFIED;
  if (correction && mapping.visit.number.in(message).text().empty()) {
    return Problem{"no_visit_number", "a correction without a visit number corrects nothing"};
  }
  return std::nullopt;
}

Outcome map_readable(std::string_view raw, const ReadText& text, Draft& draft, Time received) {
  const std::string trigger = draft.message.msh().field(9).text();
  map_header(draft, trigger, received);
  map_identity(draft);
  map_subject(draft);
  if (!is_in_scope(draft)) {
    return OutOfScope{std::string(draft.row.type) + "^" + std::string(draft.row.trigger), "adult"};
  }
  map_related(draft);
  map_location(draft);
  map_threads(draft);
  map_correction(draft);
  map_detail(draft);
  map_summary(draft);
  map_source(draft, raw, text.decoded);
  // A cancellation changes nothing that routes: without a hash it is never taken for noise.
  if (draft.row.nature != v1::CORRECTION_NATURE_VOID) {
    draft.header().set_routed_fields_hash(routed_fields_hash(draft.event));
  }
  identify(draft.header(), raw, message_time(draft.message, draft.mapping));
  if (draft.message.odd_lines() > 0) draft.note("lines that begin with no segment name: not read");
  return Mapped{std::move(draft.event), std::move(draft.notes)};
}

std::optional<int> message_offset(const Message& message) {
  const auto stamp = parse_time_stamp(message.msh().field(7).component(1).text());
  return stamp ? stamp->offset_minutes : std::nullopt;
}

}  // namespace

Outcome map_message(std::string_view raw, const Mapping& mapping, const ListenerIdentity& listener,
                    Time received, Trace* trace) {
  const auto keep = [&](Problem problem, const Message* message) {
    return unreadable_message(raw, std::move(problem), mapping, listener, received, message);
  };
  auto as_bytes = Message::parse(raw, mapping.line_ends);
  if (auto* problem = std::get_if<Problem>(&as_bytes)) return keep(std::move(*problem), nullptr);
  const ReadText text = read_text(raw, std::get<Message>(as_bytes), mapping);
  // Delimiters are ASCII, so what parsed as bytes parses as UTF-8.
  auto parsed = Message::parse(text.decoded.utf8, mapping.line_ends);
  if (auto* problem = std::get_if<Problem>(&parsed)) return keep(std::move(*problem), nullptr);
  const Message& message = std::get<Message>(parsed);

  if (auto refused = check_sender(message, mapping, listener)) return *std::move(refused);
  const bool garbled = text.declared_unknown && text.decoded.charset == Charset::kWindows1252;
  if (garbled)
    return keep({"unknown_charset", "MSH-18 is not known and it is not UTF-8"}, &message);
  Step step = find_row(message, mapping, listener);
  if (auto* out = std::get_if<OutOfScope>(&step)) return std::move(*out);
  if (auto* problem = std::get_if<Problem>(&step)) return keep(std::move(*problem), &message);
  const TriggerRow& row = *std::get<const TriggerRow*>(step);
  if (auto problem = check_content(message, mapping, row))
    return keep(*std::move(problem), &message);
  Draft draft{.message = message,
              .mapping = mapping,
              .listener = listener,
              .row = row,
              .message_offset_minutes = message_offset(message),
              .trace = trace};
  return map_readable(raw, text, draft, received);
}

Unreadable unreadable(std::string_view raw, Problem problem, const Mapping& mapping,
                      const ListenerIdentity& listener, Time received) {
  const auto parsed = Message::parse(raw, mapping.line_ends);
  const Message* message = std::get_if<Message>(&parsed);
  return unreadable_message(raw, std::move(problem), mapping, listener, received, message);
}

}  // namespace switchboard::mllp
