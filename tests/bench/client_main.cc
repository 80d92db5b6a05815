// Drives a hub over the real protocol: one publisher, an endpoint per team. Modes:
//   e2e     publish, deliver and receive at once
//   replay  publish first with nobody attached, then one endpoint reads everything
//   publish nobody reads
//
//   bench_client --hub tcp://… [--hub-key Z85] [--mode e2e] [--teams N] [--window W] [--events E]
//                [--pack P] [--pid SERVER] [--name CASE] [--team-prefix team-]
//                [--publisher-key FILE] [--endpoint-key FILE]
#include <memory>
#include <thread>
#include <vector>

#include "tests/bench/case.h"
#include "tests/bench/publisher.h"

namespace switchboard::bench {

using support::Arguments;
namespace {

struct Setup {
  Hub hub;
  std::string team_prefix;
  std::string publisher_key;
  std::string endpoint_key;
  uint32_t credit_items;
  Workload::Options workload;
};

std::unique_ptr<Endpoint> make_endpoint(const Context& context, const Setup& setup, int team,
                                        uint64_t events) {
  Endpoint::Options options;
  options.team = setup.team_prefix + std::to_string(team);
  options.secret_file = setup.endpoint_key;
  options.credit_items = setup.credit_items;
  options.events = events;
  return std::make_unique<Endpoint>(context, setup.hub, options);
}

void run_replay(const Context& context, const Setup& setup, Case& the_case, Publisher& publisher,
                SendTimes& sent) {
  publisher.publish(sent);
  const auto endpoint = make_endpoint(context, setup, 1, the_case.events());
  the_case.start();
  endpoint->attach();
  endpoint->read(nullptr);
  the_case.finished();
  the_case.print({}, {});
}

void run_live(const Context& context, const Setup& setup, Case& the_case, Publisher& publisher,
              SendTimes& sent) {
  std::vector<std::unique_ptr<Endpoint>> endpoints;
  const int readers = the_case.mode() == "publish" ? 0 : the_case.teams();
  for (int team = 1; team <= readers; ++team) {
    endpoints.push_back(make_endpoint(context, setup, team, the_case.events()));
    endpoints.back()->attach();
  }
  the_case.start();
  std::vector<std::thread> threads;
  for (auto& endpoint : endpoints)
    threads.emplace_back([&endpoint, &sent] { endpoint->read(&sent); });
  publisher.publish(sent);
  the_case.published();
  for (auto& thread : threads) thread.join();
  the_case.finished();
  Latencies deliveries;
  for (auto& endpoint : endpoints) deliveries.merge(endpoint->latencies());
  the_case.print(publisher.latencies(), deliveries);
}

}  // namespace
}  // namespace switchboard::bench

int main(int count, char** values) {
  using namespace switchboard::bench;
  Arguments arguments(count, values);
  Case the_case(arguments, arguments.text("name", "hub"));
  Setup setup;
  setup.hub = {arguments.text("hub", ""), arguments.text("hub-key", "")};
  setup.team_prefix = arguments.text("team-prefix", "team-");
  setup.publisher_key = arguments.text("publisher-key", "");
  setup.endpoint_key = arguments.text("endpoint-key", "");
  setup.credit_items = static_cast<uint32_t>(arguments.number("credit", 1024));
  setup.workload.run = now_ns() % 10'000;
  setup.workload.agency = arguments.text("agency", "X26");
  setup.workload.system = arguments.text("system", "PAS");
  setup.workload.from_team = arguments.text("from-team", "X26-safety-net");
  arguments.finish();
  Workload workload(setup.workload);
  const Context context = make_context();
  const bool replay = the_case.mode() == "replay";
  Publisher publisher(context, setup.hub,
                      {.events = the_case.events(),
                       .window = replay ? 256 : the_case.window(),
                       .pack = replay ? 32 : the_case.pack(),
                       .secret_file = setup.publisher_key},
                      workload);
  publisher.hello();
  SendTimes sent(the_case.events());
  (replay ? run_replay : run_live)(context, setup, the_case, publisher, sent);
}
