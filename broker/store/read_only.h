// A Kv over reads alone: a journal on it can play turns that are never written.
//
// Owns: nothing; the reads outlive it. Fails: CODE_READ_ONLY for every write. Thread: that of the
// reads.
#pragma once

#include "broker/kv/kv.h"

namespace switchboard::store {

class ReadOnly final : public kv::Kv {
 public:
  explicit ReadOnly(const kv::Reads& reads) : reads_(reads) {}

  Result<std::optional<std::string>> get(kv::Family family, std::string_view key) const override {
    return reads_.get(family, key);
  }
  std::unique_ptr<kv::Scan> scan(kv::Family family, std::string_view from,
                                 std::string_view until) const override {
    return reads_.scan(family, from, until);
  }
  std::unique_ptr<kv::Scan> scan_back(kv::Family family, std::string_view from,
                                      std::string_view until) const override {
    return reads_.scan_back(family, from, until);
  }
  Status write(const kv::Batch&) override { return refused(); }
  Status sync() override { return refused(); }
  std::unique_ptr<kv::Reads> snapshot() const override {
    return std::make_unique<ReadOnly>(reads_);
  }

 private:
  static Status refused() { return error(v1::CODE_READ_ONLY, "this is only being played"); }
  const kv::Reads& reads_;
};

}  // namespace switchboard::store
