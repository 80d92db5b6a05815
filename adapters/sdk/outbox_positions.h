// Up to which position of the hub's journal what was confirmed certainly lies: what a hub that lost
// its tail after a position gets again begins behind it.
//
// Owns one row per stretch of confirmed items: its first sequence, and the highest position that
// the hub had promised when it answered any of them. Positions rise over all epochs, and what lay
// beyond what two histories have in common is not confirmed any more (P1), so a stretch at or below
// the position is whole. What no row covers (an outbox older than these rows) counts as beyond.
// Thread: the outbox's. Fails: with the store.
#pragma once

#include <cstdint>
#include <optional>

#include "broker/base/result.h"
#include "broker/kv/kv.h"

namespace switchboard::sdk {

// Of an answer that came without a promise: beyond every position.
inline constexpr uint64_t kPositionUnknown = UINT64_MAX;
// The position that covers an answer with this promise.
uint64_t covering(const v1::Promise& promise);

class OutboxPositions {
 public:
  OutboxPositions(const kv::Reads& reads, uint8_t lane) : reads_(reads), lane_(lane) {}
  Status load();
  // The items from `first` on, up to the one the batch confirms last, are answered by then.
  void confirmed(kv::Batch& batch, uint64_t first, uint64_t position);
  // The first of `low` … `confirmed` that may lie beyond `position`; confirmed + 1: none.
  Result<uint64_t> first_beyond(uint64_t position, uint64_t low, uint64_t confirmed) const;
  // They are not confirmed any more.
  Status forget_from(kv::Batch& batch, uint64_t first);
  // Rows of stretches that lie before `low` as a whole, a bounded number per call.
  Status trim(kv::Batch& batch, uint64_t low) const;

 private:
  struct Stretch {
    uint64_t first = 0;
    uint64_t position = 0;
  };
  std::string key(uint64_t first) const;
  Result<std::optional<Stretch>> newest_before(uint64_t sequence) const;

  const kv::Reads& reads_;
  uint8_t lane_;
  std::optional<Stretch> newest_;
};

}  // namespace switchboard::sdk
