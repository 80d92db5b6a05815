#include <algorithm>

#include "adapters/mllp/draft.h"
#include "broker/base/hash.h"
#include "broker/base/limits.h"

namespace switchboard::mllp {
namespace {

constexpr auto kPrivate = Reason::Privacy::kIdentity;

// Home before anything else; an address known to be bad (BA) or of birth (BDL) never.
Value home_address(const Message& message) {
  const Value all = message.field("PID", 11);
  Value first;
  for (size_t i = 1; i <= all.repetitions(); ++i) {
    const Value address = all.repetition(i);
    const std::string type = address.component(7).text();
    if (!address.has_value() || type == "BA" || type == "BDL" || type == "N") continue;
    if (type == "H") return address;
    if (first.empty()) first = address;
  }
  return first;
}

bool is_protected(const Draft& draft) {
  const auto& codes = draft.mapping.protected_codes;
  const std::string code = draft.message.field("PD1", 12).text();
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

void add_phones(Draft& draft, size_t field) {
  const Value phones = draft.message.field("PID", field);
  for (size_t i = 1; i <= std::min<size_t>(phones.repetitions(), 4); ++i) {
    const std::string phone = phones.repetition(i).component(1).text();
    if (!phone.empty()) draft.event.mutable_location()->add_phones(phone);
  }
}

// "XA1 2BC" is in district XA1, and in area XA if the table names only that.
std::string area_of(const Mapping& mapping, std::string_view postcode) {
  std::string compact;
  for (const char c : postcode) {
    if (c != ' ') compact += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  }
  if (compact.size() < 5) return {};
  const std::string district = compact.substr(0, compact.size() - 3);
  const std::string letters = district.substr(0, district.find_first_of("0123456789"));
  for (const std::string& key : {district, letters}) {
    const auto it = mapping.area_by_district.find(key);
    if (it != mapping.area_by_district.end()) return it->second;
  }
  return {};
}

bool looks_like_ods(std::string_view code) {
  return !code.empty() && code.size() <= 9 && std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

void map_area(Draft& draft) {
  const std::string postcode = home_address(draft.message).component(5).text();
  const std::string area = area_of(draft.mapping, postcode);
  draft.header().mutable_subject()->set_area_code(area);
  if (!area.empty()) draft.because("header.subject.area_code", "PID-11.5 by [[area]]", area);
  if (area.empty()) draft.note("no area of residence: the postcode is absent or in no [[area]]");
}

void map_practice(Draft& draft) {
  for (const FieldPlace& place : draft.mapping.practice_places) {
    const std::string code = place.in(draft.message).text();
    if (!looks_like_ods(code)) continue;
    draft.header().mutable_subject()->set_registered_practice(code);
    return draft.because("header.subject.registered_practice", place.text(), code);
  }
  draft.note("no registered practice in the fields of practice_fields");
}

void map_place_of_care(Draft& draft) {
  const Mapping& mapping = draft.mapping;
  const std::string code = mapping.site_place.in(draft.message).subcomponent(1).text();
  auto& subject = *draft.header().mutable_subject();
  if (const auto it = mapping.sites.find(code); it != mapping.sites.end()) {
    subject.set_place_of_care(it->second.ods);
    return draft.because("header.subject.place_of_care", mapping.site_place.text() + " by [[site]]",
                         it->second.ods);
  }
  if (!code.empty()) draft.note(mapping.site_place.text() + ": a site code that no [[site]] names");
  subject.set_place_of_care(mapping.default_place_of_care);
  if (!mapping.default_place_of_care.empty()) {
    draft.because("header.subject.place_of_care", "mapping [place_of_care] default_ods",
                  mapping.default_place_of_care);
  }
}

// Under 18 on the day. A birthday eighteen years ago is compared as text: both are ISO dates.
bool is_adult(const std::string& birth_date, Time occurred) {
  if (birth_date.empty()) return false;  // unknown age: treated as a child
  std::string limit = to_rfc3339(occurred).substr(0, 10);
  const int year = std::stoi(limit.substr(0, 4)) - 18;
  limit.replace(0, 4, std::to_string(year));
  return birth_date <= limit;
}

}  // namespace

void map_location(Draft& draft) {
  if (is_protected(draft)) {
    return draft.note("PD1-12 protects the address: no location section is written");
  }
  v1::Location& location = *draft.event.mutable_location();
  const Value address = home_address(draft.message);
  for (const size_t part : {1u, 2u, 3u, 4u}) {
    const Value line = part == 1 ? address.component(1).subcomponent(1) : address.component(part);
    if (auto text = line.text(); !text.empty()) location.add_address_lines(text);
  }
  location.set_postcode(address.component(5).text());
  if (!location.postcode().empty()) {
    draft.because("location.postcode", "PID-11.5", location.postcode(), kPrivate);
  }
  add_phones(draft, 13);
  add_phones(draft, 14);
  location.set_current_place(draft.take({"PV1", 3, 1}, "location.current_place"));
}

void map_subject(Draft& draft) {
  map_area(draft);
  map_practice(draft);
  map_place_of_care(draft);
  const std::string& birth_date = draft.event.identity().birth_date();
  const bool adult = is_adult(birth_date, Time{draft.header().occurred().earliest_us()});
  draft.header().mutable_subject()->set_type(adult ? v1::SUBJECT_TYPE_ADULT
                                                   : v1::SUBJECT_TYPE_CHILD);
  draft.because("header.subject.type", "PID-7", adult ? "adult" : "child");
  if (birth_date.empty()) draft.note("no birth date: treated as a child");
}

// Kind and urgency are left out on purpose: an A08 is compared with the A01 before it.
std::string routed_fields_hash(const v1::Event& event) {
  const v1::SubjectFacts& subject = event.header().subject();
  Hasher hasher;
  hasher.add("routed fields 1")
      .add(static_cast<uint64_t>(subject.type()))
      .add(subject.area_code())
      .add(subject.registered_practice())
      .add(subject.place_of_care())
      .add(event.identity().birth_date())
      .add(event.identity().name().family());
  for (const std::string& given : event.identity().name().given()) hasher.add(given);
  for (const v1::Identifier& identifier : event.identity().identifiers()) {
    hasher.add(static_cast<uint64_t>(identifier.type()))
        .add(identifier.value())
        .add(static_cast<uint64_t>(identifier.verification()));
  }
  return std::string(view(hasher.finish()));
}

}  // namespace switchboard::mllp
