#include "adapters/mllp/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::mllp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kFile = "FHS|^~\\&|PAS|XB2|HUB|XH1|20261122||||F7\r";
const std::string kHead = "BHS|^~\\&|PAS|XB2|HUB|XH1|20261122||||B7\r";
const std::string kOne = "MSH|^~\\&|PAS|XB2|||20261122||ADT^A01|1|T|2.3\rPID|1\r";
const std::string kTwo = "MSH|^~\\&|PAS|XB2|||20261122||ADT^A03|2|T|2.3\rPID|2\r";

std::vector<std::string> texts(const BatchFrame& frame) {
  return {frame.messages.begin(), frame.messages.end()};
}
std::vector<std::string> wrong(const std::string& frame) { return read_batch(frame).batch.wrong; }

TEST(Batch, EachMessageIsCutOutAsItsOwnBytes) {
  const std::string frame = kFile + kHead + kOne + kTwo + "BTS|2\rFTS|1\r";
  ASSERT_TRUE(is_batch(frame));
  const auto read = read_batch(frame);
  EXPECT_THAT(texts(read), ElementsAre(kOne, kTwo));
  EXPECT_THAT(read.batch.wrong, IsEmpty());
  ASSERT_EQ(read.batch.groups.size(), 1u);
  EXPECT_EQ(read.batch.groups[0].messages, 2u);
}

TEST(Batch, WhatIsNoBatchIsNone) {
  EXPECT_FALSE(is_batch(kOne));
  EXPECT_FALSE(is_batch(""));
  EXPECT_FALSE(is_batch("BH"));
}

TEST(Batch, CountsThatDoNotAddUpAreSaidAndTakeNothingAway) {
  EXPECT_THAT(wrong(kHead + kOne + "BTS|2\r"), ElementsAre("BTS-1 says 2, there are 1"));
  EXPECT_THAT(wrong(kHead + kOne + "BTS|x\r"), ElementsAre("BTS-1 says no number, there are 1"));
  EXPECT_THAT(wrong(kHead + kOne), ElementsAre("a batch without its BTS"));
  EXPECT_THAT(wrong(kFile + kHead + kOne + "BTS|1\r"), ElementsAre("a file without its FTS"));
  EXPECT_THAT(wrong(kFile + kHead + kOne + "BTS|1\rFTS|2\r"),
              ElementsAre("FTS-1 says 2, there are 1"));
  EXPECT_THAT(wrong(kHead + "NTE|1\r" + kOne + "BTS|1\r"),
              ElementsAre("a segment outside of any message"));
  EXPECT_THAT(texts(read_batch(kHead + kOne + "BTS|2\r")), ElementsAre(kOne));
}

TEST(Batch, ACountThatIsNotGivenIsNotChecked) {
  EXPECT_THAT(wrong(kHead + kOne + "BTS\r"), IsEmpty());
  EXPECT_THAT(wrong(kHead + kOne + "BTS||a comment\r"), IsEmpty());
}

TEST(Batch, AFileWithoutBatchesCountsItsMessages) {
  EXPECT_THAT(wrong(kFile + kOne + kTwo + "FTS|2\r"), IsEmpty());
  EXPECT_THAT(texts(read_batch(kFile + kOne + kTwo + "FTS|2\r")), ElementsAre(kOne, kTwo));
}

TEST(Batch, SeveralBatchesOfAFileAreCountedEach) {
  const std::string frame = kFile + kHead + kOne + "BTS|1\r" + kHead + kTwo + "BTS|1\rFTS|2\r";
  const auto read = read_batch(frame);
  EXPECT_THAT(read.batch.wrong, IsEmpty());
  EXPECT_EQ(read.batch.groups.size(), 2u);
  EXPECT_THAT(texts(read), ElementsAre(kOne, kTwo));
}

TEST(Batch, TheLastSegmentNeedsNoEnd) {
  const auto read = read_batch(kHead + kOne + "BTS|1");
  EXPECT_THAT(read.batch.wrong, IsEmpty());
  EXPECT_THAT(texts(read_batch(kHead + kOne.substr(0, kOne.size() - 1))),
              ElementsAre(kOne.substr(0, kOne.size() - 1)));
}

TEST(Batch, TooManyMessagesAreNotReadHalf) {
  std::string frame = kHead;
  for (size_t i = 0; i <= kBatchMessagesMax; ++i) frame += "MSH|\r";
  EXPECT_TRUE(read_batch(frame).too_many);
}

TEST(BatchReply, IsABatchThatNamesWhatItAnswers) {
  const auto read = read_batch(kFile + kHead + kOne + kTwo + "BTS|3\rFTS|1\r");
  const std::vector<std::vector<std::string>> acks{{"MSH|a\r"}, {"MSH|b\r"}};
  EXPECT_EQ(build_batch_reply({read.batch, acks, "R1", Time{0}}),
            "FHS|^~\\&|HUB|XH1|PAS|XB2|19700101000000+0000||||R1|F7\r"
            "BHS|^~\\&|HUB|XH1|PAS|XB2|19700101000000+0000||||R1|B7\r"
            "MSH|a\rMSH|b\r"
            "BTS|2|BTS-1 says 3, there are 2\r"
            "FTS|1\r");
}

TEST(BatchReply, SaysNothingWhereNoMessageAskedForAnAnswer) {
  const auto read = read_batch(kHead + kOne + "BTS|1\r");
  EXPECT_EQ(build_batch_reply({read.batch, std::vector<std::vector<std::string>>{{}}, "R1", {}}),
            "");
}

TEST(BatchReply, AnEmptyBatchGetsAnEmptyOne) {
  const auto read = read_batch(kHead + "BTS|0\r");
  EXPECT_THAT(build_batch_reply({read.batch, std::vector<std::vector<std::string>>{{}}, "R1", {}}),
              testing::EndsWith("\rBTS|0\r"));
}

}  // namespace
}  // namespace switchboard::mllp
