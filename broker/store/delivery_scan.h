// What people did about the deliveries of a team, number after number: for pages of a log, where
// asking for each delivery's two rows, mostly absent, costs more than reading all there are.
//
// Owns: two scans over the reads, which must outlive it. Thread: that of the reads.
#pragma once

#include <memory>
#include <optional>

#include "broker/store/records.h"

namespace switchboard::store {

class DeliveryScan {
 public:
  // Of numbers from `first` to before `until`.
  DeliveryScan(const kv::Reads& reads, TeamHandle team, uint64_t first, uint64_t until);
  // As read_delivery(). Ask for numbers that rise.
  Result<std::optional<v1::DeliveryRecord>> at(uint64_t number);

 private:
  std::unique_ptr<kv::Scan> records_;
  std::unique_ptr<kv::Scan> corrected_;
};

}  // namespace switchboard::store
