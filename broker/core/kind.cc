#include "broker/core/kind.h"

#include <algorithm>
#include <array>

#include "broker/base/limits.h"
#include "broker/core/probe.h"
#include "broker/core/route.h"

namespace switchboard::core {
namespace {

constexpr int kAdultMonths = 18 * 12;

constexpr std::array kKinds = {
    KindRule{"concern", true, v1::Detail::kConcern, true},
    KindRule{"call_logged", true, v1::Detail::kCallLogged, true},
    KindRule{"referral", false, v1::Detail::kReferral, true},
    KindRule{"admission", false, v1::Detail::kAdmission, true},
    KindRule{"discharge", false, v1::Detail::kDischarge, true},
    KindRule{"ed_attendance", false, v1::Detail::kEdAttendance, true},
    KindRule{"not_brought", false, v1::Detail::kNotBrought, true},
    KindRule{"appointment", false, v1::Detail::kAppointment, true},
    KindRule{"referral_outcome", false, v1::Detail::kReferralOutcome, true},
    KindRule{"identity_changed", false, v1::Detail::kIdentityChanged, true},
    KindRule{"death", false, v1::Detail::kDeath, true},
    KindRule{"transfer", false, v1::Detail::kTransfer, true},
    KindRule{"leave", false, v1::Detail::kLeave, true},
    KindRule{"document", false, v1::Detail::kDocument, true},
    KindRule{"admission_planned", false, v1::Detail::kAdmission, true},
    KindRule{"discharge_planned", false, v1::Detail::kDischarge, true},
    KindRule{"transfer_planned", false, v1::Detail::kTransfer, true},
    KindRule{"probe", false, v1::Detail::KIND_NOT_SET, false},
    KindRule{"correction", false, v1::Detail::KIND_NOT_SET, false},
};

// Not brought is said of children and, through the mother's visit, of the unborn: an adult decides
// alone whether to come.
bool is_adult(const v1::EventHeader& header, const v1::Identity& identity) {
  return subject_type_of(header, identity) == v1::SUBJECT_TYPE_ADULT;
}

std::string missing_in_identity_change(const v1::EventHeader& header,
                                       const v1::Identity& identity) {
  const auto change = header.identity_change();
  if (change == v1::IDENTITY_CHANGE_UNSPECIFIED) return "header.identity_change";
  const bool retires =
      change == v1::IDENTITY_CHANGE_MERGED || change == v1::IDENTITY_CHANGE_IDS_CHANGED;
  return retires && identity.prior().empty() ? "identity.prior" : std::string{};
}

std::string missing_in_call(const v1::CallLogged& call) {
  if (call.direction() == v1::CALL_DIRECTION_UNSPECIFIED) return "detail.call_logged.direction";
  return call.with_whom().empty() ? "detail.call_logged.with_whom" : std::string{};
}

std::string missing_in_detail(const v1::Detail& detail) {
  if (detail.has_call_logged()) return missing_in_call(detail.call_logged());
  if (detail.has_appointment() &&
      detail.appointment().status() == v1::APPOINTMENT_STATUS_UNSPECIFIED &&
      detail.appointment().attendance_code().empty()) {
    return "detail.appointment.status (or attendance_code)";
  }
  if (detail.has_referral_outcome() &&
      detail.referral_outcome().decision() == v1::REFERRAL_DECISION_UNSPECIFIED &&
      detail.referral_outcome().status().empty()) {
    return "detail.referral_outcome.decision (or status)";
  }
  const auto& document = detail.document();
  if (detail.has_document() && document.type().empty() && document.title().empty() &&
      document.reference().empty()) {
    return "detail.document.type (or title, reference)";
  }
  return {};
}

}  // namespace

std::span<const KindRule> kinds() { return kKinds; }

const KindRule* kind_rule(std::string_view kind) {
  const auto it =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& k) { return k.kind == kind; });
  return it == kKinds.end() ? nullptr : &*it;
}

std::string missing_in_kind(const v1::EventHeader& header, const v1::Identity& identity,
                            const v1::Detail& detail) {
  if (identity.prior_size() > static_cast<int>(limits::kIdentifiersMax)) return "identity.prior";
  if (is_probe(header)) return missing_in_probe(header);
  if (header.kind() == "identity_changed") return missing_in_identity_change(header, identity);
  if (header.identity_change() != v1::IDENTITY_CHANGE_UNSPECIFIED) {
    return "header.identity_change: only for kind identity_changed";
  }
  if (detail.has_not_brought() && is_adult(header, identity)) {
    return "header.subject: an adult is never not_brought";
  }
  return missing_in_detail(detail);
}

v1::SubjectType subject_type_of(const v1::EventHeader& header, const v1::Identity& identity) {
  const auto said = header.subject().type();
  if (said != v1::SUBJECT_TYPE_UNSPECIFIED) return said;
  const auto age = age_in_months(identity.birth_date(), Time{header.occurred().earliest_us()});
  if (!age) return v1::SUBJECT_TYPE_UNSPECIFIED;
  return *age >= kAdultMonths ? v1::SUBJECT_TYPE_ADULT : v1::SUBJECT_TYPE_CHILD;
}

bool is_match_task(const v1::EventHeader& header) {
  if (header.kind() != "identity_changed") return false;
  return header.identity_change() != v1::IDENTITY_CHANGE_ADDED &&
         header.identity_change() != v1::IDENTITY_CHANGE_UPDATED;
}

bool is_target_kind(const v1::EventRecord& record, std::string_view target_kind) {
  if (record.kind() == target_kind) return true;
  if (target_kind == "appointment" && record.kind() == "not_brought") return true;
  return target_kind == "discharge" && record.kind() == "death" && record.ends_visit();
}

}  // namespace switchboard::core
