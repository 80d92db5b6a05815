#include "broker/kv/kv.h"

#include "broker/base/bytes.h"
#include "broker/base/check.h"

namespace switchboard::kv {

namespace {

constexpr std::string_view kMagic = "SB1\n";

// Like take_varint, but only the shortest form: one batch has one encoding, so one digest.
std::optional<uint64_t> take_length(std::string_view& in) {
  const std::string_view before = in;
  const auto length = take_varint(in);
  if (!length) return std::nullopt;
  const size_t used = before.size() - in.size();
  if (used > 1 && before[used - 1] == 0) return std::nullopt;
  return length;
}

bool take_bytes(std::string_view& in, std::string_view& out) {
  const auto length = take_length(in);
  if (!length || *length > in.size()) return false;
  out = in.substr(0, static_cast<size_t>(*length));
  in.remove_prefix(out.size());
  return true;
}

// Family, op and key: all of a delete, the front of a put.
void append_key(std::string& out, Family family, Batch::Op op, std::string_view key) {
  char front[2 + 10] = {static_cast<char>(family), static_cast<char>(op)};
  size_t bytes = 2;
  uint64_t length = key.size();
  for (; length >= 0x80; length >>= 7) front[bytes++] = static_cast<char>(length | 0x80);
  front[bytes++] = static_cast<char>(length);
  out.append(front, bytes);
  out.append(key);
}

}  // namespace

std::string_view name(Family family) {
  switch (family) {
    case Family::kEvent:
      return "event";
    case Family::kPayload:
      return "payload";
    case Family::kKey:
      return "key";
    case Family::kDedupe:
      return "dedupe";
    case Family::kInbox:
      return "inbox";
    case Family::kState:
      return "state";
    case Family::kIndex:
      return "index";
    case Family::kDirectory:
      return "directory";
    case Family::kAudit:
      return "audit";
    case Family::kMeta:
      return "meta";
  }
  CHECK(false);
}

void Batch::put(Family family, std::string_view key, std::string_view value) {
  append_key(ops_, family, Op::kPut, key);
  put_varint(ops_, value.size());
  ops_.append(value);
  ++count_;
}

void Batch::erase(Family family, std::string_view key) {
  append_key(ops_, family, Op::kDelete, key);
  ++count_;
}

void Batch::clear() {
  header_ = {};
  ops_.clear();
  count_ = 0;
  bytes_max_ = limits::kBatchBytesMax;
}

std::string Batch::encode() const {
  std::string out;
  out.reserve(bytes());
  out.append(kMagic);
  put_u64(out, header_.epoch);
  put_u64(out, header_.first);
  put_u64(out, header_.last);
  put_u64(out, static_cast<uint64_t>(header_.time_us));
  out.append(reinterpret_cast<const char*>(header_.previous.data()), header_.previous.size());
  out.append(ops_);
  return out;
}

// Hostile bytes come here too: every operation is walked once before anybody can visit it.
Result<Batch> Batch::decode(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic)) {
    return switchboard::error(v1::CODE_MALFORMED, "not a batch: no header");
  }
  if (bytes.size() > limits::kBatchBytesMax) {
    return switchboard::error(v1::CODE_OVERSIZE, "batch over its limit");
  }
  Batch batch;
  batch.header_.epoch = get_u64(bytes.substr(4));
  batch.header_.first = get_u64(bytes.substr(12));
  batch.header_.last = get_u64(bytes.substr(20));
  batch.header_.time_us = static_cast<int64_t>(get_u64(bytes.substr(28)));
  std::memcpy(batch.header_.previous.data(), bytes.data() + 36, batch.header_.previous.size());
  bytes.remove_prefix(kHeaderBytes);

  std::string_view rest = bytes;
  Op op = Op::kPut;
  Family family = Family::kEvent;
  std::string_view key, value;
  while (take(rest, op, family, key, value)) ++batch.count_;
  if (!rest.empty()) return switchboard::error(v1::CODE_MALFORMED, "not a batch: bad operation");
  batch.ops_.assign(bytes);
  return batch;
}

bool Batch::take(std::string_view& in, Op& op, Family& family, std::string_view& key,
                 std::string_view& value) {
  if (in.size() < 3) return false;
  const auto family_byte = static_cast<uint8_t>(in[0]);
  const auto op_byte = static_cast<uint8_t>(in[1]);
  if (family_byte < static_cast<uint8_t>(kFamilies.front())) return false;
  if (family_byte > static_cast<uint8_t>(kFamilies.back())) return false;
  if (op_byte > static_cast<uint8_t>(Op::kDelete)) return false;
  std::string_view rest = in.substr(2);
  std::string_view new_value;
  if (!take_bytes(rest, key)) return false;
  op = static_cast<Op>(op_byte);
  if (op == Op::kPut && !take_bytes(rest, new_value)) return false;
  family = static_cast<Family>(family_byte);
  value = new_value;
  in = rest;
  return true;
}

std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<uint8_t>(end.back()) == 0xff) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<uint8_t>(end.back()) + 1);
  return end;
}

}  // namespace switchboard::kv
