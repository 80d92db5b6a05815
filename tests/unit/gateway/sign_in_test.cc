#include "services/gateway/sign_in.h"

#include "tests/unit/gateway/sign_in_world.h"

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

class SigningIn : public SignInWorld {};
class SigningInPlain : public SignInWorld {
 protected:
  SigningInPlain() : SignInWorld(false) {}
};

TEST_F(SigningIn, TheRightPasswordBeginsASessionThatThePageCanUse) {
  const Response response = try_sign_in("anna", kAnnas);
  const auto session = session_in(response);
  EXPECT_EQ(session.person(), "anna");
  EXPECT_EQ(session.name(), "anna smith");
  EXPECT_EQ(session.role(), "midwife");
  EXPECT_EQ(session.assurance(), v1::ASSURANCE_LOCAL_SIGN_IN);
  EXPECT_EQ(session.teams_size(), 2);
  EXPECT_EQ(session.teams(0).name(), "Team clinic");
  EXPECT_EQ(session.signed_in_us(), now_.us);
  EXPECT_EQ(session.ends_us(), (now_ + limits_.longest).us);
  EXPECT_EQ(session.csrf(), Sessions::csrf(token_in(response)));
  EXPECT_EQ(session.place(), "Northgate");
  EXPECT_EQ(session.help().phone(), "0113 496 0000");
  EXPECT_EQ(session.environment(), v1::ENVIRONMENT_LIVE);
  EXPECT_EQ(session.now_us(), now_.us);
  EXPECT_EQ(session.lock_after_s(), 900u);
  EXPECT_FALSE(session.locked() || session.proxy() || session.must_change_password());
  EXPECT_EQ(who(token_in(response)), "anna");
}
TEST_F(SigningIn, TheCookieIsForThisHostOverTlsAndForNoScript) {
  EXPECT_THAT(set_cookie(try_sign_in("anna", kAnnas)),
              testing::MatchesRegex("__Host-switchboard=[0-9a-f]{64}; Path=/; HttpOnly; "
                                    "SameSite=Strict; Secure"));
}
TEST_F(SigningInPlain, OnPlainLoopbackTheCookieHasANameThatABrowserTakes) {
  const Response response = try_sign_in("anna", kAnnas);
  EXPECT_THAT(set_cookie(response),
              testing::MatchesRegex("switchboard=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict"));
  EXPECT_EQ(who(token_in(response)), "anna");
}
TEST_F(SigningIn, TheOtherNameIsNotLookedAtOverTls) {
  Request asked = of(anna(), Method::kGet, "/api/session");
  asked.headers["cookie"].erase(0, std::string("__Host-").size());
  EXPECT_EQ(session_in(ask(asked)).person(), "");
}
TEST_F(SigningIn, WhoeverIsWrongLearnsNothingFromTheAnswer) {
  put_team("ward", {"anna", "bela", "cora"});  // has no password
  const Response wrong = try_sign_in("anna", "wrong");
  EXPECT_EQ(wrong.status, 401u);
  EXPECT_EQ(set_cookie(wrong), "");
  EXPECT_THAT(problem_in(wrong).text(),
              HasSubstr("wait 15 minutes, or ask the service desk (0113"));
  for (int i = 0; i < 5; ++i) try_sign_in("bela", "wrong");
  const std::pair<const char*, const char*> tries[] = {{"nobody", kAnnas}, {"cora", "wrong"},
                                                       {"", ""},           {"bela", "wrong"},
                                                       {"bela", kBelas},   {"anna", ""}};
  for (const auto& [person, password] : tries) {
    const Response other = try_sign_in(person, password);
    EXPECT_EQ(other.status, wrong.status) << person;
    EXPECT_EQ(other.body, wrong.body) << person;
    EXPECT_EQ(other.headers, wrong.headers) << person;
  }
}
TEST_F(SigningIn, WhoeverIsWrongHasAPasswordLookedAtAllTheSame) {
  for (int i = 0; i < 5; ++i) try_sign_in("bela", "wrong");
  for (const char* person : {"anna", "bela", "nobody"}) {
    Told told;
    ask(request(Method::kPost, "/api/session", typed(person, "wrong")), told);
    EXPECT_FALSE(told.response) << person << " is answered by the passwords' thread";
    posted_.run_one();
    EXPECT_TRUE(told.response);
  }
}
TEST_F(SigningIn, FiveFailuresLockThePersonOutAndAQuarterOfAnHourEndsIt) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(try_sign_in("anna", "wrong").status, 401u);
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 401u);
  EXPECT_EQ(try_sign_in("bela", kBelas).status, 200u);
  wait(seconds(15 * 60));
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 200u);
}
TEST_F(SigningIn, ManyAtOnceGetNoMoreTriesThanOneAfterAnother) {
  std::deque<Told> told(10);
  for (auto& one : told) {
    ask(request(Method::kPost, "/api/session", typed("anna", kAnnas)), one);
  }
  size_t in = 0;
  for (auto& one : told) {
    posted_.run_one();
    in += one.response->status == 200 ? 1u : 0u;
  }
  EXPECT_EQ(in, Lockout::kFailuresMax) << "the rest began while five were being looked at";
}
TEST_F(SigningIn, ARestartDoesNotHelpWhoGuesses) {
  for (int i = 0; i < 5; ++i) try_sign_in("anna", "wrong");
  start();
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 401u);
}
TEST_F(SigningIn, ATryCountsFromItsBeginningAlsoWhenWeAreKilledDuringIt) {
  for (int i = 0; i < 5; ++i) {
    Told told;
    ask(request(Method::kPost, "/api/session", typed("anna", "wrong")), told);
    sign_in_->stop();  // what it hands over is not run
    posted_.forget();
    start();
  }
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 401u);
}
TEST_F(SigningIn, ANewPasswordFromTheCommandLineEndsTheLock) {
  for (int i = 0; i < 5; ++i) try_sign_in("anna", "wrong");
  wait(seconds(60));
  give_password("anna", "another moss");
  EXPECT_EQ(try_sign_in("anna", "another moss").status, 200u);
}
TEST_F(SigningIn, APasswordSetByAWrongClockIsLockedAsAnyOther) {
  now_ = now_ - seconds(3600);
  for (int i = 0; i < 5; ++i) try_sign_in("anna", "wrong");
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 401u);
}
TEST_F(SigningIn, APlaceThatFailsThirtyTimesWaitsWhateverItTries) {
  for (int i = 0; i < 30; ++i) try_sign_in("nobody" + std::to_string(i), "wrong");
  const Response waits = try_sign_in("anna", kAnnas);
  EXPECT_EQ(waits.status, 429u);
  EXPECT_EQ(problem_in(waits).code(), v1::CODE_BUSY);
  EXPECT_EQ(problem_in(waits).retry_after_s(), 901u);
  EXPECT_THAT(problem_in(waits).text(), HasSubstr("minutes"));
  Request elsewhere = request(Method::kPost, "/api/session", typed("anna", kAnnas));
  elsewhere.address = "192.0.2.8";
  EXPECT_EQ(ask(elsewhere).status, 200u);
  wait(seconds(15 * 60));
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 200u);
}
TEST_F(SigningIn, WhenTooManyWaitTheNextIsToldToTryAgain) {
  // Nothing is taken off the thread: it ends up with as many as may wait.
  std::deque<Told> told;
  Response refused{.status = 0};
  sign_in_->stop();
  refused = try_sign_in("anna", kAnnas);
  EXPECT_EQ(refused.status, 503u);
  EXPECT_EQ(problem_in(refused).code(), v1::CODE_BUSY);
  EXPECT_EQ(problem_in(refused).retry_after_s(), 2u);
  start();
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 200u) << "and it was no failure";
}
TEST_F(SigningIn, SeveralPeopleAtOnceEachGetTheirOwn) {
  Told one, two, three;
  ask(request(Method::kPost, "/api/session", typed("anna", kAnnas)), one);
  ask(request(Method::kPost, "/api/session", typed("bela", kBelas)), two);
  ask(request(Method::kPost, "/api/session", typed("anna", kAnnas)), three);
  for (int i = 0; i < 3; ++i) posted_.run_one();
  EXPECT_EQ(who(token_in(*one.response)), "anna");
  EXPECT_EQ(who(token_in(*two.response)), "bela");
  EXPECT_EQ(who(token_in(*three.response)), "anna");
  EXPECT_NE(token_in(*one.response), token_in(*three.response));
}
TEST_F(SigningIn, SigningInWhereSomebodyIsSignedInEndsTheirSession) {
  const std::string before = anna();
  const Response response = try_sign_in("bela", kBelas, before);
  EXPECT_EQ(session_in(response).person(), "bela");
  EXPECT_NE(token_in(response), before);
  EXPECT_EQ(who(before), "");
  EXPECT_EQ(who(token_in(response)), "bela");
}
TEST_F(SigningIn, AWrongPasswordLeavesWhoeverIsSignedIn) {
  const std::string before = anna();
  EXPECT_EQ(try_sign_in("bela", "wrong", before).status, 401u);
  EXPECT_EQ(who(before), "anna");
}
TEST_F(SigningIn, ATokenThatSomebodyPlantedIsNeverTakenOver) {
  const std::string planted(64, 'a');
  const Response response = try_sign_in("anna", kAnnas, planted);
  EXPECT_NE(token_in(response), planted);
  EXPECT_EQ(who(planted), "");
}
TEST_F(SigningIn, AnotherSiteCannotSignSomebodyIn) {
  const auto with = [this](const char* origin, const char* site) {
    Request in = request(Method::kPost, "/api/session", typed("anna", kAnnas));
    in.headers.erase("origin");
    in.headers.erase("sec-fetch-site");
    if (*origin != 0) in.headers["origin"] = origin;
    if (*site != 0) in.headers["sec-fetch-site"] = site;
    return ask(in).status;
  };
  EXPECT_EQ(with("https://hub.example:8443", "same-origin"), 200u);
  EXPECT_EQ(with("https://HUB.example:8443", ""), 200u) << "older browsers";
  EXPECT_EQ(with("", "same-origin"), 200u);
  EXPECT_EQ(with("", ""), 403u);
  EXPECT_EQ(with("https://evil.example", "same-origin"), 403u);
  EXPECT_EQ(with("https://hub.example:8443", "same-site"), 403u);
  EXPECT_EQ(with("https://hub.example:8443", "cross-site"), 403u);
  EXPECT_EQ(with("https://hub.example:8443", "none"), 403u);
  EXPECT_EQ(with("http://hub.example:8443", ""), 403u) << "not our scheme";
  EXPECT_EQ(with("https://hub.example", ""), 403u) << "not our port";
  EXPECT_EQ(with("https://hub.example:8443.evil.example", ""), 403u);
  EXPECT_EQ(with("null", ""), 403u);
}
TEST_F(SigningIn, AFormCannot) {
  Request in = request(Method::kPost, "/api/session", typed("anna", kAnnas));
  in.headers["content-type"] = "text/plain";
  EXPECT_EQ(ask(in).status, 400u);
}
TEST_F(SigningIn, WhatIsNotASignInIsRefused) {
  EXPECT_EQ(ask(request(Method::kPost, "/api/session", "")).status, 400u);
  EXPECT_EQ(ask(request(Method::kPost, "/api/session", "{\"admin\":true}")).status, 400u);
  EXPECT_EQ(
      ask(request(Method::kPost, "/api/session", typed("anna", std::string(5000, 'x')))).status,
      413u);
}
TEST_F(SigningIn, BeforeTheHubHasToldWhoThereIsNobodySignsInAndNobodyIsSignedOut) {
  const std::string token = anna();
  people_ = People();
  put_team("clinic", {});
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 503u);
  EXPECT_EQ(ask(of(token, Method::kGet, "/api/session")).status, 503u);
  EXPECT_EQ(admits(token), 503u);
  EXPECT_FALSE(presence_->still(of(token, Method::kGet, "/x"), "ward"));
  put_team("ward", {"anna"});
  EXPECT_EQ(who(token), "anna");
}
TEST_F(SigningIn, WhoIsNotSignedInIsNobodyAndSeesWhereTheyAre) {
  const Response response = ask(request(Method::kGet, "/api/session"));
  const auto session = session_in(response);
  EXPECT_EQ(session.person(), "");
  EXPECT_EQ(session.csrf(), "");
  EXPECT_EQ(session.teams_size(), 0);
  EXPECT_EQ(session.place(), "Northgate");
  EXPECT_EQ(set_cookie(response), "");
}
TEST_F(SigningIn, OneTeamOfATestMakesThePageATest) {
  v1::TeamView view;
  view.set_team("clinic");
  view.set_environment(v1::ENVIRONMENT_TEST);
  people_.put(view);
  EXPECT_EQ(session_in(ask(request(Method::kGet, "/api/session"))).environment(),
            v1::ENVIRONMENT_TEST);
}
TEST_F(SigningIn, AHashOfAnotherCostIsReplacedAtTheSignInAndEndsNoSession) {
  give_password("anna", "another moss", false, {.passes = 2, .memory_bytes = 8192});
  const std::string token = sign_in("anna", "another moss");
  EXPECT_FALSE(needs_rehash(Credentials::open(dir_.path())->find("anna")->hash(), kCheap));
  EXPECT_EQ(who(token), "anna");
  EXPECT_EQ(try_sign_in("anna", "another moss").status, 200u);
}
TEST_F(SigningIn, WhoWasRemovedWhileThePasswordWasLookedAtIsNotLetIn) {
  Told told;
  ask(request(Method::kPost, "/api/session", typed("anna", kAnnas)), told);
  put_team("ward", {"bela"});
  put_team("clinic", {});
  posted_.run_one();
  EXPECT_EQ(told.response->status, 401u);
}
TEST_F(SigningIn, WhatIsLoggedNamesThePersonAndNeverWhatWasTyped) {
  put_team("ward", {"anna", "bela", "cora"});
  testing::internal::CaptureStderr();
  const std::string token = anna();
  for (int i = 0; i < 5; ++i) try_sign_in("bela", "secret-guess");
  try_sign_in("bela", kBelas);
  try_sign_in("typed-in-the-wrong-field", "secret-guess");
  try_sign_in("cora", "secret-guess");
  ask(of(token, Method::kDelete, "/api/session"));
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("signed in"));
  EXPECT_THAT(log, HasSubstr("signed out"));
  EXPECT_THAT(log, HasSubstr("person locked"));
  EXPECT_THAT(log, HasSubstr("anna"));
  EXPECT_THAT(log, HasSubstr("wrong password"));
  EXPECT_THAT(log, HasSubstr("no such person"));
  EXPECT_THAT(log, HasSubstr("has no password"));
  for (const char* never : {"secret-guess", "typed-in", kAnnas, kBelas, token.c_str()}) {
    EXPECT_THAT(log, Not(HasSubstr(never)));
  }
}

TEST_F(SigningIn, WhatTheDiskDoesNotKeepIsNotPromisedAndEndsTheProgram) {
  const std::string token = anna();
  // The try, what it forgives, the session: each is kept before the next is done.
  for (uint64_t sync = 1; sync <= 3; ++sync) {
    broken_.clear();
    start({.sync = sync});
    const Response response = try_sign_in("bela", kBelas);
    EXPECT_EQ(response.status, 500u) << sync;
    EXPECT_EQ(set_cookie(response), "") << sync;
    EXPECT_NE(broken_, "") << sync;
  }
  start({.sync = 4});
  EXPECT_EQ(try_sign_in("bela", kBelas).status, 200u);
  for (const char* path : {"/api/session/lock", "/api/session"}) {
    broken_.clear();
    start({.sync = 1});
    const Method method =
        std::string_view(path) == "/api/session" ? Method::kDelete : Method::kPost;
    EXPECT_EQ(ask(of(token, method, path)).status, 500u) << path;
    EXPECT_NE(broken_, "") << path;
  }
}

// ---- changing it --------------------------------------------------------------------------------

TEST_F(SigningIn, AChangedPasswordEndsAllOtherSessionsAndBeginsANewOne) {
  const std::string here = anna(), elsewhere = anna(), other = bela();
  const int64_t before = Credentials::open(dir_.path())->find("anna")->set_us();
  const Response response =
      ask(of(here, Method::kPut, "/api/password", changed(kAnnas, "otter lantern")));
  EXPECT_EQ(session_in(response).person(), "anna");
  EXPECT_EQ(sessions_->size(), 2u) << "gone, not only worth nothing";
  EXPECT_GT(Credentials::open(dir_.path())->find("anna")->set_us(), before)
      << "whatever the clock says";
  EXPECT_EQ(who(here), "");
  EXPECT_EQ(who(elsewhere), "");
  EXPECT_EQ(who(other), "bela");
  EXPECT_EQ(who(token_in(response)), "anna");
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 401u);
  EXPECT_EQ(try_sign_in("anna", "otter lantern").status, 200u);
}
TEST_F(SigningIn, TheOldOneMustBeRightAndCountsWhenItIsNot) {
  const std::string token = anna();
  for (int i = 0; i < 5; ++i) {
    const Response wrong =
        ask(of(token, Method::kPut, "/api/password", changed("wrong", "otter lantern")));
    EXPECT_EQ(wrong.status, 403u);
    EXPECT_EQ(problem_in(wrong).field(), "oldPassword");
  }
  EXPECT_EQ(ask(of(token, Method::kPut, "/api/password", changed(kAnnas, "otter lantern"))).status,
            403u);
  EXPECT_EQ(who(token), "anna");
}
TEST_F(SigningIn, TheNewOneMustBeGoodAndAnother) {
  const std::string token = anna();
  for (const char* bad : {"short", "password123", "anna smith", kAnnas}) {
    const Response refused = ask(of(token, Method::kPut, "/api/password", changed(kAnnas, bad)));
    EXPECT_EQ(refused.status, 400u) << bad;
    EXPECT_EQ(problem_in(refused).field(), "newPassword") << bad;
  }
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 200u);
}
TEST_F(SigningIn, APasswordSomebodyElseChoseMustBeChangedBeforeAnythingElse) {
  give_password("anna", "for a start", true);
  const std::string token = sign_in("anna", "for a start");
  EXPECT_TRUE(look(token).must_change_password());
  EXPECT_EQ(admits(token), 403u);
  EXPECT_FALSE(presence_->still(of(token, Method::kGet, "/x"), "ward"));
  const Response response =
      ask(of(token, Method::kPut, "/api/password", changed("for a start", "otter lantern")));
  EXPECT_FALSE(session_in(response).must_change_password());
  EXPECT_EQ(admits(token_in(response)), 200u);
}
TEST_F(SigningIn, ALockedScreenChangesNoPassword) {
  const std::string token = anna();
  ask(of(token, Method::kPost, "/api/session/lock"));
  EXPECT_EQ(ask(of(token, Method::kPut, "/api/password", changed(kAnnas, "otter lantern"))).status,
            423u);
}
TEST_F(SigningIn, APasswordThatCannotBeKeptIsNotChanged) {
  const std::string token = anna();
  std::filesystem::create_directory(dir_.file("people.json.new"));
  const Response response =
      ask(of(token, Method::kPut, "/api/password", changed(kAnnas, "otter lantern")));
  EXPECT_EQ(response.status, 500u);
  EXPECT_EQ(who(token), "anna");
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 200u);
}

}  // namespace
}  // namespace switchboard::gateway
