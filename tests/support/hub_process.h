// The real switchboard-broker as a child, in a folder of its own with fresh keys.
//
// Owns: the folder, the keys of the hub and of its first administrator, the child. Ports are picked
// by the first start and kept for the next ones, so that clients find the hub again. Not here: who
// is enrolled (hub_world.h). Thread: the test's. Fails: start() says false; log() says why.
#pragma once

#include <string>
#include <vector>

#include "broker/wire/keys.h"
#include "tests/support/child.h"
#include "tests/support/temp_dir.h"

namespace switchboard::test {

class HubProcess {
 public:
  HubProcess();

  // Waits until the hub is open. `settings`: "key=value", beside those every start has.
  bool start(const std::vector<std::string>& settings = {});
  // Does not wait; for tests that mean it harm while it starts.
  void launch(const std::vector<std::string>& settings = {});
  // "NAME=value" of the next starts, beside what each start has.
  void set_environment(std::vector<std::string> more) { environment_ = std::move(more); }
  void kill() { child_.kill(); }  // SIGKILL: no word to anybody
  void pause() { child_.pause(); }
  void resume() { child_.resume(); }
  int stop() { return child_.stop(); }  // SIGTERM, and what it exited with
  bool running() { return child_.running(); }
  // Exit code of a second hub on the same folder and other ports, or of `switchboard-broker
  // verify`.
  int run_second();
  int verify(std::string* said = nullptr) const { return verify(store_dir(), said); }
  int verify(const std::string& dir, std::string* said) const;

  const std::string& client_endpoint() const { return client_endpoint_; }
  const std::string& admin_endpoint() const { return admin_endpoint_; }
  const std::string& public_key() const { return keys_.public_key; }
  const wire::KeyPair& first_admin() const { return first_admin_; }
  std::string store_dir() const { return dir_.file("hub"); }
  const TempDir& dir() const { return dir_; }
  pid_t pid() const { return child_.pid(); }
  std::string log() const;  // what the hub said, all starts

 private:
  Child::Options call(std::vector<std::string> arguments, const std::string& output) const;
  bool read_endpoints();
  std::vector<std::string> arguments(const std::vector<std::string>& settings) const;

  TempDir dir_;
  std::vector<std::string> environment_;
  const wire::KeyPair keys_ = wire::make_key_pair();
  const wire::KeyPair first_admin_ = wire::make_key_pair();
  std::string client_endpoint_ = "tcp://127.0.0.1:0";
  std::string admin_endpoint_ = "tcp://127.0.0.1:0";
  Child child_;
};

}  // namespace switchboard::test
