#include "tests/bench/shape_replay.h"

#include <utility>

#include "broker/base/bytes.h"

namespace switchboard::bench {

using support::die;

static std::string_view take_bytes(std::string_view& in) {
  const auto length = take_varint(in);
  if (!length || *length > in.size()) die("not a page");
  const std::string_view bytes = in.substr(0, static_cast<size_t>(*length));
  in.remove_prefix(bytes.size());
  return bytes;
}

// Goes to the next row: of the page, of the next page.
bool ShapeReplay::next(Place& place, kv::Family family) {
  if (place.rest.empty()) {
    place.at->Next();
    if (!place.at->Valid()) return false;
    place.rest = place.at->value().ToStringView();
  }
  if (!shape_.store().paged(family)) {
    place.key = place.at->key().ToStringView();
    place.value = std::exchange(place.rest, {});
    return true;
  }
  place.key = take_bytes(place.rest);
  place.value = take_bytes(place.rest);
  return true;
}

bool ShapeReplay::look(Place& place, kv::Family family, const std::string& key) {
  place.at->Seek(key);
  if (!place.at->Valid()) return false;
  place.rest = place.at->value().ToStringView();
  while (!place.rest.empty() && next(place, family)) {
    if (place.key >= key) return place.key == key;
  }
  return false;
}

// Next where the row wanted is the next one, else a seek; anew where the snapshot is too old.
bool ShapeReplay::seek(Place& place, kv::Family family, const std::string& key) {
  if (place.at && place.at->Valid()) {
    if (next(place, family) && place.key == key) return true;
    if (look(place, family, key)) return true;
  }
  place.at = shape_.store().scan(family);
  return look(place, family, key);
}

bool ShapeReplay::read(int team, uint64_t number, LiveEvent& event) {
  if (!shape_.store().stores() || shape_.store().one_family()) return false;
  std::string inbox_key;
  put_u32(inbox_key, static_cast<uint32_t>(team));
  put_u8(inbox_key, v1::LOG_KIND_INBOX);
  put_u64(inbox_key, number);
  if (!seek(inbox_, kv::Family::kInbox, inbox_key)) return false;
  const std::string_view row = inbox_.value;
  event.position = get_u64(row.substr(1));
  event.accepted_us = static_cast<int64_t>(get_u64(row.substr(9)));
  std::string position_key;
  put_u64(position_key, event.position);
  if (!seek(key_, kv::Family::kKey, position_key)) return false;
  if (!seek(payload_, kv::Family::kPayload, position_key)) return false;
  auto body = shape_.open_payload(position_key, key_.value, payload_.value);
  if (!body) die(body.error().text);
  event.body = std::move(*body);
  return true;
}

void ShapeReplay::close() {
  for (Place* place : {&inbox_, &key_, &payload_}) *place = {};
}

}  // namespace switchboard::bench
