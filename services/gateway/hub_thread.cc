#include "services/gateway/hub_thread.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <thread>

#include "broker/base/limits.h"
#include "broker/runtime/log.h"
#include "broker/wire/context.h"
#include "switchboard/v1/screen.pb.h"

namespace switchboard::gateway {
namespace {

constexpr size_t kAskedMax = 4096;  // on their way to the thread
// The hub answers so many of one session at once; the rest waits here for its turn.
constexpr size_t kAtOnceMax = limits::kReadsMax * 3 / 4;
constexpr size_t kHandedMax = 1024;  // arrivals the server's thread has not seen yet
constexpr Duration kTellLive = seconds(1);
constexpr std::chrono::milliseconds kTurn{200};
constexpr std::chrono::milliseconds kBehindTurn{5};

template <typename Answer>
using Then = std::function<void(Result<Answer>)>;

struct Question {
  v1::Read read;
  Then<v1::Page> then;
  int64_t until_us = 0;  // boot time, from when it is taken in
};
// Who waits for an answer, and until when (boot time).
template <typename Answer>
struct Waiting {
  Then<Answer> then;
  int64_t until_us = 0;
};

Error no_answer() { return error(v1::CODE_BUSY, "the hub did not answer in time: try again"); }

Error kept() {
  return error(v1::CODE_BUSY,
               "the hub does not answer: it is kept here and goes out when the hub is back. Nobody "
               "knows of it yet: ring");
}

}  // namespace

struct HubThread::State {
  // What the server's thread wants done on this one.
  using Asked = std::function<void(State&)>;

  State(Post to_server, Events on) : post(std::move(to_server)), events(std::move(on)) {}

  void run();
  void take_asked();
  void begin(Question question);
  void ask_next();
  void begin(v1::Act act, Then<v1::ActOutcome> then);
  void begin(v1::Item item, Then<v1::ItemOutcome> then);
  void answer_pages();
  void answer_acts();
  void answer_items();
  void hand_over_arrivals();
  void forget();
  void tell_live();
  template <typename Key, typename Answer>
  void time_out(std::map<Key, Waiting<Answer>>& waiting, const Error& why, bool give_up);
  template <typename Answer>
  void reply(Then<Answer> then, Result<Answer> answer) {
    post([then = std::move(then), answer = std::move(answer)]() mutable {
      then(std::move(answer));
    });
  }
  int64_t boot_us() { return clock.read().boot_us; }

  const Post post;
  const Events events;
  Mailbox<Asked> asked{kAskedMax};
  // Shared with posts that may outlive the thread.
  std::shared_ptr<std::atomic<size_t>> handed = std::make_shared<std::atomic<size_t>>(0);

  // The thread's own.
  Clock clock;
  wire::Context context;
  std::unique_ptr<sdk::Client> client;
  std::vector<sdk::Client::Log> logs;
  Duration answer_within;
  std::deque<Question> questions;  // for their turn
  std::map<uint64_t, Waiting<v1::Page>> pages;
  std::map<std::string, Waiting<v1::ActOutcome>> acts;
  std::map<uint64_t, Waiting<v1::ItemOutcome>> items;
  bool stopping = false;
  bool live = false;
  int64_t live_since_us = 0;
  int64_t told_live_us = 0;  // boot time
  std::thread thread;
};

HubThread::HubThread() = default;

Result<std::unique_ptr<HubThread>> HubThread::open(const Options& options, Post post,
                                                   Events events) {
  std::unique_ptr<HubThread> made(new HubThread());
  made->state_ = std::make_unique<State>(std::move(post), std::move(events));
  State& state = *made->state_;
  state.logs = options.client.logs;
  state.answer_within = options.answer_within;
  TRY(state.client, sdk::Client::open(state.context, options.client));
  state.live_since_us = state.clock.read().now.us;
  state.thread = std::thread([&state] { state.run(); });
  return made;
}

HubThread::~HubThread() { stop(); }

void HubThread::stop() {
  if (state_ == nullptr || !state_->thread.joinable()) return;
  while (!state_->asked.push([](State& state) { state.stopping = true; })) {
    std::this_thread::yield();
  }
  state_->thread.join();
}

void HubThread::ask(v1::Read read, OnPage then) {
  const auto begin = [read = std::move(read), then](State& state) mutable {
    state.begin(Question{std::move(read), std::move(then)});
  };
  if (!state_->asked.push(begin)) {
    then(error(v1::CODE_BUSY, "too much is asked at once: try again"));
  }
}

void HubThread::act(v1::Act act, OnActed then) {
  const auto begin = [act = std::move(act), then](State& state) mutable {
    state.begin(std::move(act), std::move(then));
  };
  if (!state_->asked.push(begin)) {
    then(error(v1::CODE_BUSY, "too much is done at once: try again"));
  }
}

void HubThread::publish(v1::Item item, OnPublished then) {
  const auto begin = [item = std::move(item), then](State& state) mutable {
    state.begin(std::move(item), std::move(then));
  };
  if (!state_->asked.push(begin)) {
    then(error(v1::CODE_BUSY, "too much is sent at once: try again"));
  }
}

void HubThread::State::run() {
  for (;;) {
    const bool behind = handed->load() >= kHandedMax;
    if (behind) {
      std::this_thread::sleep_for(kBehindTurn);
    } else if (const auto turned = client->run_once(kTurn, asked.fd()); !turned.ok()) {
      log::error("the gateway's store has failed", {{"why", turned.error().text}});
      post([this, why = turned.error()] { events.failed(why); });
      return;
    }
    take_asked();
    if (stopping) return;
    if (!behind) hand_over_arrivals();
    answer_pages();
    answer_acts();
    answer_items();
    forget();
    tell_live();
  }
}

void HubThread::State::take_asked() {
  asked.clear_wakeup();
  while (auto next = asked.pop()) (*next)(*this);
}

void HubThread::State::begin(Question question) {
  if (!client->session().open()) {
    return reply<v1::Page>(std::move(question.then),
                           error(v1::CODE_BUSY, "the hub cannot be reached"));
  }
  if (questions.size() >= kAskedMax) {
    return reply<v1::Page>(std::move(question.then),
                           error(v1::CODE_BUSY, "too much is asked at once: try again"));
  }
  question.until_us = boot_us() + answer_within.us;
  questions.push_back(std::move(question));
  ask_next();
}

void HubThread::State::ask_next() {
  while (!questions.empty() && pages.size() < kAtOnceMax) {
    Question question = std::move(questions.front());
    questions.pop_front();
    const uint64_t request = client->ask(std::move(question.read));
    pages[request] = {std::move(question.then), question.until_us};
  }
}

void HubThread::State::begin(v1::Act act, Then<v1::ActOutcome> then) {
  const auto id = client->acts().submit(std::move(act), client->now());
  if (!id.ok()) return reply<v1::ActOutcome>(std::move(then), id.error());
  // The same act again: whoever asked first has gone, or is told by the second's answer as well.
  auto& waiting = acts[std::string(id->view())];
  if (waiting.then) reply<v1::ActOutcome>(std::move(waiting.then), kept());
  waiting = {std::move(then), boot_us() + answer_within.us};
}

void HubThread::State::begin(v1::Item item, Then<v1::ItemOutcome> then) {
  const auto sequence = client->publisher().append(std::span(&item, 1), client->now());
  if (!sequence.ok()) return reply<v1::ItemOutcome>(std::move(then), sequence.error());
  items[*sequence] = {std::move(then), boot_us() + answer_within.us};
}

void HubThread::State::answer_pages() {
  for (auto it = pages.begin(); it != pages.end();) {
    auto page = client->take_page(it->first);
    if (!page) {
      ++it;
      continue;
    }
    if (page->code() == v1::CODE_OK) {
      reply<v1::Page>(std::move(it->second.then), std::move(*page));
    } else {
      reply<v1::Page>(std::move(it->second.then), error(page->code(), page->text()));
    }
    it = pages.erase(it);
  }
  ask_next();
}

void HubThread::State::answer_acts() {
  for (const auto& outcome : client->acts().take_outcomes()) {
    const auto it = acts.find(std::string(outcome.act_id.view()));
    if (it == acts.end()) continue;
    v1::ActOutcome answer;
    answer.set_act_id(std::string(outcome.act_id.view()));
    answer.set_code(outcome.code);
    answer.set_position(outcome.position);
    answer.set_state(outcome.state);
    answer.set_text(outcome.text);
    reply<v1::ActOutcome>(std::move(it->second.then), std::move(answer));
    acts.erase(it);
  }
}

void HubThread::State::answer_items() {
  if (!client->has_publisher()) return;
  for (const auto& outcome : client->publisher().take_outcomes()) {
    const auto it = items.find(outcome.sequence);
    if (it == items.end()) continue;
    v1::ItemOutcome answer;
    answer.set_sequence(outcome.sequence);
    answer.set_code(outcome.code);
    answer.set_position(outcome.position);
    answer.set_text(outcome.text);
    reply<v1::ItemOutcome>(std::move(it->second.then), std::move(answer));
    items.erase(it);
  }
}

void HubThread::State::hand_over_arrivals() {
  for (size_t i = 0; i < logs.size(); ++i) {
    auto& endpoint = client->endpoint(i);
    endpoint.use_arrivals([&](const sdk::Endpoint::Arrival& arrival) {
      handed->fetch_add(1);
      post([this, count = handed,
            arrived = Arrived{logs[i].team, logs[i].log, arrival.turn, arrival.epoch,
                              arrival.entry}]() mutable {
        count->fetch_sub(1);
        events.arrived(std::move(arrived));
      });
      return std::string();
    });
    // What a person is shown is asked of the hub anew; nothing of a child stays on this disk.
    auto& store = endpoint.store();
    if (const auto dropped = store.drop_through(store.handed_out()); !dropped.ok()) {
      log::warn("entries that were handed over could not be dropped",
                {{"why", dropped.error().text}});
    }
  }
}

template <typename Key, typename Answer>
void HubThread::State::time_out(std::map<Key, Waiting<Answer>>& waiting, const Error& why,
                                bool give_up) {
  const int64_t now_us = boot_us();
  for (auto it = waiting.begin(); it != waiting.end();) {
    if (now_us < it->second.until_us) {
      ++it;
      continue;
    }
    if constexpr (std::is_same_v<Answer, v1::Page>) {
      if (give_up) client->give_up(it->first);
    }
    reply<Answer>(std::move(it->second.then), why);
    it = waiting.erase(it);
  }
}

void HubThread::State::forget() {
  // In the order they came, so the first is the oldest.
  while (!questions.empty() && boot_us() >= questions.front().until_us) {
    reply<v1::Page>(std::move(questions.front().then), no_answer());
    questions.pop_front();
  }
  time_out(pages, no_answer(), true);
  time_out(acts, kept(), false);
  time_out(items, kept(), false);
}

// Live is: a session, and every log is being read to its end or on its way there.
void HubThread::State::tell_live() {
  bool reading = client->session().open();
  for (size_t i = 0; i < logs.size(); ++i) reading = reading && client->endpoint(i).reading();
  const auto now = clock.read();
  if (reading == live && now.boot_us - told_live_us < kTellLive.us) return;
  if (reading != live) live_since_us = now.now.us;
  live = reading;
  told_live_us = now.boot_us;
  v1::Live told;
  told.set_live(live);
  told.set_since_us(live_since_us);
  told.set_heard_us(client->session().last_heard().us);
  told.set_now_us(now.now.us);
  if (!live) {
    const auto alarm = client->alarm();
    told.set_why(alarm ? alarm->text : "the hub cannot be reached");
  }
  const uint64_t epoch = client->session().welcome().promise().epoch();
  post([this, told = std::move(told), epoch] { events.live(told, epoch); });
}

}  // namespace switchboard::gateway
