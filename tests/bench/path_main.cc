// The hub's hot path without sockets, threads or chance: what an event costs, in instructions.
//
//   bench_path --dir D [--events 2000] [--warm 2000] [--batch 100] [--teams N]
//              [--attention file|act]
//
// Frames are walked, their items published, committed to a store on the disk and encoded for their
// teams, as the loop does it; `tests/bench/gate` counts what measured() executes. Always the same
// events, times and seeds, so that two builds differ by what was changed.
#include <filesystem>
#include <functional>

#include "broker/base/seal.h"
#include "broker/core/core.h"
#include "broker/kv/packed_kv.h"
#include "broker/kv/rocks_kv.h"
#include "broker/server/entry_bytes.h"
#include "broker/server/publish_frame.h"
#include "broker/store/layout.h"
#include "tests/bench/fields.h"
#include "tests/bench/hub_directory.h"
#include "tests/bench/meter.h"
#include "tests/bench/workload.h"
#include "tests/support/arguments.h"

namespace switchboard::bench {

using support::die;
using support::need;
namespace {

constexpr Time kStart{1'780'000'200'000'000};
constexpr Duration kTurn = milliseconds(3);
constexpr int64_t kFrameItems = 25;
constexpr uint32_t kChildren = 500;

std::unique_ptr<kv::RocksKv> open_disk(const std::string& dir) {
  std::filesystem::create_directories(dir);
  kv::RocksKv::Options options;
  options.dir = dir + "/store";
  options.create = true;
  return need(kv::RocksKv::open(options));
}

class Path {
 public:
  Path(const std::string& dir, const HubDirectory& directory)
      : rocks_(open_disk(dir)), kv_(*rocks_, store::packing()), journal_(kv_) {
    need(store::check_or_make_format(kv_));
    HashKey master;
    master.fill(7);
    core_ = need(core::Core::open(journal_, master));
    turn([&] { core_->opened(); });
    turn([&] {
      v1::Apply change;
      *change.mutable_directory() = make_directory(directory);
      for (const auto& problem : core_->apply({}, "bench", change).problems()) die(problem);
    });
  }
  void prepare(int64_t events);
  // Of what was prepared; whole frames.
  void publish(int64_t events, int64_t batch);
  size_t encoded_bytes() const { return encoded_bytes_; }

 private:
  void turn(const std::function<void()>& commands);
  int64_t publish_frame(const v1::PrincipalRow& who, const std::string& frame);
  void encode();

  std::unique_ptr<kv::RocksKv> rocks_;
  kv::PackedKv kv_;
  store::Journal journal_;
  std::unique_ptr<core::Core> core_;
  Workload workload_{{.run = 1, .children = kChildren}};
  std::vector<std::string> frames_;
  size_t next_frame_ = 0;
  server::PublishFrame walked_;
  server::LiveContent content_;
  uint64_t sequence_ = 0;
  int64_t turns_ = 0;
  size_t encoded_bytes_ = 0;
};

void Path::prepare(int64_t events) {
  for (int64_t done = 0; done < events; done += kFrameItems) {
    v1::ClientFrame frame;
    frame.mutable_publish()->set_outbox("of sixteen bytes");
    frame.mutable_publish()->set_first(sequence_ + 1);
    for (int64_t i = 0; i < kFrameItems; ++i) {
      const std::string_view item = workload_.item(++sequence_);
      if (!frame.mutable_publish()->add_items()->ParseFromArray(item.data(),
                                                                static_cast<int>(item.size()))) {
        die("the workload is not an item");
      }
    }
    frames_.push_back(frame.SerializeAsString());
  }
}

void Path::turn(const std::function<void()>& commands) {
  const Time now = kStart + Duration{kTurn.us * turns_};
  core_->begin(now, hash("turn " + std::to_string(turns_++)));
  commands();
  core_->finish();
  if (core_->failure()) die(core_->failure()->text);
  encode();
  need(kv_.write_synced(journal_.hand_over()));
  journal_.landed();
  core_->committed();
}

int64_t Path::publish_frame(const v1::PrincipalRow& who, const std::string& frame) {
  walked_.clear();
  if (!walked_.walk(frame)) die("the frame is not plain");
  for (size_t i = 0; i < walked_.items(); ++i) {
    const core::OutboxItem at{walked_.outbox(), walked_.first() + i};
    const auto answer = core_->publish(who, walked_.item(i), at);
    if (answer.code != v1::CODE_OK) die("not accepted: " + answer.text);
  }
  return static_cast<int64_t>(walked_.items());
}

void Path::publish(int64_t events, int64_t batch) {
  while (events > 0) {
    turn([&] {
      const auto directory = core_->directory();
      const auto& who = *directory->principal("bench-publisher");
      for (int64_t items = 0; items < batch; events -= kFrameItems) {
        if (next_frame_ == frames_.size()) die("too few frames");
        items += publish_frame(who, frames_[next_frame_++]);
      }
    });
  }
}

void Path::encode() {
  const auto& events = core_->events();
  content_.position = content_.noticed = 0;
  size_t at = 0;
  for (const auto& appended : core_->appended()) {
    if (appended.recipient == SIZE_MAX) continue;
    while (events[at].position < appended.position) ++at;
    const auto& to = events[at].record.recipients(static_cast<int>(appended.recipient));
    encoded_bytes_ += server::live_entry(*core_->directory(), core_->secrets(), events[at], to,
                                         appended.number, content_)
                          .size();
  }
}

// What is counted.
[[gnu::noinline]] void measured(Path& path, int64_t events, int64_t batch) {
  path.publish(events, batch);
}

}  // namespace
}  // namespace switchboard::bench

int main(int count, char** values) {
  using namespace switchboard;
  support::Arguments arguments(count, values);
  const std::string dir = arguments.text("dir", "");
  const int64_t events = arguments.number("events", 2'000);
  const int64_t warm = arguments.number("warm", 2'000);
  const int64_t batch = arguments.number("batch", 100);
  bench::HubDirectory directory;
  directory.teams = arguments.number("teams", 1);
  if (arguments.text("attention", "file") == "act") directory.attention = v1::ATTENTION_ACT;
  arguments.finish();
  os_random_32();  // libsodium looks at the processor, as in a hub
  directory.publisher_key = std::string(40, 'p');
  directory.endpoint_key = std::string(40, 'e');
  bench::Path path(dir, directory);
  path.prepare(warm + events);
  path.publish(warm, batch);
  const double cpu = bench::own_cpu_seconds();
  bench::measured(path, events, batch);
  const double used = bench::own_cpu_seconds() - cpu;
  bench::JsonLine()
      .add("case", "path")
      .add("events", static_cast<double>(events))
      .add("encoded_bytes", static_cast<double>(path.encoded_bytes()))
      .add("cpu_us", used * 1e6 / static_cast<double>(events))
      .print();
}
