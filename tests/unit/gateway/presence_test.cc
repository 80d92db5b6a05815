#include "services/gateway/presence.h"

#include "tests/unit/gateway/sign_in_world.h"

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;

class PresenceTest : public SignInWorld {
 protected:
  Response unlock(const std::string& token, const std::string& password,
                  const std::string& person = {}) {
    return ask(of(token, Method::kPost, "/api/session/unlock", typed(person, password)));
  }
  Response by(const std::string& person, Method method, const std::string& path,
              const std::string& token = {}) {
    Request asked = token.empty() ? request(method, path) : of(token, method, path);
    by_proxy(asked, person);
    return ask(asked);
  }
  // A page opened through the proxy.
  std::string federated(const std::string& person) {
    return token_in(by(person, Method::kGet, "/api/session"));
  }
  unsigned admits_by(const std::string& person, const std::string& token) {
    Request asked = of(token, Method::kGet, "/api/teams/ward");
    by_proxy(asked, person);
    return admits(asked);
  }
};

// ---- the operators' page ------------------------------------------------------------------------

// P9: only who is named for it; their own session says so, so that the page is offered to nobody
// else.
TEST_F(PresenceTest, TheOperatorsPageIsForThoseWhoAreNamedForIt) {
  options_.operators = {"bela"};
  start();
  const auto operates = [this](const std::string& token) {
    Told told;
    presence_->operating([](const Visitor&, const Request&, std::shared_ptr<Reply> reply) {
      reply->answer({});
    })(of(token, Method::kGet, "/api/operator"), std::make_shared<TestReply>(told));
    return told.response->status;
  };
  const std::string one = bela(), other = anna();
  EXPECT_EQ(operates(one), 200u);
  EXPECT_TRUE(look(one).operates());
  EXPECT_EQ(operates(other), 403u);
  EXPECT_FALSE(look(other).operates());
  EXPECT_EQ(operates(""), 401u);
  ask(of(one, Method::kPost, "/api/session/lock"));
  EXPECT_EQ(operates(one), 423u);
}

// ---- the gate -----------------------------------------------------------------------------------

TEST_F(PresenceTest, TheGateLetsInWhoIsSignedInAndOfTheTeam) {
  const std::string token = bela();
  EXPECT_EQ(admits(token), 200u);
  EXPECT_EQ(visitor_.person.id, "bela");
  EXPECT_EQ(visitor_.assurance, v1::ASSURANCE_LOCAL_SIGN_IN);
  EXPECT_EQ(admits(token, "clinic"), 403u);
  EXPECT_EQ(admits(token, "office"), 403u);
  EXPECT_EQ(admits(token, ""), 403u);
  EXPECT_EQ(admits(request(Method::kGet, "/api/teams/ward")), 401u);
  EXPECT_EQ(admits(std::string(64, 'a')), 401u);
  EXPECT_TRUE(presence_->still(of(token, Method::kGet, "/x"), "ward"));
  EXPECT_FALSE(presence_->still(of(token, Method::kGet, "/x"), "clinic"));
  EXPECT_FALSE(presence_->still(request(Method::kGet, "/x"), "ward"));
}
TEST_F(PresenceTest, EachRefusalSaysWhatToDo) {
  Told told;
  presence_->signed_in([](const Visitor&, const Request&, auto) { FAIL(); })(
      request(Method::kGet, "/x"), std::make_shared<TestReply>(told));
  EXPECT_EQ(told.response->status, 401u);
  EXPECT_EQ(problem_in(*told.response).code(), v1::CODE_NOT_ALLOWED);
  EXPECT_THAT(problem_in(*told.response).text(), HasSubstr("sign in"));
}
TEST_F(PresenceTest, AWritingRequestNeedsTheTokenOfItsOwnSession) {
  const std::string token = anna(), other = bela();
  for (const Method method : {Method::kPost, Method::kPut, Method::kDelete}) {
    Request asked = of(token, method, "/api/teams/ward");
    EXPECT_EQ(admits(asked), 200u);
    asked.headers["x-switchboard-csrf"] = Sessions::csrf(other);
    EXPECT_EQ(admits(asked), 403u) << "another session's";
    asked.headers["x-switchboard-csrf"] = "";
    EXPECT_EQ(admits(asked), 403u);
    asked.headers.erase("x-switchboard-csrf");
    EXPECT_EQ(admits(asked), 403u);
    asked.headers["x-switchboard-csrf"] = token;
    EXPECT_EQ(admits(asked), 403u);
  }
  Request read = of(token, Method::kGet, "/api/teams/ward");
  read.headers.erase("x-switchboard-csrf");
  EXPECT_EQ(admits(read), 200u);
}
TEST_F(PresenceTest, AWritingRequestOfAnotherOriginIsRefusedAlsoWithTheToken) {
  Request asked = of(anna(), Method::kPost, "/api/teams/ward");
  asked.headers["origin"] = "https://evil.example";
  EXPECT_EQ(admits(asked), 403u);
  asked.headers["origin"] = "null";
  EXPECT_EQ(admits(asked), 403u);
  asked.headers["origin"] = "https://hub.example:8443";
  asked.headers["sec-fetch-site"] = "cross-site";
  EXPECT_EQ(admits(asked), 403u);
  asked.headers.erase("origin");
  asked.headers.erase("sec-fetch-site");
  EXPECT_EQ(admits(asked), 200u) << "the token is proof where neither is sent";
}
TEST_F(PresenceTest, SessionsOwnWritesNeedTheTokenToo) {
  const std::string token = anna();
  const std::pair<Method, const char*> writes[] = {{Method::kDelete, "/api/session"},
                                                   {Method::kPost, "/api/session/lock"},
                                                   {Method::kPost, "/api/session/unlock"},
                                                   {Method::kPut, "/api/password"}};
  for (const auto& [method, path] : writes) {
    Request asked = of(token, method, path, typed("", kAnnas));
    asked.headers.erase("x-switchboard-csrf");
    EXPECT_EQ(ask(asked).status, 403u) << path;
  }
  EXPECT_EQ(who(token), "anna");
  EXPECT_FALSE(look(token).locked());
}

// ---- ends ---------------------------------------------------------------------------------------

TEST_F(PresenceTest, ACookieIsWorthNothingAfterTheSignOut) {
  const std::string token = anna(), other = anna();
  const Response out = ask(of(token, Method::kDelete, "/api/session"));
  EXPECT_EQ(session_in(out).person(), "");
  EXPECT_EQ(set_cookie(out),
            "__Host-switchboard=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0");
  EXPECT_EQ(who(token), "");
  EXPECT_EQ(admits(token), 401u);
  start();
  EXPECT_EQ(admits(token), 401u);
  EXPECT_EQ(admits(other), 200u);
}
TEST_F(PresenceTest, SigningOutTwiceIsNoError) {
  const std::string token = anna();
  ask(of(token, Method::kDelete, "/api/session"));
  EXPECT_EQ(ask(of(token, Method::kDelete, "/api/session")).status, 200u);
}
TEST_F(PresenceTest, ARestartSignsNobodyOut) {
  const std::string token = anna();
  start();
  EXPECT_EQ(admits(token), 200u);
}
TEST_F(PresenceTest, WhoIsDisabledOrLeavesIsOutAtOnce) {
  const std::string anna = this->anna(), elsewhere = this->anna(), bela = this->bela();
  put_team("clinic", {});
  EXPECT_EQ(admits(anna, "clinic"), 403u);
  EXPECT_EQ(admits(anna), 200u);
  put_team("ward", {"bela"});
  EXPECT_FALSE(presence_->still(of(anna, Method::kGet, "/x"), "ward"));
  put_team("ward", {"anna", "bela"});
  EXPECT_EQ(admits(anna), 401u) << "coming back takes a sign-in";
  EXPECT_EQ(admits(elsewhere), 401u) << "all of them have ended";
  EXPECT_EQ(admits(bela), 200u);
}
TEST_F(PresenceTest, WhosePasswordIsRemovedIsOutAtOnce) {
  const std::string token = anna(), elsewhere = anna();
  ASSERT_TRUE(Credentials::open(dir_.path())->remove("anna").ok());
  EXPECT_FALSE(presence_->still(of(token, Method::kGet, "/x"), "ward"));
  give_password("anna", kAnnas);
  EXPECT_EQ(admits(token), 401u);
  EXPECT_EQ(admits(elsewhere), 401u);
}
TEST_F(PresenceTest, WhosePasswordIsSetAnewOnTheCommandLineIsOutAtOnce) {
  const std::string token = anna(), elsewhere = anna();
  give_password("anna", kAnnas);
  EXPECT_EQ(admits(token), 401u);
  EXPECT_EQ(admits(elsewhere), 401u);
  EXPECT_EQ(admits(anna()), 200u);
}
TEST_F(PresenceTest, APeopleFileThatTurnsBadSignsNobodyOutAndIsSaidOnce) {
  const std::string token = anna();
  dir_.write("people.json", "{\"peo");
  testing::internal::CaptureStderr();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(admits(token), 200u);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("people.json not taken"));
  EXPECT_EQ(log.find("not taken"), log.rfind("not taken"));
}
TEST_F(PresenceTest, ASessionEndsAtItsLongest) {
  const std::string token = anna();
  now_ = now_ + limits_.longest;
  EXPECT_EQ(admits(token), 401u);
  EXPECT_EQ(who(token), "");
}

// ---- locking ------------------------------------------------------------------------------------

TEST_F(PresenceTest, OnlyWhatAPersonDoesKeepsTheScreenOpen) {
  const std::string polled = anna(), used = anna();
  Request active = of(used, Method::kGet, "/api/teams/ward");
  active.headers["x-switchboard-active"] = "1";
  for (int i = 0; i < 15; ++i) {
    wait(seconds(60));
    look(polled);
    look(used);
    presence_->still(of(polled, Method::kGet, "/x"), "ward");
    EXPECT_EQ(admits(polled), i < 14 ? 200u : 423u) << i;
    EXPECT_EQ(admits(active), 200u);
  }
  EXPECT_EQ(admits(polled), 423u);
  EXPECT_TRUE(look(polled).locked());
}
TEST_F(PresenceTest, APageWithNothingToAskSaysOnItsSessionThatSomebodyIsThere) {
  const std::string token = anna();
  Request active = of(token, Method::kGet, "/api/session");
  active.headers["x-switchboard-active"] = "1";
  for (int i = 0; i < 20; ++i) {
    wait(seconds(60));
    EXPECT_FALSE(session_in(ask(active)).locked());
  }
  active.headers["x-switchboard-active"] = "0";
  for (int i = 0; i < 15; ++i) {
    wait(seconds(60));
    ask(active);
  }
  EXPECT_TRUE(look(token).locked());
}
TEST_F(PresenceTest, ALockedScreenAnswersNothingButItsSession) {
  const std::string token = anna();
  const auto locked = session_in(ask(of(token, Method::kPost, "/api/session/lock")));
  EXPECT_TRUE(locked.locked());
  EXPECT_EQ(locked.person(), "anna");
  EXPECT_EQ(locked.csrf(), Sessions::csrf(token));
  Request active = of(token, Method::kGet, "/api/teams/ward");
  active.headers["x-switchboard-active"] = "1";
  EXPECT_EQ(admits(active), 423u);
  EXPECT_EQ(admits(active), 423u) << "activity does not unlock it";
  EXPECT_EQ(admits(of(token, Method::kPost, "/api/teams/ward")), 423u);
  EXPECT_FALSE(presence_->still(active, "ward"));
  EXPECT_TRUE(look(token).locked());
  start();
  EXPECT_EQ(admits(token), 423u) << "nor a restart";
  EXPECT_EQ(session_in(ask(of(token, Method::kDelete, "/api/session"))).person(), "");
}
TEST_F(PresenceTest, ThePasswordUnlocksUnderANewToken) {
  const std::string token = anna();
  ask(of(token, Method::kPost, "/api/session/lock"));
  const Response response = unlock(token, kAnnas);
  EXPECT_FALSE(session_in(response).locked());
  const std::string fresh = token_in(response);
  EXPECT_NE(fresh, token);
  EXPECT_EQ(admits(fresh), 200u);
  EXPECT_EQ(admits(token), 401u);
}
TEST_F(PresenceTest, AWrongPasswordDoesNotAndCountsAsAnyOther) {
  const std::string token = anna();
  ask(of(token, Method::kPost, "/api/session/lock"));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(unlock(token, "wrong").status, 403u);
    EXPECT_EQ(admits(token), 423u);
  }
  EXPECT_EQ(unlock(token, kAnnas).status, 403u);
  EXPECT_EQ(try_sign_in("anna", kAnnas).status, 401u);
}
TEST_F(PresenceTest, SomebodyElsesPasswordDoesNotUnlock) {
  const std::string token = anna();
  ask(of(token, Method::kPost, "/api/session/lock"));
  EXPECT_EQ(unlock(token, kBelas).status, 403u);
  EXPECT_EQ(unlock(token, kBelas, "bela").status, 409u);
  EXPECT_EQ(admits(token), 423u);
  EXPECT_EQ(session_in(unlock(token, kAnnas, "anna")).person(), "anna");
}
TEST_F(PresenceTest, ASessionThatEndedWhileThePasswordWasLookedAtStaysEnded) {
  const std::string token = anna();
  Told told;
  ask(of(token, Method::kPost, "/api/session/unlock", typed("", kAnnas)), told);
  ask(of(token, Method::kDelete, "/api/session"));
  posted_.run_one();
  EXPECT_EQ(told.response->status, 401u);
  EXPECT_EQ(set_cookie(*told.response), "");
}

// ---- by the organisation's own sign-in ----------------------------------------------------------

TEST_F(PresenceTest, ThePersonTheProxyNamesIsSignedInWithoutAPassword) {
  const Response response = by("anna", Method::kGet, "/api/session");
  const auto session = session_in(response);
  EXPECT_EQ(session.person(), "anna");
  EXPECT_EQ(session.assurance(), v1::ASSURANCE_FEDERATED);
  EXPECT_TRUE(session.proxy());
  EXPECT_FALSE(session.must_change_password());
  EXPECT_THAT(set_cookie(response),
              testing::MatchesRegex("switchboard=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict"));
  const std::string token = token_in(response);
  EXPECT_EQ(admits_by("anna", token), 200u);
  EXPECT_EQ(visitor_.assurance, v1::ASSURANCE_FEDERATED);
  EXPECT_EQ(set_cookie(by("anna", Method::kGet, "/api/session", token)), "") << "the same one";
}
TEST_F(PresenceTest, WithoutAPasswordHereTheyCanStillComeByTheProxy) {
  ASSERT_TRUE(Credentials::open(dir_.path())->remove("anna").ok());
  EXPECT_EQ(admits_by("anna", federated("anna")), 200u);
}
TEST_F(PresenceTest, TheHeaderMeansNothingAtTheBrowsersOwnDoor) {
  Request asked = request(Method::kGet, "/api/session");
  asked.headers["x-switchboard-person"] = "anna";
  const Response response = ask(asked);
  EXPECT_EQ(session_in(response).person(), "");
  EXPECT_FALSE(session_in(response).proxy());
  EXPECT_EQ(set_cookie(response), "");
  EXPECT_EQ(admits(asked), 401u);
  Request own = of(bela(), Method::kGet, "/api/teams/ward");
  own.headers["x-switchboard-person"] = "anna";
  EXPECT_EQ(admits(own), 200u);
  EXPECT_EQ(visitor_.person.id, "bela");
}
TEST_F(PresenceTest, WithoutTheHeaderThereIsNobody) {
  const std::string token = federated("anna");
  EXPECT_EQ(admits_by("", token), 401u);
  EXPECT_EQ(session_in(by("", Method::kGet, "/api/session", token)).person(), "");
  EXPECT_EQ(admits_by("anna", token), 200u) << "and nothing has ended";
}
TEST_F(PresenceTest, WhomTheProxyNamesButTheHubDoesNotIsNobody) {
  EXPECT_EQ(session_in(by("mallory", Method::kGet, "/api/session")).person(), "");
  EXPECT_EQ(session_in(by("anna, bela", Method::kGet, "/api/session")).person(), "");
}
TEST_F(PresenceTest, WhenTheProxyNamesSomebodyElseTheOldSessionEnds) {
  const std::string token = federated("anna");
  const Response response = by("bela", Method::kGet, "/api/session", token);
  EXPECT_EQ(session_in(response).person(), "bela");
  EXPECT_EQ(admits_by("anna", token), 401u);
  EXPECT_EQ(admits_by("bela", token_in(response)), 200u);
  const std::string other = federated("anna");
  EXPECT_EQ(admits_by("bela", other), 401u) << "at any request";
  EXPECT_EQ(admits_by("anna", other), 401u);
}
TEST_F(PresenceTest, ASessionCountsAtItsOwnDoorOnly) {
  const std::string token = federated("anna");
  EXPECT_EQ(admits(token), 401u);
  EXPECT_EQ(who(token), "");
  const std::string local = bela();
  EXPECT_EQ(admits_by("bela", local), 401u);
}
TEST_F(PresenceTest, ThereIsNoPasswordAtTheProxysDoor) {
  Request in = request(Method::kPost, "/api/session", typed("anna", kAnnas));
  by_proxy(in, "anna");
  EXPECT_EQ(ask(in).status, 403u);
  const std::string token = federated("anna");
  Request change = of(token, Method::kPut, "/api/password", changed(kAnnas, "otter lantern"));
  by_proxy(change, "anna");
  EXPECT_EQ(ask(change).status, 403u);
}
TEST_F(PresenceTest, AtTheProxysDoorTheSameNameUnlocks) {
  const std::string token = federated("anna");
  EXPECT_TRUE(session_in(by("anna", Method::kPost, "/api/session/lock", token)).locked());
  EXPECT_EQ(admits_by("anna", token), 423u);
  const Response response = by("anna", Method::kPost, "/api/session/unlock", token);
  EXPECT_FALSE(session_in(response).locked());
  EXPECT_NE(token_in(response), token);
  EXPECT_EQ(by("bela", Method::kPost, "/api/session/unlock", token_in(response)).status, 401u);
}
TEST_F(PresenceTest, AnotherSiteCannotBeginASessionByTheProxy) {
  Request asked = request(Method::kGet, "/api/session");
  asked.headers["sec-fetch-site"] = "cross-site";
  by_proxy(asked, "anna");
  const Response response = ask(asked);
  EXPECT_EQ(session_in(response).person(), "");
  EXPECT_EQ(set_cookie(response), "");
}
TEST_F(PresenceTest, WhoLeavesTheDirectoryIsOutAlsoByTheProxy) {
  const std::string token = federated("anna");
  put_team("ward", {});
  put_team("clinic", {});
  EXPECT_EQ(admits_by("anna", token), 401u);
}

}  // namespace
}  // namespace switchboard::gateway
