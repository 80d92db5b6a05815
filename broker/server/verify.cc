#include "broker/server/verify.h"

#include <map>

#include "broker/core/witness.h"
#include "broker/store/audit_chain.h"
#include "broker/store/entry.h"
#include "broker/store/records.h"
#include "broker/store/rows.h"

namespace switchboard::server {
namespace {

constexpr int kFindingsMax = 100;

class Verification {
 public:
  Verification(const store::Reads& reads, const core::Secrets& secrets)
      : reads_(reads), secrets_(secrets) {}

  Status run(const v1::Promise& witness);
  v1::AuditReport report;

 private:
  void finding(std::string text) {
    if (report.findings_size() < kFindingsMax) report.add_findings(std::move(text));
  }
  void check_block(const v1::AuditBlock& block, std::string_view bytes);
  void check_entry(const v1::AuditEntry& entry);
  Status check_opening(const v1::AuditBlock& block);
  Status check_event(const v1::AuditEntry& entry);
  Status check_recipients(uint64_t position);
  Status check_head();
  Status check_logs();
  Status check_witness(const v1::Promise& witness);
  bool gap_explained(const v1::AuditBlock& block) const;

  const store::Reads& reads_;
  const core::Secrets& secrets_;
  std::vector<v1::LossRecord> losses_;
  Hash chain_{};
  uint64_t next_ = 1;
  uint64_t epoch_ = 0;
};

std::string at(uint64_t position) { return "position " + std::to_string(position) + ": "; }

// Positions are skipped only where a recorded loss says so.
bool Verification::gap_explained(const v1::AuditBlock& block) const {
  for (const auto& loss : losses_) {
    if (loss.position() == block.first()) return true;
  }
  return false;
}

void Verification::check_block(const v1::AuditBlock& block, std::string_view bytes) {
  if (block.previous() != view(chain_)) finding(at(block.first()) + "the chain is broken here");
  if (block.first() != next_ && !gap_explained(block)) {
    finding(at(block.first()) + "positions before it are missing");
  }
  if (block.epoch() < epoch_) finding(at(block.first()) + "an older epoch after a newer");
  if (block.epoch() != epoch_) {
    if (const auto read = check_opening(block); !read.ok()) {
      finding(at(block.first()) + read.error().text);
    }
  }
  uint64_t expected = block.first();
  for (const auto& entry : block.entries()) {
    if (entry.position() != expected++) finding(at(entry.position()) + "out of order in its block");
    check_entry(entry);
  }
  if (expected != block.last() + 1) finding(at(block.first()) + "the block's end is wrong");
  chain_ = store::chain(chain_, bytes);
  next_ = block.last() + 1;
  epoch_ = block.epoch();
  report.set_blocks(report.blocks() + 1);
  report.set_entries(report.entries() + static_cast<uint64_t>(block.entries_size()));
}

// Where epochs began is what partners' promises are judged by.
Status Verification::check_opening(const v1::AuditBlock& block) {
  TRY(const auto opening, store::read_opening(reads_, block.epoch()));
  const bool right = opening && opening->after() + 1 == next_ && opening->head() == view(chain_);
  if (!right) finding(at(block.first()) + "its epoch has no opening, or another one");
  return ok();
}

void Verification::check_entry(const v1::AuditEntry& entry) {
  const bool event =
      entry.kind() == v1::AUDIT_KIND_ACCEPTED || entry.kind() == v1::AUDIT_KIND_QUARANTINED;
  if (!event) return;
  report.set_events(report.events() + 1);
  // What cannot be read is a finding like any other: the rest is still looked at.
  if (const auto read = check_event(entry); !read.ok()) {
    finding(at(entry.event_position()) + read.error().text);
  }
}

Status Verification::check_event(const v1::AuditEntry& entry) {
  const uint64_t position = entry.event_position();
  TRY(const auto row, reads_.get(kv::Family::kEvent, store::key::position(position)));
  if (!row) {
    finding(at(position) + "the event's row is missing");
    return ok();
  }
  if (view(keyed_hash(secrets_.digest, *row)) != entry.digest()) {
    finding(at(position) + "the event's row is not the one that was recorded");
    return ok();
  }
  return check_recipients(position);
}

Status Verification::check_recipients(uint64_t position) {
  TRY(const auto recipients, store::read_recipients(reads_, position));
  for (const auto& r : recipients) {
    const store::LogId log{r.team_handle(), store::Log::kInbox};
    TRY(const auto entry, store::read_entry(reads_, log, r.number()));
    if (!entry || entry->type != v1::ENTRY_TYPE_DELIVERY || entry->position != position) {
      finding(at(position) + "team " + r.team() + " has no delivery of it at number " +
              std::to_string(r.number()));
    }
  }
  return ok();
}

Status Verification::check_head() {
  TRY(const auto head, store::read_head(reads_));
  if (!head) {
    if (report.blocks() > 0) finding("the head row is missing");
    return ok();
  }
  if (head->position() + 1 != next_) finding("the head row is not at the chain's end");
  if (head->head() != view(chain_)) finding("the head row has another hash than the chain");
  report.set_position(head->position());
  report.set_head(head->head());
  return ok();
}

// P5: every log's numbers are 1, 2, 3 … without a hole.
Status Verification::check_logs() {
  const auto rows = reads_.scan(kv::Family::kInbox, "", "");
  std::string log;
  uint64_t expected = 1;
  for (; rows->valid(); rows->next()) {
    const auto key = rows->key();
    if (key.size() != 12) {
      finding("an inbox key is malformed");
      continue;
    }
    if (key.substr(0, 4) != log) {
      log = std::string(key.substr(0, 4));
      expected = 1;
    }
    const uint64_t number = store::key::trailing_u64(key);
    if (number != expected) {
      finding("log " + std::to_string(get_u32(log)) + ": number " + std::to_string(expected) +
              " is missing");
    }
    if (!store::decode_entry(rows->value())) {
      finding("log " + std::to_string(get_u32(log)) + ": entry " + std::to_string(number) +
              " cannot be read");
    }
    expected = number + 1;
  }
  return rows->status();
}

Status Verification::check_witness(const v1::Promise& witness) {
  if (witness.epoch() == 0) return ok();
  core::Head head;
  head.epoch = epoch_;
  head.position = report.position();
  head.chain = chain_;
  TRY(const auto seen, core::judge(reads_, secrets_, head, witness));
  if (seen.seen == core::Witness::kForged)
    finding("the witness's promise was not made by this hub");
  if (seen.seen == core::Witness::kLost) finding("the witness was promised what is not here");
  if (seen.seen == core::Witness::kForked) {
    finding("the witness was promised something by another copy of this store");
  }
  return ok();
}

Status Verification::run(const v1::Promise& witness) {
  TRY(losses_, store::read_losses(reads_));
  const auto blocks =
      store::for_each_block(reads_, 0, [&](const auto& block, std::string_view bytes) {
        check_block(block, bytes);
        return true;
      });
  if (!blocks.ok()) finding(at(next_) + blocks.error().text);
  TRY_DO(check_head());
  TRY_DO(check_logs());
  return check_witness(witness);
}

}  // namespace

Result<v1::AuditReport> verify(const store::Reads& reads, const core::Secrets& secrets,
                               const v1::Promise& witness) {
  Verification verification(reads, secrets);
  TRY_DO(verification.run(witness));
  verification.report.set_ok(verification.report.findings_size() == 0);
  return verification.report;
}

}  // namespace switchboard::server
