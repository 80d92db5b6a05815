#include "broker/wire/frame.h"

#include <gtest/gtest.h>

#include <utility>

namespace switchboard::wire {

TEST(Frame, IsEmptyUntilSomethingIsReceivedAndAfterBeingMovedFrom) {
  Frame frame;
  EXPECT_TRUE(frame.bytes().empty());
  Frame other(std::move(frame));
  EXPECT_TRUE(other.bytes().empty());
  frame = std::move(other);
  EXPECT_TRUE(frame.bytes().empty());
}

}  // namespace switchboard::wire
