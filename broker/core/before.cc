#include "broker/core/before.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/core/clock.h"

namespace switchboard::core {
namespace {

constexpr size_t kFixedBytes = 1 + 4 + 8 + 4;

}  // namespace

Before as_it_stands(const Delivery& delivery) {
  Before before{delivery.recipient.team_handle(), delivery.number(), false, delivery.record};
  before.record.clear_steps();
  const Clock clock = clock_of(delivery);
  before.record.set_clock(clock.which);
  before.record.set_clock_us(clock.due_us);
  before.record.set_level(clock.level);
  return before;
}

void put_back_clock(Turn& turn, Delivery& delivery, const Before& before) {
  const v1::DeliveryRecord& was = before.record;
  Clock clock{was.clock(), was.clock_us(), static_cast<uint8_t>(was.level())};
  clock.due_us = std::max(clock.due_us, turn.now.us);
  if (delivery.record.corrected() == v1::CORRECTION_NATURE_VOID || !clock.runs()) clock = {};
  set_clock(turn, delivery, clock);
  delivery.record.set_acknowledge_by_us(was.acknowledge_by_us());
  delivery.record.set_action_by_us(was.action_by_us());
}

void put_back(Turn& turn, Delivery& delivery, const Before& before) {
  put_back_clock(turn, delivery, before);
  const v1::DeliveryRecord& was = before.record;
  v1::DeliveryRecord& now = delivery.record;
  now.set_state(was.state());
  now.set_attention(was.attention());
  now.set_handed_to(was.handed_to());
  now.set_handed_number(was.handed_number());
  *now.mutable_refused_by() = was.refused_by();
}

const Before* find(const std::vector<Before>& all, const Delivery& delivery) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const Before& before) {
    return before.team == delivery.recipient.team_handle() && before.number == delivery.number();
  });
  return it == all.end() ? nullptr : &*it;
}

std::string encode(const std::vector<Before>& all) {
  std::string out;
  for (const Before& before : all) {
    const std::string record = before.record.SerializeAsString();
    put_u8(out, before.told_by_it ? 1 : 0);
    put_u32(out, before.team);
    put_u64(out, before.number);
    put_u32(out, static_cast<uint32_t>(record.size()));
    out.append(record);
  }
  return out;
}

std::vector<Before> decode_before(std::string_view bytes) {
  std::vector<Before> all;
  while (bytes.size() >= kFixedBytes) {
    Before before{get_u32(bytes.substr(1)), get_u64(bytes.substr(5)), bytes[0] != 0, {}};
    const size_t size = get_u32(bytes.substr(13));
    bytes.remove_prefix(kFixedBytes);
    if (size > bytes.size() ||
        !before.record.ParseFromArray(bytes.data(), static_cast<int>(size))) {
      return {};
    }
    bytes.remove_prefix(size);
    all.push_back(std::move(before));
  }
  return bytes.empty() ? all : std::vector<Before>();
}

}  // namespace switchboard::core
