// Follows one team's inbox and picks up each delivery that asks for it, in a person's name.
//
//   example-read-and-acknowledge CONNECTION_FILE TEAM [COUNT]
//
// What it shows: entries arrive in order and are durable here before the hub is told; `ahead`
// copies are shown but come again in their turn; an act is durable before it is sent and is
// recorded when the hub says so. Ends after COUNT acknowledgements, or runs until it is stopped. A
// real screen acknowledges when the person presses the button, never by itself.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "adapters/sdk/client.h"
#include "adapters/sdk/connection_file.h"
#include "adapters/sdk/verdict.h"

using namespace switchboard;

namespace {

// Says what came without naming the child.
void print(const sdk::Endpoint::Arrival& arrival) {
  const v1::Notice& notice = arrival.entry.notice();
  const auto id = id_from_bytes(notice.event_id());
  std::printf("%llu %s %s %s%s\n", static_cast<unsigned long long>(arrival.entry.number()),
              v1::EntryType_Name(notice.type()).c_str(), v1::Urgency_Name(notice.urgency()).c_str(),
              id ? to_string(*id).c_str() : "-",
              arrival.turn == sdk::Endpoint::Turn::kAhead ? " (ahead of its turn)" : "");
}

bool asks_for_a_person(const sdk::Endpoint::Arrival& arrival) {
  const v1::Notice& notice = arrival.entry.notice();
  return arrival.turn == sdk::Endpoint::Turn::kNew && notice.type() == v1::ENTRY_TYPE_DELIVERY &&
         notice.attention() == v1::ATTENTION_ACT;
}

Result<std::unique_ptr<sdk::Client>> open(wire::Context& context,
                                          const v1::ConnectionFile& connection,
                                          const v1::ConnectionIdentity& who,
                                          const std::string& team) {
  sdk::Client::Options options{.program = "example-read-and-acknowledge 1"};
  TRY(options.hub, sdk::dial_hub(connection, who));
  options.acts = true;
  options.logs = {{.team = team, .reading = {.name = "example"}}};
  if (!connection.state_dir().empty()) {
    options.dir = std::filesystem::path(connection.state_dir()) / ("example-" + team);
  }
  return sdk::Client::open(context, options);
}

Status run(const std::string& file, const std::string& team, int count) {
  TRY(const auto connection, sdk::load_connection_file(file));
  TRY(const auto who, sdk::identity_for_team(connection, team));
  wire::Context context;
  TRY(auto client, open(context, connection, who, team));

  for (int recorded = 0; count == 0 || recorded < count;) {
    TRY_DO(client->run_once(std::chrono::seconds(1)));
    if (const auto alarm = client->alarm()) return error(alarm->code, alarm->text);
    for (const auto& refused : client->take_refusals())
      return error(refused.code(), refused.text());
    for (const auto& arrival : client->endpoint(0).take_arrivals()) {
      print(arrival);
      if (!asks_for_a_person(arrival)) continue;
      const auto act = sdk::act_on(team, arrival.entry, v1::ACT_KIND_ACKNOWLEDGE, who.person());
      TRY_DO(client->acts().submit(act, client->now()));
    }
    for (const auto& outcome : client->acts().take_outcomes()) {
      const bool held = sdk::verdict(outcome.code) == sdk::Verdict::kHeld;
      std::printf("acknowledgement %s %s\n", held ? "recorded" : "refused:", outcome.text.c_str());
      if (held) ++recorded;
    }
    std::fflush(stdout);
  }
  return ok();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::fprintf(stderr, "usage: %s CONNECTION_FILE TEAM [COUNT]\n", argv[0]);
    return 64;
  }
  const auto status = run(argv[1], argv[2], argc == 4 ? std::atoi(argv[3]) : 0);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s: %s\n", v1::Code_Name(status.error().code).c_str(),
               status.error().text.c_str());
  return 1;
}
