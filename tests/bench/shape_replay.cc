#include "tests/bench/shape_replay.h"

#include <utility>

#include "broker/base/bytes.h"

namespace switchboard::bench {

// Next where the row wanted is the next one, else a seek; anew where the snapshot is too old.
bool ShapeReplay::seek(std::unique_ptr<rocksdb::Iterator>& at, kv::Family family,
                       const std::string& key) {
  if (at && at->Valid()) {
    at->Next();
    if (at->Valid() && at->key() == rocksdb::Slice(key)) return true;
    at->Seek(key);
    if (at->Valid() && at->key() == rocksdb::Slice(key)) return true;
  }
  at = shape_.store().scan(family);
  at->Seek(key);
  return at->Valid() && at->key() == rocksdb::Slice(key);
}

bool ShapeReplay::read(int team, uint64_t number, LiveEvent& event) {
  if (!shape_.store().stores() || shape_.store().one_family()) return false;
  std::string inbox_key;
  put_u32(inbox_key, static_cast<uint32_t>(team));
  put_u8(inbox_key, v1::LOG_KIND_INBOX);
  put_u64(inbox_key, number);
  if (!seek(inbox_, kv::Family::kInbox, inbox_key)) return false;
  const std::string_view row = inbox_->value().ToStringView();
  event.position = get_u64(row.substr(1));
  event.accepted_us = static_cast<int64_t>(get_u64(row.substr(9)));
  std::string position_key;
  put_u64(position_key, event.position);
  if (!seek(key_, kv::Family::kKey, position_key)) return false;
  if (!seek(payload_, kv::Family::kPayload, position_key)) return false;
  auto body = shape_.open_payload(position_key, key_->value().ToStringView(),
                                  payload_->value().ToStringView());
  if (!body) die(body.error().text);
  event.body = std::move(*body);
  return true;
}

void ShapeReplay::close() {
  inbox_.reset();
  key_.reset();
  payload_.reset();
}

}  // namespace switchboard::bench
