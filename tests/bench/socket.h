// ROUTER and DEALER of libzmq, as the yardsticks use them: no limits but the credit above them.
// Thread: the one that made it. Fails by ending the program.
#pragma once

#include <zmq.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace switchboard::bench {

struct ContextEnd {
  void operator()(void* context) const { zmq_ctx_term(context); }
};
using Context = std::unique_ptr<void, ContextEnd>;
Context make_context();

// One received message; the view lives until the next receive into it.
class Message {
 public:
  Message() { zmq_msg_init(&message_); }
  ~Message() { zmq_msg_close(&message_); }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  std::string_view bytes() {
    return {static_cast<const char*>(zmq_msg_data(&message_)), zmq_msg_size(&message_)};
  }
  zmq_msg_t* get() { return &message_; }

 private:
  zmq_msg_t message_;
};

enum class Wait { kNo, kYes };

class Socket {
 public:
  // Binds a ROUTER; with a secret key, as a CURVE server that takes any client key.
  static Socket router(const Context& context, const std::string& bind, const std::string& secret);
  // Connects a DEALER; with the hub's public key, by CURVE with a key of its own, or the one in
  // `secret_file` (Z85 secret key).
  static Socket dealer(const Context& context, const std::string& connect,
                       const std::string& hub_key, const std::string& secret_file = "");

  bool receive(Message& message, Wait wait);
  // ROUTER: the routing id and the one body.
  bool receive(std::string& from, Message& message, Wait wait);
  void send(std::string_view bytes);
  void send(const std::string& to, std::string&& bytes);
  // True if something can be received; -1 waits for ever.
  bool readable(int64_t timeout_ms);
  std::string endpoint() const;

 private:
  struct Close {
    void operator()(void* socket) const { zmq_close(socket); }
  };
  explicit Socket(void* socket) : socket_(socket) {}
  std::unique_ptr<void, Close> socket_;
};

struct CurveKeys {
  std::string public_key;
  std::string secret_key;
};
CurveKeys make_curve_keys();

}  // namespace switchboard::bench
