#include "broker/store/journal.h"

#include <algorithm>
#include <vector>

namespace switchboard::store {
namespace {

// Committed rows and this turn's, as one ordered run; a pending delete hides its committed row.
class MergedScan : public kv::Scan {
 public:
  enum class Direction { kForward, kBack };
  using Rows = std::map<std::string, std::optional<std::string>>;

  MergedScan(std::unique_ptr<kv::Scan> committed, Rows pending, Direction direction)
      : committed_(std::move(committed)) {
    for (auto& row : pending) pending_.push_back(row);
    if (direction == Direction::kBack) std::reverse(pending_.begin(), pending_.end());
    back_ = direction == Direction::kBack;
    settle();
  }
  bool valid() const override { return at_pending_ || committed_->valid(); }
  std::string_view key() const override {
    return at_pending_ ? std::string_view(pending_[next_].first) : committed_->key();
  }
  std::string_view value() const override {
    return at_pending_ ? std::string_view(*pending_[next_].second) : committed_->value();
  }
  void next() override {
    if (at_pending_) {
      ++next_;
    } else {
      committed_->next();
    }
    settle();
  }
  Status status() const override { return committed_->status(); }

 private:
  bool before(std::string_view a, std::string_view b) const { return back_ ? a > b : a < b; }
  // Decides which run has the next row, dropping what a pending write replaces or deletes.
  void settle() {
    at_pending_ = false;
    while (next_ < pending_.size()) {
      const auto& [key, value] = pending_[next_];
      if (committed_->valid() && before(committed_->key(), key)) return;
      if (committed_->valid() && committed_->key() == key) committed_->next();
      if (value) {
        at_pending_ = true;
        return;
      }
      ++next_;
    }
  }
  std::unique_ptr<kv::Scan> committed_;
  std::vector<std::pair<std::string, std::optional<std::string>>> pending_;
  size_t next_ = 0;
  bool at_pending_ = false;
  bool back_ = false;
};

}  // namespace

std::string Journal::overlay_key(kv::Family family, std::string_view key) {
  std::string k(1, static_cast<char>(family));
  k.append(key);
  return k;
}

void Journal::put(kv::Family family, std::string_view key, std::string_view value) {
  pending_.put(family, key, value);
  overlay_[overlay_key(family, key)] = std::string(value);
}
void Journal::erase(kv::Family family, std::string_view key) {
  pending_.erase(family, key);
  overlay_[overlay_key(family, key)] = std::nullopt;
}
void Journal::append(kv::Family family, std::string_view key, std::string_view value) {
  pending_.put(family, key, value);
}

Result<std::optional<std::string>> Journal::get(kv::Family family, std::string_view key) const {
  if (!overlay_.empty()) {
    const auto it = overlay_.find(overlay_key(family, key));
    if (it != overlay_.end()) return it->second;
  }
  return kv_.get(family, key);
}
Journal::Rows Journal::pending_rows(kv::Family family, std::string_view from,
                                    std::string_view until) const {
  Rows rows;
  for (const auto& [k, value] : overlay_) {
    if (k[0] != static_cast<char>(family)) continue;
    const auto key = std::string_view(k).substr(1);
    if (key < from || (!until.empty() && key >= until)) continue;
    rows.emplace(key, value);
  }
  return rows;
}

std::unique_ptr<kv::Scan> Journal::scan(kv::Family family, std::string_view from,
                                        std::string_view until) const {
  Rows rows = pending_rows(family, from, until);
  auto committed = kv_.scan(family, from, until);
  if (rows.empty()) return committed;
  return std::make_unique<MergedScan>(std::move(committed), std::move(rows),
                                      MergedScan::Direction::kForward);
}
std::unique_ptr<kv::Scan> Journal::scan_back(kv::Family family, std::string_view from,
                                             std::string_view until) const {
  Rows rows = pending_rows(family, from, until);
  auto committed = kv_.scan_back(family, from, until);
  if (rows.empty()) return committed;
  return std::make_unique<MergedScan>(std::move(committed), std::move(rows),
                                      MergedScan::Direction::kBack);
}

void Journal::fail(const Error& error) {
  if (!failure_) failure_ = error;
}
void Journal::written() {
  pending_.clear();
  overlay_.clear();
}

}  // namespace switchboard::store
