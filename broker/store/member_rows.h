// Rows of lists of children: caseloads, open plans, enquiries; and of a snapshot under way.
//
// A child is on a list by the 16-byte keyed hash of its NHS number, and found from the hash by what
// routing asks (index `c` and `p`), so a list and its look-up change in one commit. A snapshot that
// was decided lies in parts beside the list until all of it is applied, with a row that says how
// far. Thread: the loop; the reads with a `Reads` any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/store/journal.h"
#include "broker/store/keys.h"
#include "broker/store/records.h"
#include "broker/store/rows.h"

namespace switchboard::store {

// ---- a list: how old, how many ----
struct List {
  ListId id;
  v1::MembersRecord record;
};
Result<v1::MembersRecord> read_list(const Reads& reads, const ListId& id);
void write_list(Journal& journal, const ListId& id, const v1::MembersRecord& record);
// All there are, by team.
Result<std::vector<List>> read_lists(const Reads& reads);

// ---- who is on it ----
// What is kept with a child of an enquiry: which one brought it here; nothing on other lists.
struct Member {
  uint64_t enquiry = 0;  // position of its opening
};
std::optional<Member> find_member(Journal& journal, const ListId& id, std::string_view hash);
// Both take care of the way from the hash to the list.
void add_member(Journal& journal, const ListId& id, std::string_view hash, const Member& member);
void remove_member(Journal& journal, const ListId& id, std::string_view hash);
// Hashes after this one, rising, at most `most`.
Result<std::vector<std::string>> read_members(const Reads& reads, const ListId& id,
                                              std::string_view after, size_t most);
// Lists other than caseloads that hold this identifier; caseloads: caseload_teams().
std::vector<ListId> other_lists(const Reads& reads, Journal* journal,
                                std::string_view identifier_hash);

// ---- enquiries, which end by themselves ----
struct Enquiry {
  uint64_t position = 0;  // of its opening
  std::string hash;
  int64_t opened_us = 0;
  int64_t until_us = 0;
};
void write_enquiry(Journal& journal, TeamHandle team, const Enquiry& enquiry);
void erase_enquiry(Journal& journal, TeamHandle team, uint64_t position);
Result<std::optional<Enquiry>> read_enquiry(const Reads& reads, TeamHandle team, uint64_t position);
Result<std::vector<Enquiry>> read_enquiries(const Reads& reads, TeamHandle team, size_t most);

// ---- a snapshot that was decided and is not applied to its end ----
enum class ListPhase : uint8_t { kAdding = 1, kRemoving = 2 };  // part of the disk format
struct ListWork {
  ListId id;
  ListPhase phase = ListPhase::kAdding;
  std::string cursor;  // hash up to which the phase is done; empty: nothing yet
  std::string principal;
  v1::MembersRecord record;  // what the list's row will be
  v1::MembersReport report;  // so far
};
void write_list_work(Journal& journal, const ListWork& work);
// With its parts.
void erase_list_work(Journal& journal, const ListId& id);
Result<std::vector<ListWork>> read_list_works(const Reads& reads);
// Hashes one after the other, rising over all parts.
void write_list_part(Journal& journal, const ListId& id, uint32_t part, std::string_view hashes);
Result<std::string> read_list_parts(const Reads& reads, const ListId& id);
// Lists with parts whose snapshot was never decided: the power went.
Result<std::vector<ListId>> read_undecided(const Reads& reads);

// ---- teams that are to be brought what there is of a child ----
struct Joining {
  std::string hash;
  ListId list;
};
void queue_join(Journal& journal, const Joining& joining);
void erase_join(Journal& journal, const Joining& joining);
Result<std::vector<Joining>> read_joins(const Reads& reads, size_t most);

}  // namespace switchboard::store
