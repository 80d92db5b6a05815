#include "tests/bench/nullhub_client.h"

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "tests/bench/nullhub.h"
#include "tests/bench/workload.h"

namespace switchboard::bench {

using support::die;
namespace {

using SendTimes = std::vector<std::atomic<uint64_t>>;
constexpr size_t kReceiptEvery = 64;

void ask(Socket& socket, std::string_view question) {
  socket.send(question);
  Message answer;
  while (!socket.receive(answer, Wait::kYes)) {
  }
}

void publish(Socket& socket, const Case& c, SendTimes& sent, Latencies& latencies) {
  const std::string text = random_text(1 << 20);
  uint64_t next = 0;
  uint64_t confirmed = 0;
  std::string frame;
  Message message;
  while (confirmed < c.events()) {
    while (next < c.events()) {
      const uint64_t count = std::min(c.pack(), c.events() - next);
      if (next - confirmed + count > c.window()) break;
      frame = "P";
      const uint64_t now = now_ns();
      for (uint64_t i = 0; i < count; ++i, ++next) {
        frame.append(text, (next * 64) % (text.size() - kNullEventBytes), kNullEventBytes);
        sent[next].store(now);
      }
      socket.send(frame);
    }
    while (!socket.receive(message, Wait::kYes)) {
    }
    uint64_t count;
    if (message.bytes().size() != 1 + sizeof count) die("expected a confirm");
    std::memcpy(&count, message.bytes().data() + 1, sizeof count);
    const uint64_t now = now_ns();
    for (; count > 0; --count) latencies.add(now - sent[confirmed++].load());
  }
}

void consume(Socket& socket, uint64_t events, const SendTimes& sent, Latencies& latencies) {
  std::string receipts = "A";
  Message message;
  for (uint64_t got = 0; got < events;) {
    if (socket.receive(message, receipts.size() > 1 ? Wait::kNo : Wait::kYes)) {
      const uint64_t now = now_ns();
      for (auto rest = message.bytes().substr(1); rest.size() >= kNullRecordBytes;
           rest.remove_prefix(kNullRecordBytes)) {
        receipts.append(rest.substr(0, 8));
        latencies.add(now - sent[got++].load());
      }
      if (receipts.size() <= 8 * kReceiptEvery && got < events) continue;
    }
    if (receipts.size() > 1) socket.send(receipts);
    receipts = "A";
  }
  ask(socket, "F");
}

void run_replay(Case& c, const Context& context, const std::string& endpoint, Socket& publisher,
                SendTimes& sent) {
  Latencies ignored;
  publish(publisher, c, sent, ignored);
  Socket reader = Socket::dealer(context, endpoint, "");
  c.start();
  reader.send("R");
  Message message;
  for (uint64_t got = 0; got < c.events();) {
    if (!reader.receive(message, Wait::kYes)) continue;
    got += (message.bytes().size() - 1) / kNullRecordBytes;
  }
  c.finished();
  c.print({}, {});
}

}  // namespace

void drive_nullhub(Case& c, const std::string& endpoint) {
  const Context context = make_context();
  Socket publisher = Socket::dealer(context, endpoint, "");
  SendTimes sent(c.events());
  if (c.mode() == "replay") return run_replay(c, context, endpoint, publisher, sent);
  std::vector<Socket> readers;
  for (int t = 0; t < c.teams(); ++t) {
    readers.push_back(Socket::dealer(context, endpoint, ""));
    ask(readers.back(), "S");
  }
  std::vector<Latencies> deliveries(readers.size());
  Latencies confirms;
  c.start();
  std::vector<std::thread> threads;
  for (size_t t = 0; t < readers.size(); ++t)
    threads.emplace_back([&, t] { consume(readers[t], c.events(), sent, deliveries[t]); });
  publish(publisher, c, sent, confirms);
  c.published();
  for (auto& thread : threads) thread.join();
  c.finished();
  Latencies all;
  for (const auto& one : deliveries) all.merge(one);
  c.print(confirms, all);
}

}  // namespace switchboard::bench
