// A hub and the adapters the ack table needs: one at work, and three in trouble.
//
// Counts what a condition changes: events and quarantined messages at the hub, rows of the
// adapter's ledger, what its outbox keeps. Thread: the test's.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/integration/mllp/adapter_process.h"

namespace switchboard::test {

class AckWorld {
 public:
  AckWorld();

  struct Counts {
    size_t events = 0;
    size_t quarantined = 0;
    double outbox_items = 0;
    double refusals = 0;
    double read = 0;
    std::map<std::string, double> ledger;  // by outcome
  };
  Counts count(const AdapterProcess& adapter);
  v1::EventRow event(const std::string& control_id);  // the newest with that id

  HubWorld hub;
  AdapterProcess adapter;   // at work
  AdapterProcess away;      // its hub is not there
  AdapterProcess stranger;  // its hub does not know it
  AdapterProcess full;      // no room, and its hub is not there

 private:
  std::vector<v1::EventRow> rows(v1::AdminRequest request);
  std::vector<v1::EventRow> events();
  std::vector<v1::EventRow> quarantine();
};

}  // namespace switchboard::test
