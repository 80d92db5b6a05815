// A sandbox as a new user meets it: the real programs, real sockets, the command line.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/sdk/client.h"
#include "adapters/sdk/connection_file.h"
#include "broker/base/london.h"
#include "services/cli/child_program.h"
#include "services/cli/command_line.h"
#include "tests/support/eventually.h"
#include "tests/support/temp_dir.h"

namespace switchboard::cli {
namespace {

using test::eventually;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kPatience = std::chrono::seconds(40);

struct Ran {
  int exit = 0;
  std::string out;
  std::string err;
};

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// One message over MLLP, and the whole answer.
std::string send_mllp(const std::string& address, const std::string& message) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  timeval patience{.tv_sec = 30, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  const size_t colon = address.rfind(':');
  to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) {
    const std::string framed = "\x0b" + message + "\x1c\r";
    if (send(fd, framed.data(), framed.size(), MSG_NOSIGNAL) ==
        static_cast<ssize_t>(framed.size())) {
      char c = 0;
      while (!answer.ends_with("\x1c\r") && recv(fd, &c, 1, 0) == 1) answer += c;
    }
  }
  close(fd);
  return answer;
}

class RunningSandbox : public ::testing::Test {
 protected:
  void SetUp() override {
    unsetenv("SWITCHBOARD_CONNECT");
    const std::string program = std::string(SWITCHBOARD_BINARY_DIR) + "/bin/switchboard";
    ASSERT_EQ(ran({"sandbox", "init", folder_}).exit, 0);
    change_configuration();
    auto started = ChildProgram::start({"sandbox", {program, "sandbox", "run", folder_}, log_});
    ASSERT_TRUE(started.ok()) << started.error().text;
    sandbox_.emplace(std::move(*started));
    const bool up = eventually([&] { return access(addresses_.c_str(), R_OK) == 0; }, kPatience);
    ASSERT_TRUE(up) << text_of(log_);
  }

  virtual void change_configuration() {}

  void TearDown() override {
    sandbox_->ask_to_stop();
    std::optional<std::string> how;
    EXPECT_TRUE(eventually([&] { return (how = sandbox_->ended()).has_value(); }, kPatience));
    EXPECT_EQ(how.value_or("still running"), "exit 0") << text_of(log_);
  }

  nlohmann::json addresses() const { return nlohmann::json::parse(text_of(addresses_)); }
  Ran ran(std::vector<std::string> arguments) const {
    const bool needs_hub = arguments.front() != "sandbox";
    if (needs_hub) arguments.insert(arguments.end(), {"--connect", folder_ + "/connect.toml"});
    std::ostringstream out, err;
    Terminal terminal(out, err, {});
    const int exit = run(arguments, terminal);
    return {exit, out.str(), err.str()};
  }
  std::string feed(size_t source, const std::string& sample) const {
    return send_mllp(addresses()["mllp"][source]["address"], text_of(folder_ + "/hl7/" + sample));
  }
  // Deliveries of a team's inbox, as the command line lists them.
  std::vector<nlohmann::json> inbox(const std::string& team) const {
    const Ran listed = ran({"inbox", "ls", "--team", team, "--format", "jsonl"});
    std::vector<nlohmann::json> rows;
    std::istringstream lines(listed.out);
    for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
    return rows;
  }
  bool told(const std::string& team, size_t deliveries) const {
    return eventually([&] { return inbox(team).size() == deliveries; }, kPatience);
  }

  TempDir dir_;
  std::string folder_ = dir_.file("demo");
  std::string log_ = dir_.file("sandbox.log");
  std::string addresses_ = folder_ + "/endpoints.json";
  std::optional<ChildProgram> sandbox_;
};

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

// Synthetic: of the range that is nobody's.
std::string nhs_number(unsigned n) {
  for (unsigned stem = 900'000'000 + n * 17;; ++stem) {
    const std::string nine = std::to_string(stem);
    unsigned sum = 0;
    for (unsigned i = 0; i < 9; ++i) sum += (10 - i) * static_cast<unsigned>(nine[i] - '0');
    const unsigned check = (11 - sum % 11) % 11;
    if (check < 10) return nine + std::to_string(check);
  }
}
std::string csv(unsigned children) {
  std::string text = "birth_date,nhs_number\r\n";
  for (unsigned n = 0; n < children; ++n) text += "2020-01-31," + nhs_number(n) + "\r\n";
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

  const std::string number = "@" + dir_.write("number.txt", nhs_number(kChildren) + "\n");
  EXPECT_EQ(ran({"caseload", "add", "--team", team, "--nhs-number", number}).exit, 0);
  EXPECT_THAT(ran({"caseload", "ls", "--team", team}).out, HasSubstr("10001"));
  const Ran named = ran({"caseload", "add", "--team", team, "--nhs-number", nhs_number(3)});
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
  const std::string number = "@" + dir_.write("number.txt", nhs_number(1));
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

TEST_F(RunningSandbox, NumbersThatWereTriedAreNoLongerStale) {
  EXPECT_THAT(ran({"directory", "show", "X99-CAMHS"}).out, HasSubstr("STALE"));
  const Ran tried = ran({"team", "verified", "X99-CAMHS", "--reason", "rang both"});
  EXPECT_EQ(tried.exit, 0) << tried.err;
  EXPECT_THAT(ran({"directory", "show", "X99-CAMHS"}).out, Not(HasSubstr("STALE")));
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
