#include "broker/kv/packed_kv.h"

#include <algorithm>
#include <utility>

#include "broker/base/check.h"

namespace switchboard::kv {

namespace {

size_t index(Family family) { return static_cast<size_t>(family) - 1; }

std::optional<std::string> owned(std::optional<std::string_view> bytes) {
  if (!bytes) return std::nullopt;
  return std::string(*bytes);
}

auto by_family(std::span<const Packing> packings) {
  std::array<const Packing*, kFamilies.size()> found{};
  for (const Packing& packing : packings) {
    CHECK(found[index(packing.family)] == nullptr && packing.page_bytes > 0);
    found[index(packing.family)] = &packing;
  }
  return found;
}

// The page a reader stands on, and those that follow.
struct Standing {
  std::unique_ptr<Scan> pages;
  Page page;
};

Status open_page(Standing& at) {
  at.page = {};
  TRY_DO(at.pages->status());
  if (!at.pages->valid()) return ok();
  TRY(at.page, Page::open(at.pages->key(), at.pages->value()));
  return ok();
}

// Goes to the page that `key` would lie in; at the end of all pages there is none.
Status stand_at(const Reads& reads, const Packing& packing, std::string_view key,
                std::string_view until, Standing& at) {
  at.pages = reads.scan(packing.family, key, until);
  return open_page(at);
}

}  // namespace

// Reads of a page and its neighbours in turn, as a replay makes them, find it where it was.
class PackedKv::View final : public Reads {
 public:
  View(std::unique_ptr<Reads> below, Packings packings)
      : below_(std::move(below)), packings_(packings) {}
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    const Packing* packing = packings_[index(family)];
    if (packing == nullptr || !packing->holds(key)) return below_->get(family, key);
    Standing& at = at_[index(family)];
    if (!at.pages || !follows(at, key)) {
      TRY_DO(stand_at(*below_, *packing, key, packing->until, at));
    }
    return owned(at.page.find(key));
  }
  std::unique_ptr<Scan> scan(Family family, std::string_view from,
                             std::string_view until) const override {
    const Packing* packing = packings_[index(family)];
    return packing == nullptr ? below_->scan(family, from, until)
                              : scan_pages(*below_, *packing, from, until);
  }
  std::unique_ptr<Scan> scan_back(Family family, std::string_view from,
                                  std::string_view until) const override {
    const Packing* packing = packings_[index(family)];
    return packing == nullptr ? below_->scan_back(family, from, until)
                              : scan_pages_back(*below_, *packing, from, until);
  }

 private:
  // Whether the key, if it is there at all, lies in this page or, then moved to, in the next.
  static bool follows(Standing& at, std::string_view key) {
    if (!at.pages->valid() || at.page.count() == 0) return false;
    if (key <= at.page.last_key()) return at.page.lower_bound(key) > 0 || at.page.find(key);
    at.pages->next();
    return open_page(at).ok() && at.page.count() > 0 && key <= at.page.last_key();
  }
  std::unique_ptr<Reads> below_;
  const Packings packings_;
  mutable std::array<Standing, kFamilies.size()> at_;
};

PackedKv::PackedKv(Kv& below, std::span<const Packing> packings)
    : below_(below), packings_(by_family(packings)) {}

const Packing* PackedKv::packing(Family family, std::string_view key) const {
  const Packing* packing = packings_[index(family)];
  return packing != nullptr && packing->holds(key) ? packing : nullptr;
}

std::unique_ptr<Reads> PackedKv::snapshot() const {
  return std::make_unique<View>(below_.snapshot(), packings_);
}

Result<std::optional<std::string>> PackedKv::get(Family family, std::string_view key) const {
  const Packing* packed = packing(family, key);
  if (packed == nullptr) return below_.get(family, key);
  Standing at;
  TRY_DO(stand_at(below_, *packed, key, packed->group_end(key), at));
  return owned(at.page.find(key));
}

std::unique_ptr<Scan> PackedKv::scan(Family family, std::string_view from,
                                     std::string_view until) const {
  const Packing* packed = packings_[index(family)];
  return packed == nullptr ? below_.scan(family, from, until)
                           : scan_pages(below_, *packed, from, until);
}

std::unique_ptr<Scan> PackedKv::scan_back(Family family, std::string_view from,
                                          std::string_view until) const {
  const Packing* packed = packings_[index(family)];
  return packed == nullptr ? below_.scan_back(family, from, until)
                           : scan_pages_back(below_, *packed, from, until);
}

Status PackedKv::write(const Batch& batch) {
  if (batch.oversize()) return error(v1::CODE_OVERSIZE, "batch over its limit");
  collect(batch);
  for (size_t i = 0; i < used_groups_; ++i) TRY_DO(write_group(groups_[i]));
  return below_.write(physical_);
}

// Rows that lie on their own go on as they are, the others by group.
void PackedKv::collect(const Batch& batch) {
  physical_.clear();
  physical_.set_header(batch.header());
  physical_.set_rewriting();
  used_groups_ = 0;
  for (auto& known : group_of_) known.clear();
  batch.for_each([&](Batch::Op op, Family family, std::string_view key, std::string_view value) {
    const bool put = op == Batch::Op::kPut;
    if (const Packing* packed = packing(family, key)) {
      Group& to = group(*packed, key);
      to.sorted = to.sorted && (to.changes.empty() || to.changes.back().key < key);
      to.changes.push_back({key, put ? std::optional(value) : std::nullopt});
    } else if (put) {
      physical_.put(family, key, value);
    } else {
      physical_.erase(family, key);
    }
  });
}

// One event's rows are like the last one's: mostly it is the group after that of the last row.
PackedKv::Group& PackedKv::group(const Packing& packing, std::string_view key) {
  const std::string_view prefix = packing.group_of(key);
  last_group_ = last_group_ + 1 < used_groups_ ? last_group_ + 1 : 0;
  if (used_groups_ > 0) {
    Group& next = groups_[last_group_];
    if (next.packing == &packing && next.prefix == prefix) return next;
  }
  auto& known = group_of_[index(packing.family)];
  const auto [at, is_new] = known.try_emplace(prefix, used_groups_);
  last_group_ = at->second;
  if (!is_new) return groups_[last_group_];
  if (used_groups_ == groups_.size()) groups_.emplace_back();
  Group& fresh = groups_[used_groups_++];
  fresh.packing = &packing;
  fresh.prefix = prefix;
  fresh.changes.clear();
  fresh.sorted = true;
  return fresh;
}

Result<std::string> PackedKv::find_tail(const Group& group) const {
  const Packing& packing = *group.packing;
  const std::string_view from = group.prefix.empty() ? packing.from : group.prefix;
  const auto last =
      below_.scan_back(packing.family, from, packing.group_end(group.changes.front().key));
  TRY_DO(last->status());
  return last->valid() ? std::string(last->key()) : std::string();
}

Status PackedKv::write_group(Group& group) {
  auto& changes = group.changes;
  if (!group.sorted) {
    std::stable_sort(changes.begin(), changes.end(),
                     [](const Change& a, const Change& b) { return a.key < b.key; });
    // Later operations win.
    const auto kept = std::unique(changes.rbegin(), changes.rend(),
                                  [](const auto& a, const auto& b) { return a.key == b.key; });
    changes.erase(changes.begin(), kept.base());
  }
  const Packing& packing = *group.packing;
  Tails& tails = tails_[index(packing.family)];
  auto tail = tails.find(group.prefix);
  if (tail == tails.end()) {
    TRY(auto last, find_tail(group));
    if (tails.size() >= kTailsMax) tails.clear();
    tail = tails.emplace(group.prefix, std::move(last)).first;
  }
  if (changes.front().key > tail->second) {
    append(packing, changes);
  } else {
    TRY_DO(change_pages(packing, changes));
  }
  if (changes.back().key > tail->second) tail->second.assign(changes.back().key);
  return ok();
}

// Pages before, at and after the changed keys, from the first to the last; one seek for each page.
Status PackedKv::change_pages(const Packing& packing, std::span<const Change> changes) {
  const std::string end = packing.group_end(changes.front().key);
  std::string first;
  while (!changes.empty()) {
    Standing at;
    TRY_DO(stand_at(below_, packing, changes.front().key, end, at));
    if (at.page.count() == 0) {
      append(packing, changes);
      return ok();
    }
    at.page.key(0, first);
    const auto upto = [&](auto&& in) {
      size_t n = 0;
      while (n < changes.size() && in(changes[n].key)) ++n;
      return n;
    };
    const size_t before = upto([&](std::string_view key) { return key < first; });
    append(packing, changes.first(before));
    const size_t through = upto([&](std::string_view key) { return key <= at.page.last_key(); });
    change_page(packing, at.page, changes.subspan(before, through - before));
    changes = changes.subspan(through);
  }
  return ok();
}

void PackedKv::change_page(const Packing& packing, const Page& page,
                           std::span<const Change> changes) {
  if (changes.empty()) return;
  std::vector<std::string> keys(page.count());
  rows_.clear();
  size_t next = 0;
  const auto change = [&] {
    if (changes[next].value) rows_.push_back({changes[next].key, *changes[next].value});
    ++next;
  };
  for (size_t row = 0; row < page.count(); ++row) {
    page.key(row, keys[row]);
    while (next < changes.size() && changes[next].key < keys[row]) change();
    if (next < changes.size() && changes[next].key == keys[row]) {
      change();
    } else {
      rows_.push_back({keys[row], page.value(row)});
    }
  }
  if (rows_.empty() || rows_.back().key != page.last_key()) {
    physical_.erase(packing.family, page.last_key());
  }
  put_pages(packing, rows_);
}

void PackedKv::append(const Packing& packing, std::span<const Change> changes) {
  rows_.clear();
  for (const Change& change : changes) {
    if (change.value) rows_.push_back({change.key, *change.value});
  }
  put_pages(packing, rows_);
}

void PackedKv::put_pages(const Packing& packing, std::span<const PageRow> rows) {
  while (!rows.empty()) {
    size_t count = 1, bytes = page_bytes_of(rows.front());
    while (count < rows.size() && bytes + page_bytes_of(rows[count]) <= packing.page_bytes) {
      bytes += page_bytes_of(rows[count++]);
    }
    page_.clear();
    encode_page(rows.first(count), page_);
    physical_.put(packing.family, rows[count - 1].key, page_);
    rows = rows.subspan(count);
  }
}

}  // namespace switchboard::kv
