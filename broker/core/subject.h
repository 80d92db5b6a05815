// Which child an event is about (DESIGN §6): verified NHS number, else (system, local id), else
// new.
//
// A clash between the two takes the NHS number, merges nothing and asks for a person (match task).
// Identifiers are only ever seen as keyed hashes. Thread: the loop.
#pragma once

#include <string>
#include <vector>

#include "broker/core/turn.h"
#include "switchboard/v1/event.pb.h"

namespace switchboard::core {

struct Subject {
  std::string reference;  // 16 bytes; empty: the event names nobody
  bool verified = false;  // matched or created by a verified NHS number
  bool clash = false;     // local id and NHS number point to different subjects
  std::vector<std::string> identifier_hashes;  // those that may match
  bool on_lists = false;                       // one of them is on a caseload or another list
  std::string linked;  // hash of the verified number a subject known before is known by from now on
};
Subject match_subject(Turn& turn, const v1::EventHeader& header, const v1::Identity& identity);
// The same without writing anything: a child that is not known has no reference.
Subject known_subject(Turn& turn, const v1::EventHeader& header, const v1::Identity& identity);

// 16 bytes; nothing for identifiers that never match (invalid numbers, other authorities).
std::string identifier_hash(const Secrets& secrets, const v1::Identifier& identifier,
                            std::string_view agency, std::string_view system);
std::string thread_hash(const Secrets& secrets, const v1::Thread& thread, std::string_view agency);

// What a team calls a subject: 16 bytes, for ever the same in its logs and different in every other
// team's, so that no two teams can find out from it that they know the same child.
std::string subject_name(const Secrets& secrets, store::TeamHandle team,
                         std::string_view reference);

}  // namespace switchboard::core
