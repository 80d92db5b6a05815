// Feeds, killed hubs, operators, endpoints: what runs by itself.
#include "tests/integration/cli/running_sandbox.h"

namespace switchboard::cli {
namespace {

TEST_F(RunningSandbox, AnAdtMessageReachesANamedPersonInAnotherAgency) {
  EXPECT_THAT(feed(0, "x26_adt_a04_ed.hl7"), HasSubstr("MSA|AA|N10001"));
  ASSERT_TRUE(told("X99-HEALTH-VISITING", 1));
  const std::string id = inbox("X99-HEALTH-VISITING")[0]["notice"]["event_id"];

  const Ran picked_up = ran({"ack", "--team", "X99-HEALTH-VISITING", "1", "--person", "chloe.ng"});
  EXPECT_EQ(picked_up.exit, 0) << picked_up.err;

  const Ran journey = ran({"event", "journey", id});
  EXPECT_EQ(journey.exit, 0) << journey.err;
  EXPECT_THAT(journey.out, HasSubstr("result      routed"));
  EXPECT_THAT(journey.out, HasSubstr("x99-hv-under-fives"));
  EXPECT_THAT(journey.out, HasSubstr("picked up by Chloe Ng (health visitor)"));
  EXPECT_THAT(ran({"inbox", "ls", "--team", "X99-HEALTH-VISITING"}).out, HasSubstr("picked up"));
}

TEST_F(RunningSandbox, NothingIsLostWhenTheHubIsKilled) {
  EXPECT_THAT(feed(0, "x26_adt_a04_ed.hl7"), HasSubstr("MSA|AA"));
  ASSERT_TRUE(told("X70-MASH", 1));
  const pid_t before = addresses()["hub"]["pid"];
  ASSERT_EQ(kill(before, SIGKILL), 0);
  // The adapter takes custody while the hub is away.
  EXPECT_THAT(feed(1, "x99_adt_a04_ed_elsewhere.hl7"), HasSubstr("MSA|AA"));
  EXPECT_TRUE(told("X70-MASH", 2));
  EXPECT_NE(addresses()["hub"]["pid"], before);
  const Ran verified = ran({"audit", "verify"});
  EXPECT_EQ(verified.exit, 0) << verified.out << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("the audit chain holds"));
}

TEST_F(RunningSandbox, WhatCannotBeReadIsHeldInQuarantine) {
  const std::string no_pid =
      "MSH|^~\\&|PAS|X26|SWITCHBOARD|X26|20261122||ADT^A01|BAD1|P|2.4\rEVN|A01\r";
  EXPECT_THAT(send_mllp(addresses()["mllp"][0]["address"], no_pid), HasSubstr("MSA|AA|BAD1"));
  EXPECT_TRUE(eventually(
      [&] {
        return ran({"quarantine", "ls"}).out.find("unreadable") != std::string::npos;
      },
      kPatience));
  EXPECT_THAT(ran({"status"}).out, HasSubstr("1 in quarantine"));
}

TEST_F(RunningSandbox, ASourcesOwnEngineerSeesReadsAndClearsWhatIsHeld) {
  const std::string no_pid =
      "MSH|^~\\&|PAS|X26|SWITCHBOARD|X26|20261122||ADT^A01|BAD1|P|2.4\rEVN|A01\r";
  EXPECT_THAT(send_mllp(addresses()["mllp"][0]["address"], no_pid), HasSubstr("MSA|AA|BAD1"));
  Ran list;
  ASSERT_TRUE(eventually(
      [&] {
        list = ran({"feed", "quarantine", "ls", "--source", "X26/PAS", "--format", "jsonl"});
        return !list.out.empty();
      },
      kPatience))
      << list.err;
  const std::string position = nlohmann::json::parse(list.out)["position"];
  EXPECT_THAT(ran({"feed", "quarantine", "ls", "--source", "X26/PAS"}).out, HasSubstr("BAD1"));
  const Ran shown = ran({"feed", "quarantine", "show", position, "--source", "X26/PAS"});
  EXPECT_EQ(shown.exit, 0) << shown.err;
  EXPECT_EQ(shown.out, no_pid) << "the bytes as they were sent";

  const Ran others = ran({"feed", "quarantine", "ls", "--source", "X99/PAS"});
  EXPECT_THAT(others.out, Not(HasSubstr("BAD1")));
  EXPECT_THAT(others.err, HasSubstr("nothing of X99/PAS is held"));
  const Ran stranger = ran({"feed", "quarantine", "show", position, "--source", "X99/PAS"});
  EXPECT_NE(stranger.exit, 0);
  EXPECT_THAT(stranger.out, Not(HasSubstr("MSH")));
  const std::vector<std::string> clear{"feed", "quarantine", "clear", position};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), clear.begin(), clear.end());
    return ran(more);
  };
  EXPECT_NE(with({"--source", "X99/PAS", "--reason", "not mine", "--person", "eve"}).exit, 0);
  EXPECT_EQ(with({"--source", "X26/PAS", "--person", "ivy.engineer"}).exit, 64);
  EXPECT_EQ(with({"--source", "X26/PAS", "--reason", "sent again"}).exit, 64);
  EXPECT_THAT(ran({"quarantine", "ls"}).out, HasSubstr("unreadable"));

  const Ran cleared =
      with({"--source", "X26/PAS", "--reason", "sent again", "--person", "ivy.engineer"});
  EXPECT_EQ(cleared.exit, 0) << cleared.err;
  EXPECT_THAT(ran({"quarantine", "ls"}).out, Not(HasSubstr("unreadable")));
  const Ran history = ran({"quarantine", "ls", "--cleared"});
  EXPECT_THAT(history.out, HasSubstr("ivy.engineer"));
  EXPECT_THAT(history.out, HasSubstr("sent again"));
  EXPECT_THAT(ran({"audit", "tail"}).out, HasSubstr("ivy.engineer via x26-pas"));
}

TEST_F(RunningSandbox, ADaysCountsAreHeldAgainstEachOther) {
  const std::string today = to_string(london_day(Clock().read().now));
  ASSERT_EQ(ran({"event", "publish", "--event", folder_ + "/concern.toml"}).exit, 0);
  const std::vector<std::string> reconcile{"reconcile", "--adapter", "X26/FORMS", "--day", today};
  const Ran silent = ran(reconcile);
  EXPECT_EQ(silent.exit, 1) << silent.out;
  EXPECT_THAT(silent.err, HasSubstr("has not told"));

  const auto file = sdk::load_connection_file(folder_ + "/connect.toml").value();
  const auto as = sdk::identity_for_source(file, "X26", "FORMS").value();
  wire::Context context;
  sdk::Client::Options options{.program = "counting 1"};
  options.hub = sdk::dial_hub(file, as).value();
  auto client = sdk::Client::open(context, options).value();
  const auto tell = [&](uint64_t taken) {
    v1::AdapterLedger line;
    line.set_listener("forms");
    line.set_agency("X26");
    line.set_system("FORMS");
    line.set_bucket(v1::LEDGER_BUCKET_LIVE);
    line.set_day(today);
    line.set_read(taken);
    line.set_taken(taken);
    v1::AdapterLedgers ledgers;
    *ledgers.add_items() = line;
    const uint64_t request = client->tell(ledgers);
    std::optional<v1::Page> page;
    ASSERT_TRUE(eventually(
        [&] {
          CHECK(client->run_once(std::chrono::milliseconds(5)).ok());
          return (page = client->take_page(request)).has_value();
        },
        kPatience));
    EXPECT_EQ(page->code(), v1::CODE_OK) << page->text();
  };
  tell(1);
  const Ran agrees = ran(reconcile);
  EXPECT_EQ(agrees.exit, 0) << agrees.err;
  EXPECT_THAT(agrees.out, HasSubstr("so far"));
  EXPECT_EQ(ran({"reconcile", "--adapter", "forms", "--day", today}).exit, 0) << "by its listener";
  tell(3);
  const Ran differs = ran(reconcile);
  EXPECT_EQ(differs.exit, 1);
  EXPECT_THAT(differs.err, HasSubstr("2 unexplained"));
  const Ran json = ran({"reconcile", "--adapter", "X26/FORMS", "--day", today, "--json"});
  EXPECT_EQ(json.exit, 1);
  EXPECT_EQ(nlohmann::json::parse(json.out)["lines"][0]["unexplained"], "2");
  EXPECT_EQ(ran({"reconcile", "--adapter", "X26/NONE", "--day", today}).exit, 1);
}

TEST_F(RunningSandbox, WhatRoutesWouldAskIsEstimatedAndApplyWarnsAboveCapacity) {
  const std::string concern = folder_ + "/concern.toml";
  const Ran sample = ran({"route", "estimate", "--sample", concern});
  EXPECT_EQ(sample.exit, 0) << sample.err;
  EXPECT_THAT(sample.out, HasSubstr("X70-MASH"));
  EXPECT_THAT(sample.err, HasSubstr("nothing was sent"));
  EXPECT_THAT(ran({"status"}).out, HasSubstr("0 events"));
  for (int n = 0; n < 2; ++n) {
    ASSERT_EQ(ran({"event", "publish", "--event", concern}).exit, 0);
  }
  EXPECT_THAT(ran({"route", "estimate", "--since", "1h"}).out, HasSubstr("X70-MASH"));

  // The team as it is, and that it can pick up one a day.
  const Ran teams = ran({"team", "ls", "--json"});
  std::string row;
  const auto all = nlohmann::json::parse(teams.out);
  for (const auto& team : all["teams"]) {
    if (team["id"] != "X70-MASH") continue;
    row = "[[teams]]\nid = \"X70-MASH\"\nname = " + team["name"].dump() +
          "\nagency = \"X70\"\nkind = " + team["kind"].dump() +
          "\noffice = { phone = " + team["office"]["phone"].dump() + " }\nact_per_day = 1\n";
  }
  const std::string file = dir_.write("capacity.toml", row);
  const Ran dry = ran({"apply", file, "--dry-run"});
  EXPECT_EQ(dry.exit, 0) << dry.err;
  EXPECT_THAT(dry.out, HasSubstr("warning: with these rows X70-MASH would have had 2 to act on"));
  const Ran applied = ran({"apply", file, "--reason", "what they can pick up"});
  EXPECT_EQ(applied.exit, 0) << applied.err;
  EXPECT_THAT(applied.out, HasSubstr("warning: "));
  EXPECT_THAT(ran({"team", "ls"}).out, HasSubstr("ACT A DAY"));
}

// P10, from the frames an adapter read to what the hub counted.
TEST_F(RunningSandbox, WhatTheRealAdapterReadAndWhatTheHubCountedAddUp) {
  const std::string today = to_string(london_day(Clock().read().now));
  EXPECT_THAT(feed(0, "x26_adt_a04_ed.hl7"), HasSubstr("MSA|AA"));
  EXPECT_THAT(feed(0, "x26_adt_a04_ed.hl7"), HasSubstr("MSA|AA")) << "the same bytes again";
  EXPECT_THAT(feed(0, "x99_adt_a04_ed_elsewhere.hl7"), HasSubstr("MSA|AE")) << "not its sender";
  Ran last;
  const bool agrees = eventually(
      [&] {
        last = ran({"reconcile", "--adapter", "X26/PAS", "--day", today, "--json"});
        // In order as well while the adapter has not told of all of today.
        return last.exit == 0 && last.out.find("\"read\": \"3\"") != std::string::npos;
      },
      kPatience);
  ASSERT_TRUE(agrees) << last.out << last.err;
  const auto line = nlohmann::json::parse(last.out)["lines"][0];
  EXPECT_EQ(line.value("unexplained", "0"), "0");
  ASSERT_EQ(line["adapter"].size(), 1u);
  EXPECT_EQ(line["adapter"][0]["read"], "3");
  EXPECT_EQ(line["adapter"][0]["taken"], "1");
  EXPECT_EQ(line["adapter"][0]["duplicate"], "1");
  EXPECT_EQ(line["adapter"][0]["refused"], "1");
}

class SandboxOnTrial : public RunningSandbox {
  void change_configuration() override {
    const std::string file = folder_ + "/mllp-x26.toml";
    std::string text = text_of(file);
    const std::string listener = "[[listener]]\n";
    const size_t at = text.find(listener);
    ASSERT_NE(at, std::string::npos);
    text.insert(at + listener.size(), "shadow = true\n");
    std::ofstream(file, std::ios::binary) << text;
  }
};

TEST_F(SandboxOnTrial, TheRealAdaptersMessagesAreDecidedAndNobodyIsTold) {
  EXPECT_THAT(feed(0, "x26_adt_a04_ed.hl7"), HasSubstr("MSA|AA"));
  Ran report;
  EXPECT_TRUE(eventually(
      [&] {
        report = ran({"shadow", "report", "--source", "X26/PAS"});
        return report.out.find("X99-HEALTH-VISITING") != std::string::npos;
      },
      kPatience))
      << report.out << report.err;
  EXPECT_THAT(ran({"event", "ls"}).out, HasSubstr("shadowed"));
  EXPECT_TRUE(inbox("X99-HEALTH-VISITING").empty());
  // The other trust's feed is live: it is told, and so the silence above is the trial's.
  EXPECT_THAT(feed(1, "x99_ref_i12_referral.hl7"), HasSubstr("MSA|AA"));
  EXPECT_TRUE(told("X99-HEALTH-VISITING", 1));
}

class SandboxWithScreens : public RunningSandbox {
 protected:
  std::vector<std::string> command(const std::string& program) override {
    std::filesystem::create_directories(dir_.file("web"));
    std::ofstream(dir_.file("web") + "/index.html") << "<!doctype html><title>page</title>";
    return {program, "sandbox", "run", folder_, "--web", dir_.file("web")};
  }
  // Answer of the gateway of this agency to a sign-in, as curl prints it.
  std::string sign_in(const std::string& agency, const std::string& person) const {
    std::string url;
    const auto all = addresses();
    for (const auto& screen : all["screens"]) {
      if (screen["agency"] == agency) url = screen["url"];
    }
    std::string phrase = text_of(folder_ + "/keys/people.pass");
    phrase.pop_back();
    const std::string said = dir_.file("said");
    auto curl = ChildProgram::start(
        {"curl",
         {"/usr/bin/curl", "-sS", "-i", "-H", "Content-Type: application/json", "-H",
          "Origin: " + url.substr(0, url.size() - 1), "-d",
          R"({"person":")" + person + R"(","password":")" + phrase + "\"}", url + "api/session"},
         said});
    EXPECT_TRUE(eventually([&] { return curl->ended().has_value(); }, kPatience));
    const std::string answer = text_of(said);
    std::filesystem::remove(said);
    return answer;
  }
  bool signs_in(const std::string& agency, const std::string& person) const {
    return eventually([&] { return sign_in(agency, person).starts_with("HTTP/1.1 200"); },
                      kPatience);
  }
};

TEST_F(SandboxWithScreens, PeopleSignInAtTheirOwnAgencysScreensAlsoAfterAKill) {
  EXPECT_TRUE(signs_in("X99", "chloe.ng")) << sign_in("X99", "chloe.ng");
  EXPECT_TRUE(signs_in("X70", "dev.patel")) << sign_in("X70", "dev.patel");
  EXPECT_THAT(sign_in("X70", "chloe.ng"), HasSubstr("HTTP/1.1 401"));
  EXPECT_THAT(text_of(log_), HasSubstr("sign in as chloe.ng (health visitor)"));
  const auto before = addresses()["screens"][1];
  ASSERT_EQ(kill(before["pid"], SIGKILL), 0);
  ASSERT_TRUE(
      eventually([&] { return addresses()["screens"][1]["pid"] != before["pid"]; }, kPatience));
  EXPECT_EQ(addresses()["screens"][1]["address"], before["address"]);
  EXPECT_TRUE(signs_in("X99", "chloe.ng"));
}

TEST_F(RunningSandbox, AReportOfSourcesOnTrialIsEmptyWhereThereAreNone) {
  const Ran report = ran({"shadow", "report", "--source", "X26/PAS", "--since", "7d"});
  EXPECT_EQ(report.exit, 0) << report.err;
  EXPECT_THAT(report.err, HasSubstr("0 events of sources on trial"));
}

TEST_F(RunningSandbox, AnEndpointsOwnDiskSaysWhatItReceived) {
  EXPECT_THAT(feed(0, "x26_adt_a04_ed.hl7"), HasSubstr("MSA|AA"));
  const std::string store = folder_ + "/endpoints/X70-MASH";
  EXPECT_TRUE(eventually(
      [&] {
        const Ran stored = ran({"stored", "--team", "X70-MASH", "--store", store});
        return stored.exit == 0 && stored.err.find("1 entry stored") != std::string::npos;
      },
      kPatience));
}

TEST_F(RunningSandbox, ASecondOneInTheSameFolderLeavesTheFirstAlone) {
  auto second = ChildProgram::start({"second", sandbox_->plan().command, dir_.file("second.log")});
  ASSERT_TRUE(second.ok());
  std::optional<std::string> how;
  ASSERT_TRUE(eventually([&] { return (how = second->ended()).has_value(); }, kPatience));
  EXPECT_EQ(*how, "exit 65");
  EXPECT_THAT(text_of(dir_.file("second.log")), HasSubstr("is running already"));
  EXPECT_EQ(ran({"status"}).exit, 0);
}

TEST_F(RunningSandbox, ATeamsKeyReadsNoOtherInbox) {
  const Ran other = ran({"inbox", "ls", "--team", "X26-ED", "--as", "x70-mash.desk"});
  EXPECT_EQ(other.exit, 77);
  const Ran admin = ran({"status", "--as", "x70-mash.desk", "--timeout", "3"});
  EXPECT_NE(admin.exit, 0);
}

TEST_F(RunningSandbox, AReplayIsPlannedFirst) {
  EXPECT_THAT(feed(0, "x26_adt_a04_ed.hl7"), HasSubstr("MSA|AA"));
  ASSERT_TRUE(told("X70-MASH", 1));
  // Its endpoint has a cursor only once it has received something.
  Ran plan;
  EXPECT_TRUE(eventually(
      [&] {
        plan = ran({"replay", "--team", "X70-MASH", "--from", "1"});
        return plan.out.find("team-system") != std::string::npos;
      },
      kPatience));
  EXPECT_EQ(plan.exit, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("1 entry"));
  EXPECT_THAT(plan.err, HasSubstr("nothing was replayed"));
  const Ran done = ran({"replay", "--team", "X70-MASH", "--from", "1", "--execute", "--confirm",
                        "1", "--reason", "their system was restored"});
  EXPECT_EQ(done.exit, 0) << done.err;
}

}  // namespace
}  // namespace switchboard::cli
