#include "adapters/mllp/code_words.h"
#include "adapters/mllp/draft.h"

namespace switchboard::mllp {
namespace {

// In words where there are some: the service's own, the treatment function's, the clinic's name.
std::string service(Draft& draft, std::string_view target) {
  const AppointmentPlaces& places = draft.mapping.appointment;
  std::string words = draft.take(places.service, target);
  if (words.empty()) {
    const std::string specialty = draft.mapping.specialty(draft.message);
    words = specialty_words(specialty);
    if (!words.empty()) draft.because(target, "specialty " + specialty, words);
  }
  if (words.empty()) words = draft.take(places.clinic, target);
  return words;
}

v1::AppointmentStatus status_of(Attendance attendance) {
  switch (attendance) {
    case Attendance::kAttended:
      return v1::APPOINTMENT_STATUS_ATTENDED;
    case Attendance::kCancelledByFamily:
      return v1::APPOINTMENT_STATUS_CANCELLED_BY_FAMILY;
    case Attendance::kCancelledByProvider:
      return v1::APPOINTMENT_STATUS_CANCELLED_BY_PROVIDER;
    case Attendance::kCancelled:
      return v1::APPOINTMENT_STATUS_CANCELLED;
    case Attendance::kNotSeen:  // an adult's own: the code says it
      return v1::APPOINTMENT_STATUS_UNSPECIFIED;
    case Attendance::kBooked:
    case Attendance::kUnsaid:
      return v1::APPOINTMENT_STATUS_BOOKED;
  }
  return v1::APPOINTMENT_STATUS_UNSPECIFIED;
}

}  // namespace

void map_appointment(Draft& draft, v1::Detail& detail) {
  const AppointmentPlaces& places = draft.mapping.appointment;
  v1::Appointment& appointment = *detail.mutable_appointment();
  appointment.set_attendance_code(
      draft.take(places.attendance, "detail.appointment.attendance_code"));
  appointment.set_status(status_of(draft.facts.attendance));
  draft.because("detail.appointment.status",
                draft.row.trigger == "S26" ? "MSH-9" : "attendance_codes",
                v1::AppointmentStatus_Name(appointment.status()));
  appointment.set_service(service(draft, "detail.appointment.service"));
  appointment.set_reason(draft.take_words(places.reason, "detail.appointment.reason"));
  appointment.set_first_attendance(
      draft.take(places.first_attendance, "detail.appointment.first_attendance"));
  if (auto at = draft.take_time(places.starts, "detail.appointment.starts")) {
    *appointment.mutable_starts() = *std::move(at);
  }
}

void map_not_brought(Draft& draft, v1::Detail& detail) {
  const AppointmentPlaces& places = draft.mapping.appointment;
  v1::NotBrought& missed = *detail.mutable_not_brought();
  missed.set_attendance_code(draft.take(places.attendance, "detail.not_brought.attendance_code"));
  missed.set_service(service(draft, "detail.not_brought.service"));
  missed.set_reason(draft.take_words(places.missed_reason, "detail.not_brought.reason"));
  missed.set_next_step(draft.take(places.next_step, "detail.not_brought.next_step"));
  missed.set_antenatal(draft.is_about_unborn());
  if (auto at = draft.take_time(places.starts, "detail.not_brought.appointment")) {
    *missed.mutable_appointment() = *std::move(at);
  }
}

}  // namespace switchboard::mllp
