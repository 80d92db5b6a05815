#include "services/gateway/http_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::gateway {
namespace {

using testing::Contains;
using testing::Pair;

Request with_cookies(std::string text) {
  Request request;
  request.headers["cookie"] = std::move(text);
  return request;
}

TEST(HttpMessage, AHeaderThatIsNotThereIsEmpty) {
  Request request;
  request.headers["host"] = "screen";
  EXPECT_EQ(request.header("host"), "screen");
  EXPECT_EQ(request.header("origin"), "");
}

TEST(HttpMessage, ACookieIsFoundByItsWholeName) {
  const Request request = with_cookies("a=1; xa=2;  switchboard=abc=d ;b=");
  EXPECT_EQ(request.cookie("a"), "1");
  EXPECT_EQ(request.cookie("switchboard"), "abc=d");
  EXPECT_EQ(request.cookie("b"), "");
  EXPECT_EQ(request.cookie("board"), "");
  EXPECT_EQ(request.cookie("A"), "");
}

TEST(HttpMessage, TheFirstOfTwoCookiesOfOneNameCounts) {
  EXPECT_EQ(with_cookies("s=first; s=second").cookie("s"), "first");
}

TEST(HttpMessage, NoCookieIsNoCookie) {
  EXPECT_EQ(Request().cookie("s"), "");
  EXPECT_EQ(with_cookies("").cookie("s"), "");
  EXPECT_EQ(with_cookies(";;; ;").cookie("s"), "");
  EXPECT_EQ(with_cookies("s").cookie("s"), "");
}

TEST(HttpMessage, ARefusalIsAProblemInJson) {
  const Response out = problem(error(v1::CODE_BUSY, "Wait \"a\" moment."), "person", 15);
  EXPECT_EQ(out.status, 503u);
  EXPECT_EQ(out.type, "application/json");
  EXPECT_EQ(
      out.body,
      R"({"code":"CODE_BUSY","text":"Wait \"a\" moment.","field":"person","retryAfterS":15})");
  EXPECT_THAT(out.headers, Contains(Pair("Retry-After", "15")));
}

TEST(HttpMessage, ARefusalThatIsFinalHasNoRetryAfter) {
  EXPECT_TRUE(problem(error(v1::CODE_NOT_FOUND, "x")).headers.empty());
}

TEST(HttpMessage, EveryCodeHasAStatus) {
  EXPECT_EQ(status_of(v1::CODE_DUPLICATE), 200u);
  EXPECT_EQ(status_of(v1::CODE_MALFORMED), 400u);
  EXPECT_EQ(status_of(v1::CODE_INVALID), 400u);
  EXPECT_EQ(status_of(v1::CODE_NOT_ALLOWED), 403u);
  EXPECT_EQ(status_of(v1::CODE_NOT_FOUND), 404u);
  EXPECT_EQ(status_of(v1::CODE_CONFLICT), 409u);
  EXPECT_EQ(status_of(v1::CODE_OVERSIZE), 413u);
  EXPECT_EQ(status_of(v1::CODE_DRAINING), 503u);
  EXPECT_EQ(status_of(v1::CODE_INTERNAL), 500u);
  EXPECT_EQ(status_of(v1::CODE_UNSUPPORTED_VERSION), 500u);
}

}  // namespace
}  // namespace switchboard::gateway
