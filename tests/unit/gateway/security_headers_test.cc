#include "services/gateway/security_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::gateway {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

Response dressed(std::string_view path, bool tls, Response response = {}) {
  add_security_headers(response, path, tls);
  return response;
}

TEST(SecurityHeaders, AreOnEveryAnswer) {
  for (const char* path : {"/", "/api/session", "/assets/a.js", "/team/a"}) {
    const auto headers = dressed(path, false).headers;
    EXPECT_THAT(headers, Contains(Pair("X-Content-Type-Options", "nosniff")));
    EXPECT_THAT(headers, Contains(Pair("Referrer-Policy", "no-referrer")));
    EXPECT_THAT(headers, Contains(Pair("Cross-Origin-Opener-Policy", "same-origin")));
    EXPECT_THAT(headers, Contains(Pair("Cross-Origin-Resource-Policy", "same-origin")));
    EXPECT_THAT(headers, Contains(Pair("Permissions-Policy", HasSubstr("camera=()"))));
  }
}

TEST(SecurityHeaders, ThePolicyAllowsOurOwnAndNothingElse) {
  EXPECT_THAT(
      dressed("/", false).headers,
      Contains(Pair("Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
                    "data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
                    "frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'")));
}

TEST(SecurityHeaders, AnAnswerCannotLoosenThem) {
  const auto headers =
      dressed("/", false, {.headers = {{"content-security-policy", "default-src *"}}}).headers;
  EXPECT_THAT(headers, Not(Contains(Pair("content-security-policy", "default-src *"))));
}

TEST(SecurityHeaders, OnlyOverTlsIsTheBrowserToldToStayThere) {
  const auto strict = Contains(Pair("Strict-Transport-Security", HasSubstr("max-age=")));
  EXPECT_THAT(dressed("/", true).headers, strict);
  EXPECT_THAT(dressed("/", false).headers, Not(strict));
}

TEST(SecurityHeaders, NothingOfTheApiIsKept) {
  const Response kept{.headers = {{"cache-control", "public, max-age=1"}}};
  for (const char* path : {"/api", "/api/session"}) {
    EXPECT_THAT(dressed(path, false, kept).headers,
                AllOf(Contains(Pair("Cache-Control", "no-store")),
                      Not(Contains(Pair("cache-control", testing::_)))));
  }
  EXPECT_THAT(dressed("/apiary", false, kept).headers,
              Contains(Pair("cache-control", "public, max-age=1")));
  EXPECT_THAT(dressed("/x", false).headers, Contains(Pair("Cache-Control", "no-store")));
}

}  // namespace
}  // namespace switchboard::gateway
