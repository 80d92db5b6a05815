// An always-on endpoint of one team: stores what the hub delivers, and says that it has.
//
// What a team's own system does, in its smallest form: the sandbox runs one per team. Receipts are
// the SDK's (P1: nothing is called received that is not on disk). Thread: main's. Fails: with its
// store only; then the process exits and starts again from disk.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "adapters/sdk/client.h"
#include "broker/base/result.h"
#include "broker/wire/context.h"

namespace switchboard::cli {

struct EndpointPlan {
  std::string team;
  std::string name;  // of this reader within the team
  std::filesystem::path store;
  wire::Dealer::Options hub;
};

// `arrived` is told of each entry after it was stored; `alarmed` of why nothing moves, and of
// nothing ("") when it moves again. Returns when a signal asks to stop.
Status read_endpoint(wire::Context& context, const EndpointPlan& plan, int stop_fd,
                     const std::function<bool()>& stop,
                     const std::function<void(const sdk::Endpoint::Arrival&)>& arrived,
                     const std::function<void(const std::string&)>& alarmed);

}  // namespace switchboard::cli
