// Which HL7 trigger makes which event: one row each, so a new trigger is a new row. TRIGGERS.md
// prints the table; a test holds the page to it.
//
// Thread: any. Fails: never; a trigger without a row is not mapped.
#pragma once

#include <span>
#include <string_view>

#include "adapters/mllp/message_facts.h"

namespace switchboard::mllp {

// Rows of one trigger are tried in their order; the first that holds is taken. A message for which
// none holds is out of scope.
enum class When {
  kAlways,
  kEmergency,       // PV1-2 is an emergency class
  kInpatient,       // … is neither an emergency class nor out of scope
  kInCare,          // either of them
  kDied,            // in care, and method, destination or PID-30 says died
  kNotBrought,      // S26 or a "not seen" code, of a child or of a maternity visit
  kOrderNew,        // ORC-1 NW, of a configured consult
  kOrderChanged,    // XO, RP
  kOrderCancelled,  // CA, OC, DC
  kListedDocument,  // TXA-2 is a configured type
};

struct TriggerRow {
  std::string_view type;     // MSH-9.1
  std::string_view trigger;  // MSH-9.2
  When when = When::kAlways;
  std::string_view kind;
  v1::CorrectionNature nature = v1::CORRECTION_NATURE_UNSPECIFIED;
  std::string_view target_kind = {};  // of a correction
  v1::IdentityChange change = v1::IDENTITY_CHANGE_UNSPECIFIED;
  std::string_view note = {};  // for the page

  // Of a correction, what it is about.
  std::string_view content_kind() const { return target_kind.empty() ? kind : target_kind; }
};

std::span<const TriggerRow> trigger_rows();
bool is_mapped_trigger(std::string_view type, std::string_view trigger);
// Null if no row holds.
const TriggerRow* find_trigger(const MessageFacts& facts);
// Why no row holds: a fixed word, for counts.
std::string_view why_no_row(const MessageFacts& facts);

// Every kind that a message can become, and "correction".
bool is_known_kind(std::string_view kind);
std::string_view words(When when);

// Where a message is about several people or orders, it is split before anything else: each part
// begins at such a segment and has all that stands before the first, and what follows
// `shared_from`.
struct SplitRule {
  std::string_view type;
  std::string_view trigger;  // "" = every trigger of the type
  std::string_view at;
  std::string_view shared_from = {};
};
std::span<const SplitRule> split_rules();

}  // namespace switchboard::mllp
