#include "services/cli/sandbox_addresses.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace switchboard::cli {
namespace {

using nlohmann::json;

std::optional<json> read_json(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  json parsed = json::parse(in, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return std::nullopt;
  return parsed;
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::optional<HubAddresses> read_hub_addresses(const std::filesystem::path& file, pid_t pid) {
  const auto parsed = read_json(file);
  if (!parsed) return std::nullopt;
  const auto writer = parsed->find("pid");
  if (writer == parsed->end() || !writer->is_number_integer() || writer->get<pid_t>() != pid) {
    return std::nullopt;
  }
  HubAddresses addresses{text_of(*parsed, "client"), text_of(*parsed, "admin")};
  if (addresses.client.empty() || addresses.admin.empty()) return std::nullopt;
  return addresses;
}

std::optional<std::map<std::string, std::string>> read_listeners(
    const std::filesystem::path& file) {
  const auto parsed = read_json(file);
  if (!parsed) return std::nullopt;
  const auto listeners = parsed->find("listeners");
  if (listeners == parsed->end() || !listeners->is_array()) return std::nullopt;
  std::map<std::string, std::string> addresses;
  for (const json& listener : *listeners) {
    if (!listener.is_object()) return std::nullopt;
    addresses[text_of(listener, "name")] = text_of(listener, "address");
  }
  return addresses;
}

std::string to_json(const SandboxAddresses& a) {
  nlohmann::ordered_json out;
  out["pid"] = a.pid;
  out["connect"] = a.connect_file;
  out["hub"] = {{"client", a.hub.client}, {"admin", a.hub.admin}, {"pid", a.hub_pid}};
  out["mllp"] = nlohmann::ordered_json::array();
  for (const auto& l : a.mllp) {
    out["mllp"].push_back(
        {{"name", l.name}, {"agency", l.agency}, {"address", l.address}, {"pid", l.pid}});
  }
  out["endpoints"] = nlohmann::ordered_json::array();
  for (const auto& e : a.endpoints) {
    out["endpoints"].push_back({{"team", e.team}, {"store", e.store}, {"pid", e.pid}});
  }
  out["screens"] = nlohmann::ordered_json::array();
  for (const auto& s : a.screens) {
    out["screens"].push_back({{"name", s.name},
                              {"agency", s.agency},
                              {"address", s.address},
                              {"url", "http://" + s.address + "/"},
                              {"pid", s.pid}});
  }
  return out.dump(2) + "\n";
}

}  // namespace switchboard::cli
