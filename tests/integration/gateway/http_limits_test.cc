// What a server may be asked to bear: each limit of HttpServer::Options.
#include "tests/integration/gateway/http_world.h"

namespace switchboard::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class HttpLimits : public HttpWorld {
 protected:
  // Says a byte, looks whether it is cut, says the next: how many it came to.
  size_t said_before_cut(RawBrowser& one, size_t at_most) {
    constexpr int kLookMs = 2;
    for (size_t said = 0; said < at_most; ++said) {
      if (!one.say("a") || one.hears(kLookMs)) return said;
    }
    return at_most;
  }
  static constexpr size_t kFar = 10'000;  // bytes, each 2 ms apart at least: 20 s
};

TEST_F(HttpLimits, AHeaderOfOneByteAtATimeIsCut) {
  options.request_within = milliseconds(100);
  open();
  RawBrowser one = browser();
  one.say("GET / HTTP/1.1\r\nX-A: ");
  EXPECT_LT(said_before_cut(one, kFar), kFar);
  EXPECT_EQ(one.hear_all(), "");
  EXPECT_TRUE(has_connections(0));
}

TEST_F(HttpLimits, ABodyOfOneByteAtATimeIsCut) {
  options.request_within = milliseconds(100);
  open();
  RawBrowser one = browser();
  one.say("POST /api/names/a HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n");
  EXPECT_LT(said_before_cut(one, kFar), kFar);
  EXPECT_EQ(one.hear_all(), "");
}

TEST_F(HttpLimits, TheTimeBeginsAnewWithEachRequest) {
  options.request_within = milliseconds(150);
  open();
  RawBrowser one = browser();
  for (int i = 0; i < 4; ++i) {
    one.say("GET / HTTP/1.1\r\n");
    ASSERT_FALSE(one.hears(60));
    one.say("Host: a\r\n\r\n");
    ASSERT_THAT(one.hear_answer(), EndsWith("page")) << i;
  }
}

TEST_F(HttpLimits, AnIdleConnectionIsEnded) {
  options.idle_after = milliseconds(30);
  open();
  RawBrowser silent = browser();
  EXPECT_EQ(silent.hear_all(), "");
  RawBrowser asked = browser();
  asked.say(get_request("/"));
  EXPECT_THAT(asked.hear_answer(), EndsWith("page"));
  EXPECT_EQ(asked.hear_all(), "");
}

TEST_F(HttpLimits, ARequestThatNobodyAnswersIsAnsweredInTime) {
  options.request_within = milliseconds(50);
  open();
  const std::string answer = get("/api/held");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer, HasSubstr("\r\nRetry-After: "));
  on_thread([&] { held[0]->answer(text("too late")); });
  EXPECT_TRUE(counts("switchboard_gateway_unanswered_total 1\n"));
}

TEST_F(HttpLimits, ABrowserThatDoesNotTakeItsAnswerIsCut) {
  options.request_within = milliseconds(100);
  open();
  RawBrowser one(server->port(), 4096);
  one.say(get_request("/api/large"));
  ASSERT_TRUE(counts("switchboard_gateway_request_seconds_count 1\n"));
  EXPECT_TRUE(has_connections(0));
  EXPECT_LT(one.hear_all().size(), large);
}

TEST_F(HttpLimits, ALargeBodyIsRefusedAndTheAnswerArrives) {
  open();
  RawBrowser one = browser();
  one.say("POST /api/names/a HTTP/1.1\r\nHost: a\r\nContent-Length: " +
          std::to_string(options.body_bytes_max + 1) + "\r\n\r\n" +
          std::string(options.body_bytes_max + 1, 'b'));
  const std::string answer = one.hear_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(answer, HasSubstr("CODE_OVERSIZE"));
  EXPECT_FALSE(one.was_reset());
}

TEST_F(HttpLimits, ABodyUpToTheLimitIsTaken) {
  open();
  const std::string body(options.body_bytes_max, 'b');
  EXPECT_THAT(ask("POST /api/names/a HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n" + body),
              EndsWith("\r\n\r\n" + body));
}

TEST_F(HttpLimits, ALargeHeaderIsRefusedAndTheAnswerArrives) {
  open();
  RawBrowser one = browser();
  one.say(get_request("/", "X-A: " + std::string(64 * 1024, 'a') + "\r\n"));
  EXPECT_THAT(one.hear_all(), StartsWith("HTTP/1.1 431"));
  EXPECT_FALSE(one.was_reset());
}

TEST_F(HttpLimits, MoreConnectionsThanAllowedWait) {
  options.connections_max = 2;
  open();
  RawBrowser first = browser();
  RawBrowser second = browser();
  ASSERT_TRUE(has_connections(2));
  RawBrowser third = browser();
  third.say(get_request("/"));
  EXPECT_FALSE(third.hears(50));
  first.leave();
  EXPECT_THAT(third.hear_answer(), EndsWith("page"));
}

TEST_F(HttpLimits, WhileOthersWaitNobodyKeepsAPlaceForLater) {
  options.connections_max = 1;
  open();
  RawBrowser first = browser();
  ASSERT_TRUE(has_connections(1));
  RawBrowser second = browser();
  second.say(get_request("/"));
  first.say(get_request("/"));
  EXPECT_THAT(first.hear_answer(), HasSubstr("\r\nConnection: close\r\n"));
  first.leave();
  EXPECT_THAT(second.hear_answer(), EndsWith("page"));
}

}  // namespace
}  // namespace switchboard::test
