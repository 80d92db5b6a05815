#include "adapters/mllp/exchange.h"

#include <fmt/format.h>

#include "broker/base/limits.h"

namespace switchboard::mllp {
namespace {

constexpr int kInternalError = 207;

void add(v1::Item& item, v1::SectionKind kind, const google::protobuf::Message& body) {
  v1::Section& section = *item.add_sections();
  section.set_kind(kind);
  section.set_body(body.SerializeAsString());
}

v1::Item to_item(const v1::Event& event) {
  v1::Item item;
  item.set_header(event.header().SerializeAsString());
  if (event.has_identity()) add(item, v1::SECTION_KIND_IDENTITY, event.identity());
  if (event.has_summary()) add(item, v1::SECTION_KIND_SUMMARY, event.summary());
  if (event.has_detail()) add(item, v1::SECTION_KIND_DETAIL, event.detail());
  if (event.has_location()) add(item, v1::SECTION_KIND_LOCATION, event.location());
  if (event.has_source()) add(item, v1::SECTION_KIND_SOURCE, event.source());
  return item;
}

// Checked before it is in custody: the hub would refuse it when its sender has gone.
bool fits(const v1::Item& item) {
  if (item.header().size() > limits::kHeaderBytesMax) return false;
  for (const auto& section : item.sections()) {
    if (section.body().size() > limits::kSectionBytesMax) return false;
  }
  return item.ByteSizeLong() <= limits::kEventBytesMax;
}

// One message may not fill a commit either.
bool fit(const std::vector<v1::Item>& items) {
  size_t bytes = 0;
  for (const v1::Item& item : items) {
    if (!fits(item)) return false;
    bytes += item.ByteSizeLong();
  }
  return bytes <= 2 * limits::kEventBytesMax;
}

std::string first_line(std::string_view raw) {
  const auto line = raw.substr(0, raw.find_first_of("\r\n"));
  if (line.size() > limits::kHeaderBytesMax) return "";
  return std::string(line);
}

std::optional<Message> parse_line(const std::string& line) {
  auto parsed = Message::parse(line, LineEnds::kAny);
  if (auto* message = std::get_if<Message>(&parsed)) return std::move(*message);
  return std::nullopt;
}

Exchange quarantine(Unreadable&& unreadable) {
  return {.ledger = Exchange::Ledger::kQuarantined,
          .items = {to_item(unreadable.event)},
          .why = "held in quarantine: " + unreadable.problem.why,
          .note = unreadable.problem.code};
}

Exchange refuse(const Refused& refused) {
  return {.ledger = Exchange::Ledger::kRefused,
          .verdict = refused.verdict,
          .error = refused.error,
          .why = refused.why,
          .note = refused.error.location};
}

Exchange skip(const OutOfScope& out) {
  return {.ledger = Exchange::Ledger::kOutOfScope, .note = out.why};
}

Problem problem_of(Frame::Kind kind) {
  if (kind == Frame::Kind::kTruncated) {
    return {"truncated_frame", "the connection ended, or the next message began, before its end"};
  }
  return {"oversize_frame",
          fmt::format("longer than {} bytes: only its beginning is held", limits::kSourceBytesMax)};
}

// What is there of a frame that is no whole message is shown to operators all the same.
Exchange examine_part(const Frame& frame, const Mapping& mapping, const ListenerIdentity& listener,
                      Time received) {
  Exchange out =
      quarantine(unreadable(frame.bytes, problem_of(frame.kind), mapping, listener, received));
  if (frame.kind == Frame::Kind::kTruncated) {
    // Its sender has gone or has given it up: an answer would be taken for that to another message.
    out.reply = Exchange::Reply::kNone;
  } else {
    // We hold a part of it only: an AA would promise the whole.
    out.verdict = Verdict::kError;
    out.error = {.code = kInternalError, .location = ""};
  }
  return out;
}

Exchange examine_whole(const Frame& frame, const Mapping& mapping, const ListenerIdentity& listener,
                       Time received) {
  Outcome outcome = map_message(frame.bytes, mapping, listener, received, nullptr);
  if (const auto* out = std::get_if<OutOfScope>(&outcome)) return skip(*out);
  if (const auto* refused = std::get_if<Refused>(&outcome)) return refuse(*refused);
  if (auto* held = std::get_if<Unreadable>(&outcome)) return quarantine(std::move(*held));
  Exchange out;
  for (const MappedEvent& mapped : std::get<Mapped>(outcome).events) {
    out.items.push_back(to_item(mapped.event));
  }
  if (fit(out.items)) return out;
  const Problem problem{"oversize_event", "its events would be larger than the hub takes"};
  return quarantine(unreadable(frame.bytes, problem, mapping, listener, received));
}

}  // namespace

Exchange examine(const Frame& frame, const Mapping& mapping, const ListenerIdentity& listener,
                 Time received) {
  Exchange out = frame.kind == Frame::Kind::kMessage
                     ? examine_whole(frame, mapping, listener, received)
                     : examine_part(frame, mapping, listener, received);
  out.header_line = first_line(frame.bytes);
  return out;
}

std::string control_id(const Exchange& exchange) {
  const auto message = parse_line(exchange.header_line);
  return message ? message->msh().field(10).text() : "";
}

std::string Answers::write(const Exchange& exchange, Time now) {
  AckContent content{.verdict = exchange.verdict, .now = now, .text = exchange.why};
  if (exchange.verdict != Verdict::kAccept) content.errors = {exchange.error};
  return frame_all(exchange, std::move(content));
}

std::string Answers::write_full(const Exchange& exchange, Time now) {
  return frame_all(exchange, {.verdict = Verdict::kReject,
                              .now = now,
                              .text = "not held: no room; keep the message and send it again",
                              .errors = {{.code = kInternalError, .location = ""}}});
}

std::string Answers::write_refused(const Exchange& exchange, v1::Code code, Time now) {
  return frame_all(exchange, {.verdict = Verdict::kError,
                              .now = now,
                              .text = "the hub does not take it: " + v1::Code_Name(code),
                              .errors = {{.code = kInternalError, .location = ""}}});
}

std::string Answers::frame_all(const Exchange& exchange, AckContent content) {
  if (exchange.reply == Exchange::Reply::kNone) return "";
  const auto message = parse_line(exchange.header_line);
  if (!message) {
    content.control_id = next_id();
    const char* code = content.verdict == Verdict::kAccept  ? "AA"
                       : content.verdict == Verdict::kError ? "AE"
                                                            : "AR";
    return encode_frame(build_bare_ack(code, content));
  }
  std::string out;
  for (const std::string& code : ack_codes(*message, content.verdict)) {
    content.control_id = next_id();
    out += encode_frame(build_ack(*message, code, content));
  }
  return out;
}

std::string Answers::next_id() { return fmt::format("{}{:010}", prefix_, ++count_); }

}  // namespace switchboard::mllp
