#include "services/gateway/operator_link.h"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "adapters/sdk/admin_client.h"
#include "broker/runtime/mailbox.h"

namespace switchboard::gateway {
namespace {

constexpr size_t kAskedMax = 16;  // the page itself has one look under way at a time
constexpr uint32_t kRowsMax = 50;
constexpr uint32_t kBreachWithinS = 4 * 3600;
constexpr int kTurnMs = 200;  // how soon it notices that it is to stop

struct Question {
  std::string person;
  OperatorLink::OnLooked then;
};

// For people who look after the hub: what it means, and what to do.
Error in_words(const Error& why) {
  if (why.code == v1::CODE_NOT_ALLOWED) {
    return error(v1::CODE_INTERNAL,
                 "the hub does not let this gateway in as an operator: enrol the key of "
                 "operator_key_file with role operator (runbook screen)");
  }
  if (why.code != v1::CODE_BUSY) return why;
  return error(v1::CODE_BUSY,
               "the hub's admin socket does not answer, so nothing is known of it now. Look at its "
               "machine: systemctl status switchboard-broker, runbook start. While it is down "
               "nobody is told anything by it: ring");
}

v1::AdminRequest for_queue(const char* name) {
  v1::AdminRequest request;
  request.mutable_queue()->set_queue(name);
  request.mutable_queue()->set_limit(kRowsMax);
  return request;
}

}  // namespace

struct OperatorLink::State {
  State(Options to, Post to_server) : options(std::move(to)), post(std::move(to_server)) {}

  void run();
  Result<v1::ScreenOperator> look(const std::string& person);
  Result<v1::ScreenOperator> collect(const std::string& person);
  Result<v1::AdminReply> ask(v1::AdminRequest request, const std::string& person);

  const Options options;
  const Post post;
  Mailbox<Question> asked{kAskedMax};
  std::atomic<bool> stopping{false};

  // The thread's own.
  Clock clock;
  wire::Context context;
  std::unique_ptr<sdk::AdminClient> client;
  int64_t until_us = 0;  // boot time: the end of the look that is under way
  std::thread thread;
};

OperatorLink::OperatorLink() = default;

std::unique_ptr<OperatorLink> OperatorLink::open(const Options& options, Post post) {
  std::unique_ptr<OperatorLink> made(new OperatorLink());
  made->state_ = std::make_unique<State>(options, std::move(post));
  State& state = *made->state_;
  state.thread = std::thread([&state] { state.run(); });
  return made;
}

OperatorLink::~OperatorLink() { stop(); }

void OperatorLink::stop() {
  if (!state_->thread.joinable()) return;
  state_->stopping = true;
  state_->thread.join();
}

void OperatorLink::look(const std::string& person, OnLooked then) {
  Question question{person, std::move(then)};
  if (state_->asked.push(std::move(question))) return;
  question.then(error(v1::CODE_BUSY, "too much is asked at once: try again"));
}

void OperatorLink::State::run() {
  while (!stopping) {
    pollfd wake{asked.fd(), POLLIN, 0};
    ::poll(&wake, 1, kTurnMs);
    asked.clear_wakeup();
    while (!stopping) {
      auto next = asked.pop();
      if (!next) break;
      post([then = std::move(next->then), answer = look(next->person)]() mutable {
        then(std::move(answer));
      });
    }
  }
}

// A connection that was kept may have ended with the hub that is here again: once more, anew.
// Nothing that is asked here changes anything, so asking twice is harmless.
Result<v1::ScreenOperator> OperatorLink::State::look(const std::string& person) {
  until_us = clock.read().boot_us + options.answer_within.us;
  const bool kept = client != nullptr;
  auto seen = collect(person);
  if (!seen.ok()) client.reset();
  if (!seen.ok() && kept && clock.read().boot_us < until_us) {
    seen = collect(person);
    if (!seen.ok()) client.reset();
  }
  if (!seen.ok()) return in_words(seen.error());
  return seen;
}

Result<v1::ScreenOperator> OperatorLink::State::collect(const std::string& person) {
  if (client == nullptr) {
    TRY(client, sdk::AdminClient::open(context, options.hub));
  }
  v1::ScreenOperator out;
  v1::AdminRequest status, watch, breaches;
  status.mutable_status();
  watch.mutable_watch();
  breaches.mutable_breaches()->set_within_s(kBreachWithinS);
  breaches.mutable_breaches()->set_limit(kRowsMax);
  TRY(auto said, ask(std::move(status), person));
  *out.mutable_status() = std::move(*said.mutable_status());
  TRY(auto watched, ask(std::move(watch), person));
  *out.mutable_watch() = std::move(*watched.mutable_watch()->mutable_rows());
  TRY(auto quarantine, ask(for_queue("quarantine"), person));
  *out.mutable_quarantine() = std::move(*quarantine.mutable_queue()->mutable_rows());
  TRY(auto unrouted, ask(for_queue("unrouted"), person));
  *out.mutable_unrouted() = std::move(*unrouted.mutable_queue()->mutable_rows());
  TRY(auto late, ask(std::move(breaches), person));
  *out.mutable_breaches() = std::move(*late.mutable_breaches());
  out.set_as_of_us(clock.read().now.us);
  return out;
}

Result<v1::AdminReply> OperatorLink::State::ask(v1::AdminRequest request,
                                                const std::string& person) {
  request.set_person(person);
  const int64_t left_us = std::max<int64_t>(until_us - clock.read().boot_us, 0);
  TRY(const auto parts,
      client->ask(std::move(request), std::chrono::milliseconds(left_us / 1000 + 1)));
  v1::AdminReply all;
  for (const auto& part : parts) all.MergeFrom(part);
  return all;
}

}  // namespace switchboard::gateway
