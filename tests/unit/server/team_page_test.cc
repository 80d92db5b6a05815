#include "broker/server/team_page.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::HubCore;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Team : HubCore {
  explicit Team(const v1::Directory& directory = support::small_world()) : HubCore(directory) {}
  Result<v1::TeamView> view(const std::string& team = "X99-HV",
                            const core::Presence& presence = {}) const {
    return team_view({kv(), *core().directory(), core().secrets(), now}, presence, team);
  }
  static std::vector<std::string> names(const v1::TeamView& view) {
    std::vector<std::string> all;
    for (const auto& feed : view.feeds()) all.push_back(feed.agency() + "/" + feed.system());
    return all;
  }
};

// The team is on duty by day, amy but on Tuesday evening.
v1::Directory with_rota() {
  v1::Directory d = support::small_world();
  v1::Rota& rota = *d.add_rotas();
  rota.set_id("X99-HV");
  v1::RotaSlot& days = *rota.add_week();
  for (const auto day : {v1::WEEKDAY_MONDAY, v1::WEEKDAY_TUESDAY}) days.add_days(day);
  days.set_from("09:00");
  days.set_to("17:00");
  days.set_person("amy");
  v1::RotaOverride& evening = *rota.add_overrides();
  evening.set_from("2026-03-03 16:00");
  evening.set_to("2026-03-03 20:00");
  evening.set_person("ben");
  return d;
}

TEST(TeamPage, NamesItsPeopleAndNobodyElses) {
  Team hub;
  std::vector<std::string> people;
  const auto view = hub.view().value();
  for (const auto& person : view.people()) people.push_back(person.name());
  EXPECT_THAT(people, ElementsAre("Amy Example", "Ben Example"));
  EXPECT_EQ(view.name(), "Team X99-HV");
  EXPECT_EQ(view.undo_within_s(), 300u);
}
TEST(TeamPage, HasThePromptsThatPolicyHasTeamsOfItsKindAsked) {
  v1::Directory d = support::small_world();
  for (const char* kind : {"", "health_visiting", "mash"}) {
    v1::SendPrompt& prompt = *d.mutable_policy()->add_send_prompts();
    prompt.set_id(kind[0] == 0 ? "anybody" : kind);
    prompt.set_question("A question?");
    if (kind[0] != 0) prompt.add_team_kinds(kind);
  }
  Team hub(d);
  std::vector<std::string> asked;
  const auto view = hub.view().value();
  for (const auto& prompt : view.send_prompts()) asked.push_back(prompt.id());
  EXPECT_THAT(asked, ElementsAre("anybody", "health_visiting"));
}
TEST(TeamPage, SaysWhoIsOnDutyWhenExceptionsFirst) {
  Team hub(with_rota());
  std::vector<std::string> duty;
  const auto view = hub.view().value();
  for (const auto& span : view.duty()) {
    duty.push_back(london_words({span.from_us()}) + " " + london_words({span.to_us()}).substr(13) +
                   " " + span.person() + (span.exception() ? "!" : ""));
  }
  EXPECT_THAT(duty, ElementsAre("2 March 2026 12:00 17:00 amy", "3 March 2026 09:00 16:00 amy",
                                "3 March 2026 16:00 20:00 ben!", "9 March 2026 09:00 12:00 amy"));
}
TEST(TeamPage, AShiftOverMidnightIsOneSpan) {
  v1::Directory d = with_rota();
  v1::RotaSlot& night = *d.mutable_rotas(0)->add_week();
  night.add_days(v1::WEEKDAY_FRIDAY);
  night.set_from("20:00");
  night.set_to("08:00");
  night.set_person("ben");
  Team hub(d);
  const auto view = hub.view().value();
  const auto spans = view.duty();
  const auto found = std::find_if(spans.begin(), spans.end(), [](const auto& s) {
    return s.person() == "ben" && !s.exception();
  });
  ASSERT_NE(found, spans.end());
  EXPECT_EQ(found->to_us() - found->from_us(), seconds(12 * 3600).us);
}
TEST(TeamPage, ListsTheFeedsThatCouldTellItSomethingByARouteOfToday) {
  v1::Directory d = support::small_world();
  v1::PrincipalRow& training = *d.add_principals();
  training = d.principals(0);
  for (const auto& row : d.principals()) {
    if (row.id() == "try") training = row;
  }
  training.set_id("train");
  training.set_public_key(std::string(40, 't'));
  training.set_system("TRAINING");
  EXPECT_THAT(Team::names(Team(d).view().value()), ElementsAre("X26/PAS", "X99/RIO"));
  for (auto& route : *d.mutable_routes()) route.add_sources("X26/PAS");
  EXPECT_THAT(Team::names(Team(d).view().value()), ElementsAre("X26/PAS"));
  for (auto& route : *d.mutable_routes()) route.set_disabled(true);
  EXPECT_THAT(Team(d).view().value().feeds(), IsEmpty());
}
TEST(TeamPage, AFeedThatIsSilentBeyondItsNormIsAnAlarm) {
  v1::Directory d = support::small_world();
  for (auto& principal : *d.mutable_principals()) {
    if (principal.id() == "pas") principal.set_quiet_after_s(600);
  }
  Team hub(d);
  const auto feed = [&](const std::string& system) {
    const auto view = hub.view("X99-HV", {.since = support::kNoon}).value();
    for (const auto& one : view.feeds()) {
      if (one.system() == system) return one;
    }
    return v1::FeedView();
  };
  EXPECT_FALSE(feed("PAS").alarm());
  hub.advance(seconds(3601));
  EXPECT_TRUE(feed("PAS").alarm());
  EXPECT_FALSE(feed("RIO").alarm()) << "it states no norm";
}
TEST(TeamPage, AListThatIsOldIsStale) {
  Team hub;
  v1::MembersChange change;
  change.set_team("X99-HV");
  change.set_list(v1::MEMBER_LIST_CASELOAD);
  change.set_mode(v1::MEMBERS_MODE_SNAPSHOT);
  change.set_execute(true);
  change.set_last(true);
  change.set_upload(std::string(16, 'u'));
  change.set_as_of("2026-03-01");
  *change.add_rows()->mutable_identifier() = support::nhs_identifier(support::nhs_number(1));
  hub.change_members(change);
  ASSERT_THAT(hub.view().value().lists(), SizeIs(1));
  EXPECT_FALSE(hub.view().value().lists(0).stale());
  EXPECT_EQ(hub.view().value().lists(0).as_of(), "2026-03-01");
  EXPECT_EQ(hub.view().value().lists(0).members(), 1u);
  hub.advance(seconds(40 * 86400));
  EXPECT_TRUE(hub.view().value().lists(0).stale());
}
TEST(TeamPage, OfATeamThatIsNotThereIsNotFound) {
  EXPECT_EQ(Team().view("NOBODY").error().code, v1::CODE_NOT_FOUND);
}

}  // namespace
}  // namespace switchboard::server
