// A client of the hub, whole: its store, its outboxes, what it reads, one connection.
//
// Owns all parts and the socket; the owner drives it with run_once() from its one poll loop and
// takes what happened from publisher(), acts() and endpoint(). Everything of note is durable in
// `dir`; without one it lives in memory, for callers that wait for each answer and tell the person.
// Thread: the one that made it. Fails: run_once() only with the store; then exit, send nothing, and
// start again from disk (P1). A hub that is away, busy or refusing is never an error: see alarm().
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sdk/conversation.h"
#include "broker/runtime/clock.h"
#include "broker/wire/dealer.h"

namespace switchboard::sdk {

class Client {
 public:
  // One log of one team, read by the endpoint of that name.
  struct Log {
    std::string team;
    v1::LogKind log = v1::LOG_KIND_INBOX;
    Endpoint::Options reading;
  };
  struct Options {
    std::string program;  // name and version, as the hub shows it: "switchboard-mllp 0.1.0"
    wire::Dealer::Options hub;
    std::filesystem::path dir;              // made if absent; one process at a time; empty: memory
    std::optional<Outbox::Options> outbox;  // publishes, within these bounds
    bool acts = false;                      // brings people's acts
    std::vector<Log> logs;
  };
  using Wait = std::chrono::milliseconds;

  // Does not wait for the hub. CODE_CONFLICT: another process has `dir`.
  static Result<std::unique_ptr<Client>> open(wire::Context& context, const Options& options);
  ~Client();

  // One turn: receipts for what was taken before, send, wait up to `at_most` for a frame or for
  // `wake_fd` (-1: none) to be readable, hear, send.
  Status run_once(Wait at_most, int wake_fd = -1);

  Publisher& publisher() { return *publisher_; }  // CHECKs that options had an outbox
  bool has_publisher() const { return publisher_ != nullptr; }
  Acts& acts() { return *acts_; }                 // … had acts
  Endpoint& endpoint(size_t log) { return *endpoints_.at(log); }  // in the order of options.logs
  Session& session() { return *session_; }
  Time now() { return clock_.read().now; }

  // Why nothing moves, in words for an operator: a refusal, an old hub, an unknown key.
  std::optional<Session::Alarm> alarm();
  // Single frames the hub refused while the session goes on: a fault of ours or of the enrolment.
  std::vector<v1::Refused> take_refusals() { return conversation_->take_refusals(); }

  // An adapter's own count of what it read, whole. The page that answers it comes once the hub has
  // it; a hub of an older version says nothing.
  uint64_t tell(v1::AdapterLedgers ledgers) { return conversation_->tell(std::move(ledgers)); }
  std::optional<v1::Page> take_page(uint64_t request) { return conversation_->take_page(request); }
  // The same for pages and for what became of nudges, without waiting.
  uint64_t ask(v1::Read read) { return conversation_->ask(std::move(read)); }
  uint64_t report(v1::NudgeReports reports) { return conversation_->report(std::move(reports)); }
  void give_up(uint64_t request) { conversation_->give_up(request); }

  // Blocking, for commands. CODE_BUSY: no answer in time, and for acts and publishes not known to
  // be done (durable ones are sent again by the next run); a definite refusal ends the wait.
  Result<v1::Page> request(v1::Read read, Wait within);
  Result<Acts::Outcome> act(v1::Act act, Wait within);
  // A publisher has dealt with a quarantined message of its own: durable at the hub when it
  // returns.
  Result<v1::Page> clear(v1::ClearQuarantined clear, Wait within);
  // One part of a list of children, or one change of it: the page's report says what became of it.
  Result<v1::Page> change_members(v1::MembersRequest request, Wait within);
  // The hub's answer to each item, in order.
  Result<std::vector<Publisher::Outcome>> publish(std::span<const v1::Item> items, Wait within);

 private:
  Client(wire::Context& context, const Options& options);
  Status open_store();
  Status open_parts();
  Status redial(Time now);
  void follow_connection(Time now);
  Status send(Time now);
  Status receive(Time now);
  Wait pause(Wait at_most, Time now) const;
  Status maintain(Time now);
  Result<v1::Page> answer_to(uint64_t request, Wait within);
  // Turns until `finished` or the time is up.
  template <typename Finished>
  Status run_until(Finished finished, Wait within);

  wire::Context& context_;
  Options options_;
  Clock clock_;
  Entropy entropy_;
  SealKey key_{};
  std::unique_ptr<kv::Kv> kv_;
  std::optional<Promises> promises_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Outbox> acts_outbox_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Acts> acts_;
  std::vector<std::unique_ptr<EndpointStore>> stores_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Conversation> conversation_;
  std::unique_ptr<wire::Dealer> dealer_;
  uint64_t connection_ = 0;  // the one the conversation knows of
  bool up_ = false;
  std::string unsent_;  // the socket did not take it yet
  Timer maintenance_;
};

}  // namespace switchboard::sdk
