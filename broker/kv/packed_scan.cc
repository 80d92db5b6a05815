#include "broker/kv/packed_scan.h"

#include <utility>

namespace switchboard::kv {

namespace {

// A physical row as rows: a page's, or itself.
class Rows {
 public:
  // `at` stands on a row, and stays there while this is used.
  Status open(const Packing& packing, const Scan& at) {
    at_ = &at;
    paged_ = packing.holds(at.key());
    if (!paged_) {
      page_ = {};
      return ok();
    }
    TRY(page_, Page::open(at.key(), at.value()));
    return ok();
  }
  size_t count() const { return paged_ ? page_.count() : 1; }
  void key(size_t row, std::string& out) const {
    if (paged_) return page_.key(row, out);
    out.assign(at_->key());
  }
  std::string_view value(size_t row) const { return paged_ ? page_.value(row) : at_->value(); }
  size_t lower_bound(std::string_view key) const {
    if (paged_) return page_.lower_bound(key);
    return at_->key() < key ? 1 : 0;
  }

 private:
  const Scan* at_ = nullptr;
  Page page_;
  bool paged_ = false;
};

class Forward final : public Scan {
 public:
  Forward(const Reads& reads, const Packing& packing, std::string_view from, std::string_view until)
      : packing_(packing), until_(until) {
    if (!until.empty() && from >= until) return;
    pages_ = reads.scan(packing.family, from, packing.physical_end(until));
    if (open()) row_ = rows_.lower_bound(from);
    settle();
  }
  bool valid() const override { return valid_; }
  std::string_view key() const override { return key_; }
  std::string_view value() const override { return rows_.value(row_); }
  void next() override {
    CHECK(valid_);
    ++row_;
    settle();
  }
  Status status() const override {
    if (!failed_.ok()) return failed_;
    return pages_ ? pages_->status() : ok();
  }

 private:
  bool open() {
    row_ = 0;
    if (!pages_->valid()) return false;
    failed_ = rows_.open(packing_, *pages_);
    return failed_.ok();
  }
  // Goes on to the next page where this one has no more rows.
  void settle() {
    valid_ = false;
    while (failed_.ok() && pages_->valid()) {
      if (row_ < rows_.count()) {
        rows_.key(row_, key_);
        valid_ = until_.empty() || key_ < until_;
        return;
      }
      pages_->next();
      open();
    }
  }
  const Packing& packing_;
  const std::string until_;
  std::unique_ptr<Scan> pages_;
  Rows rows_;
  size_t row_ = 0;
  std::string key_;
  bool valid_ = false;
  Status failed_ = ok();
};

class Back final : public Scan {
 public:
  Back(const Reads& reads, const Packing& packing, std::string_view from, std::string_view until)
      : packing_(packing), from_(from) {
    if (!until.empty() && from >= until) return;
    // The page that `until` cuts has its key behind it.
    if (!until.empty()) pages_ = reads.scan(packing.family, until, packing.physical_end(until));
    const bool cut = pages_ && pages_->valid() && open();
    row_ = cut ? rows_.lower_bound(until) : 0;
    if (!failed_.ok() || (pages_ && !pages_->status().ok())) return;
    if (row_ == 0) {
      pages_ = reads.scan_back(packing.family, from, until);
      if (pages_->valid() && open()) row_ = rows_.count();
    } else {
      before_ = reads.scan_back(packing.family, from, until);
    }
    settle();
  }
  bool valid() const override { return valid_; }
  std::string_view key() const override { return key_; }
  std::string_view value() const override { return rows_.value(row_ - 1); }
  void next() override {
    CHECK(valid_);
    --row_;
    settle();
  }
  Status status() const override {
    if (!failed_.ok()) return failed_;
    if (before_) TRY_DO(before_->status());
    return pages_ ? pages_->status() : ok();
  }

 private:
  bool open() {
    failed_ = rows_.open(packing_, *pages_);
    return failed_.ok();
  }
  // row_ is one past the row that is shown; 0: the page has no more.
  void settle() {
    valid_ = false;
    while (failed_.ok() && pages_->valid()) {
      if (row_ > 0) {
        rows_.key(row_ - 1, key_);
        valid_ = key_ >= from_;
        return;
      }
      if (before_) {
        pages_ = std::move(before_);
      } else {
        pages_->next();
      }
      if (pages_->valid() && open()) row_ = rows_.count();
    }
  }
  const Packing& packing_;
  const std::string from_;
  std::unique_ptr<Scan> pages_;   // stands on the page that is shown
  std::unique_ptr<Scan> before_;  // the pages before it, until it takes its place
  Rows rows_;
  size_t row_ = 0;
  std::string key_;
  bool valid_ = false;
  Status failed_ = ok();
};

}  // namespace

std::string Packing::group_end(std::string_view key) const {
  if (cut == 0) return std::string(until);
  const std::string_view group = group_of(key);
  // A key that is shorter than a group's bytes is alone in its group.
  if (group.size() < cut) return std::string(group) + '\0';
  return prefix_end(group);
}

std::string Packing::physical_end(std::string_view end) const {
  if (end.empty() || !holds(end) || (cut > 0 && end.size() <= cut)) return std::string(end);
  return group_end(end);
}

std::unique_ptr<Scan> scan_pages(const Reads& reads, const Packing& packing, std::string_view from,
                                 std::string_view until) {
  return std::make_unique<Forward>(reads, packing, from, until);
}

std::unique_ptr<Scan> scan_pages_back(const Reads& reads, const Packing& packing,
                                      std::string_view from, std::string_view until) {
  return std::make_unique<Back>(reads, packing, from, until);
}

}  // namespace switchboard::kv
