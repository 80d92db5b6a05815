#include "adapters/mllp/message_facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/mllp/charset.h"
#include "adapters/mllp/code_words.h"

namespace switchboard::mllp {
namespace {

constexpr size_t kTriggerBytesMax = 16;

bool holds(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

Time occurred(const Message& message, const Mapping& mapping, Time received) {
  for (const Value& value :
       {message.field("EVN", 6), message.field("EVN", 2), message.msh().field(7)}) {
    const auto range = to_range(value.component(1).text(), mapping.zone, std::nullopt);
    if (range) return Time{range->earliest_us()};
  }
  return received;
}

// A birthday eighteen years ago is compared as text: both are ISO dates.
bool is_adult(const std::string& birth_date, Time at) {
  if (birth_date.empty()) return false;  // unknown age: treated as a child
  std::string limit = to_rfc3339(at).substr(0, 10);
  const int year = std::stoi(limit.substr(0, 4)) - 18;
  limit.replace(0, 4, fmt::format("{:04}", std::max(year, 0)));
  return birth_date <= limit;
}

// A method is one digit and a destination two: some trusts send them the other way round.
bool are_exchanged(std::string_view method, std::string_view destination) {
  return method.size() == 2 && destination.size() <= 1;
}

Attendance attendance(const MessageFacts& facts, const Message& message, const Mapping& mapping) {
  if (facts.type != "SIU") return Attendance::kUnsaid;
  if (facts.trigger == "S26") return Attendance::kNotSeen;
  const AppointmentPlaces& places = mapping.appointment;
  return places.attendance_of(places.attendance.in(message).text());
}

bool is_listed_document(const Message& message, const Mapping& mapping) {
  return mapping.document.types.contains(mapping.document.type.in(message).text());
}

bool is_wanted_site(const MessageFacts& facts, const Mapping& mapping) {
  const auto& sites = mapping.scope.sites;
  if (sites.empty() || facts.site_code.empty() || holds(sites, facts.site_code)) return true;
  const Site* site = mapping.site_of(facts.site_code);
  return site && holds(sites, site->ods);
}

}  // namespace

std::string MessageFacts::name() const {
  return clip(type, kTriggerBytesMax) + "^" + clip(trigger, kTriggerBytesMax);
}

MessageFacts facts_of(const Message& message, const Mapping& mapping, Time received) {
  MessageFacts facts;
  const Value type = message.msh().field(9);
  facts.type = type.component(1).text();
  facts.trigger = type.component(2).text();
  if (facts.trigger.empty()) facts.trigger = message.field("EVN", 1).text();
  facts.patient_class = mapping.classify(message.field("PV1", 2).text());
  facts.adult =
      is_adult(to_iso_date(message.field("PID", 7).text()), occurred(message, mapping, received));
  facts.maternity = holds(mapping.scope.maternity_specialties, mapping.specialty(message));
  const DischargeCodes codes = discharge_codes(message, mapping);
  facts.dead = message.field("PID", 30).text() == "Y";
  facts.died = facts.dead || is_died(codes.method, codes.destination);
  facts.is_consult = holds(mapping.consult.codes, mapping.consult.code.in(message).text());
  facts.is_listed_document = is_listed_document(message, mapping);
  facts.attendance = attendance(facts, message, mapping);
  facts.order_control = message.field("ORC", 1).text();
  facts.site_code = mapping.site_code(message);
  return facts;
}

std::string_view why_out_of_scope(const MessageFacts& facts, std::string_view content_kind,
                                  const Mapping& mapping) {
  const Scope& scope = mapping.scope;
  const bool adult_wanted =
      scope.adults == Adults::kAll || (scope.adults == Adults::kMaternity && facts.maternity);
  if (facts.adult && !adult_wanted) return "adult";
  if (!scope.wants(content_kind)) return "kind";
  if (!is_wanted_site(facts, mapping)) return "site";
  return {};
}

// Where somebody was is as telling as where they are.
bool is_sensitive(const Message& message, const Mapping& mapping) {
  const Sensitive& list = mapping.sensitive;
  if (holds(list.specialties, mapping.specialty(message))) return true;
  if (holds(list.clinics, mapping.appointment.clinic.in(message).text())) return true;
  for (const Value& place : {message.field("PV1", 3), mapping.places.from.in(message),
                             mapping.places.planned.in(message)}) {
    const std::string ward = place.component(1).text();
    if (holds(list.locations, ward) || holds(list.clinics, ward)) return true;
  }
  return false;
}

DischargeCodes discharge_codes(const Message& message, const Mapping& mapping) {
  const DischargePlaces& places = mapping.discharge;
  DischargeCodes codes{.method = places.method.in(message).text(),
                       .destination = places.destination.in(message).text()};
  codes.exchanged = places.swap_by_shape && are_exchanged(codes.method, codes.destination);
  if (codes.exchanged) std::swap(codes.method, codes.destination);
  return codes;
}

}  // namespace switchboard::mllp
