#include "services/gateway/http_server.h"

#include <thread>

#include "tests/integration/gateway/http_world.h"
#include "tests/support/resident.h"

namespace switchboard::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class HttpServing : public HttpWorld {};

TEST_F(HttpServing, OneConnectionCarriesManyRequests) {
  open();
  RawBrowser one = browser();
  for (int i = 0; i < 20; ++i) {
    one.say(get_request("/api/names/a%20b"));
    const std::string answer = one.hear_answer();
    ASSERT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    ASSERT_THAT(answer, HasSubstr("Connection: keep-alive\r\n"));
    ASSERT_THAT(answer, EndsWith("name a b at 127.0.0.1"));
  }
}

TEST_F(HttpServing, RequestsThatCameTogetherAreAnsweredInTurn) {
  open();
  RawBrowser one = browser();
  one.say(get_request("/api/names/first") + get_request("/api/large") +
          get_request("/api/names/second", "Connection: close\r\n"));
  EXPECT_THAT(one.hear_answer(), EndsWith("name first at 127.0.0.1"));
  EXPECT_THAT(one.hear_answer(), EndsWith("xxx"));
  EXPECT_THAT(one.hear_answer(), EndsWith("name second at 127.0.0.1"));
  EXPECT_EQ(one.hear_all(), "");
}

TEST_F(HttpServing, HeadHasTheLengthAndNoBody) {
  open();
  RawBrowser one = browser();
  one.say("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string answer = one.hear_all();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(HttpServing, ABodyIsRead) {
  open();
  EXPECT_THAT(ask("POST /api/names/a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
              EndsWith("\r\n\r\nhello"));
  RawBrowser one = browser();
  one.say(
      "POST /api/names/a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(one.hear_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  one.say("hi");
  EXPECT_THAT(one.hear_answer(), EndsWith("\r\n\r\nhi"));
}

TEST_F(HttpServing, EveryAnswerHasTheSecurityHeaders) {
  open();
  for (const std::string path : {"/", "/api/names/a", "/api/nothing", "/api/dropped/a", "/%",
                                 "/api/split?to=x", "/api/stream"}) {
    RawBrowser one = browser();
    one.say(get_request(path));
    const std::string head = one.hear_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Content-Security-Policy: default-src 'none';")) << path;
    EXPECT_THAT(head, HasSubstr("X-Content-Type-Options: nosniff\r\n")) << path;
    EXPECT_THAT(head, HasSubstr("Cache-Control: no-store\r\n")) << path;
    EXPECT_THAT(head, Not(HasSubstr("Strict-Transport-Security"))) << path;
  }
}

TEST_F(HttpServing, ARefusalIsAProblemAndEndsTheConnection) {
  open();
  for (const auto& [request, status] : std::vector<std::pair<std::string, std::string>>{
           {"hello\r\n\r\n", "400"},
           {get_request("/%00"), "400"},
           {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "400"},
           {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "400"},
           {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "405"}}) {
    RawBrowser one = browser();
    one.say(request);
    const std::string answer = one.hear_all();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 " + status)) << request;
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n")) << request;
    EXPECT_THAT(answer, HasSubstr("{\"code\":\"CODE_MALFORMED\",\"text\":\"")) << request;
  }
}

TEST_F(HttpServing, ARequestThatIsDroppedIsAnsweredAndNotQuoted) {
  open();
  testing::internal::CaptureStderr();
  const std::string answer = get("/api/dropped/NAME?NAME=NAME", "Cookie: NAME\r\n");
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(answer, HasSubstr("CODE_INTERNAL"));
  EXPECT_THAT(log, HasSubstr("/api/dropped/{name}"));
  EXPECT_THAT(log, Not(HasSubstr("NAME")));
}

TEST_F(HttpServing, AnAnswerMayComeLater) {
  open();
  RawBrowser one = browser();
  one.say(get_request("/api/held"));
  ASSERT_TRUE(holds(1));
  on_thread([&] {
    held[0]->answer(text("late"));
    held[0]->answer(text("twice"));
    held.clear();
  });
  EXPECT_THAT(one.hear_answer(), EndsWith("late"));
  one.say(get_request("/"));
  EXPECT_THAT(one.hear_answer(), EndsWith("page"));
}

TEST_F(HttpServing, AnAnswerForOneRequestIsNeverAnothers) {
  open();
  RawBrowser one = browser();
  one.say(get_request("/api/held"));
  ASSERT_TRUE(holds(1));
  on_thread([&] { held[0]->answer(text("first")); });
  EXPECT_THAT(one.hear_answer(), EndsWith("first"));
  one.say(get_request("/api/held"));
  ASSERT_TRUE(holds(2));
  on_thread([&] {
    held[0]->answer(text("again the first"));
    EXPECT_EQ(held[0]->stream(), nullptr);
    held[0].reset();
    held[1]->answer(text("second"));
  });
  EXPECT_THAT(one.hear_answer(), EndsWith("second"));
}

TEST_F(HttpServing, ABrowserThatWentAwayIsNoError) {
  open();
  for (size_t i = 1; i <= 4; ++i) {
    RawBrowser one = browser();
    one.say(get_request("/api/held"));
    ASSERT_TRUE(holds(i));
  }
  on_thread([&] {
    held[0]->answer(text("nobody hears it"));
    held[1]->answer(text(std::string(large, 'x')));
    if (auto stream = held[2]->stream()) stream->send("live", "", "x");
    held.clear();
  });
  EXPECT_TRUE(has_connections(0));
  EXPECT_THAT(get("/"), EndsWith("page"));
}

TEST_F(HttpServing, WhatIsHeldMayOutliveTheServer) {
  open();
  RawBrowser one = browser();
  one.say(get_request("/api/held"));
  ASSERT_TRUE(holds(1));
  RawBrowser other = browser();
  other.say(get_request("/api/stream"));
  other.hear_until("\r\n\r\n");
  server.reset();
  EXPECT_EQ(one.hear_all(), "");
  held[0]->answer(text("x"));
  EXPECT_EQ(held[0]->stream(), nullptr);
  ASSERT_EQ(streams.size(), 1u);
  EXPECT_FALSE(streams[0]->open());
  EXPECT_FALSE(streams[0]->send("live", "", "x"));
  streams[0]->close();
}

TEST_F(HttpServing, AHeaderThatWouldSplitTheAnswerIsNotSent) {
  open();
  const std::string answer = get("/api/split?to=x");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(answer, Not(HasSubstr("X-Forged")));
}

TEST_F(HttpServing, RequestsAreCountedByPatternAndNeverByPath) {
  open();
  get("/api/names/NAME?NAME=1");
  get("/NAME");
  ask("PUT /api/names/NAME HTTP/1.1\r\nHost: a\r\n\r\n");
  ask("NAME / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string name = "switchboard_gateway_requests_total";
  EXPECT_TRUE(counts(name + "{method=\"GET\",route=\"/api/names/{name}\",status=\"2xx\"} 1\n"));
  EXPECT_TRUE(counts(name + "{method=\"GET\",route=\"pages\",status=\"2xx\"} 1\n"));
  EXPECT_TRUE(counts(name + "{method=\"other\",route=\"unknown\",status=\"4xx\"} 2\n"));
  EXPECT_TRUE(counts("switchboard_gateway_request_seconds_count 4\n"));
  EXPECT_THAT(metrics.text(), Not(HasSubstr("NAME")));
}

TEST_F(HttpServing, WorkIsDoneOnTheServersThreadAgainAndAgain) {
  open();
  std::thread::id of_answers, of_work;
  on_thread([&] { of_answers = std::this_thread::get_id(); });
  EXPECT_NE(of_answers, std::this_thread::get_id());
  std::promise<void> third;
  int times = 0;
  server->every(milliseconds(1), [&] {
    of_work = std::this_thread::get_id();
    if (++times == 3) third.set_value();
  });
  third.get_future().wait();
  on_thread([&] { EXPECT_EQ(of_work, of_answers); });
}

size_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  size_t pages = 0, resident = 0;
  in >> pages >> resident;
  return resident * static_cast<size_t>(getpagesize());
}

TEST_F(HttpServing, ThousandsOfRequestsLeaveNothingBehind) {
  open();
  for (int i = 0; i < 200; ++i) get("/");
  const size_t before = resident_bytes();
  for (int i = 0; i < 1500; ++i) get("/api/names/a");
  RawBrowser one = browser();
  for (int i = 0; i < 3000; ++i) {
    one.say(get_request("/api/names/a"));
    ASSERT_THAT(one.hear_answer(), EndsWith("127.0.0.1"));
  }
  EXPECT_TRUE(has_connections(1));
  one.leave();
  EXPECT_TRUE(has_connections(0));
  // Of 1500 connections of 20 KiB each, had they stayed: 30 MiB.
  constexpr size_t kGrowthMax = (24 << 20) + test::kKeptBySanitizersKb * 1024;
  EXPECT_LT(resident_bytes(), before + kGrowthMax);
}

}  // namespace
}  // namespace switchboard::test
