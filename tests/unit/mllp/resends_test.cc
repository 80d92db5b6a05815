#include "adapters/mllp/resends.h"

#include <gtest/gtest.h>

namespace switchboard::mllp {
namespace {

TEST(Resends, TheSameBytesAreCountedPerListener) {
  Resends resends(2);
  EXPECT_EQ(resends.count(0, "a"), 1u);
  EXPECT_EQ(resends.count(0, "a"), 2u);
  EXPECT_EQ(resends.count(0, "b"), 1u);
  EXPECT_EQ(resends.count(1, "a"), 1u);
  EXPECT_EQ(resends.count(0, "a"), 3u);
}

TEST(Resends, OnlyTheNewestAreRemembered) {
  Resends resends(1);
  resends.count(0, "old");
  resends.count(0, "kept");
  for (size_t i = 1; i < Resends::kKept; ++i) {
    resends.count(0, "x" + std::to_string(i));
    EXPECT_EQ(resends.count(0, "kept"), i + 1) << "what comes again stays";
  }
  EXPECT_EQ(resends.count(0, "old"), 1u);
}

}  // namespace
}  // namespace switchboard::mllp
