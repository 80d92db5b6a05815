#include "broker/wire/peers.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace switchboard::wire {
namespace {

using std::chrono::seconds;
constexpr int kRouter = 6;  // as libzmq numbers its kinds
const std::string kOne("\0aaaa", 5), kTwo("\0bbbb", 5);

// A connection as the kernel has it: the hub's end and the client's.
class Connection {
 public:
  Connection() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }
  ~Connection() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  int hubs() const { return ends_[0]; }
  bool is_cut() const {
    char byte = 0;
    return ::recv(ends_[1], &byte, 1, MSG_DONTWAIT) == 0;
  }

 private:
  int ends_[2] = {-1, -1};
};

class PeersTest : public testing::Test {
 protected:
  PeersTest()
      : socket_(Socket::open(context_, kRouter).value()),
        peers_(Peers::open(context_, socket_, 2).value()) {}
  ~PeersTest() override { peers_.close(socket_); }

  Context context_;
  Socket socket_;
  Peers peers_;
  const Peers::Clock::time_point start_ = Peers::Clock::now();
};

TEST_F(PeersTest, OneThatWasLetInAndSaysNothingIsCutInTime) {
  Connection silent, speaks;
  peers_.came(silent.hubs(), start_);
  peers_.came(speaks.hubs(), start_);
  EXPECT_TRUE(peers_.admit(speaks.hubs(), "key", kOne));
  peers_.follow(start_ + Peers::kSilence - seconds(1));
  EXPECT_FALSE(silent.is_cut());
  peers_.follow(start_ + Peers::kSilence + seconds(1));
  EXPECT_TRUE(silent.is_cut());
  EXPECT_FALSE(speaks.is_cut());
  EXPECT_EQ(peers_.cuts(), 1u);
}

TEST_F(PeersTest, ADescriptorThatIsUsedAgainIsAnotherConnection) {
  Connection a, b, c;
  for (auto* one : {&a, &b, &c}) peers_.came(one->hubs(), start_);
  EXPECT_TRUE(peers_.admit(a.hubs(), "key", kOne));
  EXPECT_TRUE(peers_.admit(b.hubs(), "key", kTwo));
  EXPECT_FALSE(peers_.admit(c.hubs(), "key", std::string("\0cccc", 5)));
  EXPECT_TRUE(c.is_cut());
  peers_.came(a.hubs(), start_);  // its end was told by the beginning of the next
  EXPECT_FALSE(peers_.reaches(kOne));
  EXPECT_TRUE(peers_.admit(a.hubs(), "other key", kOne));
  EXPECT_TRUE(peers_.reaches(kOne));
}

TEST_F(PeersTest, WhatAKeyHadIsFreeWhenItGoes) {
  Connection a, b, c;
  for (auto* one : {&a, &b, &c}) peers_.came(one->hubs(), start_);
  EXPECT_TRUE(peers_.admit(a.hubs(), "key", kOne));
  EXPECT_TRUE(peers_.admit(b.hubs(), "key", kTwo));
  peers_.went(a.hubs());
  EXPECT_FALSE(peers_.reaches(kOne));
  EXPECT_TRUE(peers_.admit(c.hubs(), "key", std::string("\0cccc", 5)));
}

TEST_F(PeersTest, ALastFrameOfOneThatHasGoneIsHeardAndCountsForNobody) {
  EXPECT_TRUE(peers_.admit(-1, "key", kOne));
  EXPECT_FALSE(peers_.reaches(kOne));
  EXPECT_FALSE(peers_.admit(-1, "key", "desk 1"));
}

}  // namespace
}  // namespace switchboard::wire
