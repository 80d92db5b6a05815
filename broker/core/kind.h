// The kinds this hub knows, and what an event of each must hold. PROTOCOL.md prints the table.
//
// A kind is one message, one validation, one policy row, and a door that produces it: tests hold
// each to all four. Pure. Thread: any.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

struct KindRule {
  std::string_view kind;
  bool authored;                // written by a person: narrative fields are mandatory
  v1::Detail::KindCase detail;  // KIND_NOT_SET: none needed
  bool subject_needed;
};
std::span<const KindRule> kinds();
// Null for kinds this hub does not know; those are kept and shown.
const KindRule* kind_rule(std::string_view kind);

// What a kind asks beyond the table: the field that is missing or not allowed, or nothing.
std::string missing_in_kind(const v1::EventHeader& header, const v1::Identity& identity,
                            const v1::Detail& detail);

// What kind of person it is about: as the sender said, else by the age at the time; nothing where
// neither is known.
v1::SubjectType subject_type_of(const v1::EventHeader& header, const v1::Identity& identity);

// A change of records (merge, move, deletion) that people who match records look at. It tells no
// team and changes nothing by itself.
bool is_match_task(const v1::EventHeader& header);

// Does a correction of `target_kind` mean this event? A death that ended a stay stands for the
// discharge too, and a missed visit for the appointment: who was told that a child was not brought
// learns that the visit was entered wrongly, or is booked anew (P7).
bool is_target_kind(const v1::EventRecord& record, std::string_view target_kind);

}  // namespace switchboard::core
