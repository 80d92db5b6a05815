// Kind x door: a kind that nothing produces is a kind that never comes.
//
// The doors: the adapter's trigger rows, `switchboard event publish` with a file as in events/, and
// the form of the screens.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/mllp/triggers.h"
#include "broker/core/admission.h"
#include "broker/core/probe.h"
#include "services/cli/event_file.h"

namespace switchboard {
namespace {

bool from_feed(std::string_view kind) {
  const auto rows = mllp::trigger_rows();
  return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.kind == kind; });
}

std::string file_of(std::string_view kind) {
  const std::filesystem::path source(SWITCHBOARD_SOURCE_DIR);
  std::ifstream in(source / "tests/unit/kinds/events" / (std::string(kind) + ".toml"));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// What the CLI makes of the kind's file, or why it does not.
Result<v1::Item> from_person(std::string_view kind) {
  TRY(auto event, cli::read_event(file_of(kind), std::string(kind) + ".toml"));
  TRY_DO(cli::complete_event(event, {.now = Time{1'795'330'324'000'000}, .id = make_id({1}, {})}));
  if (event.header().kind() != kind) return error(v1::CODE_INVALID, "a file of another kind");
  const auto missing = cli::missing_fields(event);
  if (!missing.empty()) return error(v1::CODE_INVALID, "the file lacks " + missing[0]);
  return cli::to_item(event);
}

core::Admitted admitted(const v1::Item& item) {
  v1::PrincipalRow who;
  who.set_id("x26-forms");
  who.set_agency("X26");
  who.set_system("FORMS");
  who.add_roles(v1::ROLE_PUBLISHER);
  core::Admitted out;
  core::admit(who, core::ItemOf(item).view(), out);
  return out;
}

TEST(Doors, APersonCanSendEveryKind) {
  for (const auto& rule : core::kinds()) {
    const auto item = from_person(rule.kind);
    ASSERT_TRUE(item.ok()) << rule.kind << ": " << item.error().text;
    const auto out = admitted(*item);
    EXPECT_EQ(out.verdict, core::Verdict::kAdmit) << rule.kind << ": " << out.text;
    EXPECT_FALSE(out.unknown_kind) << rule.kind;
  }
}
TEST(Doors, AKindWithoutAFileHasNoDoor) {
  EXPECT_FALSE(from_person("carrier_pigeon").ok());
  EXPECT_FALSE(from_feed("carrier_pigeon"));
}
TEST(Doors, EveryKindThatIsNotAuthoredComesFromAFeed) {
  for (const auto& rule : core::kinds()) {
    if (rule.authored || rule.kind == core::kProbeKind) continue;  // the adapter's own schedule
    EXPECT_TRUE(from_feed(rule.kind)) << rule.kind << ": a trigger has to make it";
  }
}
TEST(Doors, EveryAuthoredKindIsSentByTheFormOfTheScreens) {
  const std::filesystem::path source(SWITCHBOARD_SOURCE_DIR);
  std::ifstream in(source / "services/gateway/web/src/forms.ts");
  std::stringstream text;
  text << in.rdbuf();
  for (const auto& rule : core::kinds()) {
    if (!rule.authored) continue;
    const std::string option = "['" + std::string(rule.kind) + "', '";
    EXPECT_NE(text.str().find(option), std::string::npos) << rule.kind;
  }
}
TEST(Doors, WhatAFeedSaysAndCorrectsAreKindsThatTheHubKnows) {
  for (const auto& row : mllp::trigger_rows()) {
    EXPECT_NE(core::kind_rule(row.kind), nullptr) << row.type << "^" << row.trigger;
    const bool corrects = row.nature != v1::CORRECTION_NATURE_UNSPECIFIED;
    EXPECT_EQ(corrects, row.kind == "correction") << row.type << "^" << row.trigger;
    EXPECT_EQ(corrects, core::kind_rule(row.target_kind) != nullptr)
        << row.type << "^" << row.trigger;
  }
}

}  // namespace
}  // namespace switchboard
