#include "tests/bench/workload.h"

#include <cstdio>
#include <cstring>

#include "broker/base/check.h"
#include "broker/base/hash.h"
#include "broker/base/ids.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/session.pb.h"
#include "tests/support/arguments.h"
#include "tests/support/nhs_number.h"

namespace switchboard::bench {
namespace {

// Markers that next() overwrites; same length as what replaces them.
constexpr std::string_view kEventIdMark = "<event-id-bytes>";
constexpr std::string_view kSourceIdMark = "<source-id->";
constexpr std::string_view kVisitMark = "<visit-no>";
constexpr std::string_view kChildMark = "<nhs--no->";
constexpr std::string_view kLocalMark = "<local>";
constexpr int64_t kOccurredUs = 1'780'000'000'000'000;

v1::EventHeader make_header(const Workload::Options& options) {
  v1::EventHeader h;
  h.set_event_id(std::string(kEventIdMark));
  h.set_id_origin(v1::ID_ORIGIN_DERIVED);
  h.set_agency(options.agency);
  h.set_system(options.system);
  h.set_source_message_id(std::string(kSourceIdMark));
  h.set_kind("ed_attendance");
  h.set_kind_version(1);
  auto& visit = *h.add_threads();
  visit.set_type(v1::THREAD_TYPE_VISIT);
  visit.set_authority("X26/PAS");
  visit.set_value(std::string(kVisitMark));
  h.mutable_occurred()->set_earliest_us(kOccurredUs);
  h.mutable_occurred()->set_latest_us(kOccurredUs + 60'000'000);
  h.mutable_occurred()->set_raw("202605281646");
  h.set_recorded_us(kOccurredUs + 120'000'000);
  h.mutable_subject()->set_type(v1::SUBJECT_TYPE_CHILD);
  h.mutable_subject()->set_area_code("E09000033");
  h.mutable_subject()->set_registered_practice("X81001");
  h.mutable_subject()->set_place_of_care("X2601");
  h.set_from_team(options.from_team);
  h.mutable_call_back()->set_name("ED safeguarding lead nurse");
  h.mutable_call_back()->set_phone("020 7946 0101");
  h.mutable_call_back()->set_hours("Mon-Fri 09:00-17:00");
  h.mutable_out_of_hours()->set_name("Site manager");
  h.mutable_out_of_hours()->set_phone("020 7946 0102");
  h.set_channel(v1::CHANNEL_ELECTRONIC);
  h.set_urgency(v1::URGENCY_ROUTINE);
  h.set_level(v1::LEVEL_UNIVERSAL);
  h.set_service("Emergency department");
  h.set_family_informed(v1::FAMILY_INFORMED_YES);
  h.set_lawful_basis("UK GDPR 6(1)(e), 9(2)(g)");
  h.set_purpose("safeguarding");
  h.set_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  h.set_environment(v1::ENVIRONMENT_LIVE);
  for (const auto& team : options.direct_to) h.add_direct_to(team);
  return h;
}

v1::Identity make_identity() {
  v1::Identity identity;
  auto& nhs = *identity.add_identifiers();
  nhs.set_type(v1::IDENTIFIER_TYPE_NHS_NUMBER);
  nhs.set_authority("NHS");
  nhs.set_value(std::string(kChildMark));
  nhs.set_verification(v1::VERIFICATION_VERIFIED);
  auto& local = *identity.add_identifiers();
  local.set_type(v1::IDENTIFIER_TYPE_LOCAL);
  local.set_authority("X26-MRN");
  local.set_value("X" + std::string(kLocalMark));
  identity.mutable_name()->set_family("Testcase");
  identity.mutable_name()->add_given("Amberley");
  identity.mutable_name()->set_use("L");
  identity.set_birth_date("2024-02-29");
  identity.set_sex(v1::SEX_FEMALE);
  auto& mother = *identity.add_related();
  mother.set_relationship("MTH");
  mother.mutable_name()->set_family("Testcase");
  mother.mutable_name()->add_given("Rowan");
  mother.set_phone("020 7946 0199");
  return identity;
}

v1::Summary make_summary() {
  v1::Summary s;
  s.set_text(
      "Attended the emergency department, brought by a parent, after a fall at home. Seen by a "
      "paediatric nurse, no injury found on examination, discharged to the care of the family.");
  s.set_significance("Second attendance within three months.");
  s.add_factors("age_under_5");
  auto& next = *s.add_follow_up();
  next.set_what("Health visitor review");
  next.set_with_whom("0-19 service");
  return s;
}

v1::Detail make_detail() {
  v1::Detail d;
  auto& ed = *d.mutable_ed_attendance();
  ed.set_arrival_mode("2");
  ed.mutable_arrived()->set_earliest_us(kOccurredUs);
  ed.mutable_arrived()->set_latest_us(kOccurredUs + 60'000'000);
  ed.mutable_arrived()->set_raw("202605281646");
  ed.set_chief_complaint("Fall from low height, witnessed, cried at once");
  ed.set_accompanied_by("Mother");
  ed.set_disposal("Discharged, no follow-up");
  return d;
}

void add_section(v1::Item& item, v1::SectionKind kind, const google::protobuf::Message& body) {
  auto& section = *item.add_sections();
  section.set_kind(kind);
  section.set_body(body.SerializeAsString());
}

// Fills what is missing to kEventBytes, if there is room for an address.
v1::Location make_location(size_t bytes) {
  v1::Location l;
  l.set_postcode("ZZ99 3WZ");
  l.add_address_lines("");
  const size_t fixed = l.ByteSizeLong();
  if (bytes > fixed && bytes < fixed + 120) {
    std::string line = "1 Invented Lane, Nowhere";
    line.resize(bytes - fixed, '.');
    l.set_address_lines(0, line);
  }
  return l;
}

size_t bodies(const v1::Item& item) {
  size_t bytes = item.header().size();
  for (const auto& section : item.sections()) bytes += section.body().size();
  return bytes;
}

// Invented: 9-prefixed, with a valid check digit (modulus 11).
std::vector<std::string> make_children(uint32_t count) {
  std::vector<std::string> children;
  for (uint32_t n = 0; children.size() < count; ++n) {
    if (auto number = test::with_check_digit(std::to_string(900'000'000 + n))) {
      children.push_back(*std::move(number));
    }
  }
  return children;
}

size_t find_mark(const std::string& bytes, std::string_view mark) {
  const size_t at = bytes.find(mark);
  CHECK(at != std::string::npos);
  return at;
}

void patch_digits(std::string& bytes, size_t at, size_t width, uint64_t n) {
  for (size_t i = width; i-- > 0; n /= 10) bytes[at + i] = static_cast<char>('0' + n % 10);
}

}  // namespace

Workload::Workload(const Options& options)
    : options_(options), children_(make_children(options.children)) {
  v1::Item item;
  item.set_header(make_header(options).SerializeAsString());
  add_section(item, v1::SECTION_KIND_IDENTITY, make_identity());
  add_section(item, v1::SECTION_KIND_SUMMARY, make_summary());
  add_section(item, v1::SECTION_KIND_DETAIL, make_detail());
  const size_t so_far = bodies(item);
  add_section(item, v1::SECTION_KIND_LOCATION,
              make_location(so_far < kEventBytes ? kEventBytes - so_far : 0));
  payload_bytes_ = bodies(item);
  item_ = item.SerializeAsString();
  patch_ = {find_mark(item_, kEventIdMark), find_mark(item_, kSourceIdMark),
            find_mark(item_, kVisitMark), find_mark(item_, kChildMark),
            find_mark(item_, kLocalMark)};
}

std::string_view Workload::item(uint64_t sequence) {
  const Hash random = Hasher().add(options_.run).add(sequence).finish();
  const Id id = make_id({kOccurredUs + static_cast<int64_t>(sequence) * 1000}, random);
  std::memcpy(item_.data() + patch_.event_id, id.bytes.data(), id.bytes.size());
  patch_digits(item_, patch_.source_id, kSourceIdMark.size(), options_.run * 10'000'000 + sequence);
  patch_digits(item_, patch_.visit, kVisitMark.size(), sequence / 3);
  uint64_t pick;
  std::memcpy(&pick, random.data() + 16, sizeof pick);
  pick %= children_.size();
  const std::string& child = children_[pick];
  std::memcpy(item_.data() + patch_.child, child.data(), child.size());
  patch_digits(item_, patch_.local, kLocalMark.size(), pick);
  return item_;
}

std::string random_text(size_t bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  uint64_t x = 88172645463325252u;
  for (size_t i = 0; i < bytes; ++i) {
    if (i % 16 == 0) x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    text.push_back(kHex[(x >> (4 * (i % 16))) & 15]);
  }
  return text;
}

}  // namespace switchboard::bench
