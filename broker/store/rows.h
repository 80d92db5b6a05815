// Writing typed rows, and the point reads of the index. Keys: keys.h; what they mean: STORAGE.md.
//
// Everything goes through the journal, so one commit carries all of it. Thread: the loop.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/store/journal.h"
#include "broker/store/keys.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::store {

// What the core may read from; the journal in a turn, a snapshot in the reader.
using Reads = kv::Reads;

// `row` gets the row's bytes: their digest goes into the audit entry.
void write_event(Journal& journal, uint64_t position, const v1::EventRecord& record,
                 std::string& row);
void write_added_recipients(Journal& journal, uint64_t position, uint64_t adding,
                            const v1::AddedRecipients& added);
void write_delivery(Journal& journal, TeamHandle team, uint64_t number,
                    const v1::DeliveryRecord& record);
// The delivery's event was corrected: beside the delivery's own row, and bounded in size.
void write_corrected(Journal& journal, TeamHandle team, uint64_t number,
                     v1::CorrectionNature nature, uint64_t by);
void write_cursor(Journal& journal, LogId log, const v1::CursorRecord& record);
void write_receipt(Journal& journal, LogId log, std::string_view endpoint, uint64_t through,
                   int64_t at_us);

void add_due(Journal& journal, const Due& due);
void remove_due(Journal& journal, const Due& due);
void add_to_queue(Journal& journal, Queue queue, uint64_t position);
void remove_from_queue(Journal& journal, Queue queue, uint64_t position);
bool in_queue(Journal& journal, Queue queue, uint64_t position);
// From the queue of what waits for somebody to that of what was dealt with, with who and why.
void clear_quarantined(Journal& journal, uint64_t position, const v1::ClearedRecord& record);

// ---- index: 16-byte keyed hashes, never the identifiers themselves ----
std::optional<std::string> find_subject(Journal& journal, std::string_view identifier_hash);
// What is known of an identifier, by one look at what was known of it the last time.
struct Identified {
  std::string subject;    // empty: none
  bool on_lists = false;  // caseload_teams() or other_lists() have something
};
Identified identify(Journal& journal, std::string_view identifier_hash);
// An identify() of it comes soon.
void expect_identifier(const Journal& journal, std::string_view identifier_hash);
void index_subject(Journal& journal, std::string_view identifier_hash, const Identified& known);
// The verified NHS number's hash a subject is known by: another one is another child.
std::optional<std::string> find_subject_number(Journal& journal, std::string_view subject);
void index_subject_number(Journal& journal, std::string_view subject, std::string_view number_hash);
void index_subject_event(Journal& journal, std::string_view subject, uint64_t position);
// Positions of the subject's events before this one, newest first, at most `limit`; also of those
// whose index rows are still to be written (read_indexed).
Result<std::vector<uint64_t>> subject_events(const Reads& reads, std::string_view subject,
                                             uint64_t before, size_t limit);
void index_thread_event(Journal& journal, std::string_view thread_hash, uint64_t position,
                        std::string_view kind);
// Positions of the thread's events of these kinds, newest first, at most `limit`.
std::vector<uint64_t> thread_events(Journal& journal, std::string_view thread_hash,
                                    std::span<const std::string_view> kinds, size_t limit);

struct SourceSeen {
  uint64_t position = 0;
  std::string event_id;  // 16 bytes
};
std::optional<SourceSeen> find_source_id(Journal& journal, std::string_view hash);
void index_source_id(Journal& journal, std::string_view hash, const SourceSeen& seen);

std::optional<std::string> find_routed_fields(Journal& journal, std::string_view thread_hash);
void index_routed_fields(Journal& journal, std::string_view thread_hash, std::string_view fields);
void forget_routed_fields(Journal& journal, std::string_view thread_hash);

void hold(Journal& journal, std::string_view thread_hash, uint64_t position);
void release_held(Journal& journal, std::string_view thread_hash, uint64_t position);
std::vector<uint64_t> held_for(Journal& journal, std::string_view thread_hash);
// Also those whose deadline has passed: they take effect whenever the original comes.
Result<bool> any_held(const Reads& reads);
void index_correction(Journal& journal, uint64_t original, uint64_t by);
Result<std::vector<uint64_t>> corrections_of(const Reads& reads, uint64_t original);

// Teams whose caseload holds this identifier.
std::vector<TeamHandle> caseload_teams(const Reads& reads, Journal* journal,
                                       std::string_view identifier_hash);
void set_caseload_teams(Journal& journal, std::string_view identifier_hash,
                        const std::vector<TeamHandle>& teams);

// ---- people's acts and escalations are done once ----
struct DoneAct {
  uint64_t position = 0;
  v1::Code code = v1::CODE_OK;
  v1::DeliveryState state = v1::DELIVERY_STATE_UNSPECIFIED;
  std::string what;    // 8 bytes: hash of what was done, to tell a repeat from a reused id
  std::string before;  // what undo puts back, in the core's words; empty: nothing
};
std::optional<DoneAct> find_act(Journal& journal, const Id& act);
void write_act(Journal& journal, const Id& act, const DoneAct& done);
bool escalated(Journal& journal, const Id& escalation);
void write_escalated(Journal& journal, const Id& escalation, uint64_t position);

// ---- directory and meta ----
enum class RowType : uint8_t {  // part of the disk format
  kAgency = 1,
  kTeam = 2,
  kPerson = 3,
  kPrincipal = 4,
  kRoute = 5,
  kPolicy = 6,
  kDisclosure = 7,
  kCalendar = 8,
  kGroup = 9,
  kRota = 10,
  kArea = 11,
  kPostcodes = 12,
  kPractice = 13
};
void write_directory_row(Journal& journal, RowType type, std::string_view id, uint64_t position,
                         std::string_view row);
struct DirectoryRow {
  RowType type = RowType::kAgency;
  std::string id;
  uint64_t position = 0;
  std::string row;
};
// The newest version of every row at or before `at_position`.
Result<std::vector<DirectoryRow>> read_directory(const Reads& reads, uint64_t at_position);
Result<uint32_t> read_next_handle(const Reads& reads);
void write_next_handle(Journal& journal, uint32_t handle);
// Rows of index_subject_event, index_thread_event and index_source_id are written in runs: those of
// events after this position may be missing and are made again from the events (adr/0010).
Result<uint64_t> read_indexed(const Reads& reads);
// The next rows of the run that the journal has begun, about so many bytes of them. True: the last.
bool write_index_run(Journal& journal, size_t bytes);
void write_loss(Journal& journal, const v1::LossRecord& loss);
void write_opening(Journal& journal, const v1::OpeningRecord& opening);
void write_first_number(Journal& journal, LogId log, uint64_t epoch, uint64_t number);
void write_head(Journal& journal, const v1::HeadRecord& head);
void write_audit_block(Journal& journal, uint64_t first_position, std::string_view block);

}  // namespace switchboard::store
