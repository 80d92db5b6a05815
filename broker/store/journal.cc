#include "broker/store/journal.h"

#include <algorithm>
#include <vector>

#include "broker/base/check.h"

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

// A tag, and what a note is about.
static constexpr size_t kNotedKeyBytes = 1 + 16;

// Only index rows are asked for by get_remembered(): the others need not be looked for there.
void Journal::remember_written(std::string_view key, std::optional<std::string_view> value) {
  remembered_.update(kv::Family::kIndex, key, value);
  if (key.size() == kNotedKeyBytes) remembered_.forget(kv::Family::kIndex, key.substr(1));
}
std::optional<std::string_view> Journal::note(std::string_view about) const {
  const auto known = remembered_.find(kv::Family::kIndex, about);
  return known ? *known : std::nullopt;
}
void Journal::set_note(std::string_view about, std::string_view note) {
  CHECK(about.size() + 1 == kNotedKeyBytes);
  remembered_.keep(kv::Family::kIndex, about, note);
}

void Journal::put(kv::Family family, std::string_view key, std::string_view value) {
  pending_.batch.put(family, key, value);
  pending_.rows.put(family, key, value);
  if (family == kv::Family::kIndex) remember_written(key, value);
}
void Journal::erase(kv::Family family, std::string_view key) {
  pending_.batch.erase(family, key);
  pending_.rows.put(family, key, std::nullopt);
  if (family == kv::Family::kIndex) remember_written(key, std::nullopt);
}
void Journal::append(kv::Family family, std::string_view key, std::string_view value) {
  pending_.batch.put(family, key, value);
}

void Journal::put_later(std::string_view key, std::string_view value) { later_.put(key, value); }
void Journal::begin_run(uint64_t through) {
  CHECK(!writing_run());
  std::swap(later_, run_);
  run_.sort();
  run_through_ = through;
}
std::optional<uint64_t> Journal::write_run(size_t bytes) {
  const bool more = run_.slice(bytes, [this](std::string_view key, std::string_view value) {
    pending_.batch.put(kv::Family::kIndex, key, value);
  });
  if (more) return std::nullopt;
  std::swap(run_, pending_.run);  // read from there until they are in the store
  run_.clear();
  return run_through_;
}

void Journal::Written::clear() {
  batch.clear();
  rows.clear();
  run.clear();
}
// Newest first.
std::optional<std::string_view> Journal::find_later(std::string_view key) const {
  for (const LaterRows* rows : {&later_, &run_, &pending_.run, &leaving_.run}) {
    if (const auto found = rows->find(key)) return found;
  }
  return std::nullopt;
}

const kv::Batch& Journal::hand_over() {
  CHECK(leaving_.batch.empty());
  std::swap(pending_, leaving_);
  return leaving_.batch;
}

// Rows that were appended: rarely asked for, so nobody keeps a table of them.
static std::optional<std::string> find_appended(const kv::Batch& batch, kv::Family family,
                                                std::string_view key) {
  std::optional<std::string> found;
  batch.for_each([&](kv::Batch::Op, kv::Family of, std::string_view at, std::string_view value) {
    if (of == family && at == key) found.emplace(value);
  });
  return found;
}

Result<std::optional<std::string>> Journal::get(kv::Family family, std::string_view key) const {
  auto written = pending_.rows.find(family, key);
  if (!written.here) written = leaving_.rows.find(family, key);
  if (!written.here && family == kv::Family::kIndex) {
    if (const auto found = find_later(key)) return std::optional<std::string>(*found);
  }
  if (written.here) {
    if (!written.value) return std::optional<std::string>();
    return std::optional<std::string>(*written.value);
  }
  if (family == kv::Family::kPayload && !leaving_.batch.empty()) {
    if (auto found = find_appended(leaving_.batch, family, key)) return found;
  }
  return kv_.get(family, key);
}
Result<std::optional<std::string>> Journal::get_remembered(kv::Family family,
                                                           std::string_view key) {
  CHECK(family == kv::Family::kIndex);
  if (const auto known = remembered_.find(family, key)) {
    return *known ? std::optional<std::string>(**known) : std::nullopt;
  }
  TRY(auto row, get(family, key));
  remembered_.keep(family, key, row);
  return row;
}
Journal::Rows Journal::pending_rows(kv::Family family, std::string_view from,
                                    std::string_view until) const {
  Rows rows;
  const auto add = [&](std::string_view key, std::optional<std::string_view> value) {
    if (key < from || (!until.empty() && key >= until)) return;
    rows.insert_or_assign(std::string(key), value);
  };
  leaving_.rows.for_each(family, add);  // oldest first
  pending_.rows.for_each(family, add);
  if (family != kv::Family::kIndex) return rows;
  for (const LaterRows* run : {&leaving_.run, &pending_.run, &run_, &later_})
    run->visit(from, until, add);
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

}  // namespace switchboard::store
