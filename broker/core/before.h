// Deliveries as they stood before an act, kept with the act for as long as it can be undone.
//
// Only what an act changes: never steps, corrections or marks, which are history and stay. Thread:
// the loop.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/core/delivery.h"

namespace switchboard::core {

struct Before {
  store::TeamHandle team = 0;
  uint64_t number = 0;
  bool told_by_it = false;    // the act itself told this team: before it there was nothing
  v1::DeliveryRecord record;  // without its steps
};
Before as_it_stands(const Delivery& delivery);
// State and clock as they were: a deadline that has passed meanwhile is due now (P8). An event that
// was voided meanwhile keeps its clock stopped. The record is changed, not saved.
void put_back(Turn& turn, Delivery& delivery, const Before& before);
// The clock alone.
void put_back_clock(Turn& turn, Delivery& delivery, const Before& before);
// Null where the act did not touch that delivery.
const Before* find(const std::vector<Before>& all, const Delivery& delivery);

std::string encode(const std::vector<Before>& all);
// Empty for bytes that are none.
std::vector<Before> decode_before(std::string_view bytes);

}  // namespace switchboard::core
