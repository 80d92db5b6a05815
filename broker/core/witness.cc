#include "broker/core/witness.h"

#include <algorithm>
#include <optional>

#include "broker/base/limits.h"
#include "broker/store/audit_chain.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

struct Commit {
  Hash head{};
  int64_t time_us = 0;
};
// The commit that ended at `position`, if one did.
Result<std::optional<Commit>> commit_at(const kv::Reads& reads, uint64_t position) {
  const auto rows = reads.scan_back(kv::Family::kAudit, "", store::key::position(position + 1));
  TRY_DO(rows->status());
  if (!rows->valid()) return std::optional<Commit>{};
  v1::AuditBlock block;
  const auto bytes = rows->value();
  if (!block.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      block.previous().size() != kHashBytes) {
    return error(v1::CODE_INTERNAL, "corrupt audit block");
  }
  if (block.last() != position) return std::optional<Commit>{};
  return std::optional(Commit{store::chain(to_hash(block.previous()), bytes), block.time_us()});
}

struct End {
  uint64_t position = 0;
  int64_t time_us = 0;
};
// Where an epoch ended in this store; the one that goes on ends at the head. Nothing: never here.
Result<std::optional<End>> end_of(const kv::Reads& reads, const Head& head, uint64_t epoch) {
  TRY(const auto opening, store::read_opening(reads, epoch));
  if (!opening) return std::optional<End>{};
  TRY(const auto next, store::read_opening_after(reads, epoch));
  if (!next) return std::optional(End{head.position, head.time.us});
  return std::optional(End{next->after(), next->after_us()});
}

// What the maker of this promise and the store have in common; nothing if its epoch is not here, or
// was another (two copies that drew one number).
Result<std::optional<End>> common_with(const kv::Reads& reads, const Head& head,
                                       const v1::Promise& promise) {
  TRY(const auto end, end_of(reads, head, promise.epoch()));
  if (!end || promise.position() > end->position) return end;
  TRY(const auto commit, commit_at(reads, promise.position()));
  if (!commit || promise.head() != view(commit->head)) return std::optional<End>{};
  return std::optional(End{promise.position(), commit->time_us});
}

// The last number that a reader of `epoch` and the log have in common: no later epoch gave it out.
Result<uint64_t> common_number(const kv::Reads& reads, store::LogId log, uint64_t log_head,
                               uint64_t epoch, uint64_t through) {
  TRY(const auto first, store::read_first_after(reads, log, epoch));
  return std::min(through, first ? *first - 1 : log_head);
}

}  // namespace

Result<Judged> judge(const kv::Reads& reads, const Secrets& secrets, const Head& head,
                     const v1::Promise& promise, const v1::Promises& earlier) {
  if (promise.epoch() == 0) return Judged{};  // first contact
  if (!store::verify_promise(secrets.witness, promise)) return Judged{Witness::kForged, 0, 0};
  TRY(auto common, common_with(reads, head, promise));
  if (common && common->position == promise.position()) return Judged{};
  const bool later = promise.epoch() > head.epoch || (!common && promise.epoch() == head.epoch);
  const size_t most =
      std::min<size_t>(static_cast<size_t>(earlier.items_size()), limits::kEarlierMax);
  for (size_t i = 0; !common && i < most; ++i) {
    const v1::Promise& before = earlier.items(static_cast<int>(i));
    if (!store::verify_promise(secrets.witness, before)) continue;
    TRY(common, common_with(reads, head, before));
  }
  const End end = common.value_or(End{});
  return Judged{later ? Witness::kForked : Witness::kLost, end.position, end.time_us};
}

Result<Claim> judge(const kv::Reads& reads, const Secrets& secrets, const Head& head,
                    store::LogId log, uint64_t log_head, const v1::Attach& attach) {
  Claim claim;
  if (attach.through() == 0) return claim;
  TRY(const auto known, store::read_opening(reads, attach.epoch()));
  if (known) {
    TRY(claim.common, common_number(reads, log, log_head, attach.epoch(), attach.through()));
    if (claim.common == attach.through()) return claim;
  }
  claim.beyond = true;
  const v1::Promise& covered = attach.covered();
  if (covered.epoch() != 0 && covered.epoch() == attach.epoch()) {
    TRY(claim.judged, judge(reads, secrets, head, covered));
    claim.proved = claim.judged.seen == Witness::kLost || claim.judged.seen == Witness::kForked;
  }
  const size_t most =
      std::min<size_t>(static_cast<size_t>(attach.earlier().items_size()), limits::kEarlierMax);
  for (size_t i = 0; !known && i < most; ++i) {
    const v1::Standing& stood = attach.earlier().items(static_cast<int>(i));
    TRY(const auto here, store::read_opening(reads, stood.epoch()));
    if (!here) continue;
    TRY(claim.common, common_number(reads, log, log_head, stood.epoch(),
                                    std::min(stood.through(), attach.through())));
    break;
  }
  return claim;
}

}  // namespace switchboard::core
