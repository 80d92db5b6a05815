#include "services/gateway/response_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ResponseHead, SaysLengthAndWhetherTheConnectionStays) {
  Response response{.status = 423, .headers = {{"Set-Cookie", "a=b; Path=/"}}};
  EXPECT_EQ(*response_head(response, {.length = 5, .keep_alive = true}),
            "HTTP/1.1 423 Locked\r\nContent-Type: application/json\r\nContent-Length: 5\r\n"
            "Connection: keep-alive\r\nSet-Cookie: a=b; Path=/\r\n\r\n");
  EXPECT_THAT(*response_head(response, {}), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(*response_head(response, {}), Not(HasSubstr("Content-Length")));
}

TEST(ResponseHead, NoHeaderBeginsAnother) {
  const std::string nul("a\0b", 3);
  for (const std::string value :
       {"a\r\nSet-Cookie: s=forged", "a\nb", "a\rb", nul.c_str(), "\x7f"}) {
    if (value == "a") continue;
    EXPECT_FALSE(response_head({.headers = {{"Location", value}}}, {}).ok()) << value;
    EXPECT_FALSE(response_head({.type = value}, {}).ok()) << value;
  }
  EXPECT_FALSE(response_head({.headers = {{"X", nul}}}, {}).ok());
  for (const char* name : {"", "a b", "a:", "a\r\nb"}) {
    EXPECT_FALSE(response_head({.headers = {{name, "x"}}}, {}).ok()) << name;
  }
}

TEST(ResponseHead, LengthAndConnectionAreTheServersOwn) {
  const Response response{
      .headers = {{"content-length", "99"}, {"Transfer-Encoding", "chunked"}, {"connection", "x"}}};
  const std::string head = *response_head(response, {.length = 2});
  EXPECT_THAT(head, Not(HasSubstr("99")));
  EXPECT_THAT(head, Not(HasSubstr("chunked")));
  EXPECT_THAT(head, Not(HasSubstr("connection: x")));
}

TEST(ResponseHead, NotModifiedHasNoLength) {
  const std::string head = *response_head({.status = 304}, {.length = 0});
  EXPECT_THAT(head, Not(HasSubstr("Content-")));
}

}  // namespace
}  // namespace switchboard::gateway
