// The shapehub's conversation: one ROUTER, the loop drain - apply - commit - send of DESIGN §4,
// speaking session.proto as far as a bench needs it (Hello, Publish, Attach, Received, Ping).
// Team k of n is named "team-k".
// Thread: one. Fails by ending the program.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/shape.h"
#include "tests/bench/shape_replay.h"
#include "tests/bench/socket.h"

namespace switchboard::bench {

class ShapeHub {
 public:
  ShapeHub(const ShapeOptions& options, Socket& socket, Stopwatch& stopwatch);

  // One turn; false if nothing came within `timeout_ms`.
  bool turn(int64_t timeout_ms);
  uint64_t events() const { return shape_.position(); }

 private:
  struct Endpoint {
    std::string address;
    std::string team;
    std::string name;
    int team_index = 0;
    uint64_t next = 1;  // number to send
    uint64_t through = 0;
    uint32_t credit_items = 0;
    uint64_t credit_bytes = 0;
    std::deque<size_t> frame_bytes;   // of frames on the way …
    std::deque<uint64_t> frame_last;  // … and their last numbers
    uint64_t bytes_on_way = 0;
    bool moved = false;  // its cursor has to be stored
  };
  void take(const std::string& from, std::string_view frame);
  void take_publish(const std::string& from, std::string_view publish);
  void take_received(const std::string& from, std::string_view bytes);
  void take_attach(const std::string& from, std::string_view bytes);
  void take_hello(const std::string& from, std::string_view bytes);
  void refuse(const std::string& to, v1::Code code, const std::string& text);
  void reply(const std::string& to, const v1::HubFrame& frame);
  void store_cursors(int64_t now_us);
  void send_accepted();
  void deliver(Endpoint& endpoint);
  bool fill_frame(Endpoint& endpoint, std::string& items);
  void forget_old();

  ShapeOptions options_;
  Socket& socket_;
  Stopwatch& stopwatch_;
  Shape shape_;
  ShapeReplay replay_;
  ItemView item_;
  std::map<std::string, std::string> outbox_of_;      // by address, after Hello
  std::map<std::string, uint64_t> accepted_through_;  // by address, this turn
  std::vector<Endpoint> endpoints_;
  std::vector<std::pair<std::string, uint64_t>> pings_;
  uint64_t live_bytes_ = 0;
  bool receipts_waiting_ = false;
  uint64_t receipts_since_ns_ = 0;
  std::string frame_;
};

}  // namespace switchboard::bench
