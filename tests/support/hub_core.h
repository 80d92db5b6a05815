// The core on a memory disk, driven as the hub's loop drives it, on virtual time.
//
// Owns the disk, the pages on it (as on a real hub's), the journal and the core; crash() is a power
// cut and a restart. Reads below go to what is visible. A failed read is a failed CHECK: a test
// that plans faults drives the core itself.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/core.h"
#include "broker/kv/mem_kv.h"
#include "broker/kv/packed_kv.h"
#include "broker/store/entry.h"
#include "broker/store/journal.h"
#include "broker/store/rows.h"
#include "broker/store/task_rows.h"
#include "tests/support/builders.h"
#include "tests/support/directory.h"

namespace switchboard::support {

// Where the power goes in a turn; what a partner was told is told after kNowhere only.
enum class Cut { kNowhere, kBeforeWrite, kBeforeSync, kAfterSync };

class HubCore {
 public:
  // Starts with this directory in force, at kNoon.
  explicit HubCore(const v1::Directory& directory = small_world(), uint64_t seed = 1);

  // One turn: begin, commands, and if anything changed: finish, write, sync.
  v1::Promise turn(const std::function<void(core::Core&)>& commands);
  // The same up to the cut; then the hub is off until it is reopened. Says if it went through.
  bool turn_until(Cut cut, const std::function<void(core::Core&)>& commands);

  // Turns of one command.
  core::Answer publish(const v1::Item& item, const std::string& who = "pas");
  core::Answer publish(const Event& event, const std::string& who = "pas") {
    return publish(event.item(), who);
  }
  v1::ActOutcome act(const v1::Act& act);  // by the endpoint of its team
  v1::Applied apply(const v1::Directory& directory);
  // Its numbers came with this promise; none: with the present one.
  core::Attachment attach(const std::string& team, uint64_t through = 0,
                          const std::string& endpoint = "desk",
                          std::optional<v1::Promise> covered = {});
  size_t tick(Duration hold = seconds(600));
  void advance(Duration duration) { now = now + duration; }

  void crash(size_t keep = 0);
  std::unique_ptr<kv::MemKv> backup() const { return disk_->durable_copy(); }
  void restore(std::unique_ptr<kv::MemKv> disk);

  core::Core& core() { return *core_; }
  const core::Core& core() const { return *core_; }
  kv::Kv& kv() { return *kv_; }
  const kv::Kv& kv() const { return *kv_; }
  // What lies below: rows in pages.
  const kv::MemKv& disk() const { return *disk_; }
  const v1::PrincipalRow& who(const std::string& id) const;
  const v1::Team& team(const std::string& id) const;
  store::LogId inbox_of(const std::string& team) const;
  store::LogId sent_of(const std::string& team) const;

  v1::EventRecord event(uint64_t position) const;
  std::vector<v1::Recipient> recipients(uint64_t position) const;
  std::vector<store::LogEntry> log(store::LogId id) const;
  std::vector<store::LogEntry> inbox(const std::string& team) const { return log(inbox_of(team)); }
  v1::DeliveryRecord delivery(const std::string& team, uint64_t number) const;
  std::vector<uint64_t> queue(store::Queue queue) const;
  // Open tasks of a team, the one due first first.
  std::vector<v1::TaskRecord> tasks(const std::string& team) const;
  v1::TaskRecord task(const std::string& id) const;
  // Teams that were told of an event, in order.
  std::vector<std::string> told(uint64_t position) const;
  // Encoded batches since the start, for comparing two hubs byte by byte.
  const std::vector<std::string>& batches() const { return batches_; }

  Time now = kNoon;

 private:
  void open();
  std::array<uint8_t, 32> next_seed();
  std::unique_ptr<kv::MemKv> disk_;
  std::unique_ptr<kv::PackedKv> kv_;
  std::unique_ptr<store::Journal> journal_;
  std::unique_ptr<core::Core> core_;
  std::vector<std::string> batches_;
  uint64_t seed_;
  uint64_t turns_ = 0;
};

// The master key of every test hub.
HashKey test_master();

}  // namespace switchboard::support
