// The real switchboard-mllp as a child beside a HubWorld, with a folder of its own.
//
// Speaks for X26/PAS with the key of x26-pas, in the test environment, by the example mapping with
// that agency's team and the world's area. Health and all listeners are on ports the kernel picks.
// Thread: the test's. Fails: start() says false; log() says why.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/hub_world.h"

namespace switchboard::test {

class AdapterProcess {
 public:
  struct ListenerSpec {
    std::string name;
    std::string settings;  // TOML lines beside the usual ones
  };
  struct Options {
    std::string name = "adapter";  // of its folder in the world's
    std::string principal = "x26-pas";
    std::vector<ListenerSpec> listeners = {{"pas", ""}};
    std::string settings;  // TOML lines, of the program
    std::string outbox;    // TOML lines
    std::string connect;   // instead of the hub's address
  };
  // Where the hub is and where the adapter's folder goes.
  struct Beside {
    std::string dir, endpoint, hub_public_key, secret_key;
  };
  AdapterProcess(HubWorld& world, Options options);
  AdapterProcess(Beside hub, Options options);
  ~AdapterProcess() { kill(); }
  AdapterProcess(const AdapterProcess&) = delete;
  AdapterProcess& operator=(const AdapterProcess&) = delete;

  bool start();
  void kill();  // SIGKILL
  int stop();   // SIGTERM, and what it exited with
  int wait();   // what it exited with by itself
  void ask_to_stop();

  uint16_t port(const std::string& listener = "pas") const { return ports_.at(listener); }
  std::string file(const std::string& name) const { return dir_ + "/" + name; }
  bool endpoints_file_is_there() const;
  // The body of /metrics; the status line of /readyz.
  std::string metrics() const;
  std::string readiness() const;
  // The value of one series, e.g. `switchboard_mllp_alarm{alarm="hub_away"}`; 0 if it is not there.
  double metric(const std::string& series) const;
  std::string log() const;
  size_t resident_bytes() const;

 private:
  void write_config() const;
  bool read_endpoints();
  std::string http_get(const std::string& path) const;

  Beside hub_;
  Options options_;
  std::string dir_;
  std::map<std::string, uint16_t> ports_;
  uint16_t health_port_ = 0;
  pid_t pid_ = 0;
};

std::string read_text(const std::string& path);

}  // namespace switchboard::test
