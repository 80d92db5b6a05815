#include "tests/integration/mllp/ack_world.h"

#include <sstream>

namespace switchboard::test {
namespace {

// Long: these rows are about the answer, not about a busy machine.
const std::string kWait = "ack_wait_ms = 20000\n";

AdapterProcess::Options at_work() {
  return {.listeners = {{"pas", kWait},
                        {"keep", kWait + "other_triggers = \"quarantine\"\n"},
                        {"live", "environment = \"live\"\n"},
                        {"foreign", kWait + "agency = \"X99\"\n"},
                        {"one", kWait + "connections_max = 1\n"},
                        {"one-a-peer", kWait + "connections_per_peer_max = 1\n"},
                        {"trial", kWait + "shadow = true\n"},
                        {"each", kWait + "batch_reply = \"messages\"\n"},
                        {"slow", kWait + "frame_timeout_s = 1\n"},
                        {"elsewhere", "allow_peer = [\"192.0.2.0/24\"]\n"}}};
}

AdapterProcess::Options in_trouble(const std::string& name, const std::string& outbox = "") {
  return {.name = name,
          .principal = name == "stranger" ? "stranger" : "x26-pas",
          .listeners = {{"pas", "ack_wait_ms = 50\n"}},
          .settings = "",
          .outbox = outbox,
          .connect = name == "stranger" ? "" : "tcp://127.0.0.1:1"};  // where nobody listens
}

}  // namespace

AckWorld::AckWorld()
    : adapter(hub, at_work()),
      away(hub, in_trouble("away")),
      stranger(hub, in_trouble("stranger")),
      full(hub, in_trouble("full", "bytes_max = 512\n")) {
  for (auto* one : {&adapter, &away, &stranger, &full}) CHECK(one->start());
}

std::vector<v1::EventRow> AckWorld::rows(v1::AdminRequest request) {
  const auto reply = hub.ask(std::move(request)).value();
  const auto& found = reply.has_queue() ? reply.queue() : reply.events();
  return {found.rows().begin(), found.rows().end()};
}

std::vector<v1::EventRow> AckWorld::events() {
  v1::AdminRequest request;
  request.mutable_events()->set_limit(200);
  return rows(std::move(request));
}

std::vector<v1::EventRow> AckWorld::quarantine() {
  v1::AdminRequest request;
  request.mutable_queue()->set_queue("quarantine");
  request.mutable_queue()->set_limit(200);
  return rows(std::move(request));
}

AckWorld::Counts AckWorld::count(const AdapterProcess& of) {
  Counts out;
  std::set<uint64_t> held_back;
  for (const auto& row : quarantine()) held_back.insert(row.position());
  out.quarantined = held_back.size();
  for (const auto& row : events()) out.events += !held_back.contains(row.position());
  std::istringstream metrics(of.metrics());
  for (std::string line; std::getline(metrics, line);) {
    const double value = line.empty() || line[0] == '#' || line.find(' ') == line.npos
                             ? 0
                             : std::atof(line.substr(line.rfind(' ') + 1).c_str());
    if (line.starts_with("switchboard_mllp_outbox_items ")) out.outbox_items = value;
    if (line.starts_with("switchboard_mllp_outbox_refused ")) out.refusals = value;
    if (line.starts_with("switchboard_mllp_frames_read_total{")) out.read += value;
    if (!line.starts_with("switchboard_mllp_messages_total{")) continue;
    const std::string key = "outcome=\"";
    const size_t at = line.find(key) + key.size();
    out.ledger[line.substr(at, line.find('"', at) - at)] += value;
  }
  return out;
}

v1::EventRow AckWorld::event(const std::string& control_id) {
  for (const auto& row : events()) {
    if (row.source_message_id() == control_id) return row;
  }
  return {};
}

}  // namespace switchboard::test
