#include "broker/store/delivery_scan.h"

namespace switchboard::store {

DeliveryScan::DeliveryScan(const kv::Reads& reads, TeamHandle team, uint64_t first, uint64_t until)
    : records_(
          reads.scan(kv::Family::kState, key::delivery(team, first), key::delivery(team, until))),
      corrected_(reads.scan(kv::Family::kState, key::corrected_delivery(team, first),
                            key::corrected_delivery(team, until))) {}

// The row of `number`, if there is one; the scan stays on it or goes to the next there is.
static Result<std::optional<std::string_view>> go_to(kv::Scan& rows, uint64_t number) {
  while (rows.valid() && key::trailing_u64(rows.key()) < number) rows.next();
  TRY_DO(rows.status());
  const bool here = rows.valid() && key::trailing_u64(rows.key()) == number;
  return here ? std::optional(rows.value()) : std::optional<std::string_view>();
}

Result<std::optional<v1::DeliveryRecord>> DeliveryScan::at(uint64_t number) {
  TRY(const auto row, go_to(*records_, number));
  TRY(const auto corrected, go_to(*corrected_, number));
  return to_delivery(row, corrected);
}

}  // namespace switchboard::store
