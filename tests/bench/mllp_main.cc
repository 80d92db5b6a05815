// How fast a feed goes through the real adapter and hub, beside what the disk does: one JSON line
// for each part. Figures of one run are compared with each other only; MLLP.md has a run.
//
//   bench_mllp [--messages 20000] [--backlog 200000] [--receipts 2000] [--flat 0]
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/bench/meter.h"
#include "tests/bench/mllp_feed.h"
#include "tests/integration/mllp/adapter_process.h"
#include "tests/support/arguments.h"

namespace switchboard::bench {

using support::Arguments;
using support::die;
namespace {

constexpr size_t kRecordBytes = 2048;  // about what one event takes

struct Size {
  uint64_t messages, backlog, receipts, flat;
};

// Raw append and fdatasync of one record after the other: the floor of one custody.
Latencies raw_append(const std::string& dir, size_t times) {
  const std::string path = dir + "/raw-append";
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) die("cannot write to " + dir);
  const std::string record(kRecordBytes, 'x');
  Latencies out;
  for (size_t i = 0; i < times; ++i) {
    const uint64_t began = now_ns();
    if (::write(fd, record.data(), record.size()) < 0 || ::fdatasync(fd) != 0) die("no sync");
    out.add(now_ns() - began);
  }
  ::close(fd);
  ::unlink(path.c_str());
  return out;
}

class Bench {
 public:
  explicit Bench(const Size& size)
      : size_(size),
        adapter_(world_,
                 {.listeners = {
                      {"pas", "ack_wait_ms = 60000\nconnections_per_peer_max = 64\n"},
                      {"stored", "ack_after = \"stored\"\nconnections_per_peer_max = 64\n"}}}) {
    if (!adapter_.start()) die("the adapter does not start: " + adapter_.log());
  }

  void run() {
    raw_us_ = print_raw();
    for (const size_t connections : {1, 4, 16}) throughput(connections);
    if (size_.receipts > 0) receipts();
    if (size_.backlog > 0) backlog();
    if (size_.flat > 0) flat();
  }

 private:
  double print_raw() {
    auto raw = raw_append(world_.hub.dir().file(""), 2000);
    const double p50 = raw.percentile_us(0.5);
    JsonLine()
        .add("part", "raw append + fdatasync")
        .add("p50_us", p50)
        .add("p99_us", raw.percentile_us(0.99))
        .print();
    return p50;
  }

  void throughput(size_t connections) {
    MllpFeed feed(adapter_.port(), connections);
    feed.send(take(connections * 20), connections * 20, admission);  // warm
    auto spent = feed.send(take(size_.messages), size_.messages, admission);
    JsonLine()
        .add("part", "answered when the hub has it")
        .add("connections", static_cast<double>(connections))
        .add("messages_per_s", static_cast<double>(size_.messages) / spent.seconds)
        .add("p50_us", spent.answers.percentile_us(0.5))
        .add("p99_us", spent.answers.percentile_us(0.99))
        .add("p50_over_raw", spent.answers.percentile_us(0.5) / raw_us_)
        .print();
  }

  // limits.md row 14: from the first byte to the team's endpoint having it, one at a time.
  void receipts() {
    const auto screen = open_screen();
    MllpFeed feed(adapter_.port(), 1);
    Latencies taken;
    for (uint64_t i = 0; i < size_.receipts; ++i) {
      const uint64_t wanted = screen->endpoint(0).store().through() + 1;
      const uint64_t began = now_ns();
      feed.start(take(1), admission);
      while (screen->endpoint(0).store().through() < wanted) turn(*screen);
      taken.add(now_ns() - began);
      feed.finish();
    }
    JsonLine()
        .add("part", "MLLP to the team's receipt")
        .add("p50_us", taken.percentile_us(0.5))
        .add("p99_us", taken.percentile_us(0.99))
        .add("p50_over_raw", taken.percentile_us(0.5) / raw_us_)
        .add("p99_over_raw", taken.percentile_us(0.99) / raw_us_)
        .print();
  }

  // In memory: two custodies are measured, the adapter's and the hub's.
  std::unique_ptr<sdk::Client> open_screen() {
    sdk::Client::Options options{.program = "bench 1"};
    options.hub = world_.dial("x99-screen");
    options.logs = {{.team = "X99-HV", .log = v1::LOG_KIND_INBOX, .reading = {.name = "bench"}}};
    auto screen = sdk::Client::open(world_.context, options).value();
    const auto behind = [&] { return world_.team_status("X99-HV").head(); };
    const uint64_t head = behind();
    while (screen->endpoint(0).store().through() < head) turn(*screen);
    return screen;
  }
  static void turn(sdk::Client& screen) {
    if (!screen.run_once(std::chrono::milliseconds(100)).ok()) die("the endpoint's store failed");
    (void)screen.endpoint(0).take_arrivals();
  }

  void backlog() {
    world_.hub.kill();
    MllpFeed feed(adapter_.port("stored"), 16);
    const auto spent = feed.send(take(size_.backlog), size_.backlog, admission);
    JsonLine()
        .add("part", "taken while the hub is away")
        .add("messages", static_cast<double>(size_.backlog))
        .add("messages_per_s", static_cast<double>(size_.backlog) / spent.seconds)
        .add("adapter_rss_mb", rss_mb())
        .print();
    if (!world_.hub.start()) die("the hub does not start");
    const uint64_t began = now_ns();
    const bool drained =
        test::eventually([&] { return adapter_.metric("switchboard_mllp_outbox_items") == 0; },
                         std::chrono::minutes(60));
    if (!drained) die("the backlog is not drained within an hour");
    const double seconds = static_cast<double>(now_ns() - began) / 1e9;
    JsonLine()
        .add("part", "drained when it is back")
        .add("minutes", seconds / 60)
        .add("messages_per_s", static_cast<double>(size_.backlog) / seconds)
        .print();
  }

  // Of four messages two are published, two are out of scope; each is answered and counted.
  void flat() {
    MllpFeed feed(adapter_.port("stored"), 16);
    const uint64_t warm = size_.flat / 10;
    feed.send(take(warm), warm, mixed);
    const double before = rss_mb();
    const auto spent = feed.send(take(size_.flat - warm), size_.flat - warm, mixed);
    JsonLine()
        .add("part", "memory over many messages")
        .add("messages", static_cast<double>(size_.flat))
        .add("messages_per_s", static_cast<double>(size_.flat - warm) / spent.seconds)
        .add("rss_after_a_tenth_mb", before)
        .add("rss_at_the_end_mb", rss_mb())
        .print();
  }
  static std::string mixed(uint64_t number) {
    return number % 4 < 2 ? admission(number) : adult_admission(number);
  }

  uint64_t take(uint64_t count) { return std::exchange(next_, next_ + count); }
  double rss_mb() const { return static_cast<double>(adapter_.resident_bytes()) / 1e6; }

  Size size_;
  test::HubWorld world_;
  test::AdapterProcess adapter_;
  double raw_us_ = 0;
  uint64_t next_ = 1;
};

}  // namespace
}  // namespace switchboard::bench

int main(int argc, char** argv) {
  using namespace switchboard::bench;
  Arguments arguments(argc, argv);
  const auto size = [&](const char* name, int64_t otherwise) {
    return static_cast<uint64_t>(arguments.number(name, otherwise));
  };
  const Size sizes{.messages = size("messages", 20'000),
                   .backlog = size("backlog", 200'000),
                   .receipts = size("receipts", 2'000),
                   .flat = size("flat", 0)};
  arguments.finish();
  Bench(sizes).run();
}
