#include "services/gateway/event_text.h"

#include <gtest/gtest.h>

namespace switchboard::gateway {
namespace {

std::string event(std::string_view name, std::string_view id, std::string_view data) {
  std::string out;
  append_event(out, name, id, data);
  return out;
}

TEST(EventText, IsReadBackAsItWasSaid) {
  EXPECT_EQ(event("pushed", "3-17", "{}"), "event: pushed\nid: 3-17\ndata: {}\n\n");
  EXPECT_EQ(event("", "", "x"), "data: x\n\n");
}

TEST(EventText, EachLineOfTheDataIsADataLine) {
  EXPECT_EQ(event("", "", "a\nb\r\nc\rd"), "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(event("", "", "a\n\nb"), "data: a\ndata: \ndata: b\n\n");
}

TEST(EventText, NothingSaidBeginsAnotherEvent) {
  EXPECT_EQ(event("live\ndata: x", "1\r\n\r\nid: 2", "y"),
            "event: livedata: x\nid: 1id: 2\ndata: y\n\n");
  EXPECT_EQ(event("live", "1\n\ndata: forged", "x\n\nevent: forged"),
            "event: live\nid: 1data: forged\ndata: x\ndata: \ndata: event: forged\n\n");
}

TEST(EventText, AnIdHasNoNul) {
  EXPECT_EQ(event("", std::string_view("1\0002", 3), "x"), "id: 12\ndata: x\n\n");
}

}  // namespace
}  // namespace switchboard::gateway
