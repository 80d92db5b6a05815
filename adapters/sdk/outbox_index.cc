#include "adapters/sdk/outbox_index.h"

#include "broker/base/bytes.h"

namespace switchboard::sdk {
namespace {

using kv::Family;

constexpr size_t kIdBytes = 16;
constexpr size_t kKeyBytes = 1 + 8;

Result<OutboxIndex::Label> read_label(std::string_view row) {
  const auto id = id_from_bytes(row.substr(0, kIdBytes));
  if (!id) return error(v1::CODE_INTERNAL, "a label of the outbox is damaged");
  return OutboxIndex::Label{.id = *id, .tag = std::string(row.substr(kIdBytes))};
}

}  // namespace

size_t OutboxIndex::bytes(const Label& label) {
  if (label.id.empty()) return 0;
  return kKeyBytes + kIdBytes + label.tag.size() + 1 + kIdBytes + 8;
}

void OutboxIndex::add(kv::Batch& batch, uint64_t sequence, const Label& label) {
  if (label.id.empty()) return;
  std::string row(label.id.view());
  row += label.tag;
  batch.put(Family::kKey, label_key(sequence), row);
  std::string at;
  put_u64(at, sequence);
  batch.put(Family::kDedupe, id_key(label.id), at);
  staged_[label.id] = sequence;
}

Result<std::optional<uint64_t>> OutboxIndex::find(const Id& id) const {
  if (const auto at = staged_.find(id); at != staged_.end()) return std::optional(at->second);
  TRY(const auto row, kv_.get(Family::kDedupe, id_key(id)));
  if (!row) return std::optional<uint64_t>();
  if (row->size() != 8) return error(v1::CODE_INTERNAL, "an id of the outbox is damaged");
  return std::optional(get_u64(*row));
}

Result<std::optional<OutboxIndex::Label>> OutboxIndex::label(uint64_t sequence) const {
  TRY(const auto row, kv_.get(Family::kKey, label_key(sequence)));
  if (!row) return std::optional<Label>();
  TRY(auto found, read_label(*row));
  return std::optional(std::move(found));
}

Result<std::vector<OutboxIndex::Tagged>> OutboxIndex::tags(uint64_t after, size_t limit) const {
  std::vector<Tagged> out;
  const auto scan = kv_.scan(Family::kKey, label_key(after + 1),
                             kv::prefix_end(std::string(1, static_cast<char>(lane_))));
  for (; scan->valid() && out.size() < limit; scan->next()) {
    TRY(auto found, read_label(scan->value()));
    out.push_back({get_u64(scan->key().substr(1)), std::move(found.tag)});
  }
  TRY_DO(scan->status());
  return out;
}

// The id may be another item's by now: that one keeps it.
Status OutboxIndex::forget_id(kv::Batch& batch, uint64_t sequence) const {
  TRY(const auto known, label(sequence));
  if (!known) return ok();
  TRY(const auto at, find(known->id));
  if (at == sequence) batch.erase(Family::kDedupe, id_key(known->id));
  return ok();
}

Status OutboxIndex::drop(kv::Batch& batch, uint64_t sequence) const {
  TRY_DO(forget_id(batch, sequence));
  batch.erase(Family::kKey, label_key(sequence));
  return ok();
}

std::string OutboxIndex::label_key(uint64_t sequence) const {
  std::string key(1, static_cast<char>(lane_));
  put_u64(key, sequence);
  return key;
}

std::string OutboxIndex::id_key(const Id& id) const {
  std::string key(1, static_cast<char>(lane_));
  return key.append(id.view());
}

}  // namespace switchboard::sdk
