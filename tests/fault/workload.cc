#include "tests/fault/workload.h"

#include <charconv>

#include "tests/support/hub_events.h"
#include "tests/support/nhs_number.h"

namespace switchboard::test {
namespace {

constexpr uint64_t kCorrectionEvery = 11;
constexpr uint64_t kCorrectionBack = 5;

std::string message_id(std::string_view agency, uint64_t sequence) {
  return std::string(agency) + "-" + std::to_string(sequence);
}

std::string fed_family(uint64_t sequence) { return "EXAMPLE" + std::to_string(sequence); }
std::string fed_reason(uint64_t sequence) {
  return "came to the ward " + std::to_string(sequence) + std::string(sequence * 37 % 300, 'x');
}

v1::Identity identity_of(const std::string& agency, uint64_t sequence) {
  const uint64_t child = workload_child(agency, sequence);
  v1::Identity identity;
  auto& nhs = *identity.add_identifiers();
  nhs.set_type(v1::IDENTIFIER_TYPE_NHS_NUMBER);
  nhs.set_authority("NHS");
  nhs.set_value(nhs_number(child));
  nhs.set_verification(v1::VERIFICATION_VERIFIED);
  identity.mutable_name()->set_family("EXAMPLE");
  identity.set_birth_date("2025-03-01");
  return identity;
}

EventSpec spec_of(const std::string& agency, uint64_t sequence) {
  EventSpec spec;
  spec.agency = agency;
  spec.message_id = message_id(agency, sequence);
  spec.urgency = sequence % 17 == 0 ? v1::URGENCY_IMMEDIATE : v1::URGENCY_ROUTINE;
  spec.padding = sequence * 37 % 900 + (sequence % 50 == 0 ? 40'000 : 0);
  if (workload_corrects(sequence)) spec.kind = "correction";
  return spec;
}

bool same_bytes(const v1::Entry& entry, const v1::Item& published) {
  if (entry.header() != published.header()) return false;
  int shown = 0;
  for (const auto& section : published.sections()) {
    if (section.kind() == v1::SECTION_KIND_SOURCE) continue;  // never shown to a team
    if (shown == entry.sections_size()) return false;
    const auto& got = entry.sections(shown++);
    if (got.kind() != section.kind() || got.body() != section.body()) return false;
  }
  return shown == entry.sections_size();
}

template <typename Body>
std::optional<Body> section_of(const v1::Entry& entry, v1::SectionKind kind) {
  for (const auto& section : entry.sections()) {
    Body body;
    if (section.kind() == kind && body.ParseFromString(section.body())) return body;
  }
  return std::nullopt;
}

bool as_fed(const v1::Entry& entry, const v1::EventHeader& header, uint64_t sequence) {
  if (header.kind() != (workload_corrects(sequence) ? "correction" : "admission")) return false;
  const auto identity = section_of<v1::Identity>(entry, v1::SECTION_KIND_IDENTITY);
  if (!identity || identity->name().family() != fed_family(sequence)) return false;
  bool right_child = false;
  for (const auto& one : identity->identifiers()) {
    right_child |= one.value() == nhs_number(workload_child(kFeedAgency, sequence));
  }
  if (workload_corrects(sequence)) return right_child;
  const auto detail = section_of<v1::Detail>(entry, v1::SECTION_KIND_DETAIL);
  return right_child && detail && detail->admission().reason() == fed_reason(sequence);
}

}  // namespace

std::optional<uint64_t> workload_corrects(uint64_t sequence) {
  if (sequence % kCorrectionEvery != 0) return std::nullopt;
  return sequence - kCorrectionBack;
}

uint64_t workload_child(std::string_view agency, uint64_t sequence) {
  const uint64_t of = workload_corrects(sequence).value_or(sequence);
  return (of * 5 + static_cast<unsigned char>(agency.back())) % kChildren;
}

v1::Item workload_item(const std::string& agency, uint64_t sequence) {
  const EventSpec spec = spec_of(agency, sequence);
  v1::Item item = item_of(spec);
  for (auto& section : *item.mutable_sections()) {
    if (section.kind() == v1::SECTION_KIND_IDENTITY) {
      section.set_body(identity_of(agency, sequence).SerializeAsString());
    }
  }
  const auto corrects = workload_corrects(sequence);
  if (!corrects) return item;
  v1::EventHeader header = header_of(spec);
  auto& correction = *header.mutable_correction();
  correction.set_target_event_id(header_of(spec_of(agency, *corrects)).event_id());
  correction.set_nature(v1::CORRECTION_NATURE_VOID);
  correction.set_reason("entered by mistake");
  item.set_header(header.SerializeAsString());
  return item;
}

std::string workload_message(uint64_t sequence) {
  const auto corrects = workload_corrects(sequence);
  const std::string event = corrects ? "A11" : "A01";
  const std::string visit = "V" + std::to_string(corrects.value_or(sequence));
  return "MSH|^~\\&|PAS|XB2|HUB|XH1|202611221200||ADT^" + event + "|" +
         message_id(kFeedAgency, sequence) + "|T|2.3\rEVN|" + event + "|202611221159\rPID|||" +
         nhs_number(workload_child(kFeedAgency, sequence)) + "^^^^NHS||" +
         fed_family(sequence) + "^Robin||20240229|F|||4 Quay Lane^^Southmoor^^XB2 3CD" +
         std::string(21, '|') + "01\rPV1||I|W4^^^XB201|21||||||420|||||||||" + visit + "\rPV2|||^" +
         fed_reason(sequence) + "\r";
}

bool as_published(const v1::Entry& entry, const v1::EventHeader& header, uint64_t sequence) {
  if (header.agency() == kFeedAgency) return as_fed(entry, header, sequence);
  return same_bytes(entry, workload_item(header.agency(), sequence));
}

std::optional<uint64_t> workload_sequence(std::string_view agency, std::string_view message_id) {
  const size_t prefix = agency.size() + 1;
  if (message_id.size() <= prefix || !message_id.starts_with(agency)) return std::nullopt;
  uint64_t sequence = 0;
  const char* end = message_id.data() + message_id.size();
  const auto read = std::from_chars(message_id.data() + prefix, end, sequence);
  if (read.ptr != end || sequence == 0) return std::nullopt;
  return sequence;
}

}  // namespace switchboard::test
