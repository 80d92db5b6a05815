#include "adapters/mllp/mllp_frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::mllp {
namespace {

using Kind = Frame::Kind;

std::vector<std::string> texts(const std::vector<Frame>& frames) {
  std::vector<std::string> out;
  for (const Frame& f : frames) out.push_back(f.bytes);
  return out;
}

std::vector<Frame> feed_in_pieces(FrameDecoder& decoder, std::string_view bytes, size_t piece) {
  std::vector<Frame> out;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    for (Frame& f : decoder.feed(bytes.substr(at, piece))) out.push_back(std::move(f));
  }
  return out;
}

}  // namespace

TEST(MllpFrame, ABatchThatBeginsInsideAFrameIsTheNextOne) {
  for (const std::string begin : {"BHS|", "FHS|"}) {
    FrameDecoder decoder;
    const auto frames = decoder.feed("\x0b" + begin + "1\rMSH|half" + encode_frame(begin + "2\r"));
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(frames[0].kind, Kind::kTruncated);
    EXPECT_EQ(frames[1].bytes, begin + "2\r");
  }
}

TEST(MllpFrame, TwoFramesInOneReadAreTwoMessages) {
  FrameDecoder decoder;
  const auto frames = decoder.feed(encode_frame("MSH|a\rPID|1\r") + encode_frame("MSH|b\r"));
  EXPECT_THAT(texts(frames), testing::ElementsAre("MSH|a\rPID|1\r", "MSH|b\r"));
  EXPECT_EQ(decoder.junk_bytes(), 0u);
}

TEST(MllpFrame, HowTheBytesArriveDoesNotMatter) {
  const std::string stream = "noise" + encode_frame("MSH|a\rPID|1\r") + "\r\n" +
                             encode_frame("MSH|\x1c|b\x0b\r") + encode_frame("");
  FrameDecoder whole;
  const auto expected = texts(whole.feed(stream));
  EXPECT_THAT(expected, testing::ElementsAre("MSH|a\rPID|1\r", "MSH|\x1c|b\x0b\r", ""));
  for (size_t piece = 1; piece < stream.size(); ++piece) {
    FrameDecoder decoder;
    EXPECT_EQ(texts(feed_in_pieces(decoder, stream, piece)), expected) << piece;
    EXPECT_EQ(decoder.junk_bytes(), 7u);
  }
}

TEST(MllpFrame, EndBytesSplitOverTwoReadsStillEnd) {
  FrameDecoder decoder;
  EXPECT_TRUE(decoder.feed("\x0bMSH|a\r\x1c").empty());
  EXPECT_TRUE(decoder.in_frame());
  EXPECT_THAT(texts(decoder.feed("\r")), testing::ElementsAre("MSH|a\r"));
  EXPECT_FALSE(decoder.in_frame());
}

TEST(MllpFrame, AFileSeparatorWithoutItsReturnIsContent) {
  FrameDecoder decoder;
  EXPECT_THAT(texts(decoder.feed("\x0b"
                                 "a\x1c"
                                 "b\x1c\x1c\r")),
              testing::ElementsAre("a\x1c"
                                   "b\x1c"));
}

TEST(MllpFrame, BytesOutsideFramesAreIgnoredAndCounted) {
  FrameDecoder decoder;
  EXPECT_TRUE(decoder.feed("GET / HTTP/1.1\r\n\r\n").empty());
  EXPECT_EQ(decoder.junk_bytes(), 18u);
  EXPECT_TRUE(decoder.close().empty());
}

TEST(MllpFrame, AMessageAtTheLimitPassesAndOneByteMoreIsOversize) {
  for (const size_t piece : {1u, 3u, 64u}) {
    FrameDecoder decoder(8);
    const auto at = feed_in_pieces(decoder, encode_frame("12345678"), piece);
    ASSERT_EQ(at.size(), 1u);
    EXPECT_EQ(at[0].kind, Kind::kMessage);
    const auto over = feed_in_pieces(decoder, encode_frame("123456789"), piece);
    ASSERT_EQ(over.size(), 1u);
    EXPECT_EQ(over[0].kind, Kind::kOversize);
    EXPECT_EQ(over[0].bytes, "12345678");
    EXPECT_EQ(over[0].seen_bytes, 9u);
  }
}

TEST(MllpFrame, AfterAnOversizeMessageTheNextOneIsRead) {
  FrameDecoder decoder(64);
  const std::string big(10'000, 'x');
  const auto ended = decoder.feed(encode_frame(big) + encode_frame("MSH|next"));
  ASSERT_EQ(ended.size(), 2u);
  EXPECT_EQ(ended[0].kind, Kind::kOversize);
  EXPECT_EQ(ended[0].seen_bytes, big.size());
  EXPECT_EQ(ended[1].bytes, "MSH|next");
  const auto restarted = decoder.feed("\x0b" + big + encode_frame("MSH|next"));
  ASSERT_EQ(restarted.size(), 2u);
  EXPECT_EQ(restarted[0].kind, Kind::kOversize);
  EXPECT_EQ(restarted[1].bytes, "MSH|next");
}

TEST(MllpFrame, AMessageBegunInsideAnotherIsNeverMixedWithIt) {
  const std::string stream = "\x0bMSH|first\rPID|half" + encode_frame("MSH|second\r");
  for (size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameDecoder decoder;
    const auto frames = feed_in_pieces(decoder, stream, piece);
    ASSERT_EQ(frames.size(), 2u) << piece;
    EXPECT_EQ(frames[0].kind, Kind::kTruncated);
    EXPECT_EQ(frames[0].bytes, "MSH|first\rPID|half");
    EXPECT_EQ(frames[1].kind, Kind::kMessage);
    EXPECT_EQ(frames[1].bytes, "MSH|second\r");
  }
}

TEST(MllpFrame, AFrameCutByTheCloseIsReportedOnce) {
  FrameDecoder decoder;
  EXPECT_TRUE(decoder.feed("\x0bMSH|cut").empty());
  const auto frames = decoder.close();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].kind, Kind::kTruncated);
  EXPECT_EQ(frames[0].bytes, "MSH|cut");
  EXPECT_TRUE(decoder.close().empty());
}

}  // namespace switchboard::mllp
