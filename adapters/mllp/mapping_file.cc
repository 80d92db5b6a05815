#include "adapters/mllp/mapping_file.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "adapters/mllp/mapping_events.h"
#include "adapters/mllp/mapping_reader.h"
#include "adapters/mllp/triggers.h"
#include "broker/base/toml_text.h"

namespace switchboard::mllp {
namespace {

using Reader = TomlReader;

v1::Contact read_contact(Reader& in) {
  v1::Contact contact;
  contact.set_name(in.required_text("name"));
  contact.set_phone(in.required_text("phone"));
  if (auto hours = in.text("hours")) contact.set_hours(*hours);
  return contact;
}

void read_sender(Reader& in, Mapping& m) {
  in.table("sender", [&](Reader& t) {
    m.sending_applications = t.texts("applications");
    m.sending_facilities = t.texts("facilities");
  });
  in.table("from", [&](Reader& t) {
    m.from_team = t.required_text("team");
    t.table("call_back", [&](Reader& c) { m.call_back = read_contact(c); });
    t.table("out_of_hours", [&](Reader& c) { m.out_of_hours = read_contact(c); });
    m.represents = t.texts("represents");
    m.not_covered = t.texts("not_covered");
    read_text(t, "lawful_basis", m.lawful_basis);
    read_text(t, "purpose", m.purpose);
    if (m.call_back.phone().empty()) t.refuse("call_back", "[from] needs call_back with a phone");
  });
  if (m.from_team.empty()) in.refuse("from", "the file needs [from] with the team to ring back");
}

void read_identity(Reader& in, Mapping& m) {
  in.tables("identifier", [&](Reader& t) {
    IdentifierRule rule;
    read_text(t, "authority", rule.authority);
    read_text(t, "type_code", rule.type_code);
    read_choice<v1::IdentifierType>(t, "is", rule.type,
                                    {{"nhs_number", v1::IDENTIFIER_TYPE_NHS_NUMBER},
                                     {"local", v1::IDENTIFIER_TYPE_LOCAL},
                                     {"other", v1::IDENTIFIER_TYPE_OTHER}});
    read_text(t, "name", rule.name);
    if (rule.type == v1::IDENTIFIER_TYPE_NHS_NUMBER) rule.name = "NHS";
    if (rule.name.empty()) t.refuse("name", "[[identifier]] needs name, e.g. \"XA1-MRN\"");
    m.identifiers.push_back(std::move(rule));
  });
  if (m.identifiers.empty()) in.refuse("identifier", "the file needs an [[identifier]]");
  read_places(in, "more_nhs_number_fields", m.more_nhs_number_places);
  in.table("verification", [&](Reader& t) {
    read_place(t, "field", m.verification);
    m.verified_codes = t.texts("verified");
  });
}

void read_places_of_care(Reader& in, Mapping& m) {
  in.table("place_of_care", [&](Reader& t) {
    read_place(t, "field", m.places.site);
    read_places_or_default(t, "more_fields", m.places.more_sites);
    read_place(t, "from", m.places.from);
    read_place(t, "planned", m.places.planned);
    read_text(t, "default_ods", m.default_place_of_care);
  });
  in.tables("site", [&](Reader& t) {
    const std::string code = t.required_text("code");
    m.sites[code] = {.ods = t.required_text("ods"), .name = t.required_text("name")};
  });
  read_places(in, "practice_fields", m.practice_places);
  in.tables("area", [&](Reader& t) {
    const std::string code = t.required_text("area_code");
    for (const std::string& district : t.texts("districts")) m.area_by_district[district] = code;
  });
}

std::vector<std::string> read_kinds(Reader& in, std::string_view key) {
  std::vector<std::string> kinds = in.texts(key);
  for (const std::string& kind : kinds) refuse_unknown_kind(in, key, kind);
  const auto has = [&](std::string_view kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  // P7: that a child was seen after all comes as a change of the appointment.
  if (has("not_brought") && !has("appointment")) {
    in.refuse(key, "not_brought needs appointment: one entered by mistake is taken back by it");
  }
  return kinds;
}

void read_scope(Reader& in, Mapping& m) {
  in.table("patient_class", [&](Reader& t) {
    if (auto codes = t.texts("emergency"); !codes.empty()) m.emergency_classes = std::move(codes);
    if (auto codes = t.texts("outside"); !codes.empty()) m.outside_classes = std::move(codes);
  });
  in.table("scope", [&](Reader& t) {
    read_choice<Adults>(
        t, "adults", m.scope.adults,
        {{"none", Adults::kNone}, {"maternity", Adults::kMaternity}, {"all", Adults::kAll}});
    m.scope.maternity_specialties = t.texts("maternity_specialties");
    m.scope.kinds = read_kinds(t, "kinds");
    m.scope.sites = t.texts("sites");
  });
  in.table("sensitive", [&](Reader& t) {
    m.sensitive.specialties = t.texts("specialties");
    m.sensitive.clinics = t.texts("clinics");
    m.sensitive.locations = t.texts("locations");
  });
  m.protected_codes = in.texts("protected_address_codes");
  read_urgencies(in, "urgency", m.urgency);
  for (const auto& [kind, urgency] : m.urgency) refuse_unknown_kind(in, "urgency", kind);
}

void read_updates(Reader& in, Mapping& m) {
  in.table("updates", [&](Reader& t) {
    const auto read = [&](std::string_view key, Repeats& out) {
      read_choice<Repeats>(t, key, out,
                           {{"snapshot", Repeats::kSnapshot}, {"delta", Repeats::kDelta}});
    };
    read("identifiers", m.updates.identifiers);
    read("addresses", m.updates.addresses);
    read("related", m.updates.related);
  });
}

void read_text_rules(Reader& in, Mapping& m) {
  m.name = in.required_text("name");
  const std::string zone = in.text("time_zone").value_or("Europe/London");
  if (auto named = Zone::named(zone); named.ok()) {
    m.zone = *named;
  } else {
    in.refuse("time_zone", named.error().text);
  }
  read_choice<LineEnds>(in, "line_ends", m.line_ends,
                        {{"cr", LineEnds::kCr}, {"any", LineEnds::kAny}});
  if (const auto name = in.text("charset_fallback")) {
    const auto charset = charset_from_name(*name);
    if (charset) m.charset_fallback = *charset;
    if (!charset) in.refuse("charset_fallback", "'" + *name + "' is no known character set");
  }
}

// Both ways in: a mapping, or the keys a file leaves at their defaults.
struct Parsed {
  std::optional<Mapping> mapping;
  std::string errors;
  std::vector<std::string> absent;
};

Result<Parsed> read_file(std::string_view toml, const std::string& file_name) {
  TomlErrors errors(file_name);
  if (const auto at = find_foreign_byte(toml)) {
    const toml::source_position place{at->line, at->column};
    errors.add({place, place, {}}, kForeignByte);
    return Parsed{std::nullopt, errors.text(), {}};
  }
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    errors.add(parsed.error().source(), parsed.error().description());
    return Parsed{std::nullopt, errors.text(), {}};
  }
  TRY(const Zone utc, Zone::named("Etc/UTC"));
  Mapping mapping{.zone = utc, .emergency_classes = {"E"}, .outside_classes = {"O", "P"}};
  TomlReader in(parsed.table(), "the file", errors);
  read_text_rules(in, mapping);
  read_sender(in, mapping);
  read_identity(in, mapping);
  read_events(in, mapping);
  read_places_of_care(in, mapping);
  read_updates(in, mapping);
  read_scope(in, mapping);
  in.finish();
  return Parsed{std::move(mapping), errors.text(), errors.absent()};
}

}  // namespace

Result<Mapping> parse_mapping(std::string_view toml, const std::string& file_name) {
  TRY(auto parsed, read_file(toml, file_name));
  if (!parsed.errors.empty()) return error(v1::CODE_INVALID, std::move(parsed.errors));
  return *std::move(parsed.mapping);
}

Result<std::vector<std::string>> absent_keys(std::string_view toml, const std::string& file_name) {
  TRY(auto parsed, read_file(toml, file_name));
  if (!parsed.errors.empty()) return error(v1::CODE_INVALID, std::move(parsed.errors));
  return std::move(parsed.absent);
}

Result<std::string> read_mapping_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return error(v1::CODE_NOT_FOUND, "cannot read mapping file " + path);
  return text.str();
}

Result<Mapping> load_mapping(const std::string& path) {
  TRY(const auto text, read_mapping_text(path));
  return parse_mapping(text, path);
}

}  // namespace switchboard::mllp
