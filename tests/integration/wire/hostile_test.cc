// Peers that break the rules hurt themselves only.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "broker/base/seal.h"
#include "tests/integration/wire/world.h"

namespace switchboard::wire {

class Hostile : public testing::Test, protected World {
 protected:
  Hostile() { allow({keys_.public_key, other_keys_.public_key}); }

  const KeyPair keys_ = make_key_pair();
  const KeyPair other_keys_ = make_key_pair();
};

// A connection that does not speak the protocol.
class RawPeer {
 public:
  explicit RawPeer(const std::string& endpoint) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    const auto port = std::stoi(endpoint.substr(endpoint.rfind(':') + 1));
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    up_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawPeer() { close(fd_); }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  bool up() const { return up_; }
  bool write(std::string_view bytes) {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }

  // Reads until `text` has come; false if the other end hangs up first.
  bool read_until(std::string_view text) {
    std::string all;
    char c = 0;
    while (all.find(text) == std::string::npos) {
      if (::recv(fd_, &c, 1, 0) != 1) return false;
      all.push_back(c);
    }
    return true;
  }

 private:
  int fd_;
  bool up_ = false;
};

// ZMTP 3.0 by hand (RFC 23): greeting and READY of a DEALER without security.
std::string handshake(std::string mechanism) {
  mechanism.resize(20);
  const std::string ready =
      std::string("\x05READY\x0bSocket-Type") + std::string("\0\0\0\x06", 4) + "DEALER";
  return std::string("\xff\0\0\0\0\0\0\0\0\x7f\x03\0", 12) + mechanism + std::string(32, '\0') +
         '\x04' + static_cast<char>(ready.size()) + ready;
}

enum Flag : char { kLast = 0, kMore = 1 };

std::string frame(const std::string& bytes, Flag flag) {
  return std::string(1, flag) + static_cast<char>(bytes.size()) + bytes;
}

TEST_F(Hostile, AMessageOfSeveralPartsIsDroppedWholeAndCounted) {
  auto options = router_options();
  options.curve = false;
  auto router = open_router(options);
  RawPeer peer(router->endpoint());
  ASSERT_TRUE(peer.write(handshake("NULL")));
  ASSERT_TRUE(peer.read_until("ROUTER"));  // the end of its READY
  ASSERT_TRUE(peer.write(frame("one", kMore) + frame("two", kMore) + frame("three", kLast) +
                         frame("sound", kLast)));
  const auto got = next(*router);
  EXPECT_EQ(got.bytes, "sound");
  EXPECT_EQ(got.from.public_key, "");
  EXPECT_EQ(router->dropped(), 1u);
}

TEST_F(Hostile, AnOversizeFrameEndsThatConnectionOnly) {
  auto options = router_options();
  options.frame_bytes_max = 10'000;
  auto router = open_router(options);
  auto good = open_dealer(*router, keys_);
  auto bad = open_dealer(*router, other_keys_);
  ASSERT_TRUE(send(*good, std::string(9'000, 'g')));
  EXPECT_EQ(next(*router).bytes.size(), 9'000u);
  ASSERT_TRUE(send(*bad, std::string(20'000, 'b')));
  EXPECT_TRUE(eventually([&] { return bad->connections() == 2; }));
  ASSERT_TRUE(send(*good, "still here"));
  EXPECT_EQ(next(*router).bytes, "still here");
  EXPECT_EQ(good->connections(), 1u);
}

TEST_F(Hostile, RubbishOnTheWireIsNotAMessageAndStopsNobody) {
  auto router = open_router();
  for (const auto& rubbish :
       {std::string("GET / HTTP/1.1\r\nHost: hub\r\n\r\n"), std::string(100'000, '\0'),
        std::string(64, '\xff'), handshake("NULL") + frame("x", kLast),
        handshake("PLAIN") + frame("x", kLast), os_random(4'096)}) {
    RawPeer peer(router->endpoint());
    ASSERT_TRUE(peer.up());
    peer.write(rubbish);
  }
  auto dealer = open_dealer(*router, keys_);
  ASSERT_TRUE(send(*dealer, "sound"));
  EXPECT_EQ(next(*router).bytes, "sound");
  EXPECT_EQ(router->dropped(), 0u);
}

TEST_F(Hostile, ConnectionsThatNeverSayAnythingKeepNobodyOut) {
  auto router = open_router();
  std::vector<std::unique_ptr<RawPeer>> silent;
  for (int i = 0; i < 100; ++i) {
    silent.push_back(std::make_unique<RawPeer>(router->endpoint()));
    ASSERT_TRUE(silent.back()->up());
  }
  auto dealer = open_dealer(*router, keys_);
  ASSERT_TRUE(send(*dealer, "sound"));
  EXPECT_EQ(next(*router).bytes, "sound");
}

}  // namespace switchboard::wire
