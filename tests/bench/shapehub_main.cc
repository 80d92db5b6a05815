// What the design's shape costs: nullhub plus our header parse, digest, seal and rows (DESIGN §14).
//
//   bench_shapehub --dir D [--teams N] [--attention act] [--curve] [--profile]
//                  [--no-seal | --seal-whole] [--no-digest] [--no-index] [--no-audit] …
//   bench_shapehub --dir D --offline EVENTS --batch K: the same rows without sockets
//
// Writes D/ready (endpoint, then CURVE public key) when it listens. Ends at SIGTERM.
#include <signal.h>
#include <sodium.h>

#include <cstdio>
#include <fstream>

#include "tests/bench/meter.h"
#include "tests/bench/shape_hub.h"
#include "tests/bench/workload.h"

namespace switchboard::bench {

using support::Arguments;
using support::die;
namespace {

volatile sig_atomic_t stop = 0;

void say_ready(const std::string& directory, const std::string& endpoint,
               const std::string& public_key) {
  const std::string part = directory + "/ready.part";
  std::ofstream(part) << endpoint << "\n" << public_key << "\n";
  if (std::rename(part.c_str(), (directory + "/ready").c_str()) != 0) die("cannot write ready");
}

int serve(Arguments& arguments, const ShapeOptions& options) {
  Stopwatch stopwatch(arguments.flag("profile"));
  const bool curve = arguments.flag("curve");
  const std::string bind = arguments.text("bind", "tcp://127.0.0.1:0");
  arguments.finish();
  const CurveKeys keys = curve ? make_curve_keys() : CurveKeys{};
  const Context context = make_context();
  Socket socket = Socket::router(context, bind, keys.secret_key);
  ShapeHub hub(options, socket, stopwatch);
  struct sigaction action = {};
  action.sa_handler = [](int) { stop = 1; };
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  say_ready(options.store.directory, socket.endpoint(), keys.public_key);
  bool started = false;
  while (!stop) {
    hub.turn(500);
    if (!started && hub.events() > 0) stopwatch.start();
    started = started || hub.events() > 0;
  }
  stopwatch.print("shapehub-profile", hub.events());
  return 0;
}

// One thread, no sockets: what a core may cost, undisturbed by clients on the same machine.
int offline(Arguments& arguments, const ShapeOptions& options) {
  const auto events = static_cast<uint64_t>(arguments.number("offline", 100'000));
  const auto batch = static_cast<uint64_t>(arguments.number("batch", 64));
  const std::string label = arguments.text("label", "shape-offline");
  arguments.flag("profile");
  arguments.finish();
  Stopwatch stopwatch(true);
  Shape shape(options, stopwatch);
  Workload workload({.run = 1});
  std::string notices;
  ItemView item;
  stopwatch.start();
  const double cpu = own_cpu_seconds();
  for (uint64_t done = 0; done < events;) {
    for (uint64_t i = 0; i < batch && done < events; ++i, ++done) {
      const std::string bytes(workload.item(done));
      stopwatch.lap(Part::kIdle);
      if (!item.parse(bytes)) die("the workload is not an item");
      stopwatch.lap(Part::kFrame);
      if (!shape.accept(item, 1)) die("the workload is not an item");
    }
    shape.commit(1);
    for (const auto& live : shape.live()) {
      notices.clear();
      for (int team = 0; team < options.teams; ++team) {
        shape.put_notice(notices, live, team);
        notices.append(live.body);
      }
    }
    shape.live().clear();
    stopwatch.lap(Part::kDeliver);
  }
  const double used = own_cpu_seconds() - cpu;
  stopwatch.print(label, events);
  JsonLine()
      .add("case", label + "-cpu")
      .add("cpu_us", used * 1e6 / static_cast<double>(events))
      .add("payload_bytes", static_cast<double>(workload.payload_bytes()))
      .print();
  return 0;
}

}  // namespace
}  // namespace switchboard::bench

int main(int count, char** values) {
  using namespace switchboard::bench;
  Arguments arguments(count, values);
  if (sodium_init() < 0) die("libsodium");
  const ShapeOptions options(arguments);
  return arguments.flag("offline") ? offline(arguments, options) : serve(arguments, options);
}
