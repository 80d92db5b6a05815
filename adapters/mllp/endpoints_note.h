// `endpoints.json` beside the outbox: where this process listens, for programs started beside it.
//
// {"pid": 1, "health_port": 9100, "listeners": [{"name": "…", "address": "127.0.0.1:2575"}]}
// There from when everything is bound until a clean stop. Thread: main's. Fails: Result of write().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/mllp/listener.h"

namespace switchboard::mllp {

class EndpointsNote {
 public:
  explicit EndpointsNote(const std::string& dir) : path_(dir + "/endpoints.json") {}
  ~EndpointsNote();  // takes it away
  EndpointsNote(const EndpointsNote&) = delete;
  EndpointsNote& operator=(const EndpointsNote&) = delete;
  // Whole or not at all.
  Status write(const std::vector<Listener>& listeners, uint16_t health_port);

 private:
  std::string path_;
  bool written_ = false;
};

}  // namespace switchboard::mllp
