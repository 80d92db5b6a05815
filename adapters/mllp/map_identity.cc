#include <algorithm>

#include "adapters/mllp/draft.h"
#include "broker/base/limits.h"
#include "broker/base/nhs_number.h"

namespace switchboard::mllp {
namespace {

constexpr auto kPrivate = Reason::Privacy::kIdentity;
constexpr size_t kRelatedMax = 16;
constexpr size_t kNamesMax = 8;

const IdentifierRule* find_rule(const Mapping& mapping, std::string_view authority,
                                std::string_view type_code) {
  const auto it = std::find_if(mapping.identifiers.begin(), mapping.identifiers.end(),
                               [&](const IdentifierRule& rule) {
                                 return rule.authority == authority && rule.type_code == type_code;
                               });
  return it == mapping.identifiers.end() ? nullptr : &*it;
}

bool is_traced(Draft& draft) {
  const std::string code = draft.mapping.verification.in(draft.message).text();
  const auto& verified = draft.mapping.verified_codes;
  const bool traced = std::find(verified.begin(), verified.end(), code) != verified.end();
  if (!code.empty()) {
    draft.because("identity.verification", draft.mapping.verification.text(),
                  code + (traced ? " = verified" : " = not verified"));
  }
  return traced;
}

using Identifiers = google::protobuf::RepeatedPtrField<v1::Identifier>;

void add(Draft& draft, Identifiers& list, v1::Identifier identifier, std::string_view source) {
  for (const v1::Identifier& other : list) {
    const bool same = other.type() == identifier.type() && other.value() == identifier.value() &&
                      other.authority() == identifier.authority();
    if (same) return;
  }
  if (list.size() >= static_cast<int>(limits::kIdentifiersMax)) {
    return draft.note("more identifiers than an event holds: the last are left out");
  }
  draft.because("identity.identifiers " + identifier.authority(), source, identifier.value(),
                kPrivate);
  *list.Add() = std::move(identifier);
}

// An NHS number that fails the arithmetic is kept and marked: the event goes out all the same.
void add_nhs_number(Draft& draft, Identifiers& list, std::string_view text, bool traced,
                    std::string_view source) {
  v1::Identifier identifier;
  identifier.set_type(v1::IDENTIFIER_TYPE_NHS_NUMBER);
  identifier.set_authority("NHS");
  identifier.set_value(nhs_number_digits(text));
  const NhsNumberCheck check = check_nhs_number(text);
  if (check == NhsNumberCheck::kValid) {
    identifier.set_verification(traced ? v1::VERIFICATION_VERIFIED : v1::VERIFICATION_UNVERIFIED);
  } else {
    identifier.set_verification(v1::VERIFICATION_INVALID);
    draft.note(std::string(source) + ": NHS number " +
               (check == NhsNumberCheck::kNotTenDigits    ? "does not have ten digits"
                : check == NhsNumberCheck::kRepeatedDigit ? "is one digit repeated"
                                                          : "fails its check digit"));
  }
  add(draft, list, std::move(identifier), source);
}

void add_identifier(Draft& draft, Identifiers& list, const Value& cx, bool traced,
                    const std::string& source) {
  const std::string id = cx.component(1).text();
  if (id.empty()) return;
  const std::string authority = cx.component(4).subcomponent(1).text();
  const std::string type_code = cx.component(5).text();
  const IdentifierRule* rule = find_rule(draft.mapping, authority, type_code);
  if (rule && rule->type == v1::IDENTIFIER_TYPE_NHS_NUMBER) {
    return add_nhs_number(draft, list, id, traced, source);
  }
  v1::Identifier identifier;
  identifier.set_value(id);
  identifier.set_verification(v1::VERIFICATION_UNVERIFIED);
  identifier.set_type(rule ? rule->type : v1::IDENTIFIER_TYPE_OTHER);
  identifier.set_authority(rule ? rule->name : clip(authority + "/" + type_code, 64));
  if (!rule) {
    draft.note(source + ": the pair (\"" + clip(authority, 64) + "\", \"" + clip(type_code, 64) +
               "\") is not in the identifier table: kept as other, never matched");
  }
  add(draft, list, std::move(identifier), source);
}

// Two different valid numbers cannot both be this child's: neither counts as verified.
void settle_nhs_numbers(Draft& draft) {
  auto& list = *draft.event.mutable_identity()->mutable_identifiers();
  std::vector<v1::Identifier*> valid;
  for (v1::Identifier& identifier : list) {
    const bool counts = identifier.type() == v1::IDENTIFIER_TYPE_NHS_NUMBER &&
                        identifier.verification() != v1::VERIFICATION_INVALID;
    if (counts) valid.push_back(&identifier);
  }
  if (valid.empty()) draft.note("no valid NHS number: the event goes out as provisional");
  if (valid.size() < 2) return;
  draft.note("two different NHS numbers: neither is taken as verified");
  for (v1::Identifier* identifier : valid) {
    identifier->set_verification(v1::VERIFICATION_UNVERIFIED);
  }
}

v1::PersonName to_name(const Value& xpn) {
  v1::PersonName name;
  name.set_family(xpn.component(1).subcomponent(1).text());
  for (const size_t part : {2u, 3u}) {
    if (auto given = xpn.component(part).text(); !given.empty()) name.add_given(given);
  }
  name.set_prefix(xpn.component(5).text());
  name.set_use(xpn.component(7).text());
  return name;
}

bool is_blank(const v1::PersonName& name) { return name.family().empty() && name.given().empty(); }

// The first legal name is the name, else the first; the rest are aliases, with PID-9's.
void map_names(Draft& draft) {
  std::vector<v1::PersonName> names;
  for (const size_t field : {5u, 9u}) {
    const Value value = draft.message.field("PID", field);
    for (size_t i = 1; i <= std::min(value.repetitions(), kNamesMax); ++i) {
      v1::PersonName name = to_name(value.repetition(i));
      if (!is_blank(name)) names.push_back(std::move(name));
    }
  }
  if (names.empty()) return;
  const auto legal = std::find_if(names.begin(), names.end(),
                                  [](const v1::PersonName& n) { return n.use() == "L"; });
  if (legal != names.end()) std::iter_swap(names.begin(), legal);
  v1::Identity& identity = *draft.event.mutable_identity();
  *identity.mutable_name() = names.front();
  for (size_t i = 1; i < names.size(); ++i) *identity.add_aliases() = names[i];
  const auto& name = identity.name();
  draft.because("identity.name", "PID-5",
                name.family() + (name.given().empty() ? "" : ", " + name.given(0)), kPrivate);
}

v1::Sex to_sex(std::string_view code) {
  if (code == "F" || code == "2") return v1::SEX_FEMALE;
  if (code == "M" || code == "1") return v1::SEX_MALE;
  if (code == "I" || code == "A" || code == "9") return v1::SEX_INDETERMINATE;
  return v1::SEX_UNSPECIFIED;
}

void map_person(Draft& draft) {
  v1::Identity& identity = *draft.event.mutable_identity();
  const std::string birth = draft.message.field("PID", 7).text();
  identity.set_birth_date(to_iso_date(birth));
  if (!birth.empty()) draft.because("identity.birth_date", "PID-7", birth, kPrivate);
  if (!birth.empty() && identity.birth_date().empty()) draft.note("PID-7 is not a whole date");
  identity.set_death_date(to_iso_date(draft.message.field("PID", 29).text()));
  const std::string sex = draft.message.field("PID", 8).component(1).text();
  identity.set_sex(to_sex(sex));
  if (!sex.empty()) draft.because("identity.sex", "PID-8", sex, kPrivate);
}

// The visit was the mother's: the event is about her unborn child, whom she is known by.
void make_unborn(Draft& draft) {
  v1::Identity mother;
  mother.Swap(draft.event.mutable_identity());
  v1::Identity& identity = *draft.event.mutable_identity();
  v1::RelatedPerson& related = *identity.add_related();
  related.set_relationship("MTH");
  *related.mutable_name() = mother.name();
  *related.mutable_identifiers() = mother.identifiers();
  if (!draft.header().protected_address()) {
    related.set_phone(draft.message.field("PID", 13).repetition(1).component(1).text());
  }
  v1::UnbornFacts& unborn = *identity.mutable_unborn();
  *unborn.mutable_mother() = mother.identifiers();
  const FieldPlace& place = draft.mapping.appointment.expected_delivery;
  unborn.set_expected_delivery_date(to_iso_date(place.in(draft.message).text()));
  if (!unborn.expected_delivery_date().empty()) {
    draft.because("identity.unborn.expected_delivery_date", place.text(),
                  unborn.expected_delivery_date(), kPrivate);
  }
  draft.because("identity.unborn.mother", "PID-3", mother.name().family(), kPrivate);
}

}  // namespace

void map_identity(Draft& draft) {
  const bool traced = is_traced(draft);
  Identifiers& list = *draft.event.mutable_identity()->mutable_identifiers();
  const Value ids = draft.message.field("PID", 3);
  for (size_t i = 1; i <= ids.repetitions(); ++i) {
    add_identifier(draft, list, ids.repetition(i), traced, "PID-3(" + std::to_string(i) + ")");
  }
  for (const FieldPlace& place : draft.mapping.more_nhs_number_places) {
    const std::string text = place.in(draft.message).component(1).text();
    if (!text.empty()) add_nhs_number(draft, list, text, traced, place.text());
  }
  settle_nhs_numbers(draft);
  map_names(draft);
  map_person(draft);
}

// What is retired was never traced by saying so: it counts as unverified.
void map_prior(Draft& draft) {
  if (draft.row.change == v1::IDENTITY_CHANGE_UNSPECIFIED) return;
  Identifiers& list = *draft.event.mutable_identity()->mutable_prior();
  for (const Segment& mrg : draft.message.segments()) {
    if (mrg.name() != "MRG") continue;
    const Value ids = mrg.field(1);
    for (size_t i = 1; i <= ids.repetitions(); ++i) {
      add_identifier(draft, list, ids.repetition(i), false, "MRG-1(" + std::to_string(i) + ")");
    }
  }
}

void map_related(Draft& draft) {
  if (draft.is_about_unborn()) return make_unborn(draft);
  v1::Identity& identity = *draft.event.mutable_identity();
  for (const Segment& nk1 : draft.message.segments()) {
    if (nk1.name() != "NK1" || identity.related_size() >= static_cast<int>(kRelatedMax)) continue;
    v1::RelatedPerson person;
    *person.mutable_name() = to_name(nk1.field(2).repetition(1));
    person.set_relationship(nk1.field(3).component(1).text());
    if (!draft.header().protected_address()) {  // a home number says where home is
      person.set_phone(nk1.field(5).component(1).text());
    }
    person.set_role(nk1.field(7).component(1).text());
    if (is_blank(person.name()) && person.phone().empty()) continue;
    draft.because("identity.related", "NK1-2,3,5",
                  person.relationship() + " " + person.name().family(), kPrivate);
    *identity.add_related() = std::move(person);
  }
}

}  // namespace switchboard::mllp
