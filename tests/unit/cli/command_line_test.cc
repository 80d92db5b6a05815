#include "services/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/temp_dir.h"

namespace switchboard::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Ran {
  int exit = 0;
  std::string out;
  std::string err;
};

Ran ran(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  Terminal terminal(out, err, {});
  const int exit = run(arguments, terminal);
  return {exit, out.str(), err.str()};
}

TEST(CommandLine, AWrongWordIs64WithWhatWasProbablyMeant) {
  const Ran r = ran({"inbx", "ls"});
  EXPECT_EQ(r.exit, 64);
  EXPECT_THAT(r.err, HasSubstr("did you mean 'inbox'?"));
  EXPECT_THAT(r.out, IsEmpty());
}

TEST(CommandLine, AWrongWordBehindAGroupIsFoundToo) {
  const Ran r = ran({"--connect", "nowhere.toml", "event", "jurney", "4711"});
  EXPECT_EQ(r.exit, 64);
  EXPECT_THAT(r.err, HasSubstr("did you mean 'journey'?"));
  EXPECT_THAT(r.err, HasSubstr("see: switchboard event --help"));
}

TEST(CommandLine, AWrongOptionIs64WithWhatWasProbablyMeant) {
  const Ran r = ran({"inbox", "ls", "--taem", "X26-ED"});
  EXPECT_EQ(r.exit, 64);
  EXPECT_THAT(r.err, HasSubstr("did you mean '--team'?"));
  EXPECT_THAT(r.err, HasSubstr("switchboard inbox ls --help"));
}

TEST(CommandLine, AMissingOptionIsNamed) {
  const Ran r = ran({"inbox", "ls"});
  EXPECT_EQ(r.exit, 64);
  EXPECT_THAT(r.err, HasSubstr("--team is required"));
}

TEST(CommandLine, AGroupAloneShowsItsHelpOnStderr) {
  const Ran r = ran({"event"});
  EXPECT_EQ(r.exit, 64);
  EXPECT_THAT(r.err, HasSubstr("journey"));
  EXPECT_THAT(r.out, IsEmpty());
}

TEST(CommandLine, HelpShowsExamplesBeforeOptions) {
  const Ran r = ran({"replay", "--help"});
  EXPECT_EQ(r.exit, 0);
  const size_t example = r.out.find("--execute --confirm 61");
  ASSERT_NE(example, std::string::npos);
  EXPECT_LT(example, r.out.find("Usage:"));
  EXPECT_THAT(r.err, IsEmpty());
}

TEST(CommandLine, AnNhsNumberIsNotAccepted) {
  const Ran r = ran({"event", "show", "9126040018"});
  EXPECT_EQ(r.exit, 64);
  EXPECT_THAT(r.err, Not(HasSubstr("9126040018")));
}

TEST(CommandLine, AReplayIsNotBegunWithoutCountAndReason) {
  EXPECT_EQ(ran({"replay", "--team", "X26-ED", "--from", "1", "--execute"}).exit, 64);
}

TEST(CommandLine, WithoutAConnectionFileItSaysHowToGiveOne) {
  unsetenv("SWITCHBOARD_CONNECT");
  const Ran r = ran({"status"});
  EXPECT_EQ(r.exit, 64);
  EXPECT_THAT(r.err, HasSubstr("--connect FILE or SWITCHBOARD_CONNECT"));
}

TEST(CommandLine, ABrokenConnectionFileIsAConfigurationError) {
  const TempDir dir;
  EXPECT_EQ(ran({"status", "--connect", dir.file("absent.toml")}).exit, 78);
  EXPECT_EQ(ran({"status", "--connect", dir.write("c.toml", "conect = 1\n")}).exit, 78);
}

TEST(CommandLine, AnEventFileThatIsNotThereIsBadInput) {
  const TempDir dir;
  const Ran r = ran({"event", "publish", "--event", dir.file("absent.toml")});
  EXPECT_EQ(r.exit, 65);
  EXPECT_THAT(r.err, HasSubstr("cannot read"));
}

TEST(CommandLine, ASandboxThatIsNotRunningIsUnavailable) {
  const TempDir dir;
  ASSERT_EQ(ran({"sandbox", "init", dir.file("demo")}).exit, 0);
  const Ran r = ran({"status", "--connect", dir.file("demo/connect.toml")});
  EXPECT_EQ(r.exit, 69);
  EXPECT_THAT(r.err, HasSubstr("sandbox run"));
}

TEST(CommandLine, ErrorsAreLookedUpOffline) {
  const Ran found = ran({"errors", "lookup", "disk_low"});
  EXPECT_EQ(found.exit, 0);
  EXPECT_THAT(found.out, HasSubstr("retryable, exit 75"));
  const Ran typo = ran({"errors", "lookup", "disk_lwo"});
  EXPECT_EQ(typo.exit, 64);
  EXPECT_THAT(typo.err, HasSubstr("did you mean 'disk_low'?"));
}

TEST(CommandLine, EveryQueueOfTheHubCanBeListedAndShown) {
  for (const char* queue : {"quarantine", "unrouted", "held", "match"}) {
    EXPECT_THAT(completions({queue, ""}), ElementsAre("ls", "show")) << queue;
    EXPECT_EQ(ran({queue, "show", "not-an-id"}).exit, 64);
  }
}

TEST(CommandLine, AnActMayNameTheEventThePersonSaw) {
  for (const char* act :
       {"open", "ack", "action", "finish", "not-ours", "hand-over", "take", "decline", "undo"}) {
    EXPECT_THAT(completions({act, "--ev"}), ElementsAre("--event"));
  }
}

TEST(CommandLine, AnActThatLeavesOutWhatItMustSayIsMisused) {
  const auto exit_of = [](std::vector<std::string> words) {
    words.insert(words.begin() + 1, {"--team", "X99-HV", "1", "--person", "amy"});
    return ran(words).exit;
  };
  EXPECT_EQ(exit_of({"not-ours"}), 64);
  EXPECT_EQ(exit_of({"not-ours", "--why", "perhaps"}), 64);
  EXPECT_EQ(exit_of({"not-ours", "--why", "never"}), 64);
  EXPECT_EQ(exit_of({"hand-over"}), 64);
  EXPECT_EQ(exit_of({"decline"}), 64);
  EXPECT_EQ(exit_of({"undo"}), 64);
  EXPECT_EQ(exit_of({"undo", "--last", "--act", "x"}), 64);
}

TEST(CommandLine, ADayOrATimeThatIsNoneIsSaidBeforeTheHubIsAsked) {
  EXPECT_EQ(ran({"reconcile", "--day", "soon"}).exit, 64);
  EXPECT_EQ(ran({"shadow", "report", "--since", "soon"}).exit, 64);
  EXPECT_EQ(ran({"shadow", "report", "--since", "1d", "--until", "2d"}).exit, 64);
  EXPECT_EQ(ran({"route", "estimate", "--since", "soon"}).exit, 64);
}

TEST(CommandLine, TheCommandsOfSendersAndLedgersAreCompleted) {
  EXPECT_THAT(completions({"reconcile", "--ad"}), ElementsAre("--adapter"));
  EXPECT_THAT(completions({"feed", "quarantine", ""}), ElementsAre("ls", "show", "clear"));
  EXPECT_THAT(completions({"route", ""}), ElementsAre("ls", "test", "estimate"));
  EXPECT_THAT(completions({"shadow", ""}), ElementsAre("report"));
}

TEST(CommandLine, ASheetIsAskedForByWhatItIsAndForWhen) {
  EXPECT_EQ(ran({"directory", "export"}).exit, 64);
  EXPECT_EQ(ran({"directory", "export", "--public", "--team", "X26-ED"}).exit, 64);
  EXPECT_EQ(ran({"directory", "export", "--public", "--format", "pdf"}).exit, 64);
  EXPECT_EQ(ran({"directory", "ls", "--at", "soon"}).exit, 64);
  EXPECT_THAT(completions({"directory", ""}), ElementsAre("ls", "show", "export"));
  EXPECT_THAT(completions({"area", ""}), ElementsAre("ls", "of", "load"));
}

TEST(CommandLine, APostcodeIsNotAccepted) {
  const Ran r = ran({"area", "of", "XA1 2BC"});
  EXPECT_NE(r.exit, 0);
  EXPECT_THAT(r.err, HasSubstr("never itself"));
  EXPECT_THAT(r.err, Not(HasSubstr("XA1")));
}

TEST(CommandLine, APolicyInAFileIsShownWithoutAHub) {
  const TempDir dir;
  const std::string file =
      dir.write("p.toml",
                "[policy]\n[[policy.rows]]\nkinds = [\"concern\"]\nattention = \"act\"\n"
                "acknowledge_within_s = 3600\nclock = \"working\"\n");
  const Ran r = ran({"policy", "show", "--file", file});
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_THAT(r.out, HasSubstr("1 hour of working time"));
  EXPECT_THAT(r.err, HasSubstr("EXAMPLE: needs local sign-off"));
  EXPECT_THAT(ran({"policy", "show", "--file", file, "--format", "markdown"}).out,
              HasSubstr("| row 1 | concern | any team |"));
}

TEST(CommandLine, CompletionOffersWhatCanStandNext) {
  EXPECT_THAT(completions({"inb"}), ElementsAre("inbox"));
  EXPECT_THAT(completions({"inbox", ""}), ElementsAre("ls", "show", "follow"));
  EXPECT_THAT(completions({"inbox", "ls", "--te"}), ElementsAre("--team"));
  EXPECT_THAT(completions({""}), Not(Contains("__complete")));
  const Ran r = ran({"__complete", "--", "inbox", "ls", "--te"});
  EXPECT_EQ(r.exit, 0);
  EXPECT_EQ(r.out, "--team\n");
}

}  // namespace
}  // namespace switchboard::cli
