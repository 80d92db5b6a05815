// Which HL7 trigger makes which event: one row each, so a new trigger is a new row.
//
// Thread: any. Fails: never; a trigger without a row is not mapped.
#pragma once

#include <span>
#include <string_view>

#include "adapters/mllp/mapping.h"

namespace switchboard::mllp {

enum class ClassRule { kAny, kEmergency, kInpatient };

struct TriggerRow {
  std::string_view type;     // MSH-9.1
  std::string_view trigger;  // MSH-9.2
  ClassRule
      patient_class;  // rows of one trigger differ by class; a class without a row is out of scope
  std::string_view kind;
  v1::CorrectionNature nature = v1::CORRECTION_NATURE_UNSPECIFIED;
  std::string_view target_kind = {};  // of a correction
};

std::span<const TriggerRow> trigger_rows();
bool is_mapped_trigger(std::string_view type, std::string_view trigger);
// Null if there is no row.
const TriggerRow* find_trigger(std::string_view type, std::string_view trigger,
                               PatientClass patient_class);

}  // namespace switchboard::mllp
