#include "services/cli/endpoint_reader.h"

namespace switchboard::cli {

Status read_endpoint(wire::Context& context, const EndpointPlan& plan, int stop_fd,
                     const std::function<bool()>& stop,
                     const std::function<void(const sdk::Endpoint::Arrival&)>& arrived,
                     const std::function<void(const std::string&)>& alarmed) {
  sdk::Client::Options options;
  options.program = "switchboard-endpoint " SWITCHBOARD_VERSION;
  options.hub = plan.hub;
  options.dir = plan.store;
  sdk::Client::Log log;
  log.team = plan.team;
  log.log = v1::LOG_KIND_INBOX;
  log.reading.name = plan.name;
  options.logs.push_back(std::move(log));
  TRY(const auto client, sdk::Client::open(context, options));
  std::string alarm;
  while (!stop()) {
    TRY_DO(client->run_once(std::chrono::milliseconds(500), stop_fd));
    for (const auto& arrival : client->endpoint(0).take_arrivals()) arrived(arrival);
    const auto now = client->alarm();
    std::string text = now ? now->text : "";
    if (text == alarm) continue;
    alarm = std::move(text);
    alarmed(alarm);
  }
  return ok();
}

}  // namespace switchboard::cli
