#include "adapters/mllp/map_message.h"

#include <algorithm>

#include "adapters/mllp/draft.h"
#include "adapters/mllp/split.h"
#include "broker/base/check.h"
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

// `part` tells apart the events of one message; it is empty for the first.
void identify(v1::EventHeader& header, std::string_view raw, std::string_view part, Time time) {
  const Id id = derive_event_id({.agency = header.agency(),
                                 .system = header.system(),
                                 .message_id = header.source_message_id(),
                                 .bytes = raw,
                                 .part = part,
                                 .time = time});
  header.set_event_id(std::string(id.view()));
  header.set_id_origin(v1::ID_ORIGIN_DERIVED);
}

std::string trigger_name(const Message& message) {
  const Value type = message.msh().field(9);
  return MessageFacts{.type = type.component(1).text(), .trigger = type.component(2).text()}.name();
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
    header.set_trigger(trigger_name(*message));
  }
  header.mutable_occurred()->set_earliest_us(received.us);
  header.mutable_occurred()->set_latest_us(received.us);
  // Without a readable time the id sorts at the epoch: it must not depend on when bytes arrived.
  identify(header, raw, "", message ? message_time(*message, mapping) : Time{});
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

void map_source(Draft& draft, std::string bytes, const DecodedText& text) {
  v1::Source& source = *draft.event.mutable_source();
  source.set_media_type(std::string(kMediaType));
  source.set_content(std::move(bytes));
  source.set_charset(std::string(charset_name(text.charset)));
  source.set_charset_guessed(text.guessed);
  draft.because("source.charset", "MSH-18", source.charset() + (text.guessed ? " (guessed)" : ""));
  if (text.guessed) draft.note("the character set was guessed: " + source.charset());
}

// A correction must say what it corrects, and a retired number what it is.
std::optional<Problem> check_content(const Message& message, const Mapping& mapping,
                                     const MessageFacts& facts, const TriggerRow& row) {
  if (!message.msh().field(10).has_value()) {
    return Problem{"no_control_id", "MSH-10 is empty: a resend could not be told from it"};
  }
  const bool has_prior = row.change == v1::IDENTITY_CHANGE_MERGED ||
                         row.change == v1::IDENTITY_CHANGE_ACCOUNT_MOVED ||
                         row.change == v1::IDENTITY_CHANGE_VISIT_MOVED ||
                         row.change == v1::IDENTITY_CHANGE_IDS_CHANGED;
  if (has_prior && !message.first("MRG")) {
    return Problem{"no_mrg", "the message has no MRG segment: what it retires is not said"};
  }
  if (row.nature == v1::CORRECTION_NATURE_UNSPECIFIED) return std::nullopt;
  const std::string_view kind = row.target_kind;
  if (!thread_number_place(mapping, facts, kind).in(message).text().empty()) return std::nullopt;
  switch (thread_type_of(kind)) {
    case v1::THREAD_TYPE_REFERRAL:
      return Problem{"no_referral_number", "a correction without it corrects nothing"};
    case v1::THREAD_TYPE_APPOINTMENT:
      return Problem{"no_appointment_number", "a correction without it corrects nothing"};
    default:
      return Problem{"no_visit_number", "a correction without a visit number corrects nothing"};
  }
}

// What one part of a message leads to.
using Step = std::variant<MappedEvent, OutOfScope, Problem>;

struct Whole {
  std::string_view raw;
  const Message& as_bytes;
  const Message& message;
  const ReadText& text;
  const Parts& parts;
};

// What the source section keeps: its own part of a message that was split, and never the text of a
// document, which stays with its sender.
std::string source_bytes(const Whole& whole, size_t part, std::string_view kind) {
  if (kind != "document") {
    if (whole.parts.size() == 1) return std::string(whole.raw);
    return whole.as_bytes.part(whole.parts[part]).lines();
  }
  std::vector<size_t> kept;
  for (const size_t i : whole.parts[part]) {
    if (whole.message.segments()[i].name() != "OBX") kept.push_back(i);
  }
  return whole.as_bytes.part(kept).lines();
}

MappedEvent map_event(const Whole& whole, size_t part, Draft draft, Time received) {
  map_header(draft, received);
  map_identity(draft);
  map_subject(draft);
  map_related(draft);
  map_prior(draft);
  map_location(draft);
  map_threads(draft);
  map_correction(draft);
  map_detail(draft);
  map_summary(draft);
  map_source(draft, source_bytes(whole, part, draft.row.kind), whole.text.decoded);
  draft.header().set_routed_fields_hash(routed_fields_hash(draft));
  identify(draft.header(), whole.raw, part == 0 ? "" : std::to_string(part + 1),
           message_time(draft.message, draft.mapping));
  if (whole.message.odd_lines() > 0) draft.note("lines that begin with no segment name: not read");
  if (whole.parts.size() > 1) {
    draft.note("part " + std::to_string(part + 1) + " of " + std::to_string(whole.parts.size()) +
               ": the message is about several, each is an event of its own");
  }
  return {std::move(draft.event), std::move(draft.notes)};
}

std::optional<int> message_offset(const Message& message) {
  const auto stamp = parse_time_stamp(message.msh().field(7).component(1).text());
  return stamp ? stamp->offset_minutes : std::nullopt;
}

Step map_part(const Whole& whole, size_t part, const Mapping& mapping,
              const ListenerIdentity& listener, Time received, Trace* trace) {
  const Message message = whole.message.part(whole.parts[part]);
  const MessageFacts facts = facts_of(message, mapping, received);
  const TriggerRow* row = find_trigger(facts);
  if (!row) return OutOfScope{facts.name(), std::string(why_no_row(facts))};
  if (!message.first("PID")) return Problem{"no_pid", "the message has no PID segment"};
  const auto why = why_out_of_scope(facts, row->content_kind(), mapping);
  if (!why.empty()) return OutOfScope{facts.name(), std::string(why)};
  if (auto problem = check_content(message, mapping, facts, *row)) return *std::move(problem);
  Draft draft{.message = message,
              .mapping = mapping,
              .listener = listener,
              .facts = facts,
              .row = *row,
              .message_offset_minutes = message_offset(message),
              .trace = trace ? &trace->emplace_back() : nullptr};
  return map_event(whole, part, std::move(draft), received);
}

// A problem with one part keeps the whole: half a message would look like all of it.
std::variant<Mapped, OutOfScope, Problem> map_parts(const Whole& whole, const Mapping& mapping,
                                                    const ListenerIdentity& listener, Time received,
                                                    Trace* trace) {
  Mapped mapped;
  std::optional<OutOfScope> out;
  for (size_t i = 0; i < whole.parts.size(); ++i) {
    Step step = map_part(whole, i, mapping, listener, received, trace);
    if (auto* problem = std::get_if<Problem>(&step)) return std::move(*problem);
    if (auto* event = std::get_if<MappedEvent>(&step)) {
      mapped.events.push_back(std::move(*event));
    } else if (!out) {
      out = std::get<OutOfScope>(std::move(step));
    }
  }
  if (mapped.events.empty()) return *std::move(out);
  return mapped;
}

// Nothing if the trigger is mapped.
std::optional<std::variant<OutOfScope, Problem>> check_trigger(const MessageFacts& facts,
                                                               const ListenerIdentity& listener) {
  if (facts.type.empty()) return Problem{"no_trigger", "MSH-9 names no message type"};
  if (is_mapped_trigger(facts.type, facts.trigger)) return std::nullopt;
  if (listener.other_triggers == ListenerIdentity::OtherTriggers::kIgnore) {
    return OutOfScope{facts.name(), "trigger"};
  }
  return Problem{"unmapped_trigger", "the trigger is not mapped, and this listener keeps such"};
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
  // Delimiters are ASCII, so what parsed as bytes parses as UTF-8, and into the same segments.
  auto parsed = Message::parse(text.decoded.utf8, mapping.line_ends);
  if (auto* problem = std::get_if<Problem>(&parsed)) return keep(std::move(*problem), nullptr);
  const Message& message = std::get<Message>(parsed);
  CHECK(message.segments().size() == std::get<Message>(as_bytes).segments().size());

  if (auto refused = check_sender(message, mapping, listener)) return *std::move(refused);
  const bool garbled = text.declared_unknown && text.decoded.charset == Charset::kWindows1252;
  if (garbled)
    return keep({"unknown_charset", "MSH-18 is not known and it is not UTF-8"}, &message);
  const MessageFacts facts = facts_of(message, mapping, received);
  if (auto other = check_trigger(facts, listener)) {
    if (auto* out = std::get_if<OutOfScope>(&*other)) return std::move(*out);
    return keep(std::get<Problem>(*std::move(other)), &message);
  }
  auto parts = split(message, facts.type, facts.trigger);
  if (auto* problem = std::get_if<Problem>(&parts)) return keep(std::move(*problem), &message);
  const Whole whole{raw, std::get<Message>(as_bytes), message, text, std::get<Parts>(parts)};
  auto done = map_parts(whole, mapping, listener, received, trace);
  if (auto* problem = std::get_if<Problem>(&done)) return keep(std::move(*problem), &message);
  if (auto* out = std::get_if<OutOfScope>(&done)) return std::move(*out);
  return std::get<Mapped>(std::move(done));
}

Unreadable unreadable(std::string_view raw, Problem problem, const Mapping& mapping,
                      const ListenerIdentity& listener, Time received) {
  const DecodedText text = decode(raw, std::nullopt, mapping.charset_fallback);
  const auto parsed = Message::parse(text.utf8, mapping.line_ends);
  const Message* message = std::get_if<Message>(&parsed);
  return unreadable_message(raw, std::move(problem), mapping, listener, received, message);
}

}  // namespace switchboard::mllp
