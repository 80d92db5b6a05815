#include "broker/base/ids.h"

#include <gtest/gtest.h>

namespace switchboard {

SourceMessage message(std::string_view bytes) {
  return {.agency = "X26",
          .system = "PAS",
          .message_id = "1001",
          .bytes = bytes,
          .time = {1'700'000'000'000'000}};
}

TEST(Ids, AResendOfTheSameBytesIsTheSameEvent) {
  EXPECT_EQ(derive_event_id(message("MSH|a")), derive_event_id(message("MSH|a")));
}

TEST(Ids, AReusedControlIdWithOtherBytesIsAnotherEvent) {
  EXPECT_NE(derive_event_id(message("MSH|a")), derive_event_id(message("MSH|b")));
}

TEST(Ids, AreVersion8AndSortByMessageTime) {
  const Id early = make_id({1'000'000}, hash("z"));
  const Id late = make_id({2'000'000}, hash("a"));
  EXPECT_LT(early, late);
  EXPECT_EQ(to_string(early)[14], '8');
  EXPECT_EQ(id_from_string(to_string(early)), early);
}

TEST(Ids, TextThatIsNoIdIsRefused) {
  EXPECT_EQ(id_from_string("9434765919"), std::nullopt);
  EXPECT_EQ(id_from_bytes("short"), std::nullopt);
}

TEST(Ids, SayTheTimeTheyBeginWith) {
  EXPECT_EQ(time_of(derive_event_id(message("MSH|a"))).us, 1'700'000'000'000'000);
  EXPECT_EQ(time_of(make_id({}, hash("no time"))).us, 0);
}

}  // namespace switchboard
