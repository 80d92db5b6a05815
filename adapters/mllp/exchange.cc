#include "adapters/mllp/exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "broker/base/limits.h"

namespace switchboard::mllp {
namespace {

constexpr int kInternalError = 207;

void add(v1::Item& item, v1::SectionKind kind, const google::protobuf::Message& body) {
  v1::Section& section = *item.add_sections();
  section.set_kind(kind);
  section.set_body(body.SerializeAsString());
}

v1::Item to_item(const v1::Event& event, Time received) {
  v1::Item item;
  item.set_header(event.header().SerializeAsString());
  item.set_taken_us(received.us);
  if (event.has_identity()) add(item, v1::SECTION_KIND_IDENTITY, event.identity());
  if (event.has_summary()) add(item, v1::SECTION_KIND_SUMMARY, event.summary());
  if (event.has_detail()) add(item, v1::SECTION_KIND_DETAIL, event.detail());
  if (event.has_location()) add(item, v1::SECTION_KIND_LOCATION, event.location());
  if (event.has_source()) add(item, v1::SECTION_KIND_SOURCE, event.source());
  return item;
}

// An event on trial or of a test system never takes the place of a live one with the same bytes
// (P2): its id is derived once more, with where it stands. The time in front stays.
std::string id_in(v1::LedgerBucket bucket, const std::string& event_id) {
  const auto id = id_from_bytes(event_id);
  if (!id || bucket == v1::LEDGER_BUCKET_LIVE) return event_id;
  int64_t ms = 0;
  for (size_t i = 0; i < 6; ++i) ms = ms * 256 + id->bytes[i];
  const Hash other = Hasher().add(v1::LedgerBucket_Name(bucket)).add(event_id).finish();
  return std::string(make_id(Time{ms * 1000}, other).view());
}

Taken take(v1::Event event, const Terms& terms, const std::string& trigger, Time received) {
  v1::EventHeader& header = *event.mutable_header();
  header.set_shadow(terms.bucket == v1::LEDGER_BUCKET_SHADOW);
  if (header.trigger().empty()) header.set_trigger(trigger);
  header.set_event_id(id_in(terms.bucket, header.event_id()));
  const auto id = id_from_bytes(header.event_id());
  return {.id = id.value_or(Id{}),
          .item = to_item(event, received),
          .kind = header.kind(),
          .child = header.subject().type() != v1::SUBJECT_TYPE_ADULT};
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
bool fit(const std::vector<Taken>& items) {
  size_t bytes = 0;
  for (const Taken& taken : items) {
    if (!fits(taken.item)) return false;
    bytes += taken.item.ByteSizeLong();
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

// One component of MSH-9, for counts: what is no code of HL7's stays out of them.
std::string code_of(const Value& value) {
  const std::string text = value.text();
  const bool is_code =
      !text.empty() && text.size() <= 8 &&
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
  return is_code ? text : "";
}

std::string trigger_of(const std::string& header_line) {
  const auto message = parse_line(header_line);
  if (!message) return "none";
  const Value type = message->msh().field(9);
  const std::string code = code_of(type.component(1)), event = code_of(type.component(2));
  if (code.empty()) return "none";
  return event.empty() ? code : code + "^" + event;
}

// One examination: the message's own bytes, and what is known of it so far.
struct Examined {
  const Terms& terms;
  Time received;
  std::string_view bytes;
  std::string header_line;
  std::string trigger;

  Exchange quarantine(Unreadable&& held) const {
    Exchange out{.ledger = Exchange::Ledger::kQuarantined,
                 .why = "held in quarantine: " + held.problem.why,
                 .note = held.problem.code};
    out.items.push_back(take(std::move(held.event), terms, trigger, received));
    return out;
  }
  Exchange quarantine(Problem problem) const {
    return quarantine(
        unreadable(bytes, std::move(problem), terms.mapping, terms.identity, received));
  }
  // Whether a sender that is refused again and again is to be let go on.
  bool is_parked() const {
    return terms.resends != nullptr && terms.park_after > 0 &&
           terms.resends->count(terms.listener, bytes) > terms.park_after;
  }
  Exchange parked(const std::string& why) const {
    return quarantine(Problem{"parked_after_resends", fmt::format("it came more than {} times: {}",
                                                                  terms.park_after, why)});
  }
};

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
Exchange examine_part(const Frame& frame, const Examined& seen) {
  const Problem problem = problem_of(frame.kind);
  if (frame.kind == Frame::Kind::kOversize && seen.is_parked()) return seen.parked(problem.why);
  Exchange out = seen.quarantine(problem);
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

Exchange examine_whole(const Examined& seen) {
  const Terms& terms = seen.terms;
  Outcome outcome = map_message(seen.bytes, terms.mapping, terms.identity, seen.received, nullptr);
  if (const auto* out = std::get_if<OutOfScope>(&outcome)) return skip(*out);
  if (const auto* refused = std::get_if<Refused>(&outcome)) {
    return seen.is_parked() ? seen.parked(refused->why) : refuse(*refused);
  }
  if (auto* held = std::get_if<Unreadable>(&outcome)) return seen.quarantine(std::move(*held));
  Exchange out;
  for (MappedEvent& mapped : std::get<Mapped>(outcome).events) {
    out.items.push_back(take(std::move(mapped.event), terms, seen.trigger, seen.received));
  }
  if (fit(out.items)) return out;
  return seen.quarantine(
      Problem{"oversize_event", "its events would be larger than the hub takes"});
}

Exchange examine_bytes(std::string_view bytes, const Frame* part, const Terms& terms,
                       Time received) {
  Examined seen{.terms = terms,
                .received = received,
                .bytes = bytes,
                .header_line = first_line(bytes),
                .trigger = {}};
  seen.trigger = trigger_of(seen.header_line);
  Exchange out = part ? examine_part(*part, seen) : examine_whole(seen);
  out.trigger = std::move(seen.trigger);
  out.header_line = std::move(seen.header_line);
  return out;
}

// The batch as a whole, for people: each of its messages went its own way already.
Exchange flag(std::string_view frame, Problem problem, const Terms& terms, Time received) {
  Examined seen{.terms = terms,
                .received = received,
                .bytes = frame,
                .header_line = {},
                .trigger = std::string(frame.substr(0, 3))};
  Exchange out = seen.quarantine(std::move(problem));
  out.trigger = std::move(seen.trigger);
  return out;
}

Submission examine_batch(std::string_view frame, const Terms& terms, Time received) {
  BatchFrame read = read_batch(frame);
  Submission out;
  if (read.too_many) {
    const auto why = fmt::format("more than {} messages: none was read", kBatchMessagesMax);
    out.parts.push_back(flag(frame, {"batch_too_long", why}, terms, received));
    return out;
  }
  for (const auto message : read.messages) {
    out.parts.push_back(examine_bytes(message, nullptr, terms, received));
  }
  if (!read.batch.wrong.empty()) {
    std::string why;
    for (const auto& text : read.batch.wrong) why += (why.empty() ? "" : "; ") + text;
    out.parts.push_back(flag(frame, {"batch_count", why}, terms, received));
    out.parts.back().reply = Exchange::Reply::kNone;
  }
  if (out.parts.empty()) {
    out.parts.push_back({.ledger = Exchange::Ledger::kOutOfScope,
                         .reply = Exchange::Reply::kNone,
                         .note = "empty batch",
                         .trigger = std::string(frame.substr(0, 3))});
  }
  out.batch = std::move(read.batch);
  return out;
}

}  // namespace

Submission examine(const Frame& frame, const Terms& terms, Time received) {
  if (frame.kind == Frame::Kind::kMessage && is_batch(frame.bytes)) {
    return examine_batch(frame.bytes, terms, received);
  }
  const Frame* part = frame.kind == Frame::Kind::kMessage ? nullptr : &frame;
  Submission out;
  out.parts.push_back(examine_bytes(frame.bytes, part, terms, received));
  return out;
}

std::string control_id(const Exchange& exchange) {
  const auto message = parse_line(exchange.header_line);
  return message ? message->msh().field(10).text() : "";
}

Verdict verdict_of(const Exchange& exchange, const Word& word) {
  switch (word.kind) {
    case Word::Kind::kFull:
      return Verdict::kReject;
    case Word::Kind::kHubRefused:
      return Verdict::kError;
    case Word::Kind::kAsExamined:
      break;
  }
  return exchange.verdict;
}

std::vector<std::string> Answers::acks(const Exchange& exchange, const Word& word, Time now) {
  std::vector<std::string> out;
  if (exchange.reply == Exchange::Reply::kNone) return out;
  AckContent content{.verdict = verdict_of(exchange, word), .now = now, .text = exchange.why};
  if (word.kind == Word::Kind::kFull) {
    content.text = "not held: no room; keep the message and send it again";
  } else if (word.kind == Word::Kind::kHubRefused) {
    content.text = "the hub does not take it: " + v1::Code_Name(word.code);
  }
  if (content.verdict != Verdict::kAccept) {
    const bool own = word.kind == Word::Kind::kAsExamined;
    content.errors = {own ? exchange.error : AckError{.code = kInternalError, .location = ""}};
  }
  const auto message = parse_line(exchange.header_line);
  if (!message) {
    content.control_id = next_id();
    const char* code = content.verdict == Verdict::kAccept  ? "AA"
                       : content.verdict == Verdict::kError ? "AE"
                                                            : "AR";
    out.push_back(build_bare_ack(code, content));
    return out;
  }
  for (const std::string& code : ack_codes(*message, content.verdict)) {
    content.control_id = next_id();
    out.push_back(build_ack(*message, code, content));
  }
  return out;
}

std::string Answers::frame(const Submission& submission,
                           const std::vector<std::vector<std::string>>& acks, BatchReplies how,
                           Time now) {
  if (submission.batch && how == BatchReplies::kBatch) {
    const std::string reply = build_batch_reply(
        {.request = *submission.batch, .acks = acks, .control_id = next_id(), .now = now});
    return reply.empty() ? "" : encode_frame(reply);
  }
  std::string out;
  for (const auto& of_one : acks) {
    for (const auto& ack : of_one) out += encode_frame(ack);
  }
  return out;
}

std::string Answers::next_id() { return fmt::format("{}{:010}", prefix_, ++count_); }

}  // namespace switchboard::mllp
