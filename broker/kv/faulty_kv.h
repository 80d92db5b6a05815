// A Kv whose n-th write, sync or read fails: to test that a failure sends nothing (P1).
//
// Owns: the plan and the counts. Everything else is the wrapped Kv's, which must outlive it.
// A failed read is an Error of get(), or a scan that ends at once with that status(); reads through
// a snapshot count too. The failing call may still take effect underneath, as a real disk's may.
// Thread: as the wrapped Kv.
#pragma once

#include <atomic>

#include "broker/kv/kv.h"

namespace switchboard::kv {

class FaultyKv final : public Kv {
 public:
  enum class Repeat { kOnce, kForEver };
  // What a failing write or sync does underneath before it reports its failure.
  enum class Effect { kNone, kDone };
  // The number of the call that fails, counted from 1; 0 = none.
  struct Plan {
    uint64_t write = 0;
    uint64_t sync = 0;
    uint64_t read = 0;
    Repeat repeat = Repeat::kOnce;
    Effect effect = Effect::kNone;
  };

  explicit FaultyKv(Kv& kv) : kv_(kv) {}
  FaultyKv(Kv& kv, Plan plan) : kv_(kv), plan_(plan) {}

  Status write(const Batch& batch) override;
  Status sync() override;
  std::unique_ptr<Reads> snapshot() const override;
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override;
  std::unique_ptr<Scan> scan(Family family, std::string_view from,
                             std::string_view until) const override;
  std::unique_ptr<Scan> scan_back(Family family, std::string_view from,
                                  std::string_view until) const override;

  uint64_t writes() const { return writes_; }
  uint64_t syncs() const { return syncs_; }
  uint64_t reads() const { return reads_; }

 private:
  class View;
  bool fails(uint64_t at, uint64_t count) const;
  bool next_read_fails() const { return fails(plan_.read, ++reads_); }

  Kv& kv_;
  const Plan plan_;
  uint64_t writes_ = 0;
  uint64_t syncs_ = 0;
  mutable std::atomic<uint64_t> reads_{0};  // snapshots may be read from another thread
};

}  // namespace switchboard::kv
