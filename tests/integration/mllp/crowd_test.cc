// Many callers, and such as mean no good: the adapter stays small and goes on serving the others.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <deque>
#include <iostream>

#include "tests/integration/mllp/adapter_process.h"
#include "tests/integration/mllp/messages.h"
#include "tests/integration/sdk/socket_hub.h"
#include "tests/support/raw_sender.h"
#include "tests/support/resident.h"

namespace switchboard::test {
namespace {

constexpr size_t kMiB = 1024 * 1024;
constexpr size_t kKept = kKeptBySanitizersKb * 1024;

// How many connections this process may have, up to `wanted`; says aloud where that is fewer.
size_t callers(size_t wanted) {
  constexpr rlim_t kOthers = 512;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted + kOthers);
  setrlimit(RLIMIT_NOFILE, &limit);
  const size_t got = std::min<size_t>(wanted, limit.rlim_cur - kOthers);
  if (got < wanted) std::cerr << "NOT TESTED with " << wanted << " but " << got << ": ulimit -n\n";
  return got;
}

class MllpCrowd : public testing::Test {
 protected:
  void start(const std::string& settings) {
    adapter_ = std::make_unique<AdapterProcess>(
        AdapterProcess::Beside{.dir = dir_.file("adapter"),
                               .endpoint = hub_.endpoint(),
                               .hub_public_key = hub_.public_key(),
                               .secret_key = hub_.client_keys().secret_key},
        AdapterProcess::Options{.listeners = {{"pas", settings}}});
    ASSERT_TRUE(adapter_->start()) << adapter_->log();
    EXPECT_EQ(send("first"), "AA");  // what is allocated once is there
  }
  std::string send(const std::string& id) {
    RawSender sender(adapter_->port());
    sender.send_message(hl7({.control_id = id}));
    return sender.code();
  }
  double metric(const std::string& name) {
    return adapter_->metric("switchboard_mllp_" + name + "{listener=\"pas\"}");
  }
  double connections() { return metric("connections"); }

  TempDir dir_;
  SocketHub hub_;
  std::unique_ptr<AdapterProcess> adapter_;
};

TEST_F(MllpCrowd, TenThousandIdleConnectionsCostLittleAndHoldNobodyUp) {
  const size_t many = callers(10'000);
  start("connections_max = 12000\nconnections_per_peer_max = 12000\n");
  const size_t before = adapter_->resident_bytes();
  std::deque<RawSender> idle;
  for (size_t i = 0; i < many; ++i) {
    idle.emplace_back(adapter_->port());
    ASSERT_TRUE(idle.back().connected());
  }
  ASSERT_TRUE(eventually([&] { return connections() >= static_cast<double>(many); },
                         std::chrono::seconds(60)));
  EXPECT_EQ(send("among-many"), "AA");
  for (size_t i = 0; i < many; i += 1000) {
    idle[i].send_message(hl7({.control_id = "idle" + std::to_string(i)}));
    EXPECT_EQ(idle[i].code(), "AA");
  }
  EXPECT_LT(adapter_->resident_bytes() - before, 48 * kMiB + kKept) << "about 4 KiB a connection";
  idle.clear();
  EXPECT_TRUE(eventually([&] { return connections() == 0; }, std::chrono::seconds(60)));
}

TEST_F(MllpCrowd, SlowSendersAreClosedInTimeAndMeanwhileTheOthersAreServed) {
  constexpr size_t kSlow = 200;
  start("connections_max = 1000\nconnections_per_peer_max = 1000\nframe_timeout_s = 2\n");
  const std::string frame = mllp::encode_frame(hl7({.control_id = "slow"}));
  std::deque<RawSender> slow;
  for (size_t i = 0; i < kSlow; ++i) slow.emplace_back(adapter_->port());
  // A byte now and a byte then: no byte prolongs the time a frame has.
  size_t sent = 0, served = 0;
  EXPECT_TRUE(eventually(
      [&] {
        for (auto& one : slow) one.send(frame.substr(sent, 1));
        sent = std::min(sent + 1, frame.size() - 4);
        served += send("quick" + std::to_string(served)) == "AA" ? 1 : 0;
        return metric("timed_out_total") == kSlow;
      },
      std::chrono::seconds(30)))
      << metric("timed_out_total");
  EXPECT_GT(served, 0u);
  EXPECT_EQ(metric("over_limit_total"), 0);
}

TEST_F(MllpCrowd, APeerThatTakesNoAnswersIsHeldBackAndThenClosed) {
  start("frame_timeout_s = 1\nack_after = \"stored\"\n");
  const size_t before = adapter_->resident_bytes();
  RawSender deaf(adapter_->port());
  const int little = 4096;
  setsockopt(deaf.fd(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
  // Large answers, so that the kernel's buffers are full soon.
  std::string batch = "BHS|^~\\&|PAS|XB2\r";
  for (int i = 0; i < 2000; ++i) batch += hl7({.control_id = "deaf", .birth = "19800101"});
  batch = mllp::encode_frame(batch + "BTS|2000\r");
  // Until it is closed: the adapter reads nothing while an answer waits for room.
  int sent = 0;
  while (sent < 200 && deaf.send(batch)) ++sent;
  EXPECT_LT(sent, 200);
  EXPECT_EQ(send("hearing"), "AA");
  EXPECT_TRUE(eventually([&] { return metric("timed_out_total") == 1; }, std::chrono::seconds(30)));
  EXPECT_LT(adapter_->resident_bytes(), before + 24 * kMiB + kKept);
}

TEST_F(MllpCrowd, APeerThatStopsSendingGetsItsAnswersAndIsClosed) {
  start("");
  RawSender half(adapter_->port());
  half.send(mllp::encode_frame(hl7({.control_id = "H1"})) +
            mllp::encode_frame(hl7({.control_id = "H2"})));
  half.end_sending();
  EXPECT_EQ(half.code(), "AA");
  EXPECT_EQ(half.code(), "AA");
  EXPECT_FALSE(half.answer().has_value());
  EXPECT_TRUE(eventually([&] { return connections() == 0; }));
}

TEST_F(MllpCrowd, AStormOfReconnectsLeavesNothingBehind) {
  start("connections_max = 64\nconnections_per_peer_max = 64\n");
  for (int i = 0; i < 500; ++i) RawSender(adapter_->port()).send("\x0bMSH|");
  ASSERT_TRUE(eventually([&] { return connections() == 0; }, std::chrono::seconds(30)));
  const size_t before = adapter_->resident_bytes();
  for (int i = 0; i < 4000; ++i) {
    RawSender caller(adapter_->port());
    if (i % 3 == 0) caller.send("\x0bMSH|");
    if (i % 3 == 1) caller.reset();
  }
  EXPECT_TRUE(eventually([&] { return connections() == 0; }, std::chrono::seconds(60)));
  EXPECT_EQ(send("after-the-storm"), "AA");
  EXPECT_LT(adapter_->resident_bytes(), before + 8 * kMiB + kKept);
}

TEST_F(MllpCrowd, MemoryStaysFlatOverManyMessages) {
  start("ack_after = \"stored\"\n");
  RawSender sender(adapter_->port());
  size_t number = 0;
  const auto feed = [&](size_t messages) {
    for (size_t i = 0; i < messages; i += 50) {
      std::string batch = "BHS|^~\\&|PAS|XB2\r";  // one commit for all of it
      for (size_t k = 0; k < 50; ++k, ++number) {
        // Of four one is published, one is out of scope, one a duplicate and one refused.
        const std::string id = std::to_string(number % 4 == 2 ? number - 2 : number);
        batch += hl7({.control_id = id,
                      .processing = number % 4 == 3 ? "P" : "T",
                      .birth = number % 4 == 1 ? "19800101" : "20240229"});
      }
      sender.send_message(batch + "BTS|50\r");
      EXPECT_TRUE(sender.answer().has_value());
    }
  };
  feed(8'000);  // the store's own buffers are there
  const size_t before = adapter_->resident_bytes();
  feed(16'000);
  EXPECT_LT(adapter_->resident_bytes(), before + 12 * kMiB + kKept) << "less than 1 KiB a message";
}

}  // namespace
}  // namespace switchboard::test
