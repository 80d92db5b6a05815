#include "broker/kv/mem_kv.h"

#include <utility>

namespace switchboard::kv {

namespace {

size_t index(Family family) { return static_cast<size_t>(family) - 1; }

}  // namespace

// Keeps a family's rows as they are while it lives.
class MemKv::Pin {
 public:
  explicit Pin(std::shared_ptr<Rows> rows) : rows_(std::move(rows)) {
    rows_->readers.fetch_add(1, std::memory_order_relaxed);
  }
  Pin(const Pin& other) : Pin(other.rows_) {}
  Pin& operator=(const Pin&) = delete;
  ~Pin() { rows_->readers.fetch_sub(1, std::memory_order_release); }
  const Map& map() const { return rows_->map; }

 private:
  std::shared_ptr<Rows> rows_;
};

class MemKv::Cursor final : public Scan {
 public:
  enum class Direction { kForward, kBack };

  Cursor(Pin pin, std::string_view from, std::string_view until, Direction direction)
      : pin_(std::move(pin)), direction_(direction) {
    const Map& map = pin_.map();
    if (!until.empty() && from >= until) {
      low_ = high_ = at_ = map.end();
      return;
    }
    low_ = map.lower_bound(from);
    high_ = until.empty() ? map.end() : map.lower_bound(until);
    at_ = direction_ == Direction::kForward ? low_ : high_;
  }

  // Backwards, at_ is one past the row that is shown, as with a reverse iterator.
  bool valid() const override { return at_ != (direction_ == Direction::kForward ? high_ : low_); }
  std::string_view key() const override { return row().first; }
  std::string_view value() const override { return row().second; }
  void next() override {
    CHECK(valid());
    if (direction_ == Direction::kForward) {
      ++at_;
    } else {
      --at_;
    }
  }
  Status status() const override { return ok(); }

 private:
  const Map::value_type& row() const {
    CHECK(valid());
    return direction_ == Direction::kForward ? *at_ : *std::prev(at_);
  }

  Pin pin_;
  Direction direction_;
  Map::const_iterator low_, high_, at_;
};

class MemKv::View final : public Reads {
 public:
  explicit View(const MemKv& kv) {
    pins_.reserve(kFamilies.size());
    for (const Family family : kFamilies) pins_.emplace_back(kv.rows(family));
  }
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    const Map& map = pins_[index(family)].map();
    const auto row = map.find(key);
    if (row == map.end()) return std::optional<std::string>();
    return std::optional(row->second);
  }
  std::unique_ptr<Scan> scan(Family family, std::string_view from,
                             std::string_view until) const override {
    return std::make_unique<Cursor>(pins_[index(family)], from, until, Cursor::Direction::kForward);
  }
  std::unique_ptr<Scan> scan_back(Family family, std::string_view from,
                                  std::string_view until) const override {
    return std::make_unique<Cursor>(pins_[index(family)], from, until, Cursor::Direction::kBack);
  }

 private:
  std::vector<Pin> pins_;
};

MemKv::MemKv() {
  for (auto& rows : families_) rows = std::make_shared<Rows>();
}

Status MemKv::write(const Batch& batch) {
  if (batch.oversize()) return error(v1::CODE_OVERSIZE, "batch over its limit");
  Changes changes;
  changes.reserve(batch.count());
  batch.for_each([&](Batch::Op op, Family family, std::string_view key, std::string_view value) {
    auto before = set(family, key, op == Batch::Op::kPut ? std::optional(value) : std::nullopt);
    changes.push_back({family, std::string(key), std::move(before)});
  });
  undo_.push_back(std::move(changes));
  return ok();
}

Status MemKv::sync() {
  undo_.clear();
  return ok();
}

void MemKv::crash(size_t keep) {
  while (undo_.size() > keep) {
    Changes& changes = undo_.back();
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
      set(change->family, change->key, change->before);
    }
    undo_.pop_back();
  }
  undo_.clear();
}

std::unique_ptr<MemKv> MemKv::durable_copy() const {
  auto copy = std::make_unique<MemKv>();
  for (size_t i = 0; i < families_.size(); ++i) copy->families_[i]->map = families_[i]->map;
  copy->undo_ = undo_;
  copy->crash();
  return copy;
}

std::unique_ptr<Reads> MemKv::snapshot() const { return std::make_unique<View>(*this); }

Result<std::optional<std::string>> MemKv::get(Family family, std::string_view key) const {
  const Map& map = rows(family)->map;
  const auto row = map.find(key);
  if (row == map.end()) return std::optional<std::string>();
  return std::optional(row->second);
}

std::unique_ptr<Scan> MemKv::scan(Family family, std::string_view from,
                                  std::string_view until) const {
  return std::make_unique<Cursor>(Pin(rows(family)), from, until, Cursor::Direction::kForward);
}

std::unique_ptr<Scan> MemKv::scan_back(Family family, std::string_view from,
                                       std::string_view until) const {
  return std::make_unique<Cursor>(Pin(rows(family)), from, until, Cursor::Direction::kBack);
}

const std::shared_ptr<MemKv::Rows>& MemKv::rows(Family family) const {
  return families_[index(family)];
}

MemKv::Map& MemKv::writable(Family family) {
  std::shared_ptr<Rows>& rows = families_[index(family)];
  if (rows->readers.load(std::memory_order_acquire) != 0) {
    auto copy = std::make_shared<Rows>();
    copy->map = rows->map;
    rows = std::move(copy);
  }
  return rows->map;
}

std::optional<std::string> MemKv::set(Family family, std::string_view key,
                                      std::optional<std::string_view> value) {
  Map& map = writable(family);
  std::optional<std::string> before;
  const auto row = map.find(key);
  if (row != map.end()) before = std::move(row->second);
  if (!value) {
    if (row != map.end()) map.erase(row);
  } else if (row != map.end()) {
    row->second = std::string(*value);
  } else {
    map.emplace(key, *value);
  }
  return before;
}

}  // namespace switchboard::kv
