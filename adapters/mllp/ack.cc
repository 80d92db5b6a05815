#include "adapters/mllp/ack.h"

#include <date/date.h>
#include <fmt/format.h>

#include <chrono>

namespace switchboard::mllp {
namespace {

// HL7 table 0155. Empty asks for nothing once the other field made the exchange enhanced.
bool is_asked(std::string_view condition, Verdict verdict) {
  if (condition == "AL") return true;
  if (condition == "ER") return verdict != Verdict::kAccept;
  if (condition == "SU") return verdict == Verdict::kAccept;
  return false;
}

char verdict_letter(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccept:
      return 'A';
    case Verdict::kError:
      return 'E';
    case Verdict::kReject:
      return 'R';
  }
  return 'R';
}

std::string_view error_text(int code) {
  switch (code) {
    case 100:
      return "Segment sequence error";
    case 101:
      return "Required field missing";
    case 102:
      return "Data type error";
    case 103:
      return "Table value not found";
    case 200:
      return "Unsupported message type";
    case 201:
      return "Unsupported event code";
    case 202:
      return "Unsupported processing id";
    case 203:
      return "Unsupported version id";
    case 204:
      return "Unknown key identifier";
    case 205:
      return "Duplicate key identifier";
    case 206:
      return "Application record locked";
    default:
      return "Application internal error";
  }
}

std::string join(const std::vector<std::string>& fields, char separator) {
  std::string out;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += separator;
    out += fields[i];
  }
  while (!out.empty() && out.back() == separator) out.pop_back();
  return out;
}

std::string raw(const Value& value) { return std::string(value.raw()); }

// ERR-2 location as segment^1^field, ERR-3 code, ERR-4 severity (2.5); 2.4 senders read MSA-3.
std::string err_segment(const AckError& e, const Delimiters& d) {
  const size_t dash = e.location.find('-');
  std::vector<std::string> place{encode_escapes(e.location.substr(0, dash), d), "1"};
  if (dash != std::string::npos) place.push_back(encode_escapes(e.location.substr(dash + 1), d));
  const auto code =
      join({std::to_string(e.code), std::string(error_text(e.code)), "HL70357"}, d.component);
  return join({"ERR", "", e.location.empty() ? "" : join(place, d.component), code, "E"}, d.field);
}

std::string tail(const std::string& code, const std::string& answered, const AckContent& content,
                 const Delimiters& d) {
  std::string out = join({"MSA", code, answered, encode_escapes(content.text, d)}, d.field) + '\r';
  for (const AckError& e : content.errors) out += err_segment(e, d) + '\r';
  return out;
}

}  // namespace

std::string hl7_time_stamp(Time now) {
  const date::sys_time<std::chrono::microseconds> at{std::chrono::microseconds(now.us)};
  return date::format("%Y%m%d%H%M%S", date::floor<std::chrono::seconds>(at)) + "+0000";
}

std::vector<std::string> ack_codes(const Message& request, Verdict verdict) {
  const Value commit = request.msh().field(15), application = request.msh().field(16);
  const char letter = verdict_letter(verdict);
  if (commit.empty() && application.empty()) return {std::string{'A', letter}};
  std::vector<std::string> codes;
  if (is_asked(commit.raw(), verdict)) codes.push_back({'C', letter});
  if (is_asked(application.raw(), verdict)) codes.push_back({'A', letter});
  return codes;
}

// Fields of the request go back as the bytes they came as: our delimiters are its delimiters.
std::string build_ack(const Message& request, const std::string& code, const AckContent& content) {
  const Delimiters& d = request.delimiters();
  const Segment& in = request.msh();
  const std::string trigger = raw(in.field(9).component(2));
  const std::string version = raw(in.field(12));
  std::vector<std::string> msh{
      "MSH" + std::string{d.field, d.component, d.repetition, d.escape, d.subcomponent},
      raw(in.field(5)),
      raw(in.field(6)),
      raw(in.field(3)),
      raw(in.field(4)),
      hl7_time_stamp(content.now),
      "",
      join({"ACK", trigger, trigger.empty() ? "" : "ACK"}, d.component),
      encode_escapes(content.control_id, d),
      raw(in.field(11)),
      version.empty() ? "2.4" : version};
  if (!in.field(18).empty()) {
    msh.resize(16);  // MSH-1 and MSH-2 share the first place
    msh.push_back(raw(in.field(18)));
  }
  return join(msh, d.field) + '\r' + tail(code, raw(in.field(10)), content, d);
}

std::string build_bare_ack(const std::string& code, const AckContent& content) {
  const Delimiters d;
  return fmt::format("MSH|^~\\&|||||{}||ACK|{}|P|2.4\r", hl7_time_stamp(content.now),
                     encode_escapes(content.control_id, d)) +
         tail(code, "", content, d);
}

}  // namespace switchboard::mllp
