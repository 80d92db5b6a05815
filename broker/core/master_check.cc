#include "broker/core/master_check.h"

#include "broker/base/hash.h"
#include "broker/store/payload.h"
#include "broker/store/rows.h"

namespace switchboard::core {
namespace {

// Rows looked at in a store that has no value: one may be damaged, not all of them.
constexpr int kTriesMax = 16;

Error other_key() {
  return error(
      v1::CODE_NOT_ALLOWED,
      "this master key is not the one that the store was made with: nothing in it could be "
      "read. Start with the right one (master_key_file), or with another data_dir");
}

std::string value_of(const Secrets& secrets) {
  return std::string(view(keyed_hash(secrets.check, "switchboard master key 1")));
}

enum class Told { kNothing, kRight, kWrong };

// The newest events: does the key open what they hold? What the disk does not give back tells
// nothing.
Told by_seals(const kv::Reads& reads, const Secrets& secrets) {
  Told told = Told::kNothing;
  const auto rows = reads.scan_back(kv::Family::kKey, "", "");
  for (int i = 0; rows->valid() && i < kTriesMax; ++i, rows->next()) {
    const uint64_t position = store::key::trailing_u64(rows->key());
    const auto there = reads.get(kv::Family::kPayload, store::key::position(position));
    if (!there.ok() || !there.value()) continue;
    if (store::read_payload(reads, secrets.seal, position, {}).ok()) return Told::kRight;
    told = Told::kWrong;
  }
  return told;
}

// Of the entry at this position; empty where it has none or cannot be read.
std::string digest_at(const kv::Reads& reads, uint64_t position) {
  const auto rows = reads.scan_back(kv::Family::kAudit, "", store::key::position(position + 1));
  v1::AuditBlock block;
  if (!rows->valid() || !block.ParseFromString(std::string(rows->value()))) return {};
  for (const auto& entry : block.entries()) {
    if (entry.position() == position) return entry.digest();
  }
  return {};
}

// A store without events: the recorded digests of directory rows are keyed, too.
Told by_digests(const kv::Reads& reads, const Secrets& secrets) {
  Told told = Told::kNothing;
  const auto directory = store::read_directory(reads, ~uint64_t{0});
  if (!directory.ok()) return told;
  int tries = 0;
  for (const auto& row : *directory) {
    if (++tries > kTriesMax) break;
    const std::string digest = digest_at(reads, row.position);
    if (digest.empty()) continue;
    if (view(keyed_hash(secrets.digest, row.row)) == digest) return Told::kRight;
    told = Told::kWrong;
  }
  return told;
}

}  // namespace

Status check_master(const kv::Reads& reads, const Secrets& secrets) {
  TRY(const auto value, reads.get(kv::Family::kMeta, store::key::master_check()));
  if (value) return equal_constant_time(*value, value_of(secrets)) ? ok() : Status(other_key());
  const Told seals = by_seals(reads, secrets);
  if (seals == Told::kRight) return ok();
  const Told digests = by_digests(reads, secrets);
  const bool wrong = digests == Told::kWrong || (seals == Told::kWrong && digests != Told::kRight);
  return wrong ? Status(other_key()) : ok();
}

void write_master_check(store::Journal& journal, const Secrets& secrets) {
  const auto key = store::key::master_check();
  if (journal.take(journal.get(kv::Family::kMeta, key))) return;
  journal.put(kv::Family::kMeta, key, value_of(secrets));
}

}  // namespace switchboard::core
