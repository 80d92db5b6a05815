#include "broker/wire/zap.h"

#include <pthread.h>
#include <signal.h>
#include <zmq.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <map>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "broker/wire/socket.h"

namespace switchboard::wire {

namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kKeyText = 40;
constexpr size_t kPartsMax = 16;
constexpr int kLookMs = 100;  // for a thread that has ended
constexpr char kQuestions[] = "inproc://zeromq.zap.01";

using Sets = std::map<std::string, std::set<std::string>, std::less<>>;

struct Answer {
  std::string_view status = "400";
  std::string_view text = "refused";
  std::string user_id;
};

// RFC 27: version, request id, domain, address, routing id, mechanism, credentials.
Answer decide(const Sets& sets, const std::vector<Frame>& parts) {
  if (parts.size() < 6 || parts[0].bytes() != "1.0") return {"500", "broken question"};
  if (parts[5].bytes() != "CURVE") return {"400", "mechanism not allowed"};
  if (parts.size() != 7 || parts[6].bytes().size() != kKeyBytes) return {"500", "broken question"};
  std::array<char, kKeyText + 1> key{};
  const auto* raw = reinterpret_cast<const uint8_t*>(parts[6].bytes().data());
  if (!zmq_z85_encode(key.data(), raw, kKeyBytes)) return {"500", "broken key"};
  const auto set = sets.find(parts[2].bytes());
  // P9: no set and unknown key are the same to the outside.
  if (set == sets.end() || !set->second.contains(key.data())) return {};
  return {"200", "welcome", key.data()};
}

// Nothing: no message, or one of too many parts (then the request cannot be told from rubbish).
std::optional<std::vector<Frame>> receive_all(Socket& socket) {
  std::vector<Frame> parts(1);
  if (!socket.receive_part(parts[0])) return std::nullopt;
  while (Socket::more(parts.back()) && parts.size() < kPartsMax) {
    Frame next;
    if (!socket.receive_part(next)) return std::nullopt;
    parts.push_back(std::move(next));
  }
  socket.drop_rest(parts.back());
  return parts;
}

void answer(Socket& questions, const std::vector<Frame>& parts, const Answer& answer) {
  const std::string_view id = parts.size() > 1 ? parts[1].bytes() : std::string_view();
  const std::string_view user_id = answer.user_id;
  // A part that cannot be sent leaves the question open, and an open question admits nobody.
  for (const auto part : {std::string_view("1.0"), id, answer.status, answer.text, user_id}) {
    if (!questions.send_part(part, ZMQ_SNDMORE)) return;
  }
  questions.send_part(std::string_view(), 0);
}

// One message: the domain, then 40 characters a key. A lone empty part: stop.
bool take_set(Socket& control, Sets& sets) {
  const auto parts = receive_all(control);
  if (!parts) return true;
  if (parts->size() != 2) return false;
  std::set<std::string> keys;
  std::string_view text = (*parts)[1].bytes();
  for (; text.size() >= kKeyText; text.remove_prefix(kKeyText)) {
    keys.emplace(text.substr(0, kKeyText));
  }
  sets.insert_or_assign(std::string((*parts)[0].bytes()), std::move(keys));
  control.send_part(std::string_view(), 0);
  return true;
}

void answer_all(Socket& questions, Socket& control, std::atomic<uint64_t>& refused) {
  Sets sets;
  for (;;) {
    std::array<zmq_pollitem_t, 2> items{
        {{control.raw(), 0, ZMQ_POLLIN, 0}, {questions.raw(), 0, ZMQ_POLLIN, 0}}};
    const int ready = zmq_poll(items.data(), 2, -1);
    if (ready < 0 && errno != EINTR) return;  // the context ends
    if (ready < 0) continue;
    if (items[0].revents && !take_set(control, sets)) return;
    if (!items[1].revents) continue;
    const auto parts = receive_all(questions);
    if (!parts) continue;
    const auto verdict = decide(sets, *parts);
    if (verdict.status != "200") refused.fetch_add(1, std::memory_order_relaxed);
    answer(questions, *parts, verdict);
  }
}

// What nobody answers any more must be closed before `alive` says so: then nobody is let in.
void serve(Socket questions, Socket control, std::atomic<uint64_t>* refused,
           std::atomic<bool>* alive) {
  answer_all(questions, control, *refused);
  questions = Socket();
  control = Socket();
  alive->store(false);
}

}  // namespace

struct Zap::State {
  Context* context = nullptr;
  Socket control;
  Sets sets;  // the owner's copy, never the thread's
  std::atomic<uint64_t> refused = 0;
  std::atomic<bool> alive = true;
  std::thread thread;
};

Zap::Zap() : state_(std::make_unique<State>()) {}

Zap::~Zap() { stop(); }

void Zap::stop() {
  if (!state_->thread.joinable()) return;
  state_->control.send_part(std::string_view(), 0);
  state_->thread.join();
  state_->context->state().zap_running = false;
}

bool Zap::alive() const { return state_->alive.load(); }

Result<std::unique_ptr<Zap>> Zap::start(Context& context) {
  TRY(Socket questions, Socket::open(context, ZMQ_REP));
  if (zmq_bind(questions.raw(), kQuestions) != 0) return socket_error("bind the ZAP socket");
  TRY(Socket inner, Socket::open(context, ZMQ_PAIR));
  std::unique_ptr<Zap> zap(new Zap);  // private constructor
  State& state = *zap->state_;
  TRY(state.control, Socket::open(context, ZMQ_PAIR));
  const auto name =
      "inproc://zap-control-" + std::to_string(reinterpret_cast<uintptr_t>(inner.raw()));
  if (zmq_bind(inner.raw(), name.c_str()) != 0) return socket_error("bind the ZAP control");
  if (zmq_connect(state.control.raw(), name.c_str()) != 0) {
    return socket_error("connect the ZAP control");
  }
  // Signals are the program's main thread's; the new thread inherits the mask.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  state.thread =
      std::thread(serve, std::move(questions), std::move(inner), &state.refused, &state.alive);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  state.context = &context;
  context.state().zap_running = true;
  return zap;
}

void Zap::allow(const std::string& domain, std::set<std::string> public_keys) {
  std::string text;
  for (const auto& key : public_keys) {
    // What is no key can match nobody.
    if (is_public_key(key)) text += key;
  }
  state_->sets.insert_or_assign(domain, std::move(public_keys));
  Socket& control = state_->control;
  if (!control.send_part(std::string_view(domain), ZMQ_SNDMORE) ||
      !control.send_part(std::string_view(text), 0)) {
    return;  // nobody takes it: the thread has ended
  }
  zmq_pollitem_t item{control.raw(), 0, ZMQ_POLLIN, 0};
  while (alive() && zmq_poll(&item, 1, kLookMs) <= 0) {
  }
  Frame taken;
  control.receive_part(taken);
}

std::set<std::string> Zap::allowed(const std::string& domain) const {
  const auto set = state_->sets.find(domain);
  return set == state_->sets.end() ? std::set<std::string>() : set->second;
}

uint64_t Zap::refused() const { return state_->refused.load(std::memory_order_relaxed); }

}  // namespace switchboard::wire
