// Server-sent events: what a page that stays open all day lives on.
#include "tests/integration/gateway/http_world.h"

namespace switchboard::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class EventStream : public HttpWorld {
 protected:
  // A page whose stream is open: its head has been read.
  RawBrowser page(const std::string& headers = "", int receive_bytes = 0) {
    RawBrowser out(server->port(), receive_bytes);
    out.say(get_request("/api/stream", headers));
    head = out.hear_until("\r\n\r\n");
    return out;
  }
  void tell_all(const std::string& data) {
    on_thread([&] {
      for (const auto& stream : streams) stream->send("pushed", "1-1", data);
    });
  }
  bool has_streams(int n) {
    return counts("\nswitchboard_gateway_streams " + std::to_string(n) + "\n");
  }
  std::string head;
};

TEST_F(EventStream, EventsArriveAsTheyAreSaid) {
  open();
  RawBrowser one = page();
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream"));
  EXPECT_THAT(head, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(head, HasSubstr("X-Accel-Buffering: no\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
  on_thread([&] {
    EXPECT_TRUE(streams[0]->open());
    EXPECT_TRUE(streams[0]->send("live", "3-17", "a\nb"));
    EXPECT_TRUE(streams[0]->send("", "", "c"));
  });
  EXPECT_EQ(one.hear_until("data: c\n\n"),
            "event: live\nid: 3-17\ndata: a\ndata: b\n\ndata: c\n\n");
}

TEST_F(EventStream, SilenceIsFilledWithComments) {
  options.comment_every = milliseconds(20);
  open();
  RawBrowser one = page();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(one.hear_until(":\n\n"), ":\n\n");
  tell_all("x");
  EXPECT_THAT(one.hear_until("data: x\n\n"), HasSubstr("event: pushed\n"));
}

TEST_F(EventStream, AStreamIsNoRequestThatTakesTooLong) {
  options.request_within = milliseconds(30);
  options.idle_after = milliseconds(30);
  options.comment_every = milliseconds(50);
  open();
  RawBrowser one = page();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(one.hear_until(":\n\n"), ":\n\n");
  EXPECT_TRUE(has_streams(1));
}

TEST_F(EventStream, ItsEndComesAfterAllThatWasSaid) {
  open();
  RawBrowser one = page();
  const std::string data(300'000, 'x');
  on_thread([&] {
    streams[0]->send("", "", data);
    streams[0]->send("", "", "last");
    streams[0]->close();
    EXPECT_FALSE(streams[0]->open());
    EXPECT_FALSE(streams[0]->send("", "", "after"));
  });
  EXPECT_EQ(one.hear_all(), "data: " + data + "\n\ndata: last\n\n");
  one.leave();
  EXPECT_TRUE(has_streams(0));
  EXPECT_TRUE(has_connections(0));
}

TEST_F(EventStream, OneThatNobodyHoldsEnds) {
  open();
  RawBrowser one = page();
  on_thread([&] { streams.clear(); });
  EXPECT_EQ(one.hear_all(), "");
}

TEST_F(EventStream, ABrowserThatGoesAwayIsNoticedInSilence) {
  open();
  RawBrowser one = page();
  ASSERT_TRUE(has_streams(1));
  one.leave();
  EXPECT_TRUE(has_streams(0));
  on_thread([&] {
    EXPECT_FALSE(streams[0]->open());
    EXPECT_FALSE(streams[0]->send("", "", "x"));
  });
}

TEST_F(EventStream, OneThatDoesNotReadIsCutAndOthersGetTheirs) {
  options.stream_bytes_max = 256 * 1024;
  open();
  RawBrowser deaf = page("", 4096);
  RawBrowser other = page();
  const std::string data(64 * 1024, 'x');
  bool cut = false;
  for (int i = 0; i < 500 && !cut; ++i) {
    on_thread([&] {
      cut = !streams[0]->send("", "", data);
      EXPECT_TRUE(streams[1]->send("", "", data));
    });
    ASSERT_THAT(other.hear_until("\n\n"), EndsWith("xxx\n\n"));
  }
  EXPECT_TRUE(cut);
  EXPECT_TRUE(counts("\nswitchboard_gateway_streams_cut_total 1\n"));
  EXPECT_TRUE(has_streams(1));
  tell_all("still here");
  EXPECT_THAT(other.hear_until("\n\n"), EndsWith("data: still here\n\n"));
}

TEST_F(EventStream, OneThatTakesNothingForTooLongIsCut) {
  options.request_within = milliseconds(100);
  options.stream_bytes_max = 64 << 20;
  open();
  RawBrowser deaf = page("", 4096);
  const std::string data(16 << 20, 'x');
  tell_all(data);
  EXPECT_TRUE(counts("\nswitchboard_gateway_streams_cut_total 1\n"));
  EXPECT_TRUE(has_streams(0));
}

TEST_F(EventStream, AnEventOverTheBoundIsNotSent) {
  options.stream_bytes_max = 1000;
  open();
  RawBrowser one = page();
  on_thread([&] { EXPECT_FALSE(streams[0]->send("", "", std::string(2000, 'x'))); });
  EXPECT_EQ(one.hear_all(), "");
}

TEST_F(EventStream, TooManyAreSentAwayForAWhile) {
  options.streams_max = 2;
  open();
  RawBrowser first = page();
  RawBrowser second = page();
  const std::string answer = get("/api/stream");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer, HasSubstr("\r\nRetry-After: 10\r\n"));
  EXPECT_THAT(answer, HasSubstr("CODE_BUSY"));
  first.leave();
  ASSERT_TRUE(has_streams(1));
  RawBrowser third = page();
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200"));
}

TEST_F(EventStream, HeadOfAStreamIsItsHead) {
  open();
  RawBrowser one = browser();
  one.say("HEAD /api/stream HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(one.hear_all(), HasSubstr("text/event-stream"));
  EXPECT_TRUE(has_streams(0));
}

TEST_F(EventStream, TwoHundredPagesGetAnEventEach) {
  constexpr size_t kPages = 200;
  open();
  std::vector<RawBrowser> pages;
  for (size_t i = 0; i < kPages; ++i) pages.push_back(page());
  ASSERT_TRUE(has_streams(kPages));
  tell_all("for all");
  for (RawBrowser& one : pages) {
    ASSERT_EQ(one.hear_until("\n\n"), "event: pushed\nid: 1-1\ndata: for all\n\n");
  }
  pages.clear();
  EXPECT_TRUE(has_connections(0));
}

}  // namespace
}  // namespace switchboard::test
