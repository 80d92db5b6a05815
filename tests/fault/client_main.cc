// A publisher, a feed or an endpoint of the fault tests, in a process of its own so that kill -9 is
// real.
//
//   kill_loop_client publish ENDPOINT HUB_KEY SECRET_KEY_FILE DIR AGENCY PACE_MS
//   kill_loop_client storm   ENDPOINT HUB_KEY SECRET_KEY_FILE DIR AGENCY ITEMS
//   kill_loop_client read    ENDPOINT HUB_KEY SECRET_KEY_FILE DIR TEAM PERSON   (-: nobody acts)
//   kill_loop_client feed    ADAPTER_NOTE DIR PACE_MS
//
// It writes into DIR, beside its store: `ledger`, what it was promised, a line each, as soon as it
// knows; `through`, how far an endpoint has stored. A publisher goes on until DIR/finish exists and
// all is answered, then leaves `count` and exits 0. A storm publishes ITEMS events, each twice, as
// fast as its hub lets it. A feed believes nothing but AA: it sends a message again until that
// comes.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "adapters/sdk/client.h"
#include "adapters/sdk/verdict.h"
#include "tests/fault/feed.h"
#include "tests/fault/workload.h"
#include "tests/support/hub_acts.h"

namespace switchboard::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr uint64_t kUnansweredMax = 64;
constexpr uint64_t kStormUnansweredMax = 4096;

struct Call {
  std::vector<std::string> arguments;
  wire::Dealer::Options hub;
  std::filesystem::path dir;

  const std::string& last(size_t n) const { return arguments.at(6 + n); }
};

Result<std::unique_ptr<sdk::Client>> open_publisher(wire::Context& context, const Call& call) {
  sdk::Client::Options options{.program = "kill-loop-publisher 1", .hub = call.hub};
  options.dir = call.dir;
  options.outbox = sdk::Outbox::Options{.bytes_max = uint64_t{1} << 30};
  return sdk::Client::open(context, options);
}

Status turn(sdk::Client& client, std::ofstream& ledger, milliseconds at_most) {
  TRY_DO(client.run_once(at_most));
  for (const auto& outcome : client.publisher().take_outcomes()) {
    ledger << outcome.sequence << " " << outcome.code << std::endl;
  }
  return ok();
}

Status publish(wire::Context& context, const Call& call) {
  TRY(auto client, open_publisher(context, call));
  sdk::Outbox& outbox = client->publisher().outbox();
  std::ofstream ledger(call.dir / "ledger", std::ios::app);
  const milliseconds pace(std::stoi(call.last(1)));
  auto due = steady_clock::now();
  for (;;) {
    const bool finish = std::filesystem::exists(call.dir / "finish");
    const bool now = steady_clock::now() >= due;
    if (!finish && now && outbox.usage().unconfirmed_items < kUnansweredMax) {
      std::vector<v1::Item> items;
      for (uint64_t i = 0; i <= outbox.next() % 4; ++i) {
        items.push_back(workload_item(call.last(0), outbox.next() + i));
      }
      TRY_DO(client->publisher().append(items, client->now()));
      due = steady_clock::now() + pace;
    }
    TRY_DO(turn(*client, ledger, std::clamp(pace, milliseconds(2), milliseconds(10))));
    if (!finish || !client->publisher().idle()) continue;
    write_whole(call.dir / "count", std::to_string(outbox.next() - 1));
    return ok();
  }
}

// Every event twice: items 1, 1, 2, 2, 3, 3 …
Status storm(wire::Context& context, const Call& call) {
  TRY(auto client, open_publisher(context, call));
  sdk::Outbox& outbox = client->publisher().outbox();
  std::ofstream ledger(call.dir / "ledger", std::ios::app);
  const uint64_t last = 2 * std::stoull(call.last(1));
  while (outbox.next() <= last || !client->publisher().idle()) {
    if (outbox.next() <= last && outbox.usage().unconfirmed_items < kStormUnansweredMax) {
      std::vector<v1::Item> items;
      for (uint64_t i = 0; i < 128 && outbox.next() + i <= last; ++i) {
        items.push_back(workload_item(call.last(0), (outbox.next() + i + 1) / 2));
      }
      TRY_DO(client->publisher().append(items, client->now()));
    }
    TRY_DO(turn(*client, ledger, milliseconds(1)));
  }
  write_whole(call.dir / "count", std::to_string(last / 2));
  return ok();
}

// Every tenth delivery is picked up, every fifth of the others opened.
std::optional<v1::ActKind> act_for(uint64_t number) {
  if (number % 5 != 0) return std::nullopt;
  return number % 10 == 0 ? v1::ACT_KIND_ACKNOWLEDGE : v1::ACT_KIND_OPEN;
}

Status read(wire::Context& context, const Call& call) {
  const std::string &team = call.last(0), &person = call.last(1);
  sdk::Client::Options options{.program = "kill-loop-endpoint 1", .hub = call.hub};
  options.dir = call.dir;
  options.acts = true;
  options.logs = {{.team = team, .reading = {.name = call.dir.filename().string()}}};
  TRY(auto client, sdk::Client::open(context, options));
  std::ofstream ledger(call.dir / "ledger", std::ios::app);
  for (;;) {
    TRY_DO(client->run_once(milliseconds(50)));
    for (const auto& arrival : client->endpoint(0).take_arrivals()) {
      const auto& entry = arrival.entry;
      const auto kind = person == "-" ? std::nullopt : act_for(entry.number());
      if (!kind || arrival.turn != sdk::Endpoint::Turn::kNew ||
          entry.notice().type() != v1::ENTRY_TYPE_DELIVERY) {
        continue;
      }
      const auto act = act_on(team, entry.number(), *kind, person);
      TRY(const Id id, client->acts().submit(act, client->now()));
      ledger << "submitted " << to_string(id) << " " << entry.number() << " " << *kind << std::endl;
    }
    for (const auto& outcome : client->acts().take_outcomes()) {
      ledger << "answered " << to_string(outcome.act_id) << " 0 " << outcome.code << std::endl;
    }
    write_whole(call.dir / "through", std::to_string(client->endpoint(0).store().through()));
  }
}

Status run(Call& call) {
  if (call.arguments.size() == 5 && call.arguments[1] == "feed") {
    std::filesystem::create_directories(call.arguments[3]);
    return feed({.adapter_note = call.arguments[2],
                 .dir = call.arguments[3],
                 .pace = milliseconds(std::stoi(call.arguments[4]))});
  }
  if (call.arguments.size() != 8) return error(v1::CODE_INVALID, "too few arguments");
  call.hub.connect = call.arguments[2];
  call.hub.hub_public_key = call.arguments[3];
  TRY(call.hub.keys, wire::load_key_pair(call.arguments[4]));
  call.dir = call.arguments[5];
  std::filesystem::create_directories(call.dir);
  wire::Context context;
  if (call.arguments[1] == "publish") return publish(context, call);
  if (call.arguments[1] == "storm") return storm(context, call);
  return read(context, call);
}

}  // namespace
}  // namespace switchboard::test

int main(int argc, char** argv) {
  switchboard::test::Call call{.arguments = {argv, argv + argc}, .hub = {}, .dir = {}};
  const auto ended = switchboard::test::run(call);
  if (ended.ok()) return 0;
  std::fprintf(stderr, "%s\n", ended.error().text.c_str());
  return 1;
}
