// Publishes one concern about an invented child and waits until the hub holds it.
//
//   example-publish CONNECTION_FILE AGENCY FROM_TEAM TO_TEAM
//
// What it shows: build an item from a header and sections, append it to the durable outbox (from
// then on it is safe), and read the hub's answer. Kill it at any point and start it again: what was
// appended goes out first, once.
#include <chrono>
#include <cstdio>
#include <string>

#include "adapters/sdk/client.h"
#include "adapters/sdk/connection_file.h"

using namespace switchboard;

namespace {

constexpr char kSourceMessageId[] = "EXAMPLE-1";

void add_section(v1::Item& item, v1::SectionKind kind, const google::protobuf::Message& body) {
  auto& section = *item.add_sections();
  section.set_kind(kind);
  section.set_body(body.SerializeAsString());
}

struct Teams {
  std::string from;  // rings back
  std::string to;    // told in addition to those whose routes match
};

v1::EventHeader header(const v1::ConnectionIdentity& who, const Teams& teams, Time now) {
  v1::EventHeader header;
  // Derived from the source message: sending the same message again is the same event.
  const Id id = derive_event_id({.agency = who.agency(),
                                 .system = who.system(),
                                 .message_id = kSourceMessageId,
                                 .bytes = to_rfc3339(now),
                                 .time = now});
  header.set_event_id(std::string(id.view()));
  header.set_id_origin(v1::ID_ORIGIN_DERIVED);
  header.set_agency(who.agency());
  header.set_system(who.system());
  header.set_source_message_id(kSourceMessageId);
  header.set_kind("concern");
  header.set_kind_version(1);
  header.mutable_occurred()->set_earliest_us(now.us);
  header.mutable_occurred()->set_latest_us(now.us);
  header.set_recorded_us(now.us);
  header.mutable_subject()->set_type(v1::SUBJECT_TYPE_CHILD);
  header.set_from_team(teams.from);
  header.add_direct_to(teams.to);
  header.mutable_call_back()->set_name("Duty desk");
  header.mutable_call_back()->set_phone("01632 960001");  // reserved for drama: rings nowhere
  header.set_channel(v1::CHANNEL_ELECTRONIC);
  header.set_urgency(v1::URGENCY_URGENT);
  header.set_level(v1::LEVEL_UNIVERSAL);
  header.set_family_informed(v1::FAMILY_INFORMED_YES);
  header.set_views_sought(v1::VIEWS_SOUGHT_YES);
  header.set_lawful_basis("UK GDPR 6(1)(e), 9(2)(g); DPA 2018 Sch 1 para 18");
  header.set_purpose("safeguarding");
  header.set_environment(v1::ENVIRONMENT_TEST);
  return header;
}

// An invented child; NHS numbers that begin with 999 are never issued.
v1::Item concern(const v1::ConnectionIdentity& who, const Teams& teams, Time now) {
  v1::Item item;
  item.set_header(header(who, teams, now).SerializeAsString());
  v1::Identity identity;
  auto& number = *identity.add_identifiers();
  number.set_type(v1::IDENTIFIER_TYPE_NHS_NUMBER);
  number.set_authority("NHS");
  number.set_value("9990000018");
  number.set_verification(v1::VERIFICATION_UNVERIFIED);
  identity.mutable_name()->set_family("EXAMPLE");
  identity.mutable_name()->add_given("Robin");
  identity.set_birth_date("2025-03-01");
  v1::Summary summary;
  summary.set_text("Bruise to the cheek seen at the clinic; carer's account changed.");
  summary.set_significance("Not yet mobile.");
  summary.set_child_voice_absent("pre-verbal");
  v1::Detail detail;
  detail.mutable_concern()->set_stage(v1::CONCERN_STAGE_ACTUAL);
  detail.mutable_concern()->set_threshold(v1::THRESHOLD_VIEW_UNCLEAR);
  detail.mutable_concern()->set_narrative("Seen by the practice nurse at a routine visit.");
  add_section(item, v1::SECTION_KIND_IDENTITY, identity);
  add_section(item, v1::SECTION_KIND_SUMMARY, summary);
  add_section(item, v1::SECTION_KIND_DETAIL, detail);
  return item;
}

Status run(const std::string& file, const std::string& agency, const Teams& teams) {
  TRY(const auto connection, sdk::load_connection_file(file));
  TRY(const auto who, sdk::identity_for_source(connection, agency, ""));
  sdk::Client::Options options{.program = "example-publish 1"};
  TRY(options.hub, sdk::dial_hub(connection, who));
  options.outbox = sdk::Outbox::Options{.bytes_max = 64 << 20};
  if (!connection.state_dir().empty()) {
    options.dir = std::filesystem::path(connection.state_dir()) / "example-publish";
  }
  wire::Context context;
  TRY(auto client, sdk::Client::open(context, options));

  const v1::Item item = concern(who, teams, client->now());
  TRY(const auto answers, client->publish(std::span(&item, 1), std::chrono::seconds(10)));
  std::printf("%s: %s%s%s\n", v1::Code_Name(answers[0].code).c_str(),
              answers[0].code == v1::CODE_OK ? "the hub holds it" : "see the code",
              answers[0].text.empty() ? "" : ": ", answers[0].text.c_str());
  return ok();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s CONNECTION_FILE AGENCY FROM_TEAM TO_TEAM\n", argv[0]);
    return 64;
  }
  const auto status = run(argv[1], argv[2], {argv[3], argv[4]});
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s: %s\n", v1::Code_Name(status.error().code).c_str(),
               status.error().text.c_str());
  return 1;
}
