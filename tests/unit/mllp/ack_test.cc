#include "adapters/mllp/ack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::mllp {
namespace {

Message request(std::string_view bytes) {
  return std::get<Message>(Message::parse(bytes, LineEnds::kCr));
}
Message with_conditions(std::string_view commit, std::string_view application) {
  static std::string bytes;
  bytes = "MSH|^~\\&|EPR|XA1|HUB|XH1|20261122140530||ADT^A01^ADT_A01|C1|P|2.4|||";
  bytes.append(commit).append("|").append(application).append("\r");
  return request(bytes);
}
AckContent content(Verdict verdict) {
  return {.verdict = verdict, .control_id = "ACK7", .now = {1'795'356'330'000'000}};
}
constexpr const char* kRequest =
    "MSH|^~\\&|EPR|XA1|HUB|XH1|20261122140530||ADT^A01^ADT_A01|C&1|P|2.4||||||8859/1\r";

}  // namespace

TEST(Ack, OriginalModeAnswersOnce) {
  const Message m = with_conditions("", "");
  EXPECT_THAT(ack_codes(m, Verdict::kAccept), testing::ElementsAre("AA"));
  EXPECT_THAT(ack_codes(m, Verdict::kError), testing::ElementsAre("AE"));
  EXPECT_THAT(ack_codes(m, Verdict::kReject), testing::ElementsAre("AR"));
}

TEST(Ack, EnhancedModeAnswersWhatEachFieldAsksFor) {
  using V = Verdict;
  EXPECT_THAT(ack_codes(with_conditions("AL", "NE"), V::kAccept), testing::ElementsAre("CA"));
  EXPECT_THAT(ack_codes(with_conditions("AL", "AL"), V::kReject), testing::ElementsAre("CR", "AR"));
  EXPECT_THAT(ack_codes(with_conditions("ER", ""), V::kAccept), testing::IsEmpty());
  EXPECT_THAT(ack_codes(with_conditions("ER", ""), V::kError), testing::ElementsAre("CE"));
  EXPECT_THAT(ack_codes(with_conditions("SU", ""), V::kAccept), testing::ElementsAre("CA"));
  EXPECT_THAT(ack_codes(with_conditions("", "AL"), V::kAccept), testing::ElementsAre("AA"));
  EXPECT_THAT(ack_codes(with_conditions("NE", "NE"), V::kError), testing::IsEmpty());
}

TEST(Ack, SwapsSenderAndReceiverAndNamesTheMessage) {
  EXPECT_EQ(build_ack(request(kRequest), "AA", content(Verdict::kAccept)),
            "MSH|^~\\&|HUB|XH1|EPR|XA1|20261122140530+0000||ACK^A01^ACK|ACK7|P|2.4||||||8859/1\r"
            "MSA|AA|C&1\r");
}

TEST(Ack, AnErrorSaysWhereAndWhichOfTable0357) {
  AckContent c = content(Verdict::kError);
  c.text = "this listener takes live messages | only";
  c.errors = {{.code = 202, .location = "MSH-11"}};
  EXPECT_THAT(build_ack(request(kRequest), "AE", c),
              testing::EndsWith("MSA|AE|C&1|this listener takes live messages \\F\\ only\r"
                                "ERR||MSH^1^11|202^Unsupported processing id^HL70357|E\r"));
}

TEST(Ack, UsesTheDelimitersOfTheRequest) {
  const Message m = request("MSH$%*!@$EPR$XA1$HUB$XH1$20261122$$ADT%A01$9$P$2.4\r");
  EXPECT_EQ(build_ack(m, "AA", content(Verdict::kAccept)),
            "MSH$%*!@$HUB$XH1$EPR$XA1$20261122140530+0000$$ACK%A01%ACK$ACK7$P$2.4\rMSA$AA$9\r");
}

TEST(Ack, BytesWithoutAHeaderGetABareAnswer) {
  AckContent c = content(Verdict::kAccept);
  c.text = "held in quarantine";
  EXPECT_EQ(build_bare_ack("AA", c),
            "MSH|^~\\&|||||20261122140530+0000||ACK|ACK7|P|2.4\rMSA|AA||held in quarantine\r");
}

}  // namespace switchboard::mllp
