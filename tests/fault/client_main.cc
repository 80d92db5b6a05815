// A publisher or an endpoint of the kill loop, in a process of its own so that kill -9 is real.
//
//   kill_loop_client publish ENDPOINT HUB_KEY SECRET_KEY_FILE DIR AGENCY
//   kill_loop_client read    ENDPOINT HUB_KEY SECRET_KEY_FILE DIR TEAM PERSON
//
// It writes into DIR, beside its store: `ledger`, what the hub promised, a line each, as soon as it
// knows; `through`, how far an endpoint has stored. A publisher goes on until DIR/finish exists and
// all is answered, then leaves `count` and exits 0.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "adapters/sdk/client.h"
#include "adapters/sdk/verdict.h"
#include "broker/base/bytes.h"
#include "tests/fault/workload.h"
#include "tests/support/hub_acts.h"

namespace switchboard::test {
namespace {

constexpr uint64_t kUnansweredMax = 64;

struct Call {
  wire::Dealer::Options hub;
  std::filesystem::path dir;
};

void write_whole(const std::filesystem::path& file, const std::string& text) {
  const auto temporary = file.string() + ".new";
  std::ofstream(temporary) << text << "\n";
  std::filesystem::rename(temporary, file);
}

Status publish(wire::Context& context, const Call& call, const std::string& agency) {
  sdk::Client::Options options{.program = "kill-loop-publisher 1", .hub = call.hub};
  options.dir = call.dir;
  options.outbox = sdk::Outbox::Options{.bytes_max = uint64_t{1} << 30};
  TRY(auto client, sdk::Client::open(context, options));
  sdk::Outbox& outbox = client->publisher().outbox();
  std::ofstream ledger(call.dir / "ledger", std::ios::app);
  for (;;) {
    const bool finish = std::filesystem::exists(call.dir / "finish");
    if (!finish && outbox.usage().unconfirmed_items < kUnansweredMax) {
      std::vector<v1::Item> items;
      for (uint64_t i = 0; i <= outbox.next() % 4; ++i) {
        items.push_back(workload_item(agency, outbox.next() + i));
      }
      TRY_DO(client->publisher().append(items, client->now()));
    }
    TRY_DO(client->run_once(std::chrono::milliseconds(5)));
    for (const auto& outcome : client->publisher().take_outcomes()) {
      ledger << outcome.sequence << " " << outcome.code << std::endl;
    }
    if (!finish || !client->publisher().idle()) continue;
    write_whole(call.dir / "count", std::to_string(outbox.next() - 1));
    return ok();
  }
}

Status read(wire::Context& context, const Call& call, const std::string& team,
            const std::string& person) {
  sdk::Client::Options options{.program = "kill-loop-endpoint 1", .hub = call.hub};
  options.dir = call.dir;
  options.acts = true;
  options.logs = {{.team = team, .reading = {.name = call.dir.filename().string()}}};
  TRY(auto client, sdk::Client::open(context, options));
  std::ofstream ledger(call.dir / "ledger", std::ios::app);
  for (;;) {
    TRY_DO(client->run_once(std::chrono::milliseconds(50)));
    for (const auto& arrival : client->endpoint(0).take_arrivals()) {
      const bool ours = arrival.turn == sdk::Endpoint::Turn::kNew &&
                        arrival.entry.notice().type() == v1::ENTRY_TYPE_DELIVERY &&
                        arrival.entry.number() % 5 == 0;
      if (!ours) continue;
      const auto act = act_on(team, arrival.entry.number(), v1::ACT_KIND_OPEN, person);
      TRY(const Id id, client->acts().submit(act, client->now()));
      ledger << "submitted " << to_string(id) << " " << arrival.entry.number() << std::endl;
    }
    for (const auto& outcome : client->acts().take_outcomes()) {
      ledger << "answered " << to_string(outcome.act_id) << " " << outcome.code << std::endl;
    }
    write_whole(call.dir / "through", std::to_string(client->endpoint(0).store().through()));
  }
}

Status run(int argc, char** argv) {
  if (argc < 7) return error(v1::CODE_INVALID, "too few arguments");
  Call call;
  call.hub.connect = argv[2];
  call.hub.hub_public_key = argv[3];
  TRY(call.hub.keys, wire::load_key_pair(argv[4]));
  call.dir = argv[5];
  std::filesystem::create_directories(call.dir);
  wire::Context context;
  if (std::string(argv[1]) == "publish") return publish(context, call, argv[6]);
  if (argc < 8) return error(v1::CODE_INVALID, "too few arguments");
  return read(context, call, argv[6], argv[7]);
}

}  // namespace
}  // namespace switchboard::test

int main(int argc, char** argv) {
  const auto ended = switchboard::test::run(argc, argv);
  if (ended.ok()) return 0;
  std::fprintf(stderr, "%s\n", ended.error().text.c_str());
  return 1;
}
