// A TCP proxy that does harm: between real processes, on one thread, by what it is told.
//
// Every connection to endpoint() is passed on to the target, byte for byte and in order, until
// something is to be done to it. Owns its sockets and its thread; harm() and storm() may be called
// from the test's thread at any moment. Fails: a target that is not there ends the connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace switchboard::test {

class TcpProxy {
 public:
  enum class Harm : uint8_t {
    kNone,
    kHalfOpen,  // takes all bytes of both sides and passes nothing on; nobody hears of it
    kOneWay,    // the same, of what comes from the target only
    kOtherWay,  // … of what goes to the target only
    kStall,     // reads nothing: what is sent waits in the kernels' buffers
    kTrickle,   // a few bytes at a time
    kDelay,     // everything some tens of milliseconds late
    kRefuse,    // new connections are closed at once
  };
  static const char* name_of(Harm harm);

  // `target`: "tcp://127.0.0.1:PORT".
  explicit TcpProxy(const std::string& target);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  std::string endpoint() const;  // "tcp://127.0.0.1:PORT"
  // From now on, on all connections; what half-open swallowed is gone for good.
  void harm(Harm harm) { harm_ = harm; }
  // Ends all connections, now: by RST, also in the middle of a message.
  void reset_all() { ++resets_; }
  // Ends each once so many further bytes went through it: in the middle of a message.
  void reset_after(uint64_t bytes) { reset_after_ = bytes; }

  uint64_t accepted() const { return accepted_; }
  uint64_t passed() const { return passed_; }        // bytes
  uint64_t swallowed() const { return swallowed_; }  // bytes
  uint64_t reset() const { return reset_; }          // connections ended by RST

 private:
  struct Link;
  struct Loop;
  void run();

  uint16_t target_port_ = 0;
  uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<Harm> harm_{Harm::kNone};
  std::atomic<uint64_t> resets_{0}, reset_after_{0};
  std::atomic<uint64_t> accepted_{0}, passed_{0}, swallowed_{0}, reset_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace switchboard::test
