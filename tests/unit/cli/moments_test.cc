#include "services/cli/moments.h"

#include <gtest/gtest.h>

namespace switchboard::cli {
namespace {

const Time kNow = from_rfc3339("2026-07-02T00:30:00Z").value();  // 01:30 in London

TEST(Moments, ADayIsLondons) {
  EXPECT_EQ(to_string(*read_day("today", kNow)), "2026-07-02");
  EXPECT_EQ(to_string(*read_day("yesterday", kNow)), "2026-07-01");
  EXPECT_EQ(to_string(*read_day("2026-03-01", kNow)), "2026-03-01");
  EXPECT_EQ(to_string(*read_day("yesterday", from_rfc3339("2026-07-01T23:30:00Z").value())),
            "2026-07-01");
  EXPECT_FALSE(read_day("last week", kNow));
}

TEST(Moments, ADayBeginsSinceAndEndsUntil) {
  EXPECT_EQ(to_rfc3339(*read_since("2026-07-01", kNow)), "2026-06-30T23:00:00.000Z");
  EXPECT_EQ(to_rfc3339(*read_until("2026-07-01", kNow)), "2026-07-01T23:00:00.000Z");
}

TEST(Moments, ATimeOrASpanBeforeNow) {
  EXPECT_EQ(*read_since("2026-07-01T06:00:00Z", kNow), from_rfc3339("2026-07-01T06:00:00Z"));
  EXPECT_EQ(*read_since("90m", kNow), kNow - seconds(5400));
  EXPECT_EQ(*read_since("12h", kNow), kNow - seconds(43200));
  EXPECT_EQ(*read_since("7d", kNow), kNow - seconds(7 * 86400));
}

TEST(Moments, AnythingElseIsNoTime) {
  for (const char* wrong : {"", "d", "7", "-7d", "7 d", "7w", "999999999999d", "2026-13-01"}) {
    EXPECT_FALSE(read_since(wrong, kNow)) << wrong;
  }
}

}  // namespace
}  // namespace switchboard::cli
