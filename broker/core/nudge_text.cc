#include "broker/core/nudge_text.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/damage.h"
#include "broker/core/delivery.h"
#include "broker/core/inbox.h"
#include "broker/core/ring.h"
#include "broker/core/shadow.h"

namespace switchboard::core {
namespace {

struct Item {
  Id id;
  uint64_t position = 0;
  v1::EventRecord event;
};

std::string urgency_words(v1::Urgency urgency) {
  if (urgency == v1::URGENCY_IMMEDIATE) return "immediate";
  return urgency == v1::URGENCY_URGENT ? "urgent" : "routine";
}

// "12 min", "3 h 05 min", "4 days"; as coarse as people say it.
std::string age_words(int64_t since_us, Time now) {
  const int64_t minutes = std::max<int64_t>((now.us - since_us) / 60'000'000, 0);
  if (minutes < 60) return std::to_string(minutes) + " min";
  if (minutes >= 48 * 60) return std::to_string(minutes / (24 * 60)) + " days";
  const std::string rest = std::to_string(minutes % 60);
  return std::to_string(minutes / 60) + (rest.size() == 1 ? " h 0" : " h ") + rest + " min";
}

std::vector<Item> items_of(Turn& turn, const v1::NudgeRecord& record) {
  std::vector<Item> items;
  for (const auto& reference : record.references()) {
    const auto id = id_from_bytes(reference);
    if (!id) continue;
    const auto known = turn.journal.take(find_known(turn.journal, *id, {}));
    if (!known) continue;
    auto event = event_of(turn, known->position);
    if (event) items.push_back({*id, known->position, std::move(*event)});
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    return a.event.urgency() > b.event.urgency();
  });
  return items;
}

int64_t happened_us(const v1::EventRecord& event) {
  const int64_t us = event.occurred_earliest_us();
  return us > 0 ? std::min(us, event.accepted_us()) : event.accepted_us();
}

// Whom to ring about it: who sent it; for the sender itself, the team that has not picked it up.
const v1::Team* whom_to_ring(Turn& turn, const v1::Team* nudged, const Item& item) {
  const v1::Team* sender = sender_of(turn, item.event);
  if (sender != nullptr && sender != nudged) return sender;
  for (const auto& delivery : deliveries_of(turn, item.position)) {
    const bool waits = delivery.attention() == v1::ATTENTION_ACT &&
                       delivery.state() < v1::DELIVERY_STATE_ACKNOWLEDGED;
    if (waits && delivery.team != nullptr && delivery.team != nudged) return delivery.team;
  }
  const v1::Team* net = turn.directory.safety_net(item.event.agency());
  return net != nullptr ? net : nudged;
}

std::string lines_of(const std::vector<Item>& items, const v1::NudgeRecord& record, Time now) {
  std::string lines;
  size_t named = 0;
  for (const auto& item : items) {
    if (named == limits::kNudgeLinesMax) break;
    ++named;
    lines += to_string(item.id) + "  " + urgency_words(item.event.urgency()) + "  " +
             age_words(happened_us(item.event), now) + "\n";
  }
  if (record.items() > named) {
    lines += "and " + std::to_string(record.items() - named) + " more\n";
  }
  return lines;
}

}  // namespace

NudgeText nudge_text(Turn& turn, const v1::NudgeRecord& record) {
  const v1::Team* team = turn.directory.team(record.team());
  const auto items = items_of(turn, record);
  const bool one = record.items() == 1;
  const std::string what = one ? "1 item waits" : std::to_string(record.items()) + " items wait";
  NudgeText out;
  out.subject = "Switchboard: " + what + " for " + record.team() + ", " + (one ? "" : "up to ") +
                urgency_words(record.urgency());
  out.text = what + " for " + (team == nullptr ? record.team() : team->name()) + " (" +
             record.team() + "), the oldest for " + age_words(record.oldest_us(), turn.now) +
             ".\n\n" + lines_of(items, record, turn.now);
  const v1::Team* ring = items.empty() ? team : whom_to_ring(turn, team, items.front());
  if (ring != nullptr) {
    out.text += "\nRing " + ring->name() + " on " +
                number_now(turn.directory, *ring, turn.now).phone() + ".\n";
  }
  out.text += "\nOpen your inbox and pick it up there. This message names nobody on purpose.\n";
  return out;
}

}  // namespace switchboard::core
