//   bench_nullhub --serve --dir D [--pack 32]        writes D/ready when it listens; ends at
//   SIGTERM bench_nullhub --hub tcp://… [--mode e2e|replay] [--teams N] [--window W] [--events E]
//   [--pack 32]
//                 [--pid SERVER] [--name CASE]
#include <signal.h>

#include <cstdio>
#include <fstream>

#include "tests/bench/nullhub.h"
#include "tests/bench/nullhub_client.h"

namespace switchboard::bench {

using support::Arguments;
using support::die;
namespace {

volatile sig_atomic_t stop = 0;

int serve(Arguments& arguments) {
  const std::string directory = arguments.text("dir", ".");
  const auto pack = static_cast<size_t>(arguments.number("pack", 1));
  arguments.finish();
  const Context context = make_context();
  Socket socket = Socket::router(context, "tcp://127.0.0.1:0", "");
  Nullhub hub(directory, socket, pack);
  struct sigaction action = {};
  action.sa_handler = [](int) { stop = 1; };
  sigaction(SIGTERM, &action, nullptr);
  const std::string part = directory + "/ready.part";
  std::ofstream(part) << socket.endpoint() << "\n\n";
  if (std::rename(part.c_str(), (directory + "/ready").c_str()) != 0) die("cannot write ready");
  while (!stop) hub.turn(500);
  return 0;
}

}  // namespace
}  // namespace switchboard::bench

int main(int count, char** values) {
  using namespace switchboard::bench;
  Arguments arguments(count, values);
  if (arguments.flag("serve")) return serve(arguments);
  Case the_case(arguments, arguments.text("name", "nullhub"));
  const std::string endpoint = arguments.text("hub", "");
  arguments.finish();
  drive_nullhub(the_case, endpoint);
}
