#include "broker/core/about.h"

#include "broker/core/damage.h"
#include "broker/core/inbox.h"

namespace switchboard::core {

static std::optional<About> as_recipient(std::optional<Delivery> delivery) {
  if (!delivery) return std::nullopt;
  About about{delivery->event_position, delivery->event, {}};
  about.delivery = std::move(delivery);
  return about;
}

std::optional<About> find_about(Turn& turn, const v1::Team& team, const v1::Act& act) {
  if (act.event_id().empty()) {
    return as_recipient(find_delivery(turn, team.handle(), act.number()));
  }
  const auto id = id_from_bytes(act.event_id());
  if (!id) return std::nullopt;
  const auto known = turn.journal.take(store::read_known(turn.journal, *id, {}));
  if (!known) return std::nullopt;
  if (auto told = as_recipient(find_delivery_of(turn, known->position, team.handle()))) return told;
  auto event = event_of(turn, known->position);
  if (!event) return std::nullopt;
  const v1::Team* sender = sender_of(turn, *event);
  if (sender == nullptr || sender->id() != team.id()) return std::nullopt;
  return About{known->position, std::move(*event), {}};
}

}  // namespace switchboard::core
