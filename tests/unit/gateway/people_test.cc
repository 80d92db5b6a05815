#include "services/gateway/people.h"

#include <gtest/gtest.h>

#include "services/gateway/visitor.h"

namespace switchboard::gateway {
namespace {

v1::TeamView team(const std::string& id, std::initializer_list<const char*> people) {
  v1::TeamView view;
  view.set_team(id);
  for (const char* one : people) {
    view.add_people()->set_id(one);
    view.mutable_people(view.people_size() - 1)->set_role("midwife");
  }
  return view;
}

TEST(People, APersonBelongsToTheTeamsWhoseViewsHaveThem) {
  People people;
  people.put(team("ward", {"anna", "bela"}));
  people.put(team("clinic", {"anna"}));
  const auto anna = people.find("anna");
  ASSERT_TRUE(anna);
  EXPECT_TRUE(anna->of("ward"));
  EXPECT_TRUE(anna->of("clinic"));
  EXPECT_FALSE(anna->of("office"));
  EXPECT_FALSE(people.find("bela")->of("clinic"));
  EXPECT_FALSE(people.find("cora"));
  EXPECT_FALSE(people.find(""));
}
TEST(People, TheNewestViewOfATeamCounts) {
  People people;
  people.put(team("ward", {"anna"}));
  people.put(team("ward", {"bela"}));
  EXPECT_FALSE(people.find("anna"));
  EXPECT_TRUE(people.find("bela"));
}
TEST(People, WhoIsDisabledInOneViewIsDisabled) {
  People people;
  people.put(team("ward", {"anna"}));
  auto newer = team("clinic", {"anna"});
  newer.mutable_people(0)->set_disabled(true);
  people.put(newer);
  EXPECT_FALSE(people.find("anna"));
}
TEST(People, CompleteOnceEachTeamHasBeenTold) {
  People people;
  EXPECT_FALSE(people.complete({"ward", "clinic"}));
  people.put(team("ward", {}));
  EXPECT_FALSE(people.complete({"ward", "clinic"}));
  people.put(team("clinic", {}));
  EXPECT_TRUE(people.complete({"ward", "clinic"}));
  EXPECT_NE(people.team("ward"), nullptr);
  EXPECT_EQ(people.team("office"), nullptr);
}
TEST(Visitor, IsNamedToTheHubWithTheirAssuranceAndTheTeamTheyActFor) {
  const Visitor visitor{.person = {.id = "anna", .name = "Anna", .role = "midwife"},
                        .assurance = v1::ASSURANCE_FEDERATED};
  const v1::Actor actor = visitor.actor("ward");
  EXPECT_EQ(actor.person(), "anna");
  EXPECT_EQ(actor.role(), "midwife");
  EXPECT_EQ(actor.team(), "ward");
  EXPECT_EQ(actor.assurance(), v1::ASSURANCE_FEDERATED);
  EXPECT_EQ(actor.principal(), "") << "the hub's to say";
}

}  // namespace
}  // namespace switchboard::gateway
