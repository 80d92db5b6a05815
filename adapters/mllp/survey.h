// What a capture of a feed holds, for whoever has to write its mapping: triggers, identifier forms,
// character sets, visit numbers, times, practices, sites. Counts and codes; never whom it is about.
//
// Owns: bounded counts, however long the capture. Identifiers are kept by their shape only, visit
// numbers not at all. Thread: one. Fails: never; what is no message is counted by what is wrong.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "adapters/mllp/capture.h"
#include "adapters/mllp/hl7_message.h"
#include "adapters/mllp/tally.h"

namespace switchboard::mllp {

// One pair of PID-3.4 and PID-3.5.
struct IdentifierForm {
  uint64_t seen = 0;
  uint64_t valid_nhs_numbers = 0;
  Tally shapes;
};
// One field that could number visits, or hold a time.
struct FieldUse {
  uint64_t filled = 0;
  Tally forms;
};

class Survey {
 public:
  void add_file(const Capture& capture);

  // Several lines, each of which begins with "#".
  std::string report() const;
  // A mapping file with what was found; it loads, and says CHANGE-ME where only a person knows.
  std::string draft() const;

 private:
  void add(const Frame& frame);
  void add_header(std::string_view raw, const Message& message);
  void add_patient(const Message& message);
  void add_identifiers(const Message& message);
  void add_form(const Value& cx);
  void add_visit(const Message& message);
  void add_times(const Message& message);
  void add_codes(const Message& message);
  void note_missing(const Message& message);

  std::string draft_identity() const;
  std::string draft_stays() const;
  std::string draft_events() const;
  std::string draft_places() const;
  std::string draft_scope() const;

  uint64_t files_ = 0, framed_files_ = 0, messages_ = 0, stray_lines_ = 0;
  uint64_t line_feeds_ = 0;  // framed messages whose segments end in LF
  uint64_t children_ = 0, adults_ = 0, no_birth_date_ = 0;
  Tally triggers_, mapped_triggers_, problems_, applications_, facilities_, processing_, versions_;
  Tally acknowledgements_, declared_charsets_, charsets_;
  Tally missing_, classes_, specialties_, sites_, clinic_sites_, districts_, practices_;
  Tally verification_, protection_, z_segments_;
  Tally methods_, destinations_;  // shapes of PV1-36, PV1-37
  Tally attendance_, decisions_, orders_, documents_, deletes_;
  std::map<std::string, IdentifierForm> identifiers_;  // by "authority|type"
  std::map<std::string, FieldUse> visit_fields_, times_, practice_fields_, nhs_elsewhere_;
};

}  // namespace switchboard::mllp
