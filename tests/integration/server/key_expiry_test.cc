// P9 over real sockets and a clock that is moved: a key whose last day is over is told, cut, and
// not let in again; nothing that it still holds is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "broker/base/london.h"
#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"

namespace switchboard::test {
namespace {

using testing::HasSubstr;

constexpr std::chrono::seconds kAnswer{15};
constexpr int64_t kDayS = 86'400;
const std::string kMovedClock =
    std::string(SWITCHBOARD_BINARY_DIR) + "/tests/integration/server/libmoved_clock.so";

// A hub whose days pass when the test says so.
class KeyExpiry : public testing::Test {
 protected:
  KeyExpiry() {
    pass(0);
    world_.hub.set_environment({"LD_PRELOAD=" + kMovedClock, "SWITCHBOARD_CLOCK_FILE=" + file()});
    CHECK(world_.hub.start());
  }
  std::string file() const { return world_.hub.dir().file("clock"); }
  // The hub's clocks are this far ahead from now on.
  void pass(int64_t seconds) {
    std::fstream out(file(), std::ios::binary | std::ios::in | std::ios::out);
    if (!out) out.open(file(), std::ios::binary | std::ios::out);
    out.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
    CHECK(out.flush().good());
  }
  v1::Status status(const std::string& as = "operator") {
    v1::AdminRequest request;
    request.mutable_status();
    return world_.ask(request, as)->status();
  }
  // Tomorrow, so that no midnight comes in between.
  std::string tomorrow(int days = 1) { return to_string(london_day({status().now_us()}) + days); }
  void set_last_day(const std::string& id, const std::string& day) {
    v1::Directory change;
    const auto all = world_.directory();
    for (const auto& row : all.principals()) {
      if (row.id() == id) *change.add_principals() = row;
    }
    change.mutable_principals(0)->set_expires(day);
    const auto applied = world_.apply(change);
    ASSERT_TRUE(applied.ok()) << applied.error().text;
  }
  int audited() {
    v1::AdminRequest request;
    request.mutable_audit_tail();
    int n = 0;
    const auto reply = world_.ask(request, "operator").value();
    for (const auto& row : reply.audit().rows()) {
      n += row.text().find("its key has expired") != std::string::npos;
    }
    return n;
  }
  bool let_in(const std::string& id) {
    RawClient client(world_.context, world_.dial(id));
    bool refused = false;
    CHECK(eventually([&] {
      client.dealer().wait(std::chrono::milliseconds(10));
      refused = client.dealer().refused();
      return refused || client.dealer().connections() > 0;
    }));
    return !refused;
  }

  HubWorld world_;
};

TEST_F(KeyExpiry, WhileConnectedItIsToldWhyCutAndNotLetInAgain) {
  set_last_day("x99-screen", tomorrow());
  RawClient screen(world_.context, world_.dial("x99-screen"));
  ASSERT_TRUE(screen.hello().has_welcome());
  ASSERT_TRUE(screen.ask(RawClient::attach_frame("X99-HV", 0, 100, 1 << 20)).has_attached());
  EXPECT_FALSE(status().expiring(0).expired());

  pass(3 * kDayS);
  const auto told = screen.next_of(v1::HubFrame::kRefused);
  EXPECT_EQ(told.refused().code(), v1::CODE_NOT_ALLOWED);
  EXPECT_TRUE(told.refused().session_ends());
  EXPECT_THAT(told.refused().text(), HasSubstr("this key has expired, its last day was "));
  EXPECT_THAT(told.refused().text(), HasSubstr("ask the hub's administrator"));

  ASSERT_TRUE(world_.publisher()->publish(std::vector{admission("1")}, kAnswer).ok());
  const auto after = screen.ping();
  EXPECT_FALSE(after.has_deliver()) << "it was delivered to an expired key";
  EXPECT_TRUE(after.refused().session_ends());
  EXPECT_THAT(screen.hello().refused().text(), HasSubstr("this key has expired"));
  EXPECT_FALSE(let_in("x99-screen"));
  EXPECT_TRUE(let_in("x26-screen"));

  const auto now = status();
  ASSERT_EQ(now.expiring_size(), 1);
  EXPECT_EQ(now.expiring(0).principal(), "x99-screen");
  EXPECT_TRUE(now.expiring(0).expired());
  EXPECT_EQ(audited(), 1);
  ASSERT_TRUE(world_.hub.start());
  EXPECT_FALSE(let_in("x99-screen")) << "nor after a restart";
  EXPECT_EQ(audited(), 1);
}

// A source's outbox keeps what it took; a later last day is all that is needed.
TEST_F(KeyExpiry, WhatASourceTookIsAcceptedOnceItsKeyIsRenewed) {
  set_last_day("x26-pas", tomorrow());
  auto publisher = world_.publisher();
  ASSERT_TRUE(publisher->publish(std::vector{admission("1")}, kAnswer).ok());
  pass(3 * kDayS);
  ASSERT_TRUE(publisher->publisher().append(std::vector{admission("2")}, publisher->now()).ok());
  ASSERT_TRUE(run_until({publisher.get()}, [&] { return publisher->alarm().has_value(); }));
  EXPECT_EQ(publisher->alarm()->code, v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(status().events(), 1u);
  EXPECT_FALSE(publisher->publisher().idle()) << "it is still held";
  publisher.reset();
  set_last_day("x26-pas", tomorrow(30));
  publisher = world_.publisher();
  ASSERT_TRUE(run_until({publisher.get()}, [&] { return publisher->publisher().idle(); }));
  EXPECT_EQ(status().events(), 2u);
}

TEST_F(KeyExpiry, ALastAdministratorThatExpiresIsShownAndTheFirstKeyGetsIn) {
  set_last_day("admin", tomorrow());
  EXPECT_THAT(status().why(), HasSubstr("the last administrator's key in force (admin)"));
  pass(3 * kDayS);
  ASSERT_TRUE(eventually([&] { return status().expiring(0).expired(); }));
  EXPECT_THAT(status().why(), HasSubstr("no administrator's key is in force any more"));
  v1::AdminRequest request;
  request.mutable_status();
  EXPECT_FALSE(world_.ask(request, "admin").ok());
  auto options = world_.dial("admin");
  options.connect = world_.hub.admin_endpoint();
  options.keys = world_.hub.first_admin();
  auto first = wire::Dealer::open(world_.context, options).value();
  EXPECT_TRUE(eventually([&] {
    first->wait(std::chrono::milliseconds(10));
    return first->connections() > 0;
  }));
}

}  // namespace
}  // namespace switchboard::test
