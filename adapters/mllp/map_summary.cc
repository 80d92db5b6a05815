#include <algorithm>

#include "adapters/mllp/code_words.h"
#include "adapters/mllp/draft.h"

namespace switchboard::mllp {
namespace {

constexpr int64_t kHourUs = 3'600'000'000;

// A day is a day, and a repeated hour is said, not guessed.
std::string when(const Mapping& mapping, const v1::TimeRange& range) {
  std::string text = mapping.zone.spoken(Time{range.earliest_us()});
  if (range.latest_us() - range.earliest_us() > 20 * kHourUs) {
    text.resize(text.find(" at "));
  } else if (range.ambiguous()) {
    text += " (the clocks changed in this hour: it may be an hour later)";
  }
  return text;
}

std::string site_name(const Draft& draft) {
  const Site* site = draft.mapping.site_of(draft.facts.site_code);
  return site ? site->name : "hospital";
}
std::string site_name(const Draft& draft, const std::string& ods) {
  for (const auto& [code, site] : draft.mapping.sites) {
    if (site.ods == ods) return site.name;
  }
  return "";
}

std::string comma(std::string_view words) { return words.empty() ? "" : ", " + std::string(words); }
std::string sentence(std::string_view opening, const std::string& words) {
  return words.empty() ? "" : " " + std::string(opening) + words + ".";
}

const v1::TimeRange& either(const v1::TimeRange& first, const v1::TimeRange& second) {
  return first.latest_us() != 0 ? first : second;
}
std::string on(const Draft& draft, const v1::TimeRange& range) {
  return " on " + when(draft.mapping, either(range, draft.event.header().occurred()));
}
// Of what is planned only the plan's own time is said.
std::string for_time(const Draft& draft, const v1::TimeRange& range) {
  return range.latest_us() == 0 ? "" : " for " + when(draft.mapping, range);
}

std::string under(std::string_view specialty) {
  const auto words = specialty_words(specialty);
  return words.empty() ? "" : ", under " + std::string(words);
}

std::string admission_text(const Draft& draft) {
  const v1::Admission& a = draft.event.detail().admission();
  return "Admitted to " + site_name(draft) + comma(admission_method_words(a.admission_method())) +
         under(a.specialty()) + "," + on(draft, a.admitted()) + "." +
         sentence("Reason given: ", a.reason());
}

std::string admission_planned_text(const Draft& draft) {
  const v1::Admission& a = draft.event.detail().admission();
  return "An admission to " + site_name(draft) + " is planned" + for_time(draft, a.admitted()) +
         under(a.specialty()) + "." + sentence("Reason given: ", a.reason());
}

std::string discharge_text(const Draft& draft) {
  const v1::Discharge& d = draft.event.detail().discharge();
  return "Left " + site_name(draft) + on(draft, d.discharged()) +
         comma(discharge_method_words(d.discharge_method())) +
         comma(discharge_destination_words(d.discharge_destination())) + ".";
}

std::string discharge_planned_text(const Draft& draft) {
  const v1::Discharge& d = draft.event.detail().discharge();
  return "The discharge from " + site_name(draft) + " is planned" +
         for_time(draft, d.discharged()) +
         comma(discharge_destination_words(d.discharge_destination())) + ".";
}

std::string death_text(const Draft& draft) {
  const v1::Death& d = draft.event.detail().death();
  return "The record of " + site_name(draft) + " says that the patient " +
         (d.stillborn() ? "was stillborn" : "died") + on(draft, d.died()) +
         ". Do not contact the family before checking.";
}

std::string ed_text(const Draft& draft) {
  const v1::EdAttendance& ed = draft.event.detail().ed_attendance();
  return "Attended the emergency department of " + site_name(draft) + on(draft, ed.arrived()) +
         "." + sentence("Reason given: ", ed.chief_complaint()) +
         sentence("Came with: ", ed.accompanied_by());
}

std::string between(const Draft& draft, const v1::Transfer& t) {
  std::string text;
  const std::string old_site = site_name(draft, t.from_site());
  const std::string new_site = site_name(draft, t.to_site());
  const bool other_site = !new_site.empty() && old_site != new_site;
  if (!t.from_place().empty()) text += " from " + t.from_place();
  if (other_site && !old_site.empty()) text += " (" + old_site + ")";
  if (!t.to_place().empty()) text += " to " + t.to_place();
  if (other_site) text += t.to_place().empty() ? " to " + new_site : " (" + new_site + ")";
  return text;
}

std::string transfer_text(const Draft& draft) {
  const v1::Transfer& t = draft.event.detail().transfer();
  return "Moved" + between(draft, t) + under(t.specialty()) + "," + on(draft, t.at()) + ".";
}

std::string transfer_planned_text(const Draft& draft) {
  const v1::Transfer& t = draft.event.detail().transfer();
  return "A move" + between(draft, t) + " is planned" + for_time(draft, t.at()) + ".";
}

std::string leave_text(const Draft& draft) {
  const v1::Leave& l = draft.event.detail().leave();
  if (l.returned()) {
    return "Came back from leave to " + site_name(draft) + on(draft, l.at()) + ".";
  }
  std::string text = "Went on leave from " + site_name(draft) + on(draft, l.at()) + ".";
  if (l.expected_return().latest_us() != 0) {
    text += " Expected back on " + when(draft.mapping, l.expected_return()) + ".";
  }
  return text;
}

std::string referral_text(const Draft& draft) {
  const v1::Referral& r = draft.event.detail().referral();
  std::string text = "Referred";
  if (!r.referred_to().empty()) text += " to " + r.referred_to();
  if (!r.referring_practitioner().empty()) text += " by " + r.referring_practitioner();
  return text + on(draft, r.effective()) + "." + sentence("Reason given: ", r.reason());
}

std::string_view decision_words(v1::ReferralDecision decision) {
  switch (decision) {
    case v1::REFERRAL_DECISION_RECEIVED:
      return "was received; no decision yet";
    case v1::REFERRAL_DECISION_ACCEPTED:
      return "was accepted";
    case v1::REFERRAL_DECISION_REJECTED:
      return "was not accepted";
    case v1::REFERRAL_DECISION_EXPIRED:
      return "expired without a decision";
    default:
      return "has an answer";
  }
}

std::string referral_outcome_text(const Draft& draft) {
  const v1::ReferralOutcome& r = draft.event.detail().referral_outcome();
  std::string text = "The referral " + std::string(decision_words(r.decision()));
  if (!r.decided_by().empty()) text += ", says " + r.decided_by();
  text += "," + on(draft, r.decided()) + "." + sentence("Reason given: ", r.reason());
  if (r.challenge_by().latest_us() != 0) {
    text += " It can be challenged until " + when(draft.mapping, r.challenge_by()) + ".";
  }
  return text;
}

std::string with_service(const std::string& service) {
  return service.empty() ? "" : " with " + service;
}

std::string not_brought_text(const Draft& draft) {
  const v1::NotBrought& n = draft.event.detail().not_brought();
  std::string text =
      n.antenatal() ? "An antenatal appointment" : "Was not brought to an appointment";
  text += with_service(n.service());
  if (n.appointment().latest_us() != 0) text += on(draft, n.appointment());
  if (n.antenatal()) text += " was missed";
  return text + "." + sentence("Reason given: ", n.reason()) +
         sentence("Next step: ", n.next_step());
}

std::string_view status_words(const Draft& draft, v1::AppointmentStatus status) {
  switch (status) {
    case v1::APPOINTMENT_STATUS_ATTENDED:
      return " was kept";
    case v1::APPOINTMENT_STATUS_CANCELLED_BY_FAMILY:
      return " was cancelled by or for the patient";
    case v1::APPOINTMENT_STATUS_CANCELLED_BY_PROVIDER:
      return " was cancelled by the provider";
    case v1::APPOINTMENT_STATUS_CANCELLED:
      return " was cancelled";
    case v1::APPOINTMENT_STATUS_BOOKED:
      return " is booked";
    default:
      return draft.facts.attendance == Attendance::kNotSeen ? " was not kept" : " is recorded";
  }
}

std::string appointment_text(const Draft& draft) {
  const v1::Appointment& a = draft.event.detail().appointment();
  std::string text = "An appointment" + with_service(a.service());
  if (a.starts().latest_us() != 0) text += on(draft, a.starts());
  return text + std::string(status_words(draft, a.status())) + "." +
         sentence("Reason given: ", a.reason());
}

std::string document_text(const Draft& draft) {
  const v1::Document& d = draft.event.detail().document();
  std::string text = "A document is in the sender's record: " + d.type();
  if (!d.title().empty()) text += ", \"" + d.title() + "\"";
  if (d.written().latest_us() != 0) text += ", of " + when(draft.mapping, d.written());
  text += ".";
  if (!d.reference().empty()) text += " Ask for it by its number, " + d.reference() + ".";
  return text;
}

std::string identity_text(const Draft& draft) {
  switch (draft.row.change) {
    case v1::IDENTITY_CHANGE_ADDED:
      return "A record of this person was made.";
    case v1::IDENTITY_CHANGE_MERGED:
      return "Two records of one person were joined in the sender's system.";
    case v1::IDENTITY_CHANGE_ACCOUNT_MOVED:
      return "An account was moved from another person's record to this one.";
    case v1::IDENTITY_CHANGE_VISIT_MOVED:
      return "A visit was moved from another person's record to this one.";
    case v1::IDENTITY_CHANGE_IDS_CHANGED:
      return "The identifiers of this person's record were changed.";
    case v1::IDENTITY_CHANGE_DELETED:
      return "The record of this person was deleted in the sender's system.";
    default:
      break;
  }
  std::string text = "The details of this person were changed in the sender's record.";
  std::string removed;
  for (const auto& field : draft.event.detail().identity_changed().fields()) {
    removed += (removed.empty() ? "" : ", ") + field;
  }
  std::replace(removed.begin(), removed.end(), '_', ' ');
  text += sentence("Removed: ", removed);
  return text;
}

std::string content_text(const Draft& draft, std::string_view kind) {
  struct Writer {
    std::string_view kind;
    std::string (*write)(const Draft&);
  };
  static constexpr Writer kWriters[] = {{"admission", admission_text},
                                        {"admission_planned", admission_planned_text},
                                        {"discharge", discharge_text},
                                        {"discharge_planned", discharge_planned_text},
                                        {"death", death_text},
                                        {"ed_attendance", ed_text},
                                        {"transfer", transfer_text},
                                        {"transfer_planned", transfer_planned_text},
                                        {"leave", leave_text},
                                        {"referral", referral_text},
                                        {"referral_outcome", referral_outcome_text},
                                        {"appointment", appointment_text},
                                        {"not_brought", not_brought_text},
                                        {"document", document_text},
                                        {"identity_changed", identity_text}};
  for (const Writer& writer : kWriters) {
    if (writer.kind == kind) return writer.write(draft);
  }
  return {};
}

std::string void_text(const Draft& draft) {
  const std::string_view kind = draft.row.target_kind;
  if (kind == "discharge") {
    return "Cancelled: the discharge sent before did not happen. The patient is still in care.";
  }
  if (kind == "admission") return "Cancelled: the admission sent before did not happen.";
  if (kind == "transfer") return "Cancelled: the move sent before did not happen.";
  if (kind == "referral") return "The referral sent before was withdrawn.";
  if (kind == "appointment") {
    return "The appointment sent before was " +
           std::string(draft.event.header().correction().reason()) + ".";
  }
  if (kind == "admission_planned") return "The admission planned before is not planned any more.";
  if (kind == "discharge_planned") return "The discharge planned before is not planned any more.";
  if (kind == "transfer_planned") return "The move planned before is not planned any more.";
  return "Cancelled: the emergency department attendance sent before did not happen.";
}

// Some senders list only what changed: then what is missing is not gone.
std::string delta_text(const Draft& draft) {
  const Updates& updates = draft.mapping.updates;
  std::string lists;
  const auto add = [&](Repeats how, const char* name) {
    if (how == Repeats::kDelta) lists += (lists.empty() ? "" : ", ") + std::string(name);
  };
  add(updates.identifiers, "identifiers");
  add(updates.addresses, "addresses");
  add(updates.related, "related people");
  return sentence("Only what changed is listed of: ", lists);
}

std::string dead_text(const Draft& draft) {
  if (!draft.facts.dead) return "";
  return " The record says that the person has died. Do not contact the family before checking.";
}

std::string superseded_text(const Draft& draft) {
  if (draft.row.trigger == "A07") {
    return "No longer an inpatient: the stay sent before goes on as an outpatient's.";
  }
  return "The record was changed. It now reads: " + content_text(draft, draft.row.target_kind) +
         delta_text(draft) + dead_text(draft);
}

}  // namespace

void map_summary(Draft& draft) {
  const TriggerRow& row = draft.row;
  std::string text;
  if (row.nature == v1::CORRECTION_NATURE_VOID) {
    text = void_text(draft);
  } else if (row.nature == v1::CORRECTION_NATURE_SUPERSEDED) {
    text = superseded_text(draft);
  } else {
    text = content_text(draft, row.kind);
    if (row.change == v1::IDENTITY_CHANGE_UPDATED) text += delta_text(draft) + dead_text(draft);
  }
  draft.because("summary.text", "written from the codes above", text);
  draft.event.mutable_summary()->set_text(std::move(text));
}

}  // namespace switchboard::mllp
