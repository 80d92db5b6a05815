#include "adapters/sdk/authored_event.h"

#include "broker/base/nhs_number.h"

namespace switchboard::sdk {
namespace {

void fill(std::string& field, const std::string& value) {
  if (field.empty()) field = value;
}

template <typename Message>
void add_section(v1::Item& item, v1::SectionKind kind, bool present, const Message& message) {
  if (!present) return;
  auto& section = *item.add_sections();
  section.set_kind(kind);
  section.set_body(message.SerializeAsString());
}

void check_narrative(const v1::Event& event, std::vector<std::string>& missing) {
  const auto& s = event.summary();
  if (s.text().empty()) missing.push_back("summary.text");
  if (s.significance().empty()) missing.push_back("summary.significance");
  if (s.child_voice().empty() && s.child_voice_absent().empty()) {
    missing.push_back("summary.child_voice (or child_voice_absent)");
  }
}

void check_call(const v1::CallLogged& call, std::vector<std::string>& missing) {
  if (call.direction() == v1::CALL_DIRECTION_UNSPECIFIED) {
    missing.push_back("detail.call_logged.direction");
  }
  if (call.with_whom().empty()) missing.push_back("detail.call_logged.with_whom");
}

}  // namespace

Status complete_event(v1::Event& event, const EventDefaults& defaults) {
  auto& header = *event.mutable_header();
  if (header.event_id().empty()) header.set_event_id(std::string(defaults.id.view()));
  header.set_id_origin(v1::ID_ORIGIN_CHOSEN);
  fill(*header.mutable_agency(), defaults.agency);
  fill(*header.mutable_system(), defaults.system);
  if (header.kind_version() == 0) header.set_kind_version(1);
  if (header.environment() == v1::ENVIRONMENT_UNSPECIFIED) {
    header.set_environment(defaults.environment);
  }
  if (header.channel() == v1::CHANNEL_UNSPECIFIED) header.set_channel(v1::CHANNEL_ELECTRONIC);
  if (header.occurred().earliest_us() == 0) {
    header.mutable_occurred()->set_earliest_us(defaults.now.us);
    header.mutable_occurred()->set_latest_us(defaults.now.us);
  }
  if (header.recorded_us() == 0) header.set_recorded_us(defaults.now.us);
  for (const auto& identifier : event.identity().identifiers()) {
    const bool number = identifier.type() == v1::IDENTIFIER_TYPE_NHS_NUMBER;
    if (number && identifier.verification() == v1::VERIFICATION_VERIFIED &&
        check_nhs_number(identifier.value()) != NhsNumberCheck::kValid) {
      return error(v1::CODE_INVALID,
                   "identity.identifiers: an NHS number marked verified fails its check digit");
    }
  }
  return ok();
}

std::vector<std::string> missing_fields(const v1::Event& event) {
  std::vector<std::string> missing;
  const auto& h = event.header();
  if (h.kind().empty()) missing.push_back("header.kind");
  if (h.agency().empty()) missing.push_back("header.agency");
  if (h.system().empty()) missing.push_back("header.system");
  if (h.environment() == v1::ENVIRONMENT_UNSPECIFIED) missing.push_back("header.environment");
  if (h.urgency() == v1::URGENCY_UNSPECIFIED) missing.push_back("header.urgency");
  if (h.from_team().empty()) missing.push_back("header.from_team");
  if (h.call_back().phone().empty()) missing.push_back("header.call_back.phone");
  const bool call = h.kind() == "call_logged";
  if (h.kind() == "concern" || call) check_narrative(event, missing);
  if (call) check_call(event.detail().call_logged(), missing);
  return missing;
}

v1::Item to_item(const v1::Event& event) {
  v1::Item item;
  item.set_header(event.header().SerializeAsString());
  add_section(item, v1::SECTION_KIND_IDENTITY, event.has_identity(), event.identity());
  add_section(item, v1::SECTION_KIND_SUMMARY, event.has_summary(), event.summary());
  add_section(item, v1::SECTION_KIND_DETAIL, event.has_detail(), event.detail());
  add_section(item, v1::SECTION_KIND_LOCATION, event.has_location(), event.location());
  add_section(item, v1::SECTION_KIND_SOURCE, event.has_source(), event.source());
  return item;
}

Status add_nhs_number(v1::Event& event, std::string_view number) {
  if (check_nhs_number(number) != NhsNumberCheck::kValid) {
    return error(v1::CODE_INVALID, "what was given is not a valid NHS number");
  }
  auto& identifier = *event.mutable_identity()->add_identifiers();
  identifier.set_type(v1::IDENTIFIER_TYPE_NHS_NUMBER);
  identifier.set_authority("NHS");
  identifier.set_value(nhs_number_digits(number));
  identifier.set_verification(v1::VERIFICATION_UNVERIFIED);
  return ok();
}

}  // namespace switchboard::sdk
