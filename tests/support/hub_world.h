// A real hub with two agencies, their teams and people, and clients of the SDK to speak to it.
//
// Owns: the hub's process, everybody's keys, what is enrolled. The clients keep their stores in
// folders of the world's, so a client that is dropped and opened again is the same client. X26 (a
// trust) publishes; X99 (a community trust) is told of the area's children. Thread: the test's.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/sdk/admin_client.h"
#include "adapters/sdk/client.h"
#include "switchboard/v1/admin.pb.h"
#include "tests/support/eventually.h"
#include "tests/support/hub_acts.h"
#include "tests/support/hub_events.h"
#include "tests/support/hub_process.h"

namespace switchboard::test {

class HubWorld {
 public:
  // Starts the hub and applies directory().
  explicit HubWorld(const std::vector<std::string>& settings = {});
  // Whatever a test did to it, the hub stops when asked and its store verifies.
  ~HubWorld();

  // ---- who is who ----
  const wire::KeyPair& keys(const std::string& principal);
  v1::Directory directory();
  v1::PrincipalRow principal(const std::string& id, const std::string& agency,
                             const std::vector<v1::Role>& roles,
                             const std::vector<std::string>& teams = {});
  wire::Dealer::Options dial(const std::string& principal);

  // ---- clients; `store` names their folder ----
  std::unique_ptr<sdk::Client> publisher(const std::string& store = "publisher",
                                         const std::string& principal = "x26-pas");
  std::unique_ptr<sdk::Client> endpoint(const std::string& store = "screen",
                                        const std::string& principal = "x99-screen",
                                        const std::string& team = "X99-HV",
                                        sdk::Endpoint::Options reading = {});

  // ---- operators ----
  Result<v1::AdminReply> ask(v1::AdminRequest request, const std::string& as = "admin");
  Result<v1::AdminReply> apply(const v1::Directory& directory, const std::string& as = "admin");
  v1::Status status();
  v1::TeamStatus team_status(const std::string& team);

  HubProcess hub;
  wire::Context context;

 private:
  Result<v1::AdminReply> ask_with(const wire::KeyPair& keys, v1::AdminRequest request);
  std::map<std::string, wire::KeyPair> keys_;
};

// Turns of these clients until the condition holds; their stores must not fail.
template <typename Condition>
bool run_until(std::vector<sdk::Client*> clients, Condition condition,
               std::chrono::milliseconds at_most = std::chrono::seconds(20)) {
  return eventually(
      [&] {
        for (auto* client : clients) {
          CHECK(client->run_once(std::chrono::milliseconds(clients.size() == 1 ? 5 : 1)).ok());
        }
        return condition();
      },
      at_most);
}

v1::Team team_row(const std::string& id, const std::string& agency, const std::string& kind);
v1::Route area_route(const std::string& id, const std::string& team, const std::string& area);
v1::DisclosureRow disclosure_row(const std::string& kind, v1::Disclosure level);
v1::Read read_inbox(const std::string& team);
v1::Read read_event(const std::string& event_id);

}  // namespace switchboard::test
