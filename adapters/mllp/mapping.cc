#include "adapters/mllp/mapping.h"

#include <algorithm>
#include <charconv>

namespace switchboard::mllp {
namespace {

bool take_number(std::string_view& in, size_t& out) {
  const auto [end, failed] = std::from_chars(in.data(), in.data() + in.size(), out);
  if (failed != std::errc() || out == 0 || out > kFieldsMax) return false;
  in.remove_prefix(static_cast<size_t>(end - in.data()));
  return true;
}

bool holds(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

Attendance AppointmentPlaces::attendance_of(std::string code) const {
  for (char& c : code) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  const auto it = attendance_codes.find(code);
  return it == attendance_codes.end() ? Attendance::kUnsaid : it->second;
}

// A death ends a stay: who wants to hear of discharges hears of it, and the other way round.
bool Scope::wants(std::string_view kind) const {
  if (kinds.empty() || holds(kinds, kind)) return true;
  if (kind == "death") return holds(kinds, "discharge");
  return kind == "discharge" && holds(kinds, "death");
}

std::optional<FieldPlace> FieldPlace::parse(std::string_view text) {
  FieldPlace place;
  if (text.size() < 5 || text[3] != '-') return std::nullopt;
  place.segment = text.substr(0, 3);
  for (const char c : place.segment) {
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) return std::nullopt;
  }
  text.remove_prefix(4);
  if (!take_number(text, place.field)) return std::nullopt;
  if (text.empty()) return place;
  if (!text.starts_with('.')) return std::nullopt;
  text.remove_prefix(1);
  if (!take_number(text, place.component) || !text.empty()) return std::nullopt;
  return place;
}

Value FieldPlace::in(const Message& message) const {
  if (empty()) return {};
  const Value whole = message.field(segment, field);
  return component == 0 ? whole : whole.component(component);
}

std::string FieldPlace::text() const {
  if (empty()) return "";
  std::string out = segment + "-" + std::to_string(field);
  if (component > 0) out += "." + std::to_string(component);
  return out;
}

PatientClass Mapping::classify(std::string_view pv1_2) const {
  if (holds(emergency_classes, pv1_2)) return PatientClass::kEmergency;
  if (holds(outside_classes, pv1_2)) return PatientClass::kOutside;
  return PatientClass::kInpatient;
}

std::string Mapping::site_code(const Message& message) const {
  std::string code = places.site.in(message).subcomponent(1).text();
  for (size_t i = 0; code.empty() && i < places.more_sites.size(); ++i) {
    code = places.more_sites[i].in(message).subcomponent(1).text();
  }
  return code;
}

std::string Mapping::specialty(const Message& message) const {
  std::string code = detail.specialty.in(message).text();
  return code.empty() ? appointment.specialty.in(message).text() : code;
}

const Site* Mapping::site_of(const std::string& code) const {
  const auto it = sites.find(code);
  return it == sites.end() ? nullptr : &it->second;
}

v1::Urgency Mapping::urgency_of(const std::string& kind) const {
  const auto it = urgency.find(kind);
  return it == urgency.end() ? v1::URGENCY_ROUTINE : it->second;
}

}  // namespace switchboard::mllp
