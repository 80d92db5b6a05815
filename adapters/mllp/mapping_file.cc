#include "adapters/mllp/mapping_file.h"

#include <fstream>
#include <sstream>

#include "adapters/mllp/toml_reader.h"

namespace switchboard::mllp {
namespace {

using Reader = TomlReader;

void read_place(Reader& in, std::string_view key, FieldPlace& place) {
  const auto text = in.text(key);
  if (!text) return;
  if (text->empty()) {
    place = {};  // "" switches the field off
  } else if (const auto parsed = FieldPlace::parse(*text)) {
    place = *parsed;
  } else {
    in.refuse(key, "'" + *text + "' is no field: write it as \"PV1-19\" or \"PV1-19.1\"");
  }
}

void read_places(Reader& in, std::string_view key, std::vector<FieldPlace>& places) {
  for (const std::string& text : in.texts(key)) {
    if (const auto parsed = FieldPlace::parse(text)) {
      places.push_back(*parsed);
    } else {
      in.refuse(key, "'" + text + "' is no field: write it as \"PID-19\" or \"PD1-3.3\"");
    }
  }
}

void read_text(Reader& in, std::string_view key, std::string& out) {
  if (auto text = in.text(key)) out = *std::move(text);
}

template <typename T>
void read_choice(Reader& in, std::string_view key, T& out,
                 const std::vector<std::pair<std::string_view, T>>& choices) {
  const auto text = in.text(key);
  if (!text) return;
  std::string wanted;
  for (const auto& [name, value] : choices) {
    if (*text == name) {
      out = value;
      return;
    }
    wanted += (wanted.empty() ? "" : ", ") + std::string(name);
  }
  in.refuse(key, "'" + *text + "' is none of: " + wanted);
}

void read_urgencies(Reader& in, std::string_view key, std::map<std::string, v1::Urgency>& out) {
  for (const auto& [name, text] : in.text_map(key)) {
    if (text == "routine") {
      out[name] = v1::URGENCY_ROUTINE;
    } else if (text == "urgent") {
      out[name] = v1::URGENCY_URGENT;
    } else if (text == "immediate") {
      out[name] = v1::URGENCY_IMMEDIATE;
    } else {
      in.refuse(key, "'" + text + "' is none of: routine, urgent, immediate");
    }
  }
}

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

void read_visit(Reader& in, Mapping& m) {
  in.table("visit", [&](Reader& t) {
    read_place(t, "number", m.visit.number);
    read_text(t, "authority", m.visit.authority);
  });
  in.table("referral", [&](Reader& t) {
    read_place(t, "number", m.referral.number);
    read_text(t, "authority", m.referral.authority);
    read_urgencies(t, "urgency_by_priority", m.referral.urgency_by_priority);
  });
  in.table("discharge", [&](Reader& t) {
    read_place(t, "method", m.discharge.method);
    read_place(t, "destination", m.discharge.destination);
    if (const auto swap = t.flag("swap_by_shape")) m.discharge.swap_by_shape = *swap;
  });
  in.table("detail", [&](Reader& t) {
    read_place(t, "admission_method", m.detail.admission_method);
    read_place(t, "admission_source", m.detail.admission_source);
    read_place(t, "specialty", m.detail.specialty);
    read_place(t, "reason", m.detail.reason);
    read_place(t, "expected_discharge", m.detail.expected_discharge);
    read_place(t, "arrival_mode", m.detail.arrival_mode);
    read_place(t, "accompanied_by", m.detail.accompanied_by);
    read_place(t, "disposal", m.detail.disposal);
  });
  for (const auto& [name, text] : in.text_map("coded")) {
    if (const auto place = FieldPlace::parse(text)) {
      m.coded.emplace(name, *place);
    } else {
      in.refuse("coded", "'" + text + "' is no field: write it as \"ZU1-3\"");
    }
  }
}

void read_places_of_care(Reader& in, Mapping& m) {
  in.table("place_of_care", [&](Reader& t) {
    read_place(t, "field", m.site_place);
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

void read_scope(Reader& in, Mapping& m) {
  in.table("patient_class", [&](Reader& t) {
    if (auto codes = t.texts("emergency"); !codes.empty()) m.emergency_classes = std::move(codes);
    if (auto codes = t.texts("outside"); !codes.empty()) m.outside_classes = std::move(codes);
  });
  in.table("scope", [&](Reader& t) {
    read_choice<Adults>(
        t, "adults", m.adults,
        {{"none", Adults::kNone}, {"maternity", Adults::kMaternity}, {"all", Adults::kAll}});
    m.maternity_specialties = t.texts("maternity_specialties");
  });
  m.protected_codes = in.texts("protected_address_codes");
  read_urgencies(in, "urgency", m.urgency);
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

}  // namespace

Result<Mapping> parse_mapping(std::string_view toml, const std::string& file_name) {
  TomlErrors errors(file_name);
  if (const auto at = find_foreign_byte(toml)) {
    errors.add(
        {*at, *at, {}},
        "this character cannot stand here: outside quotes and comments only plain ASCII may");
    return error(v1::CODE_INVALID, errors.text());
  }
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    errors.add(parsed.error().source(), parsed.error().description());
    return error(v1::CODE_INVALID, errors.text());
  }
  TRY(const Zone utc, Zone::named("Etc/UTC"));
  Mapping mapping{.zone = utc, .emergency_classes = {"E"}, .outside_classes = {"O", "P"}};
  TomlReader in(parsed.table(), "the file", errors);
  read_text_rules(in, mapping);
  read_sender(in, mapping);
  read_identity(in, mapping);
  read_visit(in, mapping);
  read_places_of_care(in, mapping);
  read_scope(in, mapping);
  in.finish();
  if (!errors.text().empty()) return error(v1::CODE_INVALID, errors.text());
  return mapping;
}

Result<Mapping> load_mapping(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return error(v1::CODE_NOT_FOUND, "cannot read mapping file " + path);
  return parse_mapping(text.str(), path);
}

}  // namespace switchboard::mllp
