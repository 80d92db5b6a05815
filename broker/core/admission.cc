#include "broker/core/admission.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/probe.h"

namespace switchboard::core {
namespace {

void quarantine(Admitted& out, v1::Code code, std::string text) {
  out.verdict = Verdict::kQuarantine;
  out.code = code;
  out.text = std::move(text);
}
void refuse(Admitted& out, v1::Code code, std::string text) {
  out.verdict = Verdict::kRefuse;
  out.code = code;
  out.text = std::move(text);
}

// An id for bytes that carry none we can use: the same bytes give the same id (P2).
Id id_of_bytes(const v1::PrincipalRow& who, const ItemView& item) {
  Hasher hasher;
  hasher.add("switchboard unreadable item 1").add(who.id()).add(item.header);
  for (const auto& section : item.sections) hasher.add(section.body);
  return make_id({0}, hasher.finish());
}

bool within_limits(const ItemView& item, Admitted& out) {
  bool fits = item.header.size() <= limits::kHeaderBytesMax;
  for (const auto& section : item.sections) {
    fits = fits && section.body.size() <= limits::kSectionBytesMax;
  }
  if (fits && item.bytes() <= limits::kEventBytesMax) return true;
  refuse(out, v1::CODE_OVERSIZE,
         "the event is over the size limit; shorten it or send the document another way");
  return false;
}

// P9: an agency speaks only for itself, in its own environment.
bool speaks_for_itself(const v1::PrincipalRow& who, Admitted& out) {
  const auto& h = out.header;
  if (h.agency() != who.agency()) {
    refuse(out, v1::CODE_NOT_ALLOWED, "header.agency is not the agency this key is enrolled for");
    return false;
  }
  if (!who.system().empty() && h.system() != who.system()) {
    refuse(out, v1::CODE_NOT_ALLOWED, "header.system is not the system this key is enrolled for");
    return false;
  }
  if (who.environment() == v1::ENVIRONMENT_TEST && h.environment() == v1::ENVIRONMENT_LIVE) {
    refuse(out, v1::CODE_NOT_ALLOWED, "a key enrolled for test may not publish live events");
    return false;
  }
  return true;
}

std::string missing_in_header(const v1::EventHeader& h) {
  if (h.kind().empty() || h.kind().size() > 64) return "header.kind";
  if (h.system().empty()) return "header.system";
  if (h.source_message_id().size() > limits::kTextBytesMax) return "header.source_message_id";
  if (h.trigger().size() > limits::kTextBytesMax) return "header.trigger";
  if (h.id_origin() == v1::ID_ORIGIN_UNSPECIFIED) return "header.id_origin";
  if (h.environment() == v1::ENVIRONMENT_UNSPECIFIED) return "header.environment";
  if (h.urgency() == v1::URGENCY_UNSPECIFIED) return "header.urgency";
  if (h.channel() == v1::CHANNEL_UNSPECIFIED) return "header.channel";
  if (h.from_team().empty()) return "header.from_team";
  if (h.call_back().phone().empty()) return "header.call_back.phone";
  if (h.occurred().earliest_us() <= 0) return "header.occurred";
  if (h.occurred().latest_us() < h.occurred().earliest_us()) return "header.occurred";
  if (h.threads_size() > static_cast<int>(limits::kThreadsMax)) return "header.threads";
  if (h.direct_to_size() > static_cast<int>(limits::kDirectTeamsMax)) return "header.direct_to";
  const bool not_told = h.family_informed() == v1::FAMILY_INFORMED_NO ||
                        h.family_informed() == v1::FAMILY_INFORMED_UNSAFE;
  if (not_told && h.family_informed_reason().empty()) return "header.family_informed_reason";
  return {};
}

std::string missing_in_correction(const v1::EventHeader& h) {
  const auto& c = h.correction();
  if (c.nature() == v1::CORRECTION_NATURE_UNSPECIFIED) return "header.correction.nature";
  const bool by_id = c.target_event_id().size() == 16;
  const bool by_thread = !c.target_thread().value().empty() && !c.target_kind().empty();
  return by_id || by_thread ? std::string{} : "header.correction.target";
}

bool parse(const store::PlainSection& section, google::protobuf::MessageLite& into) {
  return into.ParseFromArray(section.body.data(), static_cast<int>(section.body.size()));
}

// The name of the section that is wrong, or nothing.
std::string parse_sections(const ItemView& item, Admitted& out, ParsedSections& parsed) {
  for (const auto& section : item.sections) {
    const auto kind = section.kind;
    const bool known = kind >= v1::SECTION_KIND_IDENTITY && kind <= v1::SECTION_KIND_SOURCE;
    if (!known || parsed.has(kind)) return "sections: unknown or repeated kind";
    parsed.seen |= 1u << kind;
    bool good = true;
    if (kind == v1::SECTION_KIND_IDENTITY) good = parse(section, out.identity);
    if (kind == v1::SECTION_KIND_SUMMARY) good = parse(section, parsed.summary);
    if (kind == v1::SECTION_KIND_DETAIL) good = parse(section, parsed.detail);
    if (kind == v1::SECTION_KIND_LOCATION) good = parse(section, parsed.location);
    if (kind == v1::SECTION_KIND_SOURCE) good = parse(section, parsed.source);
    if (!good) return "section " + v1::SectionKind_Name(kind) + " cannot be parsed";
  }
  return {};
}

// A child without an NHS number is not bad input; a child without anything to know it by is.
bool identifiable(const v1::Identity& identity) {
  return identity.identifiers_size() > 0 || identity.has_unborn() ||
         (!identity.name().family().empty() && !identity.birth_date().empty());
}

std::string missing_in_sections(const KindRule& rule, const Admitted& out,
                                const ParsedSections& parsed) {
  if (out.identity.identifiers_size() > static_cast<int>(limits::kIdentifiersMax)) {
    return "identity.identifiers";
  }
  if (is_probe(out.header) && parsed.seen != 0) return "sections: a probe carries none";
  if (rule.subject_needed && !identifiable(out.identity)) return "identity";
  if (rule.detail != v1::Detail::KIND_NOT_SET && parsed.detail.kind_case() != rule.detail) {
    return "detail of kind " + std::string(rule.kind);
  }
  const auto missing = missing_in_kind(out.header, out.identity, parsed.detail);
  if (!missing.empty() || !rule.authored) return missing;
  if (parsed.summary.text().empty()) return "summary.text";
  if (parsed.summary.significance().empty()) return "summary.significance";
  const bool voice =
      !parsed.summary.child_voice().empty() || !parsed.summary.child_voice_absent().empty();
  return voice ? std::string{} : "summary.child_voice (or child_voice_absent)";
}

void judge(const ItemView& item, Admitted& out) {
  ParsedSections& parsed = out.parsed;
  if (const auto wrong = parse_sections(item, out, parsed); !wrong.empty()) {
    return quarantine(out, v1::CODE_MALFORMED, wrong);
  }
  const auto& h = out.header;
  if (h.kind() == "unreadable") {
    return quarantine(out, v1::CODE_QUARANTINED,
                      "unreadable: " + parsed.source.problem().substr(0, 200));
  }
  if (const auto missing = missing_in_header(h); !missing.empty()) {
    return quarantine(out, v1::CODE_INVALID, "missing or not allowed: " + missing);
  }
  if (h.kind() == "correction") {
    const auto missing = missing_in_correction(h);
    if (!missing.empty()) return quarantine(out, v1::CODE_INVALID, "missing: " + missing);
  }
  const KindRule* rule = kind_rule(h.kind());
  out.unknown_kind = rule == nullptr;
  if (rule == nullptr) return;
  if (const auto missing = missing_in_sections(*rule, out, parsed); !missing.empty()) {
    quarantine(out, v1::CODE_INVALID, "missing or not allowed: " + missing);
  }
}

}  // namespace

void ParsedSections::clear() {
  summary.Clear();
  detail.Clear();
  location.Clear();
  source.Clear();
  seen = 0;
}

bool publishes(const v1::PrincipalRow& who) {
  return std::find(who.roles().begin(), who.roles().end(), v1::ROLE_PUBLISHER) != who.roles().end();
}

void admit(const v1::PrincipalRow& who, const ItemView& item, Admitted& out) {
  out.verdict = Verdict::kAdmit;
  out.code = v1::CODE_OK;
  out.text.clear();
  out.header.Clear();
  out.identity.Clear();
  out.sections = {};
  out.parsed.clear();
  out.unknown_kind = false;
  if (!publishes(who)) {
    return refuse(out, v1::CODE_NOT_ALLOWED, "this key is not enrolled as a publisher");
  }
  if (!within_limits(item, out)) return;
  if (!out.header.ParseFromArray(item.header.data(), static_cast<int>(item.header.size()))) {
    // The bytes are kept whole: header as received, sections as named.
    out.header.Clear();
    out.header.set_agency(who.agency());
    out.header.set_system(who.system());
    out.event_id = id_of_bytes(who, item);
    out.sections = item.sections;
    return quarantine(out, v1::CODE_MALFORMED, "the header cannot be parsed");
  }
  if (!speaks_for_itself(who, out)) return;
  const auto id = id_from_bytes(out.header.event_id());
  const bool named = id && !id->empty();  // sixteen zeroes are how the hub says "no id"
  // Hashing every item would cost 1.6 us each.
  out.event_id = named ? *id : id_of_bytes(who, item);
  out.sections = item.sections;
  judge(item, out);
  if (!named && out.verdict == Verdict::kAdmit) {
    quarantine(out, v1::CODE_INVALID, "missing or not allowed: header.event_id");
  }
}

}  // namespace switchboard::core
