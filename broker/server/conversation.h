// What each client frame means: session state x message -> a command to the core and an answer.
//
// PROTOCOL.md prints the same rules. Acts, receipts and openings apply at once, publishes after
// them in the order they came (people before machines). Answers go to Outgoing, which sends them
// after the sync. Thread: the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/core.h"
#include "broker/server/delivery.h"
#include "broker/server/gauges.h"
#include "broker/server/outgoing.h"
#include "broker/server/session.h"
#include "broker/wire/frame.h"

namespace switchboard::server {

// Why new work is not taken now; CODE_OK: it is.
struct Door {
  v1::Code publishes = v1::CODE_OK;
  v1::Code acts = v1::CODE_OK;
  std::string text;
};

class Conversation {
 public:
  struct Parts {
    core::Core& core;
    Delivery& delivery;
    Outgoing& outgoing;
    Sessions& sessions;
    Gauges& gauges;
    Reader& reader;
    std::function<std::unique_ptr<store::Reads>()> snapshot;
    // Ends the turn and begins another: the batch is full, or a command must be a turn's first.
    std::function<void()> flush;
    std::string hub;    // name and version for Welcome
    bool curve = true;  // without it, Hello.client names the principal (benchmarks only)
  };
  explicit Conversation(Parts parts) : parts_(std::move(parts)) {}

  void begin(Time now, int64_t boot_us, const Door& door);
  // Applies it, or keeps a publish for apply_publishes().
  void take(const wire::Sender& from, std::string_view bytes);
  void apply_publishes();
  // The frames of this turn may go: nothing refers to them any more.
  void end();
  // P9: the directory changed; nobody stays in who no longer belongs.
  void check_enrolment();
  size_t items() const { return items_; }
  size_t bytes() const { return bytes_; }

 private:
  using FramePtr = std::unique_ptr<v1::ClientFrame>;
  struct Publishing {
    std::string address;
    std::string principal;
    FramePtr frame;
  };
  const v1::PrincipalRow* principal(const std::string& id) const;
  void hello(const wire::Sender& from, const v1::Hello& hello);
  void welcome(const wire::Sender& from, const v1::PrincipalRow& who, const v1::Promise& highest);
  void settle_promise(const v1::PrincipalRow& who, const v1::Hello& hello);
  void in_session(Session& session, const v1::PrincipalRow& who, FramePtr frame);
  void attach(const std::string& address, const v1::PrincipalRow& who, const v1::Attach& request);
  void receive(const std::string& address, const v1::PrincipalRow& who,
               const v1::Received& received);
  void acts(const std::string& address, const v1::PrincipalRow& who, const v1::Acts& acts);
  void read(const std::string& address, const v1::PrincipalRow& who, const v1::Read& read);
  void tell_ledgers(const std::string& address, const v1::PrincipalRow& who,
                    const v1::AdapterLedgers& told);
  void clear(const std::string& address, const v1::PrincipalRow& who,
             const v1::ClearQuarantined& request);
  void answer_page(const std::string& address, uint64_t request, core::Answer answer);
  void publish(const Publishing& publishing);
  void take_items(const Publishing& publishing, v1::Accepted& accepted);
  void count(const v1::PrincipalRow& who, v1::Code code);
  static std::optional<Error> wrong_with(const Session& session, const v1::Publish& publish);
  void end_all_sessions();
  void end_session(const std::string& address, v1::Code code, const char* text);
  bool still_enrolled(const Session& session) const;
  core::Answer publish_item(const v1::PrincipalRow& who, const v1::Item& item,
                            const core::OutboxItem& at);

  Parts parts_;
  Time now_;
  int64_t boot_us_ = 0;
  Door door_;
  std::vector<Publishing> publishing_;
  std::vector<FramePtr> kept_;  // frames whose items this turn's live events refer to
  size_t items_ = 0;
  size_t bytes_ = 0;
};

}  // namespace switchboard::server
