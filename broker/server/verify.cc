#include "broker/server/verify.h"

#include <algorithm>
#include <memory>
#include <set>

#include "broker/base/bytes.h"
#include "broker/core/directory.h"
#include "broker/core/master_check.h"
#include "broker/core/witness.h"
#include "broker/server/hurt.h"
#include "broker/store/audit_chain.h"
#include "broker/store/entry.h"
#include "broker/store/payload.h"
#include "broker/store/records.h"
#include "broker/store/rows.h"

namespace switchboard::server {
namespace {

constexpr int kFindingsMax = 100;
constexpr size_t kInboxKeyBytes = 12;
constexpr uint64_t kNumbersMax = uint64_t{1} << 40;  // of a log whose end cannot be read

// Said of numbers, with "is" or "are" before them.
constexpr char kMissing[] = "missing";
constexpr char kUnreadable[] = "there and cannot be read";
constexpr char kAboutDamaged[] = "about an event that is damaged, see its position above";

class Verification {
 public:
  Verification(const store::Reads& reads, const core::Secrets& secrets, Depth depth)
      : reads_(reads), secrets_(secrets), depth_(depth) {}

  Status run(const v1::Promise& witness);
  v1::AuditReport report;

 private:
  void finding(std::string text) {
    if (report.findings_size() < kFindingsMax) report.add_findings(std::move(text));
  }
  void check_block(const v1::AuditBlock& block, std::string_view bytes);
  void check_entry(const v1::AuditEntry& entry);
  Status check_opening(const v1::AuditBlock& block);
  // Empty: it is sound.
  std::string fault_of(const v1::AuditEntry& entry);
  Status check_recipients(uint64_t position);
  Status check_head();
  Status check_blocks();
  void report_events();
  std::set<uint32_t> logs();
  std::string log_words(store::LogId log) const;
  void check_log(store::LogId log);
  Status check_witness(const v1::Promise& witness);
  bool gap_explained(const v1::AuditBlock& block) const;

  const store::Reads& reads_;
  const core::Secrets& secrets_;
  const Depth depth_;
  std::shared_ptr<const core::Directory> directory_;  // null: it cannot be read
  Hurt events_;
  bool resume_ = false;  // the blocks before this one could not be read
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
  if (resume_) {  // what came before was told; from here on it is one chain again
    chain_ = to_hash(block.previous());
    next_ = block.first();
    epoch_ = block.epoch();
    resume_ = false;
  }
  if (block.previous() != view(chain_)) finding(at(block.first()) + "the chain is broken here");
  if (block.first() != next_ && !gap_explained(block)) {
    finding(at(block.first()) + "positions before it are missing: " + std::to_string(next_) +
            " to " + std::to_string(block.first() - 1));
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
  // What cannot be read is a fault like any other: the rest is still looked at.
  const uint64_t position = entry.event_position();
  const std::string fault = fault_of(entry);
  fault.empty() ? events_.sound() : events_.add(fault, position, position);
}

std::string Verification::fault_of(const v1::AuditEntry& entry) {
  const uint64_t position = entry.event_position();
  const auto row = reads_.get(kv::Family::kEvent, store::key::position(position));
  if (!row.ok()) return "the event's row cannot be read";
  if (!row.value()) return "the event's row is missing";
  if (view(keyed_hash(secrets_.digest, **row)) != entry.digest()) {
    return "the event's row is not the one that was recorded";
  }
  if (!check_recipients(position).ok()) return "who was told of the event cannot be read";
  if (depth_ == Depth::kRows) return {};
  const auto content = store::read_payload(reads_, secrets_.seal, position, {});
  const bool erased = !content.ok() && content.error().code == v1::CODE_NOT_FOUND;
  return content.ok() || erased ? "" : "what the event says cannot be read";
}

void Verification::report_events() {
  for (const auto& run : events_.runs()) {
    const std::string many = " (" + std::to_string(run.count) + " events)";
    finding(range_words("position", "positions", run.first, run.last) +
            (run.count > 1 ? many : "") + ": " + run.fault);
  }
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

// Every log there should be, by the handles given out, and whatever else there is.
std::set<uint32_t> Verification::logs() {
  std::set<uint32_t> all;
  const auto handles = store::read_next_handle(reads_);
  for (store::TeamHandle team = 1; handles.ok() && team < *handles; ++team) {
    for (const auto log : {store::Log::kInbox, store::Log::kSent}) {
      all.insert(store::LogId{team, log}.packed());
    }
  }
  std::string from;
  for (;;) {
    const auto scan = reads_.scan(kv::Family::kInbox, from, "");
    if (!scan->valid()) return all;
    if (scan->key().size() == kInboxKeyBytes) {
      all.insert(get_u32(scan->key()));
      from = kv::prefix_end(scan->key().substr(0, 4));
    } else {
      finding("an inbox key is malformed");
      from = std::string(scan->key()) + '\0';
    }
  }
}

std::string Verification::log_words(store::LogId log) const {
  const v1::Team* team = directory_ == nullptr ? nullptr : directory_->team(log.team);
  const std::string who = team == nullptr ? "log " + std::to_string(log.packed()) + " of no team"
                                          : "team " + team->id();
  return who + (log.log == store::Log::kSent ? ", sent log: " : ", inbox: ");
}

// P5: a log's numbers are 1, 2, 3 … without a hole.
void Verification::check_log(store::LogId log) {
  const auto head = store::read_log_head(reads_, log);
  const Numbered rows{kv::Family::kInbox,
                      [&](uint64_t number) { return store::key::inbox(log, number); },
                      head.ok() ? *head : kNumbersMax};
  Hurt hurt;
  Hurt about;
  uint64_t expected = 1;
  const auto take = [&](uint64_t number, std::string_view value) {
    if (number != expected) hurt.add(kMissing, expected, number - 1);
    const auto entry = store::decode_entry(value);
    entry ? hurt.sound() : hurt.add(kUnreadable, number, number);
    const bool delivery = entry && entry->type == v1::ENTRY_TYPE_DELIVERY;
    delivery&& events_.covers(entry->position) ? about.add(kAboutDamaged, number, number)
                                               : about.sound();
    return expected = number + 1;
  };
  read_past_damage(reads_, rows, 1, take, [&](uint64_t first, uint64_t last) {
    hurt.add(kUnreadable, first, last);
    expected = last + 1;
  });
  for (const auto* runs : {&hurt, &about}) {
    for (const auto& run : runs->runs()) {
      const bool one = run.first == run.last;
      finding(log_words(log) + range_words("number", "numbers", run.first, run.last) +
              (one ? " is " : " are ") + run.fault);
    }
  }
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

Status Verification::check_blocks() {
  TRY(const auto head, store::read_head(reads_));
  const auto newest = reads_.scan_back(kv::Family::kAudit, "", "");
  uint64_t end = newest->valid() ? store::key::trailing_u64(newest->key()) : 0;
  if (head) end = std::max(end, head->position());
  const Numbered rows{kv::Family::kAudit, store::key::position, end};
  const auto take = [&](uint64_t position, std::string_view bytes) {
    v1::AuditBlock block;
    if (block.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      check_block(block, bytes);
      return next_;
    }
    finding(at(position) + "corrupt audit block");
    resume_ = true;
    return position + 1;
  };
  read_past_damage(reads_, rows, 0, take, [&](uint64_t first, uint64_t last) {
    finding(range_words("position", "positions", std::max<uint64_t>(first, 1), last) +
            ": the audit cannot be read");
    resume_ = true;
  });
  return ok();
}

Status Verification::run(const v1::Promise& witness) {
  // With another key nothing would be right, and nothing could be said of the store.
  const auto master = core::check_master(reads_, secrets_);
  if (!master.ok()) finding(master.error().text);
  if (!master.ok() && master.error().code == v1::CODE_NOT_ALLOWED) return ok();
  TRY(losses_, store::read_losses(reads_));
  if (auto directory = core::Directory::load(reads_); directory.ok()) {
    directory_ = std::move(directory).value();
  } else {
    finding("the directory cannot be read: " + directory.error().text);
  }
  TRY_DO(check_blocks());
  report_events();
  TRY_DO(check_head());
  for (const uint32_t log : logs()) check_log({log >> 1, static_cast<store::Log>(log & 1)});
  return check_witness(witness);
}

}  // namespace

Result<v1::AuditReport> verify(const store::Reads& reads, const core::Secrets& secrets,
                               const v1::Promise& witness, Depth depth) {
  Verification verification(reads, secrets, depth);
  TRY_DO(verification.run(witness));
  verification.report.set_ok(verification.report.findings_size() == 0);
  return verification.report;
}

}  // namespace switchboard::server
