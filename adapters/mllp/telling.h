// Tells the hub the adapter's own counts: whenever they changed, at most every kTellEvery, and what
// it did not confirm again.
//
// Owns: which rows are on their way. One frame at a time. A hub of an older version does not
// answer: then nothing more is said to it in that session. Thread: the source's. Fails: never.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/mllp/ledger.h"
#include "adapters/sdk/client.h"

namespace switchboard::mllp {

class Telling {
 public:
  static constexpr Duration kTellEvery = seconds(5);
  static constexpr size_t kRowsPerFrame = 32;

  Telling(sdk::Client& client, Ledger& ledger) : client_(client), ledger_(ledger) {}
  void look(int64_t boot_us);

 private:
  void hear(int64_t boot_us);
  sdk::Client& client_;
  Ledger& ledger_;
  std::optional<uint64_t> request_;
  std::vector<std::pair<std::string, uint64_t>> asked_;  // tag, version
  size_t alone_ = 0;  // so many rows are to go one by one: a frame of several was refused
  int64_t next_us_ = 0;
};

}  // namespace switchboard::mllp
