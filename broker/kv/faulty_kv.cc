#include "broker/kv/faulty_kv.h"

#include <utility>

namespace switchboard::kv {

namespace {

Error planned(const char* call) {
  return error(v1::CODE_INTERNAL, std::string("storage i/o: planned failure of ") + call);
}

class FailedScan final : public Scan {
 public:
  bool valid() const override { return false; }
  std::string_view key() const override { CHECK(false); }
  std::string_view value() const override { CHECK(false); }
  void next() override { CHECK(false); }
  Status status() const override { return planned("scan"); }
};

}  // namespace

// Counts the reads of a snapshot with those of its store.
class FaultyKv::View final : public Reads {
 public:
  View(const FaultyKv& owner, std::unique_ptr<Reads> reads)
      : owner_(owner), reads_(std::move(reads)) {}
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    if (owner_.next_read_fails()) return planned("get");
    return reads_->get(family, key);
  }
  std::unique_ptr<Scan> scan(Family family, std::string_view from,
                             std::string_view until) const override {
    if (owner_.next_read_fails()) return std::make_unique<FailedScan>();
    return reads_->scan(family, from, until);
  }
  std::unique_ptr<Scan> scan_back(Family family, std::string_view from,
                                  std::string_view until) const override {
    if (owner_.next_read_fails()) return std::make_unique<FailedScan>();
    return reads_->scan_back(family, from, until);
  }

 private:
  const FaultyKv& owner_;
  std::unique_ptr<Reads> reads_;
};

Status FaultyKv::write(const Batch& batch) {
  if (!fails(plan_.write, ++writes_)) return kv_.write(batch);
  if (plan_.effect == Effect::kDone) TRY_DO(kv_.write(batch));
  return planned("write");
}

Status FaultyKv::sync() {
  if (!fails(plan_.sync, ++syncs_)) return kv_.sync();
  if (plan_.effect == Effect::kDone) TRY_DO(kv_.sync());
  return planned("sync");
}

std::unique_ptr<Reads> FaultyKv::snapshot() const {
  return std::make_unique<View>(*this, kv_.snapshot());
}

Result<std::optional<std::string>> FaultyKv::get(Family family, std::string_view key) const {
  if (next_read_fails()) return planned("get");
  return kv_.get(family, key);
}

std::unique_ptr<Scan> FaultyKv::scan(Family family, std::string_view from,
                                     std::string_view until) const {
  if (next_read_fails()) return std::make_unique<FailedScan>();
  return kv_.scan(family, from, until);
}

std::unique_ptr<Scan> FaultyKv::scan_back(Family family, std::string_view from,
                                          std::string_view until) const {
  if (next_read_fails()) return std::make_unique<FailedScan>();
  return kv_.scan_back(family, from, until);
}

bool FaultyKv::fails(uint64_t at, uint64_t count) const {
  if (at == 0) return false;
  return plan_.repeat == Repeat::kForEver ? count >= at : count == at;
}

}  // namespace switchboard::kv
