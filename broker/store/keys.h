// Keys of every row, as STORAGE.md prints them. Big-endian, so that bytes sort as numbers.
//
// Owns: the layout of keys. Not here: values (record.proto, tables). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/base/bytes.h"
#include "broker/base/ids.h"
#include "broker/base/london.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::store {

// A team's handle is given once and never reused; a team has two logs.
using TeamHandle = uint32_t;
enum class Log : uint8_t { kInbox = 0, kSent = 1 };

struct LogId {
  TeamHandle team = 0;
  Log log = Log::kInbox;
  auto operator<=>(const LogId&) const = default;
  uint32_t packed() const { return team << 1 | static_cast<uint32_t>(log); }
};

// A list of children that a team keeps: its caseload, a list of open plans, its enquiries.
struct ListId {
  TeamHandle team = 0;
  v1::MemberList list = v1::MEMBER_LIST_UNSPECIFIED;
  auto operator<=>(const ListId&) const = default;
};

// Queues that operators work through. Part of the disk format.
enum class Queue : uint8_t { kQuarantine = 1, kUnrouted = 2, kHeld = 3, kMatch = 4, kCleared = 5 };

// What is due. Part of the disk format.
enum class DueKind : uint8_t {
  kDelivery = 1,  // the clock of a delivery that runs now
  kHeld = 2,      // a correction without its original
  kTask = 3,      // somebody should have done a task
  kWatch = 4,     // something expected should have been heard of
  kMorning = 5,   // a team comes in and another of its group has picked up
  kEnquiry = 6    // a child leaves a list that was for a time
};
struct Due {
  int64_t at_us = 0;
  DueKind kind = DueKind::kDelivery;
  TeamHandle team = 0;  // 0 where the kind knows no team
  uint64_t number = 0;  // of the delivery or task in the team's inbox; else a position
  uint8_t level = 1;    // of the escalation; else 1
};

// One line of a ledger (P10): a source's traffic of one sort on one day.
struct LedgerKey {
  Day day;
  v1::LedgerBucket bucket = v1::LEDGER_BUCKET_UNSPECIFIED;
  std::string agency;
  std::string system;
  auto operator<=>(const LedgerKey&) const = default;
};

namespace key {

std::string position(uint64_t position);
std::string added_prefix(uint64_t position);
std::string added_recipients(uint64_t position, uint64_t adding);
// Eight bytes of an agency's hash; those of the last agency are kept.
class AgencyCut {
 public:
  std::string_view of(std::string_view agency);

 private:
  std::string agency_;
  std::string cut_;
};
std::string event_id(const Id& id, std::string_view agency, AgencyCut& cut);
std::string event_id(const Id& id, std::string_view agency);
std::string act_id(const Id& id);
std::string escalation_id(const Id& id);
std::string inbox(LogId log, uint64_t number);
std::string cursor_prefix();
std::string cursor(LogId log, std::string_view endpoint);
std::string receipt_prefix(LogId log, std::string_view endpoint);
std::string receipt(LogId log, std::string_view endpoint, uint64_t through);
std::string delivery(TeamHandle team, uint64_t number);
std::string corrected_delivery(TeamHandle team, uint64_t number);
std::string due(const Due& due);
std::string due_from(int64_t at_us);
std::string due_until(int64_t at_us);  // exclusive: everything due at or before at_us
std::string queue_prefix(Queue queue);
std::string queue(Queue queue, uint64_t position);
std::string open_floor(TeamHandle team);
std::string task(std::string_view id16);
std::string open_task_prefix(TeamHandle team);
std::string open_task(TeamHandle team, int64_t due_us, std::string_view id16);
std::string event_task_prefix(uint64_t position);
std::string event_task(uint64_t position, std::string_view id16);
std::string nudge_prefix();
std::string nudge(const Id& id);
std::string waiting_nudge_from(int64_t next_try_us);
std::string waiting_nudge(int64_t next_try_us, const Id& id);
std::string gathering_nudge(std::string_view hash16);
std::string outbox_prefix();
std::string outbox(std::string_view principal, std::string_view outbox16);
std::string ledger_prefix(Day day);
std::string ledger(const LedgerKey& line);
std::string adapter_ledger_prefix(Day day);
std::string adapter_ledger(const LedgerKey& line, std::string_view listener);
std::string probe_prefix();
std::string probe_prefix(TeamHandle team);
std::string probe(TeamHandle team, std::string_view agency, std::string_view system);
std::string stay(std::string_view thread16);
std::string expected_birth(std::string_view pregnancy16);
std::string pregnancy_end(std::string_view pregnancy16);
std::string birth_watch(uint64_t position);
std::string identifier(std::string_view hash16);
std::string subject_number(std::string_view subject16);
std::string subject_position(std::string_view subject16, uint64_t position);
std::string thread_prefix(std::string_view hash16);
std::string thread_position(std::string_view hash16, uint64_t position);
std::string source_id(std::string_view hash16);
std::string routed_fields(std::string_view hash16);
std::string held_prefix(std::string_view hash16);
std::string held(std::string_view hash16, uint64_t position);
std::string caseload(std::string_view hash16);
// Lists of children (member_rows.h).
std::string list_prefix();
std::string list(const ListId& list);
std::string list_work(const ListId& list);
std::string list_part_prefix(const ListId& list);
std::string list_part(const ListId& list, uint32_t part);
std::string enquiry_prefix(TeamHandle team);
std::string enquiry(TeamHandle team, uint64_t position);
std::string join_prefix();
std::string join(std::string_view hash16, const ListId& list);
std::string member_prefix(const ListId& list);
std::string member(const ListId& list, std::string_view hash16);
std::string other_lists(std::string_view hash16);
std::string corrected_prefix(uint64_t position);
std::string corrected_by(uint64_t position, uint64_t by);
std::string directory_prefix(uint8_t type, std::string_view id);
std::string directory(uint8_t type, std::string_view id, uint64_t position);
std::string head();
std::string format();
std::string master_check();
std::string next_handle();
std::string indexed();
std::string newest_sources();
std::string open_count(TeamHandle team);
std::string counted();
std::string opening(uint64_t epoch);
std::string opening_prefix();
// The first number a log gave out in an epoch.
std::string first_number(LogId log, uint64_t epoch);
std::string loss(uint64_t position);
std::string loss_prefix();

// The number at the end of a key, e.g. the position of a queue or thread row.
uint64_t trailing_u64(std::string_view key);
// Nothing if the key is not a due row.
std::optional<Due> read_due(std::string_view key);
// Nothing if the key is not a ledger row's.
std::optional<LedgerKey> read_ledger(std::string_view key);
// The task at the end of an open_task or event_task key; empty if it is none.
std::string_view trailing_task(std::string_view key);
// Nothing if the key is not a waiting nudge's.
std::optional<Id> read_waiting_nudge(std::string_view key);
// 16 bytes; nothing if the key is not an outbox row's.
std::optional<std::string_view> read_outbox(std::string_view key);

}  // namespace key
}  // namespace switchboard::store
