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

// Before the location and related people: what tells where the child is stays at home.
void map_protection(Draft& draft) {
  const auto& codes = draft.mapping.protected_codes;
  const std::string code = draft.message.field("PD1", 12).text();
  if (std::find(codes.begin(), codes.end(), code) == codes.end()) return;
  draft.header().set_protected_address(true);
  draft.because("header.protected_address", "PD1-12 by protected_address_codes", code);
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
  const std::string& code = draft.facts.site_code;
  auto& subject = *draft.header().mutable_subject();
  if (const Site* site = mapping.site_of(code)) {
    subject.set_place_of_care(site->ods);
    return draft.because("header.subject.place_of_care",
                         mapping.places.site.text() + " by [[site]]", site->ods);
  }
  if (!code.empty()) draft.note("[place_of_care]: a site code that no [[site]] names");
  subject.set_place_of_care(mapping.default_place_of_care);
  if (!mapping.default_place_of_care.empty()) {
    draft.because("header.subject.place_of_care", "mapping [place_of_care] default_ods",
                  mapping.default_place_of_care);
  }
}

v1::SubjectType subject_type(const Draft& draft) {
  if (draft.is_about_unborn()) return v1::SUBJECT_TYPE_UNBORN;
  return draft.facts.adult ? v1::SUBJECT_TYPE_ADULT : v1::SUBJECT_TYPE_CHILD;
}

std::string_view words(v1::SubjectType type) {
  if (type == v1::SUBJECT_TYPE_UNBORN) return "unborn: the mother's visit";
  return type == v1::SUBJECT_TYPE_ADULT ? "adult" : "child";
}

// An update that leaves out what may not have changed cannot be compared with what came before.
bool is_partial(const Draft& draft) {
  const Updates& updates = draft.mapping.updates;
  const v1::Identity& identity = draft.event.identity();
  const bool numbered =
      std::any_of(identity.identifiers().begin(), identity.identifiers().end(),
                  [](const auto& i) { return i.type() == v1::IDENTIFIER_TYPE_NHS_NUMBER; });
  if (updates.identifiers == Repeats::kDelta && !numbered) return true;
  return updates.addresses == Repeats::kDelta && home_address(draft.message).empty();
}

void add_identifiers(const Draft& draft, Hasher& hasher) {
  const bool all = draft.mapping.updates.identifiers == Repeats::kSnapshot;
  for (const v1::Identifier& identifier : draft.event.identity().identifiers()) {
    if (!all && identifier.type() != v1::IDENTIFIER_TYPE_NHS_NUMBER) continue;
    hasher.add(static_cast<uint64_t>(identifier.type()))
        .add(identifier.value())
        .add(static_cast<uint64_t>(identifier.verification()));
  }
}

// Of a referral or appointment everything that is told of it counts: when, where, why.
void add_content(const Draft& draft, Hasher& hasher) {
  const v1::Detail& detail = draft.event.detail();
  if (detail.has_referral()) hasher.add(detail.referral().SerializeAsString());
  if (detail.has_appointment()) hasher.add(detail.appointment().SerializeAsString());
}

}  // namespace

void map_location(Draft& draft) {
  if (draft.header().protected_address()) {
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
  map_protection(draft);
  map_area(draft);
  map_practice(draft);
  map_place_of_care(draft);
  const v1::SubjectType type = subject_type(draft);
  draft.header().mutable_subject()->set_type(type);
  draft.because("header.subject.type", "PID-7", words(type));
  if (draft.event.identity().birth_date().empty()) draft.note("no birth date: treated as a child");
}

// Kind and urgency are left out on purpose: an A08 is compared with the A01 before it. A
// cancellation has the fields of what it cancels, and an A07 says one thing only: neither is noise.
std::string routed_fields_hash(const Draft& draft) {
  const bool is_void = draft.row.nature == v1::CORRECTION_NATURE_VOID;
  if (is_void || draft.row.trigger == "A07" || is_partial(draft)) return {};
  const v1::SubjectFacts& subject = draft.event.header().subject();
  const v1::Identity& identity = draft.event.identity();
  Hasher hasher;
  hasher.add("routed fields 1")
      .add(static_cast<uint64_t>(subject.type()))
      .add(subject.area_code())
      .add(subject.registered_practice())
      .add(subject.place_of_care())
      .add(identity.birth_date())
      .add(identity.name().family());
  for (const std::string& given : identity.name().given()) hasher.add(given);
  add_identifiers(draft, hasher);
  if (draft.facts.dead) hasher.add("dead");
  if (draft.event.header().protected_address()) hasher.add("protected address");
  add_content(draft, hasher);
  return std::string(view(hasher.finish()));
}

}  // namespace switchboard::mllp
