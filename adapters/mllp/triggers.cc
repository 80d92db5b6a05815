#include "adapters/mllp/triggers.h"

#include <algorithm>
#include <array>

namespace switchboard::mllp {
namespace {

constexpr auto kNone = v1::CORRECTION_NATURE_UNSPECIFIED;
constexpr auto kVoid = v1::CORRECTION_NATURE_VOID;
constexpr auto kSuperseded = v1::CORRECTION_NATURE_SUPERSEDED;

constexpr TriggerRow makes(std::string_view type, std::string_view trigger, When when,
                           std::string_view kind, std::string_view note = {}) {
  return {.type = type, .trigger = trigger, .when = when, .kind = kind, .note = note};
}
constexpr TriggerRow corrects(std::string_view type, std::string_view trigger, When when,
                              v1::CorrectionNature nature, std::string_view target,
                              std::string_view note = {}) {
  return {.type = type,
          .trigger = trigger,
          .when = when,
          .kind = "correction",
          .nature = nature,
          .target_kind = target,
          .note = note};
}
constexpr TriggerRow changes(std::string_view trigger, v1::IdentityChange change,
                             std::string_view note = {}) {
  return {.type = "ADT",
          .trigger = trigger,
          .kind = "identity_changed",
          .nature = kNone,
          .change = change,
          .note = note};
}

constexpr std::string_view kHash = "noted, not told, if no routed field changed";
constexpr std::string_view kTask = "a task for those who match records; told to no team";
constexpr std::string_view kPerPerson = "one event for each PID";

constexpr std::array kRows = {
    makes("ADT", "A01", When::kEmergency, "ed_attendance"),
    makes("ADT", "A01", When::kInpatient, "admission"),
    makes("ADT", "A02", When::kInCare, "transfer", kHash),
    makes("ADT", "A03", When::kDied, "death", "stands for the discharge too"),
    makes("ADT", "A03", When::kInCare, "discharge",
          "self-discharge and local authority care marked"),
    makes("ADT", "A04", When::kEmergency, "ed_attendance"),
    makes("ADT", "A05", When::kAlways, "admission_planned"),
    makes("ADT", "A06", When::kAlways, "admission", "outpatient to inpatient"),
    corrects("ADT", "A07", When::kAlways, kSuperseded, "admission",
             "inpatient to outpatient; never taken for noise"),
    corrects("ADT", "A08", When::kEmergency, kSuperseded, "ed_attendance", kHash),
    corrects("ADT", "A08", When::kInpatient, kSuperseded, "admission", kHash),
    corrects("ADT", "A11", When::kEmergency, kVoid, "ed_attendance"),
    corrects("ADT", "A11", When::kInpatient, kVoid, "admission"),
    corrects("ADT", "A12", When::kAlways, kVoid, "transfer"),
    corrects("ADT", "A13", When::kInCare, kVoid, "discharge", "a death that ended the visit too"),
    makes("ADT", "A14", When::kAlways, "admission_planned"),
    makes("ADT", "A15", When::kAlways, "transfer_planned"),
    makes("ADT", "A16", When::kAlways, "discharge_planned"),
    makes("ADT", "A17", When::kInCare, "transfer", kPerPerson),
    makes("ADT", "A21", When::kAlways, "leave", "went on leave"),
    makes("ADT", "A22", When::kAlways, "leave", "came back"),
    corrects("ADT", "A25", When::kAlways, kVoid, "discharge_planned"),
    corrects("ADT", "A26", When::kAlways, kVoid, "transfer_planned"),
    corrects("ADT", "A27", When::kAlways, kVoid, "admission_planned"),
    changes("A28", v1::IDENTITY_CHANGE_ADDED, kHash),
    changes("A29", v1::IDENTITY_CHANGE_DELETED, kTask),
    changes("A31", v1::IDENTITY_CHANGE_UPDATED, kHash),
    changes("A34", v1::IDENTITY_CHANGE_MERGED, kTask),
    corrects("ADT", "A38", When::kAlways, kVoid, "admission_planned"),
    changes("A40", v1::IDENTITY_CHANGE_MERGED,
            "one event for each PID with its MRG; a task, as A34"),
    changes("A44", v1::IDENTITY_CHANGE_ACCOUNT_MOVED,
            "one event for each PID with its MRG; a task"),
    changes("A45", v1::IDENTITY_CHANGE_VISIT_MOVED, kTask),
    changes("A47", v1::IDENTITY_CHANGE_IDS_CHANGED, kTask),
    makes("SIU", "S12", When::kNotBrought, "not_brought", kPerPerson),
    makes("SIU", "S12", When::kAlways, "appointment", kPerPerson),
    makes("SIU", "S13", When::kNotBrought, "not_brought", kPerPerson),
    corrects("SIU", "S13", When::kAlways, kSuperseded, "appointment", "noted if all is as it was"),
    makes("SIU", "S14", When::kNotBrought, "not_brought", kPerPerson),
    corrects("SIU", "S14", When::kAlways, kSuperseded, "appointment", "noted if all is as it was"),
    corrects("SIU", "S15", When::kAlways, kVoid, "appointment", "says by whom, if it is sent"),
    makes("SIU", "S26", When::kNotBrought, "not_brought", kPerPerson),
    makes("SIU", "S26", When::kAlways, "appointment", "an adult's own: never \"not brought\""),
    makes("REF", "I12", When::kAlways, "referral"),
    corrects("REF", "I13", When::kAlways, kSuperseded, "referral", "noted if all is as it was"),
    corrects("REF", "I14", When::kAlways, kVoid, "referral"),
    makes("RRI", "I12", When::kAlways, "referral_outcome", "on the referral's thread"),
    makes("RRI", "I13", When::kAlways, "referral_outcome", "on the referral's thread"),
    makes("RRI", "I14", When::kAlways, "referral_outcome", "on the referral's thread"),
    makes("MDM", "T02", When::kListedDocument, "document", "its text (OBX) is not kept"),
    makes("ORM", "O01", When::kOrderNew, "referral", "one event for each ORC"),
    corrects("ORM", "O01", When::kOrderChanged, kSuperseded, "referral", "one event for each ORC"),
    corrects("ORM", "O01", When::kOrderCancelled, kVoid, "referral", "one event for each ORC"),
};

constexpr std::array kSplits = {
    SplitRule{"ADT", "A17", "PID"},     SplitRule{"ADT", "A34", "PID"},
    SplitRule{"ADT", "A40", "PID"},     SplitRule{"ADT", "A44", "PID"},
    SplitRule{"ADT", "A45", "PID"},     SplitRule{"ADT", "A47", "PID"},
    SplitRule{"SIU", "", "PID", "RGS"}, SplitRule{"ORM", "O01", "ORC"},
};

bool is_order(const MessageFacts& facts, std::initializer_list<std::string_view> codes) {
  return facts.is_consult &&
         std::find(codes.begin(), codes.end(), facts.order_control) != codes.end();
}

bool is_in_care(const MessageFacts& facts) { return facts.patient_class != PatientClass::kOutside; }

bool holds(When when, const MessageFacts& facts) {
  switch (when) {
    case When::kAlways:
      return true;
    case When::kEmergency:
      return facts.patient_class == PatientClass::kEmergency;
    case When::kInpatient:
      return facts.patient_class == PatientClass::kInpatient;
    case When::kInCare:
      return is_in_care(facts);
    case When::kDied:
      return is_in_care(facts) && facts.died;
    case When::kNotBrought:
      return facts.attendance == Attendance::kNotSeen && (!facts.adult || facts.maternity);
    case When::kOrderNew:
      return is_order(facts, {"NW"});
    case When::kOrderChanged:
      return is_order(facts, {"XO", "RP"});
    case When::kOrderCancelled:
      return is_order(facts, {"CA", "OC", "DC"});
    case When::kListedDocument:
      return facts.is_listed_document;
  }
  return false;
}

}  // namespace

std::span<const TriggerRow> trigger_rows() { return kRows; }
std::span<const SplitRule> split_rules() { return kSplits; }

bool is_mapped_trigger(std::string_view type, std::string_view trigger) {
  return std::any_of(kRows.begin(), kRows.end(), [&](const TriggerRow& row) {
    return row.type == type && row.trigger == trigger;
  });
}

const TriggerRow* find_trigger(const MessageFacts& facts) {
  const auto it = std::find_if(kRows.begin(), kRows.end(), [&](const TriggerRow& row) {
    return row.type == facts.type && row.trigger == facts.trigger && holds(row.when, facts);
  });
  return it == kRows.end() ? nullptr : &*it;
}

std::string_view why_no_row(const MessageFacts& facts) {
  if (facts.type == "MDM") return "document type";
  if (facts.type == "ORM") return facts.is_consult ? "order control" : "order";
  return "patient class";
}

bool is_known_kind(std::string_view kind) {
  return std::any_of(kRows.begin(), kRows.end(),
                     [&](const TriggerRow& row) { return row.kind == kind; });
}

std::string_view words(When when) {
  switch (when) {
    case When::kAlways:
      return "any";
    case When::kEmergency:
      return "emergency";
    case When::kInpatient:
      return "inpatient";
    case When::kInCare:
      return "emergency or inpatient";
    case When::kDied:
      return "emergency or inpatient, died";
    case When::kNotBrought:
      return "not seen, a child or a maternity visit";
    case When::kOrderNew:
      return "a configured consult, ORC-1 NW";
    case When::kOrderChanged:
      return "a configured consult, ORC-1 XO or RP";
    case When::kOrderCancelled:
      return "a configured consult, ORC-1 CA, OC or DC";
    case When::kListedDocument:
      return "a configured type";
  }
  return "";
}

}  // namespace switchboard::mllp
