#include "services/nudge/letter.h"

#include <gmock/gmock.h>

#include <sstream>

#include "broker/base/bytes.h"
#include "broker/base/hmac.h"

namespace switchboard::nudge {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Time kNow{1'795'330'324'000'000};  // 2026-11-22 06:52:04Z

v1::NudgeJob job() {
  v1::NudgeJob job;
  job.set_nudge_id("0123456789abcdef");
  job.set_team("X99-HV");
  job.set_via(v1::NUDGE_VIA_MAIL);
  job.set_address("duty@team.example");
  job.set_subject("Switchboard: 1 item waits for X99-HV, urgent");
  job.set_text("Ring Team X99 on 01632 960002.\n");
  return job;
}

TEST(Letter, TheSameNudgeHasTheSameMessageIdAtEveryTry) {
  const auto first = mail_of(job(), "switchboard@hub.example", kNow).value();
  const auto later = mail_of(job(), "switchboard@hub.example", kNow + seconds(60)).value();
  const std::string id = "Message-ID: <30313233343536373839616263646566@hub.example>\r\n";
  EXPECT_THAT(first, HasSubstr(id));
  EXPECT_THAT(later, HasSubstr(id));
  EXPECT_THAT(first, HasSubstr("Date: Sun, 22 Nov 2026 06:52:04 +0000\r\n"));
}
TEST(Letter, AnAddressThatWouldWriteAnotherHeaderIsNone) {
  for (const char* address : {"a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example",
                              "<a@b.example>", "nobody", "", "a b@c.example"}) {
    auto bad = job();
    bad.set_address(address);
    EXPECT_FALSE(mail_of(bad, "switchboard@hub.example", kNow)) << address;
  }
}
TEST(Letter, ASubjectIsOneLineOfAsciiWhateverItIs) {
  auto odd = job();
  odd.set_subject("one\r\nBcc: two@x.example \xc3\xa9");
  EXPECT_THAT(mail_of(odd, "switchboard@hub.example", kNow).value(),
              HasSubstr("Subject: one??Bcc: two@x.example ??\r\n"));
}
TEST(Letter, ABodyOfAnyMakeIsShortLinesOfAscii) {
  auto odd = job();
  odd.set_text("Caf\xc3\xa9 = here \n" + std::string(300, 'x') + "\n.\n");
  const auto mail = mail_of(odd, "switchboard@hub.example", kNow).value();
  EXPECT_THAT(mail, HasSubstr("Caf=C3=A9 =3D here=20\r\n"));
  std::istringstream lines(mail);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 78u) << line;
  for (const char c : mail) EXPECT_LT(static_cast<unsigned char>(c), 128);
}
TEST(Letter, ALineHasAnEndAndIsNeverLong) {
  auto odd = job();
  odd.set_text("no end");
  odd.set_subject(std::string(5'000, 's'));
  const auto mail = mail_of(odd, "switchboard@hub.example", kNow).value();
  EXPECT_TRUE(mail.ends_with("no end\r\n"));
  std::istringstream lines(mail);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 998u);
  odd.set_address(std::string(300, 'a') + "@team.example");
  EXPECT_FALSE(mail_of(odd, "switchboard@hub.example", kNow));
}
TEST(Letter, AHooksSignatureCoversItsTimeAndItsBody) {
  const Hook hook = hook_of(job(), "key", kNow);
  EXPECT_EQ(hook.timestamp, "1795330324");
  const auto mac = hmac_sha256("key", "1795330324." + hook.body);
  EXPECT_EQ(hook.signature,
            "sha256=" + to_hex({reinterpret_cast<const char*>(mac.data()), mac.size()}));
  EXPECT_NE(hook.signature, hook_of(job(), "key", kNow + seconds(1)).signature);
  EXPECT_THAT(hook.body, Not(HasSubstr("duty@")));
}

}  // namespace
}  // namespace switchboard::nudge
