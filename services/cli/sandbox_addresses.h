// Where the sandbox's programs listen: each writes endpoints.json when it has bound.
//
// Pure but for the files. Fails: nothing where a file is not there yet, is not whole, or was
// written by an earlier process.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broker/base/result.h"

namespace switchboard::cli {

struct HubAddresses {
  std::string client;  // tcp://…
  std::string admin;
};
std::optional<HubAddresses> read_hub_addresses(const std::filesystem::path& file, pid_t pid);
// By listener: "127.0.0.1:2575".
std::optional<std::map<std::string, std::string>> read_listeners(const std::filesystem::path& file);

struct SandboxAddresses {
  struct Listener {
    std::string name;
    std::string agency;
    std::string address;
    pid_t pid = 0;
  };
  struct Screen {
    std::string name;
    std::string agency;
    std::string address;
    pid_t pid = 0;
  };
  struct Endpoint {
    std::string team;
    std::string store;
    pid_t pid = 0;
  };
  pid_t pid = 0;  // of `sandbox run`
  std::string connect_file;
  HubAddresses hub;
  pid_t hub_pid = 0;
  std::vector<Listener> mllp;
  std::vector<Endpoint> endpoints;
  std::vector<Screen> screens;
};
std::string to_json(const SandboxAddresses& addresses);

}  // namespace switchboard::cli
