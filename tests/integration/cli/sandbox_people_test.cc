// What people bring and keep: concerns, lists of children, the directory.
#include "tests/integration/cli/running_sandbox.h"
#include "tests/support/nhs_number.h"

namespace switchboard::cli {
namespace {

TEST_F(RunningSandbox, AConcernByAPersonIsPublishedAndItsIdentityIsShownToRecipientsOnly) {
  const std::string file = folder_ + "/concern.toml";
  const Ran test = ran({"route", "test", "--event", file});
  EXPECT_EQ(test.exit, 0) << test.err;
  EXPECT_THAT(test.out, HasSubstr("x70-mash-concerns"));
  const Ran published = ran({"event", "publish", "--event", file});
  EXPECT_EQ(published.exit, 0) << published.err;
  EXPECT_THAT(published.out, HasSubstr("accepted"));
  ASSERT_TRUE(told("X70-MASH", 1));
  const std::string id = published.out.substr(0, published.out.find(' '));

  EXPECT_THAT(ran({"event", "show", id}).out, Not(HasSubstr("Harrow")));
  EXPECT_THAT(ran({"inbox", "ls", "--team", "X70-MASH", "--json"}).out, Not(HasSubstr("sections")));
  EXPECT_THAT(ran({"event", "show", id, "--team", "X70-MASH"}).out, HasSubstr("family: Harrow"));
  const Ran stranger = ran({"event", "show", id, "--team", "X26-MIDWIFERY"});
  EXPECT_NE(stranger.exit, 0);
  EXPECT_THAT(stranger.out, Not(HasSubstr("Harrow")));
}

std::string csv(unsigned children) {
  std::string text = "birth_date,nhs_number\r\n";
  for (unsigned n = 0; n < children; ++n) text += "2020-01-31," + test::nhs_number(n) + "\r\n";
  return text;
}

TEST_F(RunningSandbox, AWholeCaseloadIsLookedAtFirstAndThenApplied) {
  constexpr unsigned kChildren = 20'000;
  const std::string team = "X99-HEALTH-VISITING";
  const std::string whole = dir_.write("whole.csv", csv(kChildren) + "2020-01-31,1234567890\r\n");
  const Ran plan = ran({"caseload", "apply", "--team", team, whole});
  EXPECT_EQ(plan.exit, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("0 before, 20000 after: 20000 added"));
  EXPECT_THAT(plan.out, HasSubstr("1 line with no NHS number"));
  EXPECT_THAT(plan.out, HasSubstr(" 20002\n"));
  EXPECT_THAT(plan.err, HasSubstr("nothing was changed"));
  const Ran applied = ran({"caseload", "apply", "--team", team, whole, "--yes"});
  EXPECT_EQ(applied.exit, 0) << applied.err;
  EXPECT_THAT(ran({"caseload", "ls", "--team", team}).out, HasSubstr("20000"));

  const std::string half = dir_.write("half.csv", csv(kChildren / 2));
  const Ran vanishing = ran({"caseload", "apply", "--team", team, half, "--yes"});
  EXPECT_EQ(vanishing.exit, 65);
  EXPECT_THAT(vanishing.err, HasSubstr("10000 of 20000 children would vanish"));
  EXPECT_THAT(vanishing.err, HasSubstr("--confirm-vanishing"));
  EXPECT_EQ(ran({"caseload", "apply", "--team", team, half, "--yes", "--confirm-vanishing"}).exit,
            0);
  EXPECT_THAT(ran({"caseload", "ls", "--team", team}).out, HasSubstr("10000"));

  const std::string number = "@" + dir_.write("number.txt", test::nhs_number(kChildren) + "\n");
  EXPECT_EQ(ran({"caseload", "add", "--team", team, "--nhs-number", number}).exit, 0);
  EXPECT_THAT(ran({"caseload", "ls", "--team", team}).out, HasSubstr("10001"));
  const Ran named =
      ran({"caseload", "add", "--team", team, "--nhs-number", test::nhs_number(3)});
  EXPECT_EQ(named.exit, 64) << "never on the command line";
}

TEST_F(RunningSandbox, ACaseloadThatIsOldIsSaidToBeToItsTeamAndToOperators) {
  const std::string team = "X70-MASH", file = dir_.write("old.csv", csv(3));
  EXPECT_EQ(ran({"caseload", "apply", "--team", team, file, "--as-of=2020-01-01", "--yes"}).exit,
            0);
  EXPECT_THAT(ran({"inbox", "ls", "--team", team}).err, HasSubstr("is stale: as of 2020-01-01"));
  EXPECT_THAT(ran({"status"}).err, HasSubstr("the list caseload of " + team + " is stale"));
}

TEST_F(RunningSandbox, PlansAndEnquiriesAreKeptByTheirTeam) {
  const std::string number = "@" + dir_.write("number.txt", test::nhs_number(1));
  const std::vector<std::string> of = {"--team",    "X70-MASH",     "--person",
                                       "dev.patel", "--nhs-number", number};
  const auto with = [&](std::vector<std::string> words, std::vector<std::string> more) {
    words.insert(words.end(), of.begin(), of.end());
    words.insert(words.end(), more.begin(), more.end());
    return ran(words);
  };
  const Ran plan = with({"plan", "add"}, {"--list", "child-protection"});
  EXPECT_EQ(plan.exit, 0) << plan.err;
  EXPECT_THAT(ran({"plan", "ls", "--team", "X70-MASH"}).out, HasSubstr("child-protection"));
  const Ran no_reason = with({"enquiry", "open"}, {"--until", "7d"});
  EXPECT_EQ(no_reason.exit, 64);
  const Ran opened = with({"enquiry", "open"}, {"--until", "7d", "--reason", "strategy"});
  EXPECT_EQ(opened.exit, 0) << opened.err;
  EXPECT_THAT(ran({"enquiry", "ls", "--team", "X70-MASH"}).out, HasSubstr("until "));
  EXPECT_THAT(ran({"audit", "tail"}).out, HasSubstr("strategy"));
  EXPECT_EQ(with({"enquiry", "end"}, {"--reason", "no further action"}).exit, 0);
}

TEST_F(RunningSandbox, WhatReachesNobodyGoesToTheSafetyNetAndIsListed) {
  std::string concern = text_of(folder_ + "/concern.toml");
  const std::string home = "E06009901", site = "X2601";
  concern.replace(concern.find(home), home.size(), "E06009999");
  concern.replace(concern.find(site), site.size(), "X2699");
  const Ran published = ran({"event", "publish", "--event", dir_.write("far.toml", concern)});
  EXPECT_EQ(published.exit, 0) << published.err;
  ASSERT_TRUE(told("X26-SAFEGUARDING", 1));
  EXPECT_THAT(ran({"unrouted", "ls"}).out, HasSubstr("concern"));
  EXPECT_THAT(ran({"status"}).out, HasSubstr("1 unrouted"));
}

TEST_F(RunningSandbox, TheDirectoryIsASheetOfNumbersRightAtItsDate) {
  const Ran night = ran({"directory", "ls", "--at", "2026-12-25 03:00"});
  EXPECT_EQ(night.exit, 0) << night.err;
  EXPECT_THAT(night.out, HasSubstr("numbers right at Friday 25 December 2026 03:00"));
  EXPECT_THAT(night.out, HasSubstr("STALE: tried on"));  // CAMHS
  EXPECT_THAT(night.out, Not(HasSubstr("Chloe Ng")));
  const Ran hv = ran({"directory", "show", "X99-HEALTH-VISITING", "--at", "2026-11-23 10:00"});
  EXPECT_THAT(hv.out, HasSubstr("ring now       01632 960141"));
  EXPECT_THAT(hv.out, HasSubstr("on duty        Chloe Ng"));
  const Ran duty = ran({"duty", "X99-HEALTH-VISITING", "--at", "2026-12-23 10:00"});
  EXPECT_THAT(duty.out, HasSubstr("Tomos Price"));  // stands in that day
  EXPECT_THAT(duty.out, HasSubstr("instead"));
  const Ran all = ran({"directory", "export", "--all", dir_.file("sheets"), "--format", "html"});
  EXPECT_EQ(all.exit, 0) << all.err;
  EXPECT_THAT(text_of(dir_.file("sheets/X70-MASH.html")), HasSubstr("Your own numbers"));
  EXPECT_THAT(text_of(dir_.file("sheets/public-list.html")), Not(HasSubstr("on duty")));
}

TEST_F(RunningSandbox, WhereAPostcodeLiesAndWhoHasAClosedPracticesChildren) {
  const Ran of = ran({"area", "of", "@" + dir_.write("postcode", "XE4 1AA\n")});
  EXPECT_EQ(of.exit, 0) << of.err;
  EXPECT_THAT(of.out, HasSubstr("E06009902  Eastmere"));
  EXPECT_THAT(of.out + of.err, Not(HasSubstr("XE4")));
  EXPECT_NE(ran({"area", "of", "XE4 1AA"}).exit, 0);  // others can see a command line
  const std::string csv = dir_.write("prefixes.csv", "prefix,area\nXA1,E06009901\nXE,E06009901\n");
  const Ran loaded =
      ran({"area", "load", "--edition", "test 2026-11", csv, "--reason", "new edition"});
  EXPECT_EQ(loaded.exit, 0) << loaded.err;
  EXPECT_THAT(ran({"area", "of", "@" + dir_.file("postcode")}).out, HasSubstr("Northmoor"));
  EXPECT_THAT(ran({"area", "ls"}).err, HasSubstr("postcode table test 2026-11, 2 prefixes"));
  EXPECT_THAT(ran({"practice", "ls"}).out, HasSubstr("2026-09-30"));
  EXPECT_THAT(ran({"group", "ls"}).out, HasSubstr("X70-MASH, X70-DUTY"));
  EXPECT_THAT(ran({"rota", "ls"}).out, HasSubstr("Orla Finn"));
  EXPECT_THAT(ran({"policy", "show"}).err, HasSubstr("needs local sign-off"));
}

TEST_F(RunningSandbox, WhatIsWrongWithRowsIsSaidLineByLineAndNothingIsApplied) {
  const std::string file = dir_.file("policy.toml");
  std::ofstream(file) << "[policy]\nid = 'default'\n[[policy.rows]]\nid = 'late'\n"
                         "attention = 'act'\nreceive_within_s = 60\nacknowledge_within_s = 60\n";
  const Ran applied = ran({"apply", file, "--reason", "a test"});
  EXPECT_NE(applied.exit, 0);
  EXPECT_THAT(applied.err, HasSubstr("policy row 1 'late': receive_within_s must be shorter"));
  EXPECT_THAT(applied.err, HasSubstr("nothing was applied"));
}

TEST_F(RunningSandbox, NumbersThatWereTriedAreNoLongerStale) {
  EXPECT_THAT(ran({"directory", "show", "X99-CAMHS"}).out, HasSubstr("STALE"));
  const Ran tried = ran({"team", "verified", "X99-CAMHS", "--reason", "rang both"});
  EXPECT_EQ(tried.exit, 0) << tried.err;
  EXPECT_THAT(ran({"directory", "show", "X99-CAMHS"}).out, Not(HasSubstr("STALE")));
}

}  // namespace
}  // namespace switchboard::cli
