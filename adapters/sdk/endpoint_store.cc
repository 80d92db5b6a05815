#include "adapters/sdk/endpoint_store.h"

#include <algorithm>
#include <utility>

#include "adapters/sdk/thinned.h"
#include "broker/base/bytes.h"
#include "broker/base/limits.h"

namespace switchboard::sdk {
namespace {

using kv::Family;

constexpr char kPlain = 0;
constexpr char kSealed = 1;
constexpr size_t kCursorBytes = 24;  // and the promise after them
constexpr int kKeyTries = 8;
constexpr size_t kSubjectBytes = 16;

// Checks what must hold of any frame before a byte of it is stored.
Status check(const v1::Deliver& frame) {
  for (int i = 0; i < frame.items_size(); ++i) {
    if (frame.items(i).number() != frame.first() + static_cast<uint64_t>(i)) {
      return error(v1::CODE_MALFORMED, "numbers of one frame do not follow each other");
    }
  }
  if (frame.first() == 0) return error(v1::CODE_MALFORMED, "numbers begin with 1");
  return ok();
}

bool behind(const v1::Promise& promise, const v1::Promise& other) {
  return std::pair(promise.epoch(), promise.position()) <
         std::pair(other.epoch(), other.position());
}

}  // namespace

EndpointStore::EndpointStore(kv::Kv& kv, Entropy& entropy, const Options& options)
    : kv_(&kv), entropy_(&entropy), options_(options) {
  prefix_ = options.team;
  prefix_.push_back('\0');
  put_u8(prefix_, static_cast<uint8_t>(options.log));
}

Result<EndpointStore> EndpointStore::open(kv::Kv& kv, Entropy& entropy, const Options& options) {
  if (options.team.empty() || options.team.find('\0') != std::string::npos) {
    return error(v1::CODE_INVALID, "an endpoint belongs to a team");
  }
  EndpointStore store(kv, entropy, options);
  TRY(const auto row, kv.get(Family::kMeta, store.cursor_key()));
  if (!row) return store;
  TRY(const auto earlier, kv.get(Family::kMeta, store.earlier_key()));
  const std::string_view bytes(*row);
  if (bytes.size() < kCursorBytes ||
      !store.covered_.ParseFromString(std::string(bytes.substr(kCursorBytes))) ||
      (earlier && !store.earlier_.ParseFromString(*earlier))) {
    return error(v1::CODE_INTERNAL, "the endpoint's cursor is damaged");
  }
  store.epoch_ = get_u64(bytes);
  store.through_ = get_u64(bytes.substr(8));
  store.handed_out_ = get_u64(bytes.substr(16));
  TRY_DO(store.check_key());
  TRY_DO(store.load_marks());
  return store;
}

// With another key it would go on and store, and read nothing of what it has. One entry of several
// that does not open is a damaged one.
Status EndpointStore::check_key() const {
  const auto scan = kv_->scan_back(Family::kInbox, key_of(0, 0), key_of(through_ + 1, 0));
  bool refused = false;
  for (int tries = 0; scan->valid() && tries < kKeyTries; ++tries, scan->next()) {
    if (scan->value().empty() || scan->value()[0] != kSealed) continue;
    if (decode(scan->key(), scan->value()).ok()) return ok();
    refused = true;
  }
  if (!refused) return ok();
  return error(v1::CODE_INVALID,
               "what this endpoint has stored was sealed with another key: bring back the "
               "client.key that belongs to this folder");
}

Status EndpointStore::append(const v1::Deliver& frame) {
  if (frame.items().empty()) return ok();
  TRY_DO(check(frame));
  if (frame.epoch() < epoch_) {
    return error(v1::CODE_STALE_EPOCH, "entries of an older epoch than was received before");
  }
  // P5: what is missing is asked for, never skipped.
  if (frame.first() > through_ + 1) {
    return error(v1::CODE_CONFLICT, "gap: expected number " + std::to_string(through_ + 1) +
                                        ", got " + std::to_string(frame.first()));
  }
  kv::Batch batch;
  if (frame.epoch() != epoch_) enter(batch, frame.epoch(), through_);
  // A frame that was sent before another and comes after it promises less than this already holds.
  if (frame.has_promise() && !behind(frame.promise(), covered_)) covered_ = frame.promise();
  unsynced_ = true;
  for (const auto& entry : frame.items()) {
    const std::string key = key_of(entry.number(), epoch_);
    const std::string plain = entry.SerializeAsString();
    // The cursor goes with each part, so a crash between parts leaves a shorter log without a gap.
    if (!batch.empty() && batch.bytes() + plain.size() > limits::kTurnBytesMax) {
      put_cursor(batch);
      TRY_DO(kv_->write(batch));
      batch.clear();
    }
    std::string row(1, options_.key ? kSealed : kPlain);
    if (options_.key) {
      seal(*options_.key, *entropy_, plain, key, row);
    } else {
      row.append(plain);
    }
    batch.put(Family::kInbox, key, row);
    through_ = std::max(through_, entry.number());
  }
  put_cursor(batch);
  return kv_->write(batch);
}

Status EndpointStore::sync() {
  if (!unsynced_) return ok();
  TRY_DO(kv_->sync());
  unsynced_ = false;
  return ok();
}

Status EndpointStore::adopt(const v1::Promise& promise, uint64_t common) {
  if (promise.epoch() <= epoch_) return ok();
  kv::Batch batch;
  enter(batch, promise.epoch(), common);
  covered_ = promise;
  put_cursor(batch);
  // What was parked under numbers that are given anew is not what comes under them.
  TRY(const auto marks, parked());
  for (const auto& mark : marks) {
    if (mark.number > through_) batch.erase(Family::kMeta, mark_key(mark.subject, mark.number));
  }
  TRY_DO(kv_->write_synced(batch));
  return load_marks();
}

Status EndpointStore::load_marks() {
  first_parked_.clear();
  marked_.clear();
  TRY(const auto marks, parked());
  for (const auto& mark : marks) {
    marked_.emplace(mark.number, mark.subject);
    if (!mark.subject.empty()) first_parked_.emplace(mark.subject, mark.number);  // in order
  }
  return ok();
}

// One batch: a number has one mark, whatever it was shown to be about when it was parked before.
Status EndpointStore::park(const Parked& parked) {
  std::string row;
  put_u64(row, parked.behind);
  row.append(parked.reason);
  kv::Batch batch;
  const auto before = marked_.find(parked.number);
  const bool other = before != marked_.end() && before->second != parked.subject;
  const std::string old = other ? before->second : std::string();
  if (other) batch.erase(Family::kMeta, mark_key(old, parked.number));
  batch.put(Family::kMeta, mark_key(parked.subject, parked.number), row);
  unsynced_ = true;
  TRY_DO(kv_->write(batch));
  marked_[parked.number] = parked.subject;
  if (other) TRY_DO(find_first(old));
  if (parked.subject.empty()) return ok();
  const auto [first, fresh] = first_parked_.emplace(parked.subject, parked.number);
  if (!fresh) first->second = std::min(first->second, parked.number);
  return ok();
}

Result<bool> EndpointStore::used(uint64_t number) {
  const auto mark = marked_.find(number);
  if (mark == marked_.end()) return false;
  const std::string subject = mark->second;
  TRY_DO(erase_mark(subject, number));
  return true;
}

Status EndpointStore::erase_mark(const std::string& subject, uint64_t number) {
  kv::Batch batch;
  batch.erase(Family::kMeta, mark_key(subject, number));
  unsynced_ = true;
  TRY_DO(kv_->write(batch));
  marked_.erase(number);
  return find_first(subject);
}

Status EndpointStore::find_first(const std::string& subject) {
  if (subject.empty()) return ok();
  first_parked_.erase(subject);
  const auto next = kv_->scan(Family::kMeta, mark_key(subject, 0), mark_key(subject, ~uint64_t{0}));
  if (next->valid()) first_parked_[subject] = get_u64(next->key().substr(next->key().size() - 8));
  return next->status();
}

Status EndpointStore::handed_out(uint64_t through) {
  if (through <= handed_out_) return ok();
  handed_out_ = std::min(through, through_);
  kv::Batch batch;
  put_cursor(batch);
  unsynced_ = true;
  return kv_->write(batch);
}

uint64_t EndpointStore::first_parked(const std::string& subject) const {
  const auto first = first_parked_.find(subject);
  return first == first_parked_.end() ? 0 : first->second;
}

Result<std::vector<uint64_t>> EndpointStore::release(uint64_t number) {
  TRY(const auto marks, parked());
  // It failed itself, or what it waited for is parked no more.
  const auto mark = std::find_if(marks.begin(), marks.end(), [&](const auto& m) {
    return m.number == number && (m.behind == 0 || first_parked(m.subject) == number);
  });
  if (mark == marks.end()) return error(v1::CODE_NOT_FOUND, "nothing waits for this number");
  TRY_DO(erase_mark(mark->subject, number));
  std::vector<uint64_t> waiting;
  for (const auto& m : marks) {
    if (!m.subject.empty() && m.subject == mark->subject && m.number > number) {
      waiting.push_back(m.number);
    }
  }
  return waiting;
}

Result<std::vector<EndpointStore::Parked>> EndpointStore::parked() const {
  std::vector<Parked> marks;
  const std::string prefix = marks_prefix();
  const auto rows = kv_->scan(Family::kMeta, prefix, kv::prefix_end(prefix));
  for (; rows->valid(); rows->next()) {
    const std::string_view key = rows->key().substr(prefix.size());
    const std::string_view row = rows->value();
    if (key.size() != kSubjectBytes + 8 || row.size() < 8) {
      return error(v1::CODE_INTERNAL, "a mark of a parked entry is damaged");
    }
    Parked mark;
    mark.number = get_u64(key.substr(kSubjectBytes));
    mark.behind = get_u64(row);
    mark.reason = row.substr(8);
    mark.subject = key.substr(0, kSubjectBytes);
    if (mark.subject == std::string(kSubjectBytes, '\0')) mark.subject.clear();
    marks.push_back(std::move(mark));
  }
  TRY_DO(rows->status());
  std::sort(marks.begin(), marks.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  return marks;
}

// What is above `common` was never in the newer epoch's history, nor is it taken for that of an
// older one.
void EndpointStore::enter(kv::Batch& batch, uint64_t epoch, uint64_t common) {
  auto& items = *earlier_.mutable_items();
  if (epoch_ != 0) {
    v1::Standing& stood = *items.Add();
    stood.set_through(through_);
    stood.set_epoch(epoch_);
    std::rotate(items.begin(), items.end() - 1, items.end());
  }
  through_ = std::min(through_, common);
  handed_out_ = std::min(handed_out_, through_);
  for (auto& stood : items) stood.set_through(std::min(stood.through(), through_));
  thin(items);
  epoch_ = epoch;
  batch.put(Family::kMeta, earlier_key(), earlier_.SerializeAsString());
}

Result<std::optional<EndpointStore::Stored>> EndpointStore::find(uint64_t number) const {
  const auto scan = kv_->scan_back(Family::kInbox, key_of(number, 0), key_of(number + 1, 0));
  TRY_DO(scan->status());
  if (!scan->valid()) return std::optional<Stored>();
  TRY(auto stored, decode(scan->key(), scan->value()));
  return std::optional(std::move(stored));
}

Result<std::vector<EndpointStore::Stored>> EndpointStore::read(uint64_t after, size_t limit) const {
  std::vector<Stored> list;
  const auto scan = kv_->scan(Family::kInbox, key_of(after + 1, 0), kv::prefix_end(prefix_));
  for (; scan->valid() && list.size() < limit; scan->next()) {
    TRY(auto stored, decode(scan->key(), scan->value()));
    list.push_back(std::move(stored));
  }
  TRY_DO(scan->status());
  return list;
}

Result<bool> EndpointStore::drop_through(uint64_t number, size_t most) {
  kv::Batch batch;
  const auto scan = kv_->scan(Family::kInbox, key_of(0, 0), key_of(number + 1, 0));
  for (; scan->valid() && batch.count() < most; scan->next()) {
    batch.erase(Family::kInbox, scan->key());
  }
  TRY_DO(scan->status());
  const bool finished = batch.count() < most;
  if (!batch.empty()) TRY_DO(kv_->write(batch));
  return finished;
}

std::string EndpointStore::key_of(uint64_t number, uint64_t epoch) const {
  std::string key = prefix_;
  put_u64(key, number);
  put_u64(key, epoch);
  return key;
}

std::string EndpointStore::cursor_key() const { return "cursor/" + prefix_; }
std::string EndpointStore::earlier_key() const { return "earlier/" + prefix_; }

std::string EndpointStore::marks_prefix() const { return "parked/" + prefix_; }

std::string EndpointStore::mark_key(const std::string& subject, uint64_t number) const {
  std::string key = marks_prefix();
  std::string fixed = subject;
  fixed.resize(kSubjectBytes, '\0');  // of no subject: zeros
  key.append(fixed);
  put_u64(key, number);
  return key;
}

void EndpointStore::put_cursor(kv::Batch& batch) const {
  std::string row;
  put_u64(row, epoch_);
  put_u64(row, through_);
  put_u64(row, handed_out_);
  row.append(covered_.SerializeAsString());
  batch.put(Family::kMeta, cursor_key(), row);
}

Result<EndpointStore::Stored> EndpointStore::decode(std::string_view key,
                                                    std::string_view row) const {
  Stored stored;
  stored.epoch = get_u64(key.substr(key.size() - 8));
  std::string opened;
  std::string_view plain = row.substr(std::min<size_t>(row.size(), 1));
  if (!row.empty() && row[0] == kSealed) {
    if (!options_.key) return error(v1::CODE_INVALID, "the endpoint's store is sealed: no key");
    TRY(opened, unseal(*options_.key, plain, key));
    plain = opened;
  }
  if (row.empty() || !stored.entry.ParseFromArray(plain.data(), static_cast<int>(plain.size()))) {
    return error(v1::CODE_INTERNAL, "a stored entry is damaged");
  }
  return stored;
}

}  // namespace switchboard::sdk
