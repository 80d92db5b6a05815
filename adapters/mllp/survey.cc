#include "adapters/mllp/survey.h"

#include <algorithm>
#include <array>

#include "adapters/mllp/charset.h"
#include "adapters/mllp/hl7_time.h"
#include "adapters/mllp/mapping.h"
#include "adapters/mllp/triggers.h"
#include "broker/base/nhs_number.h"

namespace switchboard::mllp {
namespace {

constexpr size_t kFormsMax = 100;

Value at(const Message& message, const char* place) {
  return FieldPlace::parse(place)->in(message);
}

bool is_nhs_number(std::string_view text) {
  return check_nhs_number(text) == NhsNumberCheck::kValid;
}

bool is_ods(std::string_view code) {
  const bool digit =
      std::any_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digit && code.size() >= 3 && code.size() <= 9 &&
         std::all_of(code.begin(), code.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

// "second, with an offset"
std::string time_form(std::string_view text) {
  constexpr std::array kPrecisions = {"year",   "month",  "day",     "hour",
                                      "minute", "second", "fraction"};
  const auto stamp = parse_time_stamp(text);
  if (!stamp) return "unreadable " + shape_of(text);
  return std::string("to the ") + kPrecisions[static_cast<size_t>(stamp->precision)] +
         (stamp->offset_minutes ? ", with an offset" : "");
}

std::string trigger_of(const Message& message) {
  const Value type = message.msh().field(9);
  std::string trigger = type.component(2).text();
  if (trigger.empty()) trigger = message.field("EVN", 1).text();
  return shown(type.component(1).text()) + "^" + shown(trigger);
}

bool is_mapped(const std::string& trigger) {
  const size_t at = trigger.find('^');
  return is_mapped_trigger(trigger.substr(0, at), trigger.substr(at + 1));
}

void count(Tally& tally, const Value& value) {
  if (value.has_value()) tally.add(shown(value.text()));
}

}  // namespace

void Survey::add_file(const Capture& capture) {
  ++files_;
  if (capture.framed) ++framed_files_;
  stray_lines_ += capture.stray_lines;
  for (const Frame& frame : capture.messages) add(frame);
}

void Survey::add(const Frame& frame) {
  ++messages_;
  if (frame.kind != Frame::Kind::kMessage) {
    return problems_.add(frame.kind == Frame::Kind::kTruncated ? "truncated" : "oversize");
  }
  const auto bytes = Message::parse(frame.bytes, LineEnds::kAny);
  if (const auto* problem = std::get_if<Problem>(&bytes)) return problems_.add(problem->code);
  const auto declared =
      charset_from_name(std::get<Message>(bytes).msh().field(18).repetition(1).text());
  const DecodedText text = decode(frame.bytes, declared, Charset::kWindows1252);
  charsets_.add(std::string(charset_name(text.charset)) + (text.guessed ? " (guessed)" : ""));
  const auto parsed = Message::parse(text.utf8, LineEnds::kAny);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return problems_.add(problem->code);
  const Message& message = std::get<Message>(parsed);
  add_header(frame.bytes, message);
  add_patient(message);
  add_identifiers(message);
  add_visit(message);
  add_times(message);
  add_codes(message);
  note_missing(message);
}

void Survey::add_header(std::string_view raw, const Message& message) {
  const std::string trigger = trigger_of(message);
  (is_mapped(trigger) ? mapped_triggers_ : triggers_).add(trigger);
  if (raw.find('\n') != raw.npos) ++line_feeds_;
  count(applications_, message.msh().field(3).component(1));
  count(facilities_, message.msh().field(4).component(1));
  count(processing_, message.msh().field(11).component(1));
  count(versions_, message.msh().field(12).component(1));
  acknowledgements_.add("MSH-15 '" + shown(message.msh().field(15).text()) + "', MSH-16 '" +
                        shown(message.msh().field(16).text()) + "'");
  const std::string charset = message.msh().field(18).repetition(1).text();
  declared_charsets_.add(charset.empty() ? "(none)" : shown(charset));
  for (const Segment& segment : message.segments()) {
    if (segment.name().starts_with('Z')) z_segments_.add(std::string(segment.name()));
    for (size_t n = 1; n <= std::min<size_t>(segment.fields(), 60); ++n) {
      if (!segment.field(n).is_delete()) continue;
      deletes_.add(std::string(segment.name()) + "-" + std::to_string(n));
    }
  }
}

// Age at the message's own time.
void Survey::add_patient(const Message& message) {
  const std::string birth = to_iso_date(message.field("PID", 7).text());
  const std::string now = to_iso_date(message.msh().field(7).text());
  if (!message.first("PID")) return;
  if (birth.empty() || now.empty()) {
    ++no_birth_date_;
    return;
  }
  const int years = std::stoi(now.substr(0, 4)) - std::stoi(birth.substr(0, 4)) -
                    (now.substr(5) < birth.substr(5) ? 1 : 0);
  ++(years < 18 ? children_ : adults_);
  const std::string postcode = message.field("PID", 11).repetition(1).component(5).text();
  const size_t letters = postcode.find_first_of("0123456789");
  if (letters == 1 || letters == 2) districts_.add(shown(postcode.substr(0, letters)));
}

void Survey::add_form(const Value& cx) {
  const std::string id = cx.component(1).text();
  if (id.empty()) return;
  const std::string key =
      shown(cx.component(4).subcomponent(1).text()) + "|" + shown(cx.component(5).text());
  if (identifiers_.size() >= kFormsMax && !identifiers_.contains(key)) {
    return problems_.add("more identifier forms than a survey keeps");
  }
  IdentifierForm& form = identifiers_[key];
  ++form.seen;
  if (is_nhs_number(id)) ++form.valid_nhs_numbers;
  form.shapes.add(shape_of(id));
}

void Survey::add_identifiers(const Message& message) {
  for (const Segment& segment : message.segments()) {
    const bool pid = segment.name() == "PID";
    if (!pid && segment.name() != "MRG") continue;
    const Value ids = segment.field(pid ? 3 : 1);
    for (size_t i = 1; i <= ids.repetitions(); ++i) add_form(ids.repetition(i));
  }
  for (const char* place : {"PID-2.1", "PID-4.1", "PID-18.1", "PID-19.1"}) {
    const std::string text = at(message, place).text();
    if (text.empty()) continue;
    FieldUse& use = nhs_elsewhere_[place];
    if (is_nhs_number(text)) ++use.filled;
    use.forms.add(shape_of(text));
  }
  count(verification_, message.field("PID", 32));
  count(protection_, message.field("PD1", 12));
}

void Survey::add_visit(const Message& message) {
  for (const char* place : {"PV1-19.1", "PV1-50.1", "PID-18.1"}) {
    const std::string text = at(message, place).text();
    if (text.empty()) continue;
    FieldUse& use = visit_fields_[place];
    ++use.filled;
    use.forms.add(shape_of(text));
  }
  for (const char* place : {"PD1-3.3", "PD1-3.1", "PD1-4.1"}) {
    const std::string text = at(message, place).text();
    if (!is_ods(text)) continue;
    ++practice_fields_[place].filled;
    practices_.add(text);
  }
  count(classes_, message.field("PV1", 2));
  count(specialties_, at(message, "PV1-10.1"));
  count(sites_, at(message, "PV1-3.4").subcomponent(1));
  count(clinic_sites_, at(message, "AIL-3.4").subcomponent(1));
}

void Survey::add_times(const Message& message) {
  for (const char* place :
       {"MSH-7.1", "EVN-2.1", "EVN-6.1", "PV1-44.1", "PV1-45.1", "SCH-11.4", "AIS-4.1"}) {
    const std::string text = at(message, place).text();
    if (text.empty()) continue;
    FieldUse& use = times_[place];
    ++use.filled;
    use.forms.add(time_form(text));
  }
}

void Survey::add_codes(const Message& message) {
  for (const auto& [place, tally] :
       {std::pair{"PV1-36.1", &methods_}, std::pair{"PV1-37.1", &destinations_}}) {
    const std::string code = at(message, place).text();
    if (!code.empty()) tally->add(shape_of(code));
  }
  count(attendance_, at(message, "SCH-25.1"));
  count(decisions_, at(message, "RF1-1.1"));
  if (message.msh().field(9).component(1).raw() == "ORM") count(orders_, at(message, "OBR-4.1"));
  count(documents_, at(message, "TXA-2.1"));
}

void Survey::note_missing(const Message& message) {
  if (!message.msh().field(10).has_value()) missing_.add("MSH-10, the control id");
  if (!message.first("PID")) return missing_.add("PID");
  bool numbered = false;
  const Value ids = message.field("PID", 3);
  for (size_t i = 1; i <= ids.repetitions(); ++i) {
    numbered |= is_nhs_number(ids.repetition(i).component(1).text());
  }
  for (const char* place : {"PID-2.1", "PID-4.1", "PID-18.1", "PID-19.1"}) {
    numbered |= is_nhs_number(at(message, place).text());
  }
  if (!numbered) missing_.add("a valid NHS number");
  if (!message.field("PID", 3).has_value()) missing_.add("PID-3, any identifier");
  if (message.first("PV1") && at(message, "PV1-19.1").empty()) missing_.add("PV1-19, of a visit");
  const std::string type = message.msh().field(9).component(1).text();
  if (type == "SIU" && at(message, "SCH-2.1").empty()) missing_.add("SCH-2, of an appointment");
  const bool referral = type == "REF" || type == "RRI";
  if (referral && at(message, "RF1-6.1").empty()) missing_.add("RF1-6, of a referral");
}

}  // namespace switchboard::mllp
