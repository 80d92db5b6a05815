#include "adapters/sdk/client.h"

#include <algorithm>
#include <system_error>

#include "adapters/sdk/client_key.h"
#include "adapters/sdk/verdict.h"
#include "broker/kv/mem_kv.h"
#include "broker/kv/rocks_kv.h"

namespace switchboard::sdk {
namespace {

constexpr size_t kFramesPerTurn = 256;
constexpr Duration kMaintenance = seconds(60);
constexpr std::chrono::milliseconds kUnsentPause{20};
constexpr int kLingerMs = 200;  // for Goodbye; what matters is in the outbox

}  // namespace

Client::Client(wire::Context& context, const Options& options)
    : context_(context), options_(options), entropy_(os_random_32()) {
  if (options_.hub.linger_ms == 0) options_.hub.linger_ms = kLingerMs;
}

// Says Goodbye, so that the hub does not wait for a silence to count this client as gone.
Client::~Client() {
  if (!dealer_ || !session_ || !session_->open()) return;
  v1::ClientFrame frame;
  frame.mutable_goodbye();
  (void)dealer_->send(frame.SerializeAsString());
}

Result<std::unique_ptr<Client>> Client::open(wire::Context& context, const Options& options) {
  std::unique_ptr<Client> client(new Client(context, options));
  TRY_DO(client->open_store());
  TRY_DO(client->open_parts());
  TRY(client->dealer_, wire::Dealer::open(context, client->options_.hub));
  return client;
}

Status Client::run_once(Wait at_most, int wake_fd) {
  TRY_DO(conversation_->flush());  // P1: what the owner has seen is synced, then receipts go
  TRY_DO(redial(now()));
  TRY_DO(send(now()));
  dealer_->wait(pause(at_most, now()), wake_fd);
  const Time after = now();
  follow_connection(after);
  TRY_DO(receive(after));
  TRY_DO(send(after));
  return maintain(after);
}

// A connection that is of no use is replaced whole: a new one has no frames of the old session.
Status Client::redial(Time now) {
  if (!conversation_->wants_connection(now)) return ok();
  conversation_->disconnected();
  unsent_.clear();
  connection_ = 0;
  up_ = false;
  dealer_.reset();
  TRY(dealer_, wire::Dealer::open(context_, options_.hub));
  return ok();
}

void Client::follow_connection(Time now) {
  const uint64_t connection = dealer_->connections();
  const bool up = dealer_->connected();
  if (connection == connection_ && up == up_) return;
  connection_ = connection;
  up_ = up;
  unsent_.clear();  // it belongs to the session before
  conversation_->disconnected();
  if (up) conversation_->connected(now);
}

Status Client::send(Time now) {
  for (;;) {
    if (unsent_.empty()) {
      TRY(auto bytes, conversation_->next(now));
      if (!bytes) return ok();
      unsent_ = std::move(*bytes);
    }
    if (!dealer_->send(std::move(unsent_))) return ok();
    unsent_.clear();
  }
}

Status Client::receive(Time now) {
  wire::Frame frame;
  for (size_t i = 0; i < kFramesPerTurn && dealer_->receive(frame); ++i) {
    TRY_DO(conversation_->hear(frame.bytes(), now));
  }
  return ok();
}

Client::Wait Client::pause(Wait at_most, Time now) const {
  Wait wait = at_most;
  if (!unsent_.empty()) wait = std::min(wait, kUnsentPause);
  if (const auto at = conversation_->wakes_at()) {
    const auto left = std::chrono::microseconds(std::max<int64_t>((*at - now).us, 0));
    wait = std::min(wait, std::chrono::ceil<Wait>(left));
  }
  return wait;
}

Status Client::maintain(Time now) {
  if (maintenance_.running() && !maintenance_.due(now)) return ok();
  maintenance_.start(now, kMaintenance);
  if (outbox_) TRY_DO(outbox_->trim(now));
  if (acts_outbox_) TRY_DO(acts_outbox_->trim(now));
  return ok();
}

std::optional<Session::Alarm> Client::alarm() {
  if (session_->alarm()) return session_->alarm();
  if (!dealer_->refused()) return std::nullopt;
  return Session::Alarm{v1::CODE_NOT_ALLOWED, "the hub does not let this key in"};
}

template <typename Finished>
Status Client::run_until(Finished finished, Wait within) {
  // Boot time: a step of the wall clock neither ends the wait nor prolongs it.
  const int64_t deadline = clock_.read().boot_us + std::chrono::microseconds(within).count();
  conversation_->take_refusals();
  while (!finished()) {
    const Wait left =
        std::chrono::ceil<Wait>(std::chrono::microseconds(deadline - clock_.read().boot_us));
    if (left.count() <= 0) {
      if (const auto why = alarm()) return error(why->code, why->text);
      return error(v1::CODE_BUSY, session_->open() ? "the hub did not answer in time"
                                                   : "the hub cannot be reached");
    }
    TRY_DO(run_once(left));
    const auto why = alarm();
    if (why && verdict(why->code) == Verdict::kRefused) return error(why->code, why->text);
    const auto refusals = conversation_->take_refusals();
    if (!refusals.empty()) return error(refusals.front().code(), refusals.front().text());
  }
  return ok();
}

Result<v1::Page> Client::request(v1::Read read, Wait within) {
  return answer_to(conversation_->ask(std::move(read)), within);
}

Result<v1::Page> Client::clear(v1::ClearQuarantined clear, Wait within) {
  return answer_to(conversation_->clear(std::move(clear)), within);
}

Result<v1::Page> Client::change_members(v1::MembersRequest request, Wait within) {
  return answer_to(conversation_->change_members(std::move(request)), within);
}

Result<v1::Page> Client::answer_to(uint64_t request, Wait within) {
  std::optional<v1::Page> page;
  const auto status =
      run_until([&] { return (page = conversation_->take_page(request)).has_value(); }, within);
  conversation_->give_up(request);
  TRY_DO(status);
  if (page->code() != v1::CODE_OK) return error(page->code(), page->text());
  return std::move(*page);
}

Result<Acts::Outcome> Client::act(v1::Act act, Wait within) {
  CHECK(acts_ != nullptr);
  TRY(const Id id, acts_->submit(std::move(act), now()));
  std::optional<Acts::Outcome> answer;
  TRY_DO(run_until(
      [&] {
        for (auto& outcome : acts_->take_outcomes()) {
          if (outcome.act_id == id) answer = std::move(outcome);
        }
        return answer.has_value();
      },
      within));
  return std::move(*answer);
}

Result<std::vector<Publisher::Outcome>> Client::publish(std::span<const v1::Item> items,
                                                        Wait within) {
  CHECK(publisher_ != nullptr);
  std::vector<Publisher::Outcome> answers;
  if (items.empty()) return answers;
  TRY(const uint64_t first, publisher_->append(items, now()));
  TRY_DO(run_until(
      [&] {
        for (auto& outcome : publisher_->take_outcomes()) {
          // In order, and after a resend again: the first answer to each counts.
          if (outcome.sequence == first + answers.size()) answers.push_back(std::move(outcome));
        }
        return answers.size() >= items.size();
      },
      within));
  return answers;
}

Status Client::open_store() {
  if (options_.dir.empty()) {
    kv_ = std::make_unique<kv::MemKv>();
    entropy_.fill(key_.data(), key_.size());
    return ok();
  }
  std::error_code failed;
  std::filesystem::create_directories(options_.dir, failed);
  if (failed) {
    return error(v1::CODE_INTERNAL,
                 options_.dir.string() + ": cannot make the folder: " + failed.message());
  }
  TRY(key_, load_or_make_client_key(options_.dir / "client.key"));
  TRY(kv_, kv::RocksKv::open({.dir = (options_.dir / "store").string(),
                              .memtable_mb = 8,
                              .block_cache_mb = 4,
                              .create = true,
                              .mark_synced = true}));
  return ok();
}

Status Client::open_parts() {
  TRY(promises_, Promises::open(*kv_));
  Conversation::Parts parts;
  if (options_.outbox) {
    options_.outbox->lane = Lane::kPublish;
    TRY(outbox_, Outbox::open(*kv_, key_, entropy_, *options_.outbox));
    publisher_ = std::make_unique<Publisher>(*outbox_, entropy_, Publisher::Options{});
    parts.publisher = publisher_.get();
  }
  if (options_.acts) {
    Outbox::Options bounds{.lane = Lane::kActs};
    TRY(acts_outbox_, Outbox::open(*kv_, key_, entropy_, bounds));
    acts_ = std::make_unique<Acts>(*acts_outbox_, entropy_, Acts::Options{});
    parts.acts = acts_.get();
  }
  for (const auto& log : options_.logs) {
    TRY(auto store,
        EndpointStore::open(*kv_, entropy_, {.team = log.team, .log = log.log, .key = key_}));
    stores_.push_back(std::make_unique<EndpointStore>(std::move(store)));
    endpoints_.push_back(std::make_unique<Endpoint>(*stores_.back(), entropy_, log.reading));
    parts.endpoints.push_back(endpoints_.back().get());
  }
  session_ =
      std::make_unique<Session>(*promises_, entropy_, Session::Options{.client = options_.program});
  parts.session = session_.get();
  conversation_ = std::make_unique<Conversation>(std::move(parts));
  return ok();
}

}  // namespace switchboard::sdk
