#include "services/gateway/request_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace switchboard::gateway {
namespace {

using State = RequestReader::State;
constexpr size_t kBodyMax = 1000;

State feed(RequestReader& reader, std::string_view bytes, size_t at_once = 4096) {
  State state = State::kMore;
  while (!bytes.empty() && state == State::kMore) {
    const auto room = reader.room();
    const size_t n = std::min({room.bytes, bytes.size(), at_once});
    std::memcpy(room.at, bytes.data(), n);
    bytes.remove_prefix(n);
    state = reader.took(n);
  }
  return state;
}

unsigned refused_with(std::string_view bytes) {
  RequestReader reader({}, kBodyMax);
  return feed(reader, bytes) == State::kRefused ? reader.refusal().status : 0;
}

std::string get(const std::string& headers, const std::string& target = "/") {
  return "GET " + target + " HTTP/1.1\r\nHost: screen\r\n" + headers + "\r\n";
}
std::string post(const std::string& headers, const std::string& body = "") {
  return "POST /x HTTP/1.1\r\nHost: screen\r\n" + headers + "\r\n" + body;
}

TEST(RequestReader, ReadsTheSameWhateverThePieces) {
  const std::string text =
      post("Content-Length: 4\r\nCookie: a=1\r\nCookie: b=2\r\nX-A: p\r\nx-a: q\r\n", "body");
  for (const size_t pieces : {1, 2, 3, 7, 4096}) {
    RequestReader reader({.address = "192.0.2.1"}, kBodyMax);
    ASSERT_EQ(feed(reader, text, pieces), State::kWhole);
    const Request request = reader.take();
    EXPECT_EQ(request.method, Method::kPost);
    EXPECT_EQ(request.path, "/x");
    EXPECT_EQ(request.body, "body");
    EXPECT_EQ(request.header("cookie"), "a=1; b=2");
    EXPECT_EQ(request.header("x-a"), "p, q");
    EXPECT_EQ(request.address, "192.0.2.1");
    EXPECT_TRUE(reader.keep_alive());
    EXPECT_FALSE(reader.begun());
  }
}

TEST(RequestReader, WhatCameTogetherIsReadInTurn) {
  RequestReader reader({}, kBodyMax);
  ASSERT_EQ(feed(reader, get("", "/a") + get("", "/b") + "GET /c"), State::kWhole);
  EXPECT_EQ(reader.take().path, "/a");
  ASSERT_EQ(reader.go_on(), State::kWhole);
  EXPECT_EQ(reader.take().path, "/b");
  EXPECT_EQ(reader.go_on(), State::kMore);
  EXPECT_TRUE(reader.begun());
}

TEST(RequestReader, HeadIsAGetWithoutABody) {
  RequestReader reader({}, kBodyMax);
  ASSERT_EQ(feed(reader, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"), State::kWhole);
  EXPECT_TRUE(reader.head());
  EXPECT_EQ(reader.take().method, Method::kGet);
}

TEST(RequestReader, ChunksAreOneBody) {
  RequestReader reader({}, kBodyMax);
  ASSERT_EQ(
      feed(reader, post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")),
      State::kWhole);
  EXPECT_EQ(reader.take().body, "abcde");
}

TEST(RequestReader, TwoLengthsAreRefused) {
  EXPECT_EQ(refused_with(post("Content-Length: 4\r\nContent-Length: 5\r\n", "body!")), 400u);
  EXPECT_EQ(refused_with(post("Content-Length: 4\r\nContent-Length: 4\r\n", "body")), 400u);
  EXPECT_EQ(refused_with(post("Content-Length: 4, 4\r\n", "body")), 400u);
  EXPECT_EQ(refused_with(post("Content-Length: +4\r\n", "body")), 400u);
}

TEST(RequestReader, ALengthBesideChunksIsRefused) {
  EXPECT_EQ(refused_with(post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
            400u);
  EXPECT_EQ(refused_with(post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n")),
            400u);
}

TEST(RequestReader, OtherCodingsAreRefused) {
  for (const char* coding : {"gzip, chunked", "xchunked", "chunked, identity", "identity"}) {
    EXPECT_EQ(refused_with(post("Transfer-Encoding: " + std::string(coding) + "\r\n", "0\r\n\r\n")),
              400u)
        << coding;
  }
  EXPECT_EQ(refused_with(
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
            400u);
  EXPECT_EQ(refused_with("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400u);
}

TEST(RequestReader, WhatIsNoRequestIsRefused) {
  for (const char* wrong :
       {"\x16\x03\x01\x02", "hello\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nbad\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    EXPECT_EQ(refused_with(wrong), 400u) << wrong;
  }
}

TEST(RequestReader, ExactlyOneHostIsNamed) {
  EXPECT_EQ(refused_with("GET / HTTP/1.1\r\n\r\n"), 400u);
  EXPECT_EQ(refused_with("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400u);
  EXPECT_EQ(refused_with("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"), 400u);
  EXPECT_EQ(refused_with("GET / HTTP/1.0\r\n\r\n"), 0u);
}

TEST(RequestReader, UnknownMethodsAreToldWhichAreKnown) {
  for (const char* method : {"PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"}) {
    EXPECT_EQ(refused_with(std::string(method) + " /x HTTP/1.1\r\nHost: a\r\n\r\n"), 405u)
        << method;
  }
}

TEST(RequestReader, AHeaderIsAtMostSoLarge) {
  const std::string most(RequestReader::kHeaderBytesMax - 200, 'a');
  EXPECT_EQ(refused_with(get("X-A: " + most + "\r\n")), 0u);
  EXPECT_EQ(refused_with(get("X-A: " + most + std::string(300, 'a') + "\r\n")), 431u);
  EXPECT_EQ(refused_with("GET /" + std::string(RequestReader::kHeaderBytesMax, 'a')), 431u);
}

TEST(RequestReader, ABodyIsAtMostSoLarge) {
  const std::string most(kBodyMax, 'b');
  EXPECT_EQ(refused_with(post("Content-Length: 1000\r\n", most)), 0u);
  EXPECT_EQ(refused_with(post("Content-Length: 1001\r\n")), 413u);
  EXPECT_EQ(refused_with(post("Content-Length: 99999999999999999999\r\n")), 400u);
  EXPECT_EQ(refused_with(post("Transfer-Encoding: chunked\r\n",
                              "3e8\r\n" + most + "\r\n1\r\nb\r\n0\r\n\r\n")),
            413u);
}

TEST(RequestReader, AChunkWithoutEndIsRefused) {
  RequestReader reader({}, kBodyMax);
  const std::string text = post("Transfer-Encoding: chunked\r\n", "1;" + std::string(40'000, 'x'));
  EXPECT_EQ(feed(reader, text), State::kRefused);
}

TEST(RequestReader, AnAddressIsTheProxysWordAtItsOwnDoorOnly) {
  const std::string text = get("X-Forwarded-For: 203.0.113.9, 2001:db8::1\r\n");
  RequestReader browser({.address = "192.0.2.1"}, kBodyMax);
  ASSERT_EQ(feed(browser, text), State::kWhole);
  EXPECT_EQ(browser.take().address, "192.0.2.1");
  RequestReader proxy({.door = Door::kProxy}, kBodyMax);
  ASSERT_EQ(feed(proxy, text), State::kWhole);
  const Request request = proxy.take();
  EXPECT_EQ(request.door, Door::kProxy);
  EXPECT_EQ(request.address, "2001:db8::1");
}

TEST(RequestReader, AProxyThatNamesNoAddressHasNone) {
  RequestReader proxy({.door = Door::kProxy}, kBodyMax);
  ASSERT_EQ(feed(proxy, get("X-Forwarded-For: 192.0.2.1, unknown\r\n") + get("")), State::kWhole);
  EXPECT_EQ(proxy.take().address, "");
  ASSERT_EQ(proxy.go_on(), State::kWhole);
  EXPECT_EQ(proxy.take().address, "");
}

TEST(RequestReader, WhoeverWaitsForItIsToldToGoOnOnce) {
  RequestReader reader({}, kBodyMax);
  ASSERT_EQ(feed(reader, post("Expect: 100-continue\r\nContent-Length: 2\r\n")), State::kMore);
  EXPECT_TRUE(reader.asks_continue());
  EXPECT_FALSE(reader.asks_continue());
  EXPECT_EQ(feed(reader, "ab"), State::kWhole);
}

}  // namespace
}  // namespace switchboard::gateway
