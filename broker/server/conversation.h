// What each client frame means: session state x message -> a command to the core and an answer.
//
// PROTOCOL.md prints the same rules. Acts, receipts and openings apply at once; publishes wait for
// the end of the turn (people before machines; publishing.h). Answers go to Outgoing, which sends
// them after the sync. Thread: the loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broker/core/core.h"
#include "broker/server/delivery.h"
#include "broker/server/door.h"
#include "broker/server/gauges.h"
#include "broker/server/membership.h"
#include "broker/server/outgoing.h"
#include "broker/server/publishing.h"
#include "broker/server/session.h"
#include "broker/wire/frame.h"

namespace switchboard::server {

class Conversation {
 public:
  struct Parts {
    core::Core& core;
    Delivery& delivery;
    Outgoing& outgoing;
    Sessions& sessions;
    Publishing& publishing;
    Membership& membership;
    Gauges& gauges;
    Reader& reader;
    std::function<std::unique_ptr<store::Reads>()> snapshot;
    std::function<core::Presence()> presence;
    // Ends the turn and begins another: the batch is full, or a command must be a turn's first.
    std::function<void()> flush;
    std::string hub;    // name and version for Welcome
    bool curve = true;  // without it, Hello.client names the principal (benchmarks only)
  };
  explicit Conversation(Parts parts) : parts_(std::move(parts)) {}

  void begin(Time now, int64_t boot_us, const Door& door);
  // Applies it, or hands a publish over, with its frame, to be applied in its turn.
  void take(const wire::Sender& from, wire::Frame& frame);
  // P9: the directory changed, or a key has expired; nobody stays in who no longer belongs.
  void check_enrolment();
  size_t items() const { return items_; }
  // Nothing but publishes and receipts has come in this turn.
  bool plain() const { return plain_; }
  size_t bytes() const { return bytes_; }

 private:
  using FramePtr = std::unique_ptr<v1::ClientFrame>;
  // What is shown is recorded and durable before somebody looks at it (P10), where anything is
  // recorded now.
  void record_shown(const v1::PrincipalRow& who, const auto& read);
  void hello(const wire::Sender& from, const v1::Hello& hello);
  void welcome(const wire::Sender& from, const v1::PrincipalRow& who, const core::Greeting& shown);
  core::Greeting settle_promise(const v1::PrincipalRow& who, const v1::Hello& hello);
  void in_session(Session& session, const v1::PrincipalRow& who, FramePtr frame);
  void queued(std::string address, Publishing::Put put);
  void attach(const std::string& address, const v1::PrincipalRow& who, const v1::Attach& request);
  void receive(const std::string& address, const v1::PrincipalRow& who,
               const v1::Received& received);
  void acts(const std::string& address, const v1::PrincipalRow& who, const v1::Acts& acts);
  void read(const std::string& address, const v1::PrincipalRow& who, const v1::Read& read);
  void tell_ledgers(const std::string& address, const v1::PrincipalRow& who,
                    const v1::AdapterLedgers& told);
  void clear(const std::string& address, const v1::PrincipalRow& who,
             const v1::ClearQuarantined& request);
  void take_nudges(const std::string& address, const v1::PrincipalRow& who, const v1::Read& read);
  void report_nudges(const std::string& address, const v1::PrincipalRow& who,
                     const v1::NudgeReports& reports);
  void answer_page(const std::string& address, uint64_t request, core::Answer answer);
  void end_all_sessions();
  void count_refusal(const std::string& principal, v1::Code code);
  void refuse(const std::string& address, const std::string& principal, v1::Code code,
              std::string text);
  void end_session(const std::string& address, v1::Code code, std::string text);
  // Empty: the key of this session is taken now.
  std::string why_not_taken(const Session& session) const;

  Parts parts_;
  Time now_;
  int64_t boot_us_ = 0;
  Door door_;
  size_t items_ = 0;
  size_t bytes_ = 0;
  bool plain_ = true;
};

}  // namespace switchboard::server
