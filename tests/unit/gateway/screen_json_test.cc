#include "services/gateway/screen_json.h"

#include <gmock/gmock.h>

#include "switchboard/v1/screen.pb.h"

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ScreenJson, IsProtobufsOwnMapping) {
  v1::ScreenSession session;
  session.set_person("anna");
  session.set_signed_in_us(1'700'000'000'000'000);
  session.set_environment(v1::ENVIRONMENT_TEST);
  EXPECT_EQ(
      to_json(session),
      R"({"person":"anna","signedInUs":"1700000000000000","environment":"ENVIRONMENT_TEST"})");
  v1::ScreenSession back;
  ASSERT_TRUE(from_json(to_json(session), back).ok());
  EXPECT_EQ(back.signed_in_us(), session.signed_in_us());
}
TEST(ScreenJson, WhatIsNotExactlyTheMessageIsRefused) {
  for (const char* bad :
       {"", " ", "null", "[]", "\"x\"", "{", "{}}", "{} {}", "{\"person\":\"a\"",
        "{\"person\":\"a\",\"admin\":true}", "{\"person\":7}", "{\"person\":{\"x\":1}}",
        "{\"person\":\"\\ud800\"}", "{\"person\":\"\xff\xfe\"}"}) {
    v1::SignIn typed;
    const auto read = from_json(bad, typed);
    ASSERT_FALSE(read.ok()) << bad;
    EXPECT_EQ(read.error().code, v1::CODE_MALFORMED);
    EXPECT_EQ(typed.ByteSizeLong(), 0u) << "nothing half read";
  }
  EXPECT_FALSE([] {
    v1::SignIn typed;
    return from_json(std::string(3000, '{'), typed).ok();
  }());
}
TEST(ScreenJson, TheRefusalDoesNotQuoteWhatWasSent) {
  v1::SignIn typed;
  const auto read = from_json(R"({"person":"anna","password":"hidden-word" "x")", typed);
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().text, Not(HasSubstr("hidden-word")));
}
TEST(ScreenJson, ItsSizeIsBounded) {
  v1::SignIn typed;
  std::string body = R"({"person":")" + std::string(kSmallBodyBytesMax, 'a') + "\"}";
  EXPECT_EQ(from_json(body, typed).error().code, v1::CODE_OVERSIZE);
  EXPECT_TRUE(from_json(body, typed, body.size()).ok());
}
TEST(ScreenJson, ABodyMustSayThatItIsJson) {
  Request request{.body = "{}"};
  v1::SignIn typed;
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "text/json"}) {
    request.headers["content-type"] = type;
    EXPECT_FALSE(read_body(request, typed).ok()) << type;
  }
  request.headers["content-type"] = "application/json; charset=utf-8";
  EXPECT_TRUE(read_body(request, typed).ok());
}

}  // namespace
}  // namespace switchboard::gateway
