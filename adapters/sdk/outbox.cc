#include "adapters/sdk/outbox.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/base/check.h"
#include "broker/base/limits.h"

namespace switchboard::sdk {
namespace {

using kv::Family;

constexpr uint8_t kFormat = 1;
constexpr size_t kStateBytes = 1 + 16 + 10 * 8;
constexpr size_t kRowHead = 16;         // handed over at, running total
constexpr size_t kRefusalHead = 4 + 8;  // code, at
constexpr size_t kDropStretch = 4096;   // rows one trim() may drop
constexpr size_t kDropBatch = 512;
constexpr uint64_t kRoomForLabels = 4096;  // of the items of one message
constexpr int64_t kMinuteUs = 60'000'000;
constexpr std::string_view kKeyCheck = "switchboard outbox";
constexpr std::string_view kRows = "row/";

uint64_t row_bytes(size_t plain) { return kRowHead + kSealOverhead + plain; }
uint64_t minute(Time t) { return static_cast<uint64_t>(std::max<int64_t>(t.us, 0) / kMinuteUs); }
uint64_t row_total(std::string_view row) { return get_u64(row.substr(8)); }

std::string lane_key(Lane lane, std::string_view rest) {
  std::string key(1, static_cast<char>(lane));
  return key.append(rest);
}
std::string lane_key(Lane lane, uint64_t number) {
  std::string key(1, static_cast<char>(lane));
  put_u64(key, number);
  return key;
}

}  // namespace

Outbox::Outbox(kv::Kv& kv, const SealKey& key, Entropy& entropy, const Options& options)
    : kv_(kv),
      key_(key),
      entropy_(entropy),
      options_(options),
      index_(kv, static_cast<uint8_t>(options.lane)),
      positions_(kv, static_cast<uint8_t>(options.lane)) {}

Result<std::unique_ptr<Outbox>> Outbox::open(kv::Kv& kv, const SealKey& key, Entropy& entropy,
                                             const Options& options) {
  std::unique_ptr<Outbox> outbox(new Outbox(kv, key, entropy, options));
  TRY_DO(outbox->load());
  return outbox;
}

Result<uint64_t> Outbox::append(std::span<const std::string> items, Time now) {
  uint64_t bytes = 0;
  for (const auto& item : items) {
    if (item.size() > limits::kEventBytesMax) {
      return error(v1::CODE_OVERSIZE, "an item is larger than the protocol allows");
    }
    bytes += row_bytes(item.size());
  }
  TRY_DO(check_room(bytes));
  const uint64_t first = state_.next;
  for (const auto& item : items) {
    // A crash between two batches leaves a front part nobody was promised; its resend is a
    // duplicate.
    if (!fits_staged(item.size())) TRY_DO(commit());
    TRY(const uint64_t sequence, stage(item, {}, now));
    CHECK(sequence + 1 == state_.next);
  }
  TRY_DO(commit());
  TRY_DO(sync());  // P1: custody is given by the return of this function
  return first;
}

Result<uint64_t> Outbox::stage(std::string_view item, const OutboxIndex::Label& label, Time now) {
  if (item.size() > limits::kEventBytesMax) {
    return error(v1::CODE_OVERSIZE, "an item is larger than the protocol allows");
  }
  const uint64_t bytes = row_bytes(item.size()) + OutboxIndex::bytes(label);
  TRY_DO(make_room(bytes));
  const uint64_t sequence = state_.next;
  state_.next_total += bytes;
  std::string row;
  put_u64(row, static_cast<uint64_t>(now.us));
  put_u64(row, state_.next_total);
  seal(key_, entropy_, item, bound(sequence), row);
  staged_.put(Family::kEvent, key_of(sequence), row);
  index_.add(staged_, sequence, label);
  ++state_.next;
  return sequence;
}

void Outbox::stage_row(std::string_view key, std::string_view value) {
  const std::string whole = lane_key(options_.lane, kRows).append(key);
  if (value.empty()) return staged_.erase(Family::kMeta, whole);
  staged_.put(Family::kMeta, whole, value);
}

bool Outbox::fits_staged(size_t item_bytes) const {
  return staged_.empty() || staged_.bytes() + row_bytes(item_bytes) <= limits::kTurnBytesMax;
}

bool Outbox::has_room(size_t item_bytes) const {
  return check_room(row_bytes(item_bytes) + kRoomForLabels).ok();
}

Status Outbox::commit() {
  if (staged_.empty()) return ok();
  TRY_DO(write(staged_));
  staged_.clear();
  index_.written();
  return ok();
}

Result<std::vector<Outbox::Row>> Outbox::rows() const {
  std::vector<Row> out;
  const std::string prefix = lane_key(options_.lane, kRows);
  const auto scan = kv_.scan(Family::kMeta, prefix, kv::prefix_end(prefix));
  for (; scan->valid(); scan->next()) {
    out.push_back({std::string(scan->key().substr(prefix.size())), std::string(scan->value())});
  }
  TRY_DO(scan->status());
  return out;
}

Result<std::vector<Outbox::Item>> Outbox::read(uint64_t first, size_t items_max,
                                               size_t bytes_max) const {
  std::vector<Item> items;
  size_t bytes = 0;
  const auto scan = kv_.scan(Family::kEvent, key_of(first), key_of(state_.next));
  for (; scan->valid() && items.size() < items_max; scan->next()) {
    const uint64_t sequence = get_u64(scan->key().substr(1));
    const auto row = scan->value();
    const size_t plain = row.size() - std::min(row.size(), kRowHead + kSealOverhead);
    if (sequence != first + items.size()) break;
    if (!items.empty() && bytes + plain > bytes_max) break;
    auto opened = unseal(key_, row.substr(std::min(row.size(), kRowHead)), bound(sequence));
    // Items before a damaged one still go; the damaged one is reported when it is first in line.
    if (!opened.ok()) {
      if (!items.empty()) break;
      return error(v1::CODE_INVALID, "item " + std::to_string(sequence) + " cannot be opened");
    }
    bytes += plain;
    items.push_back({sequence, std::move(*opened)});
  }
  TRY_DO(scan->status());
  if (items.empty() && first < state_.next && items_max > 0) {
    return error(v1::CODE_INTERNAL, "the outbox misses item " + std::to_string(first));
  }
  return items;
}

Status Outbox::confirm(uint64_t through, std::span<const Refusal> refused,
                       const Answered& answered) {
  if (through >= state_.next) {
    return error(v1::CODE_CONFLICT, "an answer goes beyond what the outbox holds");
  }
  if (through <= state_.confirmed) return ok();
  kv::Batch batch;
  TRY_DO(forget_retaken(batch, through));
  for (const auto& refusal : refused) {
    if (refusal.sequence <= state_.confirmed || refusal.sequence > through) continue;
    TRY_DO(keep_refused(batch, refusal, answered.now));
  }
  TRY_DO(mark(batch, state_.confirmed + 1, answered.now));
  positions_.confirmed(batch, state_.confirmed + 1, answered.position);
  TRY(state_.confirmed_total, total_through(through));
  state_.confirmed = through;
  return write(batch);
}

// A resent item that was refused once may be taken now, or be refused with another reason.
Status Outbox::forget_retaken(kv::Batch& batch, uint64_t through) {
  if (state_.refused_items == 0) return ok();
  const auto scan = kv_.scan(Family::kIndex, key_of(state_.confirmed + 1), key_of(through + 1));
  for (; scan->valid(); scan->next()) {
    batch.erase(Family::kIndex, scan->key());
    --state_.refused_items;
    state_.refused_bytes -= scan->value().size();
  }
  return scan->status();
}

Status Outbox::keep_refused(kv::Batch& batch, const Refusal& refusal, Time now) {
  TRY(const auto row, kv_.get(Family::kEvent, key_of(refusal.sequence)));
  std::string kept;
  put_u32(kept, static_cast<uint32_t>(refusal.code));
  put_u64(kept, static_cast<uint64_t>(now.us));
  const std::string_view text = std::string_view(refusal.text).substr(0, limits::kTextBytesMax);
  put_varint(kept, text.size());
  kept.append(text);
  if (row) kept.append(row->substr(std::min(row->size(), kRowHead)));
  batch.put(Family::kIndex, key_of(refusal.sequence), kept);
  TRY_DO(index_.forget_id(batch, refusal.sequence));  // what is refused may be tried again
  ++state_.refused_items;
  state_.refused_bytes += kept.size();
  return ok();
}

// One row a minute: the lowest sequence confirmed in it. What was confirmed since a time begins at
// the least of the rows from that minute on, also if the clock went back.
Status Outbox::mark(kv::Batch& batch, uint64_t first, Time now) const {
  const std::string key = lane_key(options_.lane, minute(now));
  TRY(const auto row, kv_.get(Family::kState, key));
  if (row && row->size() == 8 && get_u64(*row) <= first) return ok();
  std::string value;
  put_u64(value, first);
  batch.put(Family::kState, key, value);
  return ok();
}

// confirmed() + 1 if none was.
Result<uint64_t> Outbox::confirmed_since(Time since) const {
  uint64_t first = state_.confirmed + 1;
  const auto scan = kv_.scan(Family::kState, lane_key(options_.lane, minute(since)),
                             kv::prefix_end(lane_key(options_.lane, "")));
  for (; scan->valid(); scan->next()) {
    if (scan->value().size() == 8) first = std::min(first, get_u64(scan->value()));
  }
  TRY_DO(scan->status());
  return std::max(first, state_.low);
}

Status Outbox::resend(const Ask& ask) {
  if (ask == state_.asked) return ok();
  TRY(const uint64_t first, positions_.first_beyond(ask.after, state_.low, state_.confirmed));
  state_.asked = ask;
  kv::Batch batch;
  if (first <= state_.confirmed) {
    TRY(state_.confirmed_total, total_through(first - 1));
    state_.confirmed = first - 1;
    TRY_DO(positions_.forget_from(batch, first));
  }
  TRY_DO(write(batch));
  return kv_.sync();
}

Status Outbox::trim(Time now) {
  const Time since = now - options_.resend_window;
  TRY(const uint64_t keep, confirmed_since(since));
  if (keep > state_.low) TRY_DO(drop_through(keep - 1, kDropStretch));
  kv::Batch batch;
  const auto scan =
      kv_.scan(Family::kState, lane_key(options_.lane, ""), lane_key(options_.lane, minute(since)));
  for (; scan->valid() && batch.count() < kDropStretch; scan->next()) {
    batch.erase(Family::kState, scan->key());
  }
  TRY_DO(scan->status());
  TRY_DO(positions_.trim(batch, state_.low));
  return batch.empty() ? ok() : kv_.write(batch);
}

Status Outbox::drop_through(uint64_t through, size_t most) {
  const uint64_t last = std::min({through, state_.confirmed, state_.low + most - 1});
  while (state_.low <= last) {
    kv::Batch batch;
    while (state_.low <= last && batch.count() < kDropBatch) TRY_DO(drop_lowest(batch));
    TRY_DO(write(batch));
  }
  return ok();
}

Status Outbox::drop_lowest(kv::Batch& batch) {
  TRY(state_.low_total, total_through(state_.low));
  batch.erase(Family::kEvent, key_of(state_.low));
  TRY_DO(index_.drop(batch, state_.low));
  ++state_.low;
  return ok();
}

Status Outbox::check_room(uint64_t bytes) const {
  const uint64_t must_stay =
      state_.next_total - state_.confirmed_total + state_.refused_bytes + bytes;
  if (must_stay <= options_.bytes_max) return ok();
  return error(v1::CODE_BUSY, "the outbox is full: the hub has not taken what is in it");
}

// What is dropped goes in the commit of what comes in its place.
Status Outbox::make_room(uint64_t bytes) {
  TRY_DO(check_room(bytes));
  while (held() + bytes > options_.bytes_max) {
    TRY_DO(drop_lowest(staged_));
    ++dropped_early_;
  }
  return ok();
}

// The running total at `sequence`; what came before the lowest item is remembered in its place.
Result<uint64_t> Outbox::total_through(uint64_t sequence) const {
  if (sequence + 1 == state_.low) return state_.low_total;
  TRY(const auto row, kv_.get(Family::kEvent, key_of(sequence)));
  if (!row || row->size() < kRowHead) {
    return error(v1::CODE_INTERNAL, "the outbox misses item " + std::to_string(sequence));
  }
  return row_total(*row);
}

Result<std::vector<Outbox::Refusal>> Outbox::refusals(uint64_t after, size_t limit) const {
  std::vector<Refusal> list;
  const auto scan =
      kv_.scan(Family::kIndex, key_of(after + 1), kv::prefix_end(lane_key(options_.lane, "")));
  for (; scan->valid() && list.size() < limit; scan->next()) {
    auto row = scan->value();
    if (row.size() < kRefusalHead) return error(v1::CODE_INTERNAL, "a refusal is damaged");
    Refusal refusal{.sequence = get_u64(scan->key().substr(1)),
                    .code = static_cast<v1::Code>(get_u32(row)),
                    .text = {},
                    .at = {static_cast<int64_t>(get_u64(row.substr(4)))}};
    row.remove_prefix(kRefusalHead);
    const auto size = take_varint(row);
    if (!size || *size > row.size()) return error(v1::CODE_INTERNAL, "a refusal is damaged");
    refusal.text = row.substr(0, *size);
    list.push_back(std::move(refusal));
  }
  TRY_DO(scan->status());
  return list;
}

Result<std::string> Outbox::refused_item(uint64_t sequence) const {
  TRY(const auto row, kv_.get(Family::kIndex, key_of(sequence)));
  if (!row || row->size() < kRefusalHead) {
    return error(v1::CODE_NOT_FOUND, "no refused item has this sequence");
  }
  std::string_view rest(*row);
  rest.remove_prefix(kRefusalHead);
  const auto size = take_varint(rest);
  if (!size || *size > rest.size()) return error(v1::CODE_INTERNAL, "a refusal is damaged");
  return unseal(key_, rest.substr(*size), bound(sequence));
}

Status Outbox::dismiss(uint64_t sequence) {
  TRY(const auto row, kv_.get(Family::kIndex, key_of(sequence)));
  if (!row) return error(v1::CODE_NOT_FOUND, "no refused item has this sequence");
  --state_.refused_items;
  state_.refused_bytes -= row->size();
  kv::Batch batch;
  batch.erase(Family::kIndex, key_of(sequence));
  TRY_DO(write(batch));
  return kv_.sync();
}

Outbox::Usage Outbox::usage() const {
  Usage usage{.unconfirmed_items = state_.next - 1 - state_.confirmed,
              .held_bytes = held(),
              .unconfirmed_bytes = state_.next_total - state_.confirmed_total,
              .refused_items = state_.refused_items,
              .bytes_max = options_.bytes_max,
              .dropped_early = dropped_early_};
  const uint64_t must_stay = usage.unconfirmed_bytes + state_.refused_bytes;
  if (usage.held_bytes >= options_.bytes_max / 2) usage.level = Level::kHalf;
  if (must_stay + row_bytes(limits::kEventBytesMax) > options_.bytes_max) {
    usage.level = Level::kFull;
  }
  return usage;
}

std::string Outbox::key_of(uint64_t sequence) const { return lane_key(options_.lane, sequence); }

// An item moved to another place, or to another client's outbox, does not open.
std::string Outbox::bound(uint64_t sequence) const {
  return std::string(state_.id.view()) + key_of(sequence);
}

Status Outbox::load() {
  TRY(const auto row, kv_.get(Family::kMeta, lane_key(options_.lane, "state")));
  TRY(const auto check, kv_.get(Family::kMeta, lane_key(options_.lane, "key")));
  TRY_DO(positions_.load());
  if (!row) {
    entropy_.fill(state_.id.bytes.data(), state_.id.bytes.size());
    std::string sealed;
    seal(key_, entropy_, kKeyCheck, bound(0), sealed);
    kv::Batch batch;
    batch.put(Family::kMeta, lane_key(options_.lane, "key"), sealed);
    TRY_DO(write(batch));
    return kv_.sync();
  }
  std::string_view in(*row);
  if (in.size() != kStateBytes || in[0] != static_cast<char>(kFormat)) {
    return error(v1::CODE_INTERNAL, "the outbox is damaged or of a newer format");
  }
  state_.id = *id_from_bytes(in.substr(1, 16));
  in.remove_prefix(17);
  for (uint64_t* field : {&state_.low, &state_.confirmed, &state_.next, &state_.low_total,
                          &state_.confirmed_total, &state_.next_total, &state_.refused_items,
                          &state_.refused_bytes, &state_.asked.epoch, &state_.asked.after}) {
    *field = get_u64(in);
    in.remove_prefix(8);
  }
  return check_key(check.value_or(""));
}

Status Outbox::check_key(std::string_view sealed) const {
  if (unseal(key_, sealed, bound(0)).ok()) return ok();
  return error(v1::CODE_INVALID, "the outbox was sealed with another key");
}

Status Outbox::write(kv::Batch& batch) {
  std::string row;
  put_u8(row, kFormat);
  row.append(state_.id.view());
  for (const uint64_t field : {state_.low, state_.confirmed, state_.next, state_.low_total,
                               state_.confirmed_total, state_.next_total, state_.refused_items,
                               state_.refused_bytes, state_.asked.epoch, state_.asked.after}) {
    put_u64(row, field);
  }
  CHECK(staged_.empty() || &batch == &staged_);  // numbers of staged items are in the state
  batch.put(Family::kMeta, lane_key(options_.lane, "state"), row);
  return kv_.write(batch);
}

}  // namespace switchboard::sdk
