#include "adapters/mllp/hl7_message.h"

#include <gtest/gtest.h>

namespace switchboard::mllp {
namespace {

Message parse(std::string_view bytes, LineEnds ends = LineEnds::kCr) {
  auto parsed = Message::parse(bytes, ends);
  EXPECT_TRUE(std::holds_alternative<Message>(parsed)) << std::get<Problem>(parsed).code;
  return std::move(std::get<Message>(parsed));
}
std::string problem(std::string_view bytes) {
  const auto parsed = Message::parse(bytes, LineEnds::kCr);
  return std::holds_alternative<Problem>(parsed) ? std::get<Problem>(parsed).code : "parsed";
}

}  // namespace

TEST(Hl7Message, CountsAsHl7Does) {
  const Message m = parse("MSH|^~\\&|EPR|XA1||HUB|20261122\rPID|1||9^^^NHS^NH~L1^^^XA1^MR||A^B\r");
  EXPECT_EQ(m.msh().field(1).raw(), "|");
  EXPECT_EQ(m.msh().field(2).raw(), "^~\\&");
  EXPECT_EQ(m.msh().field(3).raw(), "EPR");
  EXPECT_TRUE(m.msh().field(5).empty());
  EXPECT_EQ(m.msh().field(7).text(), "20261122");
  const Value ids = m.field("PID", 3);
  ASSERT_EQ(ids.repetitions(), 2u);
  EXPECT_EQ(ids.repetition(2).component(1).text(), "L1");
  EXPECT_EQ(ids.repetition(2).component(5).text(), "MR");
  EXPECT_EQ(ids.component(4).text(), "NHS");
  EXPECT_TRUE(ids.repetition(3).empty());
  EXPECT_TRUE(m.field("PID", 99).empty());
  EXPECT_TRUE(m.field("PV1", 1).empty());
}

TEST(Hl7Message, TakesItsDelimitersFromTheMessage) {
  const Message m = parse("MSH$%*!@$EPR\rPID$1$$a%b@c*d$$O!T!Brien!S!\r");
  EXPECT_EQ(m.field("PID", 3).component(2).subcomponent(2).text(), "c");
  EXPECT_EQ(m.field("PID", 3).repetition(2).text(), "d");
  EXPECT_EQ(m.field("PID", 5).text(), "O@Brien%");
}

TEST(Hl7Message, EscapesAreDecodedAfterSplitting) {
  const Message m = parse("MSH|^~\\&|EPR\rPID|a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f^second\r");
  EXPECT_EQ(m.field("PID", 1).component(1).text(), "a|b^c&d~e\\f");
  EXPECT_EQ(m.field("PID", 1).component(2).text(), "second");
}

TEST(Hl7Escapes, HexLinesAndHighlightingAreUnderstood) {
  const Delimiters d;
  EXPECT_EQ(decode_escapes("a\\.br\\b\\.sp2\\c", d), "a\nb\n\nc");
  EXPECT_EQ(decode_escapes("\\H\\loud\\N\\", d), "loud");
  EXPECT_EQ(decode_escapes("\\X4F2742\\", d), "O'B");
  EXPECT_EQ(decode_escapes("\\XC5B5\\", d), "ŵ");
  EXPECT_EQ(decode_escapes("\\XE9\\", d), "é");
}

TEST(Hl7Escapes, TheUnknownStaysAsItIs) {
  const Delimiters d;
  EXPECT_EQ(decode_escapes("C:\\temp and \\Zq\\ and \\X0\\", d), "C:\\temp and \\Zq\\ and \\X0\\");
  EXPECT_EQ(decode_escapes("a\\", d), "a\\");
  EXPECT_EQ(decode_escapes("\\nothing\\F\\", d), "\\nothing|");
}

TEST(Hl7Escapes, EncodedTextComesBack) {
  const Delimiters d;
  const std::string text = "a|b^c~d\\e&f\ng";
  EXPECT_EQ(decode_escapes(encode_escapes(text, d), d), text);
  EXPECT_EQ(encode_escapes("a|b\r", d), "a\\F\\b\\.br\\");
}

TEST(Hl7Message, DeletingIsNotLeavingEmpty) {
  const Message m = parse("MSH|^~\\&|EPR\rPID|\"\"||x\r");
  EXPECT_TRUE(m.field("PID", 1).is_delete());
  EXPECT_EQ(m.field("PID", 1).text(), "");
  EXPECT_FALSE(m.field("PID", 1).empty());
  EXPECT_FALSE(m.field("PID", 2).is_delete());
  EXPECT_TRUE(m.field("PID", 2).empty());
}

TEST(Hl7Message, LineFeedsEndSegmentsOnlyWhereTheListenerSaysSo) {
  const char* text = "MSH|^~\\&|EPR\r\nPID|1\nPV1|1\r\n";
  EXPECT_EQ(parse(text, LineEnds::kAny).segments().size(), 3u);
  EXPECT_NE(parse(text, LineEnds::kAny).first("PV1"), nullptr);
  const Message strict = parse(text);
  EXPECT_EQ(strict.first("PID"), nullptr);
  EXPECT_EQ(strict.odd_lines(), 1u);
}

TEST(Hl7Message, WhatIsNoMessageHasAStableCode) {
  EXPECT_EQ(problem(""), "no_msh");
  EXPECT_EQ(problem("PID|1\r"), "no_msh");
  EXPECT_EQ(problem("MSH"), "no_msh");
  EXPECT_EQ(problem("MSH||~\\&|\r"), "bad_delimiters");
  EXPECT_EQ(problem("MSH|^^\\&|EPR\r"), "bad_delimiters");
  EXPECT_EQ(problem("MSHA^~\\&AEPR\r"), "bad_delimiters");
}

TEST(Hl7Message, SegmentsAndFieldsAreBounded) {
  std::string many = "MSH|^~\\&|EPR\r";
  for (size_t i = 0; i < kSegmentsMax; ++i) many += "OBX|1\r";
  EXPECT_EQ(problem(many), "too_many_segments");
  EXPECT_EQ(problem("MSH|^~\\&|EPR\rPID" + std::string(kFieldsMax + 1, '|') + "\r"),
            "too_many_fields");
}

TEST(Hl7Message, ShortEncodingCharactersKeepTheUsualRest) {
  const Message m = parse("MSH|^~|EPR\rPID|a&b\\T\\c\r");
  EXPECT_EQ(m.field("PID", 1).subcomponent(2).text(), "b&c");
}

}  // namespace switchboard::mllp
