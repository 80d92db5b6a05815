#include "broker/base/time.h"

#include <gtest/gtest.h>

namespace switchboard {

TEST(Time, PrintsAndReadsRfc3339) {
  const Time t{1'795'327'504'123'000};
  EXPECT_EQ(to_rfc3339(t), "2026-11-22T06:05:04.123Z");
  EXPECT_EQ(from_rfc3339(to_rfc3339(t)), t);
  EXPECT_EQ(from_rfc3339("2026-11-22T07:05:04.123+01:00"), t);
}

TEST(Time, DatesThatDoNotExistAreRefused) {
  EXPECT_EQ(from_rfc3339("2026-02-30T00:00:00Z"), std::nullopt);
  EXPECT_EQ(from_rfc3339("2026-11-22"), std::nullopt);
  EXPECT_EQ(from_rfc3339("2026-11-22T06:05:04"), std::nullopt);
}

}  // namespace switchboard
