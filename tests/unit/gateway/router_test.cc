#include "services/gateway/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::gateway {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct Heard : Reply {
  explicit Heard(Response& to) : said(to) {}
  void answer(Response response) override { said = std::move(response); }
  std::shared_ptr<Stream> stream() override { return nullptr; }
  Response& said;
};

struct Asked {
  Response response;
  std::string who;  // which pattern answered
  std::map<std::string, std::string> places;
};

class Routing : public testing::Test {
 protected:
  void add(Method method, const char* pattern) {
    router.add(method, pattern, [this, pattern](const Request& request, std::shared_ptr<Reply>) {
      who = pattern;
      places = request.places;
    });
  }
  Asked ask(Method method, const std::string& path) {
    who.clear();
    places.clear();
    Response response;
    router.route({.method = method, .path = path}, std::make_shared<Heard>(response));
    return {response, who, places};
  }
  Router router;
  std::string who;
  std::map<std::string, std::string> places;
};

TEST_F(Routing, APatternFillsItsPlaces) {
  add(Method::kGet, "/api/teams/{team}/alerts/{number}");
  add(Method::kGet, "/api/teams/{team}/alerts");
  const Asked asked = ask(Method::kGet, "/api/teams/a b/alerts/17");
  EXPECT_EQ(asked.who, "/api/teams/{team}/alerts/{number}");
  EXPECT_THAT(asked.places, ElementsAre(Pair("number", "17"), Pair("team", "a b")));
  EXPECT_EQ(ask(Method::kGet, "/api/teams/x/alerts").who, "/api/teams/{team}/alerts");
}

TEST_F(Routing, APlaceIsNeverEmptyAndAPathIsMatchedWhole) {
  add(Method::kGet, "/api/teams/{team}/alerts");
  for (const char* path :
       {"/api/teams//alerts", "/api/teams/x/alerts/", "/api/teams/x/alerts/1", "/api/teams/x",
        "/API/teams/x/alerts", "//api/teams/x/alerts", "/api/teams/x/../x/alerts"}) {
    EXPECT_EQ(ask(Method::kGet, path).who, "") << path;
  }
}

TEST_F(Routing, AnotherMethodIsToldWhichAreAllowed) {
  add(Method::kGet, "/api/session");
  add(Method::kPost, "/api/session");
  add(Method::kDelete, "/api/session/lock");
  const Asked asked = ask(Method::kPut, "/api/session");
  EXPECT_EQ(asked.response.status, 405u);
  EXPECT_THAT(asked.response.headers, Contains(Pair("Allow", "GET, HEAD, POST")));
  EXPECT_THAT(ask(Method::kGet, "/api/session/lock").response.headers,
              Contains(Pair("Allow", "DELETE")));
}

TEST_F(Routing, AnUnknownPathOfTheApiIsNoPage) {
  add(Method::kGet, "/api/session");
  bool page = false;
  router.set_fallback([&](const Request&, std::shared_ptr<Reply>) { page = true; });
  for (const char* path : {"/api", "/api/", "/api/nothing", "/api/session/x"}) {
    EXPECT_EQ(ask(Method::kGet, path).response.status, 404u) << path;
    EXPECT_FALSE(page) << path;
  }
  ask(Method::kGet, "/apiary");
  EXPECT_TRUE(page);
}

TEST_F(Routing, PagesAreReadOnly) {
  bool page = false;
  router.set_fallback([&](const Request&, std::shared_ptr<Reply>) { page = true; });
  const Asked asked = ask(Method::kPost, "/team/a");
  EXPECT_EQ(asked.response.status, 405u);
  EXPECT_THAT(asked.response.headers, Contains(Pair("Allow", "GET, HEAD")));
  EXPECT_FALSE(page);
}

TEST_F(Routing, WithoutPagesThereIsNothing) {
  EXPECT_EQ(ask(Method::kGet, "/").response.status, 404u);
}

TEST_F(Routing, ForCountingAPathIsItsPattern) {
  add(Method::kGet, "/api/teams/{team}/alerts");
  add(Method::kPost, "/sign-in");
  EXPECT_EQ(router.pattern_of(Method::kGet, "/api/teams/x/alerts"), "/api/teams/{team}/alerts");
  EXPECT_EQ(router.pattern_of(Method::kPut, "/api/teams/x/alerts"), Router::kUnknown);
  EXPECT_EQ(router.pattern_of(Method::kGet, "/x"), Router::kUnknown);
  router.set_fallback([](const Request&, std::shared_ptr<Reply>) {});
  EXPECT_EQ(router.pattern_of(Method::kGet, "/x"), Router::kPages);
  EXPECT_EQ(router.pattern_of(Method::kPost, "/x"), Router::kUnknown);
  EXPECT_EQ(router.pattern_of(Method::kGet, "/api/x"), Router::kUnknown);
  EXPECT_EQ(router.pattern_of(Method::kGet, "/sign-in"), Router::kUnknown);
}

TEST_F(Routing, PathsAreToldInTheirOrder) {
  add(Method::kPost, "/api/session");
  add(Method::kGet, "/api/session");
  EXPECT_THAT(router.paths(), ElementsAre("POST /api/session", "GET /api/session"));
  EXPECT_THAT(Router().paths(), IsEmpty());
}

TEST_F(Routing, TwoPatternsForOnePathAreAMistake) {
  add(Method::kGet, "/api/teams/{team}/alerts");
  add(Method::kPost, "/api/teams/{team}/alerts");
  EXPECT_DEATH(add(Method::kGet, "/api/teams/{other}/alerts"), "");
  EXPECT_DEATH(add(Method::kGet, "/api/teams/all/{what}"), "");
  add(Method::kGet, "/api/teams/{team}/tasks");
}

}  // namespace
}  // namespace switchboard::gateway
