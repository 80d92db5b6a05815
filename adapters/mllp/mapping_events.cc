#include "adapters/mllp/mapping_events.h"

#include <algorithm>

#include "adapters/mllp/mapping_reader.h"

namespace switchboard::mllp {
namespace {

using Reader = TomlReader;

void read_stays(Reader& in, Mapping& m) {
  in.table("visit", [&](Reader& t) {
    read_place(t, "number", m.visit.number);
    read_text(t, "authority", m.visit.authority);
  });
  in.table("discharge", [&](Reader& t) {
    read_place(t, "method", m.discharge.method);
    read_place(t, "destination", m.discharge.destination);
    if (const auto swap = t.flag("swap_by_shape")) m.discharge.swap_by_shape = *swap;
  });
  in.table("detail", [&](Reader& t) {
    read_place(t, "admission_method", m.detail.admission_method);
    read_place(t, "admission_source", m.detail.admission_source);
    read_place(t, "specialty", m.detail.specialty);
    read_place(t, "reason", m.detail.reason);
    read_place(t, "expected_admission", m.detail.expected_admission);
    read_place(t, "expected_discharge", m.detail.expected_discharge);
    read_place(t, "expected_return", m.detail.expected_return);
    read_place(t, "arrival_mode", m.detail.arrival_mode);
    read_place(t, "accompanied_by", m.detail.accompanied_by);
    read_place(t, "disposal", m.detail.disposal);
  });
  for (const auto& [name, text] : in.text_map("coded")) {
    if (const auto place = FieldPlace::parse(text)) {
      m.coded.emplace(name, *place);
    } else {
      in.refuse("coded", "'" + text + "' is no field: write it as \"ZU1-3\"");
    }
  }
}

void read_referrals(Reader& in, Mapping& m) {
  in.table("referral", [&](Reader& t) {
    read_place(t, "number", m.referral.number);
    read_text(t, "authority", m.referral.authority);
    read_urgencies(t, "urgency_by_priority", m.referral.urgency_by_priority);
  });
  m.referral_outcome.decisions = {{"P", v1::REFERRAL_DECISION_RECEIVED},
                                  {"A", v1::REFERRAL_DECISION_ACCEPTED},
                                  {"R", v1::REFERRAL_DECISION_REJECTED},
                                  {"E", v1::REFERRAL_DECISION_EXPIRED}};
  in.table("referral_outcome", [&](Reader& t) {
    read_place(t, "number", m.referral_outcome.number);
    read_text(t, "authority", m.referral_outcome.authority);
    read_place(t, "challenge_by", m.referral_outcome.challenge_by);
    read_choices<v1::ReferralDecision>(t, "decisions", m.referral_outcome.decisions,
                                       {{"received", v1::REFERRAL_DECISION_RECEIVED},
                                        {"accepted", v1::REFERRAL_DECISION_ACCEPTED},
                                        {"rejected", v1::REFERRAL_DECISION_REJECTED},
                                        {"expired", v1::REFERRAL_DECISION_EXPIRED}});
  });
  in.table("consult", [&](Reader& t) {
    read_place(t, "code", m.consult.code);
    m.consult.codes = t.texts("codes");
    read_place(t, "number", m.consult.number);
    read_place(t, "reason", m.consult.reason);
  });
}

// The NHS Data Dictionary's attended-or-did-not-attend code, and HL7 table 0278.
std::map<std::string, Attendance> usual_codes() {
  return {{"0", Attendance::kBooked},
          {"2", Attendance::kCancelledByFamily},
          {"3", Attendance::kNotSeen},
          {"4", Attendance::kCancelledByProvider},
          {"5", Attendance::kAttended},
          {"6", Attendance::kAttended},
          {"7", Attendance::kNotSeen},
          {"PENDING", Attendance::kBooked},
          {"WAITLIST", Attendance::kBooked},
          {"BOOKED", Attendance::kBooked},
          {"STARTED", Attendance::kAttended},
          {"COMPLETE", Attendance::kAttended},
          {"CANCELLED", Attendance::kCancelled},
          {"DC", Attendance::kCancelled},
          {"DELETED", Attendance::kCancelled},
          {"NOSHOW", Attendance::kNotSeen}};
}

void read_attendance_codes(Reader& in, std::map<std::string, Attendance>& out) {
  std::map<std::string, Attendance> given;
  read_choices<Attendance>(in, "attendance_codes", given,
                           {{"booked", Attendance::kBooked},
                            {"attended", Attendance::kAttended},
                            {"not_seen", Attendance::kNotSeen},
                            {"cancelled_by_family", Attendance::kCancelledByFamily},
                            {"cancelled_by_provider", Attendance::kCancelledByProvider},
                            {"cancelled", Attendance::kCancelled}});
  for (const auto& [code, means] : given) {
    std::string capitals = code;
    std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                   [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
    out[capitals] = means;
  }
}

void read_appointments(Reader& in, Mapping& m) {
  m.appointment.attendance_codes = usual_codes();
  in.table("appointment", [&](Reader& t) {
    AppointmentPlaces& a = m.appointment;
    read_place(t, "number", a.number);
    read_text(t, "authority", a.authority);
    read_places_or_default(t, "starts", a.starts);
    read_place(t, "service", a.service);
    read_place(t, "clinic", a.clinic);
    read_place(t, "specialty", a.specialty);
    read_place(t, "reason", a.reason);
    read_place(t, "missed_reason", a.missed_reason);
    read_place(t, "next_step", a.next_step);
    read_place(t, "first_attendance", a.first_attendance);
    read_place(t, "expected_delivery", a.expected_delivery);
    read_place(t, "attendance", a.attendance);
    read_attendance_codes(t, a.attendance_codes);
  });
}

void read_documents(Reader& in, Mapping& m) {
  in.table("document", [&](Reader& t) {
    read_place(t, "type", m.document.type);
    m.document.types = t.text_map("types");
    read_place(t, "title", m.document.title);
    read_place(t, "author_role", m.document.author_role);
    read_place(t, "reference", m.document.reference);
    read_place(t, "written", m.document.written);
    read_place(t, "status", m.document.status);
  });
}

}  // namespace

void read_events(TomlReader& in, Mapping& mapping) {
  read_stays(in, mapping);
  read_referrals(in, mapping);
  read_appointments(in, mapping);
  read_documents(in, mapping);
}

}  // namespace switchboard::mllp
