// One delivery with all that decides about it: the event, the recipient, what people did so far.
//
// What acts of people, deadlines, tasks and corrections look up first, in one way. Reads what the
// turn itself wrote, too. Thread: the loop.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "broker/core/turn.h"
#include "broker/store/records.h"

namespace switchboard::core {

struct Delivery {
  uint64_t event_position = 0;
  v1::EventRecord event;
  v1::Recipient recipient;          // as recorded when it was told (P3): never written again
  v1::DeliveryRecord record;        // what happened since; written by save()
  std::vector<v1::Recipient> told;  // everybody who was told of the event, in order
  const v1::Team* team = nullptr;   // of the directory in force; null: no longer there

  store::LogId inbox() const { return {recipient.team_handle(), store::Log::kInbox}; }
  uint64_t number() const { return recipient.number(); }
  v1::DeliveryState state() const;
  // P4: what it asks now. That of acceptance, until another team of its group picked it up.
  v1::Attention attention() const;
  bool open() const;  // waits for a person still
  bool told_to(std::string_view team) const;
};

// Nothing: the number is no delivery of the team, or its event is not there.
std::optional<Delivery> find_delivery(Turn& turn, store::TeamHandle team, uint64_t number);
// The team's delivery of that event; nothing: it was not told.
std::optional<Delivery> find_delivery_of(Turn& turn, uint64_t event_position,
                                         store::TeamHandle team);
// All deliveries of one event, in the order they were told.
std::vector<Delivery> deliveries_of(Turn& turn, uint64_t event_position);
// Writes the record; returns its keyed digest for the audit entry.
std::string save(Turn& turn, Delivery& delivery);

}  // namespace switchboard::core
