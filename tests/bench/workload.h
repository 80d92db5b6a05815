// The synthetic event every case uses: 1,024 bytes of header and sections, in the proportions of a
// real one, different in id, source message id, child and visit each time.
//
// The bytes are made once; next() patches the parts that differ, so that a client's cost of making
// events does not count as a hub's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::bench {

// Text that halves under LZ4, for what needs no event.
std::string random_text(size_t bytes);

inline constexpr size_t kEventBytes = 1024;  // header and section bodies together

class Workload {
 public:
  struct Options {
    std::string agency = "X26";
    std::string system = "PAS";
    std::string from_team = "X26-safety-net";
    uint64_t run = 0;           // makes ids of this run differ from those of others
    uint32_t children = 10000;  // distinct invented NHS numbers
    std::vector<std::string> direct_to;
  };
  explicit Workload(const Options& options);

  // The serialised Item number `sequence`; valid until the next call.
  std::string_view item(uint64_t sequence);
  size_t payload_bytes() const { return payload_bytes_; }

 private:
  struct Patch {
    size_t event_id = 0;   // 16 bytes
    size_t source_id = 0;  // 12 digits
    size_t visit = 0;      // 10 digits
    size_t child = 0;      // 10 digits
    size_t local = 0;      // 7 digits: each child has one local id
  };
  Options options_;
  std::string item_;
  Patch patch_;
  size_t payload_bytes_ = 0;
  std::vector<std::string> children_;
};

}  // namespace switchboard::bench
