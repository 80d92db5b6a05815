#include "adapters/mllp/triggers.h"

#include <algorithm>
#include <array>

namespace switchboard::mllp {
namespace {

constexpr auto kVoid = v1::CORRECTION_NATURE_VOID;
constexpr auto kSuperseded = v1::CORRECTION_NATURE_SUPERSEDED;

constexpr std::array kRows = {
    TriggerRow{"ADT", "A01", ClassRule::kEmergency, "ed_attendance"},
    TriggerRow{"ADT", "A01", ClassRule::kInpatient, "admission"},
    TriggerRow{"ADT", "A03", ClassRule::kEmergency, "discharge"},
    TriggerRow{"ADT", "A03", ClassRule::kInpatient, "discharge"},
    TriggerRow{"ADT", "A04", ClassRule::kEmergency, "ed_attendance"},
    TriggerRow{"ADT", "A08", ClassRule::kEmergency, "correction", kSuperseded, "ed_attendance"},
    TriggerRow{"ADT", "A08", ClassRule::kInpatient, "correction", kSuperseded, "admission"},
    TriggerRow{"ADT", "A11", ClassRule::kEmergency, "correction", kVoid, "ed_attendance"},
    TriggerRow{"ADT", "A11", ClassRule::kInpatient, "correction", kVoid, "admission"},
    TriggerRow{"ADT", "A13", ClassRule::kEmergency, "correction", kVoid, "discharge"},
    TriggerRow{"ADT", "A13", ClassRule::kInpatient, "correction", kVoid, "discharge"},
    TriggerRow{"REF", "I12", ClassRule::kAny, "referral"},
};

bool takes(ClassRule rule, PatientClass patient_class) {
  switch (rule) {
    case ClassRule::kAny:
      return true;
    case ClassRule::kEmergency:
      return patient_class == PatientClass::kEmergency;
    case ClassRule::kInpatient:
      return patient_class == PatientClass::kInpatient;
  }
  return false;
}

}  // namespace

std::span<const TriggerRow> trigger_rows() { return kRows; }

bool is_mapped_trigger(std::string_view type, std::string_view trigger) {
  return std::any_of(kRows.begin(), kRows.end(), [&](const TriggerRow& row) {
    return row.type == type && row.trigger == trigger;
  });
}

const TriggerRow* find_trigger(std::string_view type, std::string_view trigger,
                               PatientClass patient_class) {
  const auto it = std::find_if(kRows.begin(), kRows.end(), [&](const TriggerRow& row) {
    return row.type == type && row.trigger == trigger && takes(row.patient_class, patient_class);
  });
  return it == kRows.end() ? nullptr : &*it;
}

}  // namespace switchboard::mllp
