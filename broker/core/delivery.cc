#include "broker/core/delivery.h"

#include <algorithm>

#include "broker/core/ladder.h"

namespace switchboard::core {
namespace {

void add_record(Turn& turn, Delivery& delivery) {
  const auto& r = delivery.recipient;
  auto record = turn.journal.take(store::read_delivery(turn.journal, r.team_handle(), r.number()));
  if (record) delivery.record = std::move(*record);
  delivery.record.set_event_position(delivery.event_position);
  delivery.team = turn.directory.team(r.team_handle());
}

struct Event {
  uint64_t position = 0;
  v1::EventRecord record;
  std::vector<v1::Recipient> told;
};
// An event of this very turn is not in the tables before it was decided: it is found all the same.
std::optional<Event> find_event(Turn& turn, uint64_t position) {
  auto record = turn.journal.take(store::read_event(turn.journal, position));
  if (!record) return std::nullopt;
  return Event{position, std::move(*record),
               turn.journal.take_or_default(store::read_recipients(turn.journal, position))};
}

template <typename Pick>
std::optional<Delivery> find(Turn& turn, uint64_t event_position, const Pick& pick) {
  auto event = find_event(turn, event_position);
  if (!event) return std::nullopt;
  const auto mine = std::find_if(event->told.begin(), event->told.end(), pick);
  if (mine == event->told.end()) return std::nullopt;
  Delivery delivery;
  delivery.event_position = event_position;
  delivery.recipient = *mine;
  delivery.event = std::move(event->record);
  delivery.told = std::move(event->told);
  add_record(turn, delivery);
  return delivery;
}

}  // namespace

v1::DeliveryState Delivery::state() const { return state_of(record); }

v1::Attention Delivery::attention() const {
  return record.attention() == v1::ATTENTION_UNSPECIFIED ? recipient.attention()
                                                         : record.attention();
}

bool Delivery::open() const { return attention() != v1::ATTENTION_FILE && !ended(state()); }

bool Delivery::told_to(std::string_view id) const {
  return std::any_of(told.begin(), told.end(), [&](const auto& r) { return r.team() == id; });
}

std::optional<Delivery> find_delivery(Turn& turn, store::TeamHandle team, uint64_t number) {
  const store::LogId log{team, store::Log::kInbox};
  const auto entry = turn.journal.take(store::read_entry(turn.journal, log, number));
  if (!entry || entry->type != v1::ENTRY_TYPE_DELIVERY) return std::nullopt;
  return find(turn, entry->position,
              [&](const auto& r) { return r.team_handle() == team && r.number() == number; });
}

std::optional<Delivery> find_delivery_of(Turn& turn, uint64_t event_position,
                                         store::TeamHandle team) {
  return find(turn, event_position, [&](const auto& r) { return r.team_handle() == team; });
}

std::vector<Delivery> deliveries_of(Turn& turn, uint64_t event_position) {
  const auto event = find_event(turn, event_position);
  std::vector<Delivery> all;
  if (!event) return all;
  for (const auto& recipient : event->told) {
    Delivery delivery;
    delivery.event_position = event_position;
    delivery.event = event->record;
    delivery.recipient = recipient;
    delivery.told = event->told;
    add_record(turn, delivery);
    all.push_back(std::move(delivery));
  }
  return all;
}

std::string save(Turn& turn, Delivery& delivery) {
  const auto& r = delivery.recipient;
  const std::string row = delivery.record.SerializeAsString();
  const auto before =
      turn.journal.take(store::read_delivery(turn.journal, r.team_handle(), r.number()));
  store::write_delivery(turn.journal, r.team_handle(), r.number(), delivery.record);
  turn.logs.open_counts().moved(turn.journal, r.team_handle(), r.number(),
                                waits(r.attention(), before ? &*before : nullptr),
                                waits(r.attention(), &delivery.record));
  return std::string(view(keyed_hash(turn.secrets.digest, row)));
}

}  // namespace switchboard::core
