// What differs between trusts, as values: the compiled form of one mapping file.
//
// Owns: tables and field places. Not here: reading the file (mapping_file.h), applying it
// (map_message.h). Thread: any, const after loading. Fails: never.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mllp/charset.h"
#include "adapters/mllp/hl7_message.h"
#include "adapters/mllp/hl7_time.h"
#include "switchboard/v1/event.pb.h"

namespace switchboard::mllp {

// "PV1-19.1": segment, field, component; component 0 is the whole field.
struct FieldPlace {
  std::string segment;
  size_t field = 0;
  size_t component = 0;

  bool empty() const { return segment.empty(); }
  Value in(const Message& message) const;
  std::string text() const;  // as written in the file
  static std::optional<FieldPlace> parse(std::string_view text);
};

struct IdentifierRule {
  std::string authority;  // PID-3.4.1; "" matches none given
  std::string type_code;  // PID-3.5
  v1::IdentifierType type = v1::IDENTIFIER_TYPE_OTHER;
  std::string name;  // authority in the event, e.g. "XA1-MRN"
};

struct Site {
  std::string ods;
  std::string name;  // for the summary, e.g. "Northmoor General"
};

enum class PatientClass { kEmergency, kInpatient, kOutside };
enum class Adults { kNone, kMaternity, kAll };

// What an attendance code says; "not seen" of a child is "was not brought".
enum class Attendance {
  kUnsaid,
  kBooked,
  kAttended,
  kNotSeen,
  kCancelledByFamily,
  kCancelledByProvider,
  kCancelled
};
// Whether a field that repeats lists all there is, or only what changed.
enum class Repeats { kSnapshot, kDelta };

struct VisitPlaces {
  FieldPlace number{"PV1", 19, 1};
  std::string authority;  // "" = agency/system of the listener
};
struct ReferralPlaces {
  FieldPlace number{"RF1", 6, 1};
  std::string authority;
  std::map<std::string, v1::Urgency> urgency_by_priority;  // RF1-2.1
};
// The answer to a referral: often numbered by the referrer.
struct ReferralOutcomePlaces {
  FieldPlace number{"RF1", 6, 1};
  std::string authority;
  FieldPlace challenge_by;
  std::map<std::string, v1::ReferralDecision> decisions;  // RF1-1.1
};
// Orders that are referrals: only those of these codes.
struct ConsultPlaces {
  FieldPlace code{"OBR", 4, 1};
  std::vector<std::string> codes;
  FieldPlace number{"ORC", 2, 1};
  FieldPlace reason{"OBR", 31, 2};
};
struct AppointmentPlaces {
  FieldPlace number{"SCH", 2, 1};
  std::string authority;
  std::vector<FieldPlace> starts{{"SCH", 11, 4}, {"AIS", 4, 0}};  // the first that is there
  FieldPlace service{"AIS", 3, 2};
  FieldPlace clinic{"AIL", 3, 1};
  FieldPlace reason{"SCH", 7, 2};
  FieldPlace missed_reason{"SCH", 6, 2};
  FieldPlace attendance{"SCH", 25, 1};
  std::map<std::string, Attendance> attendance_codes;  // in capitals
  FieldPlace specialty;                                // where [detail] specialty is empty
  FieldPlace first_attendance, next_step, expected_delivery;
  Attendance attendance_of(std::string code) const;
};
// Documents of these types only: TXA-2 code and its words.
struct DocumentPlaces {
  FieldPlace type{"TXA", 2, 1};
  std::map<std::string, std::string> types;
  FieldPlace title, author_role;
  FieldPlace reference{"TXA", 12, 1};
  FieldPlace written{"TXA", 4, 0};
  FieldPlace status{"TXA", 17, 1};
};
// Which of the two carries the method (1-8) and which the destination (19-99) differs by trust.
struct DischargePlaces {
  FieldPlace method{"PV1", 36, 1};
  FieldPlace destination{"PV1", 37, 1};
  bool swap_by_shape = true;  // two digits in method and one in destination: exchange and say so
};
struct DetailPlaces {
  FieldPlace admission_method{"PV1", 4, 1};
  FieldPlace admission_source{"PV1", 14, 1};
  FieldPlace specialty{"PV1", 10, 1};
  FieldPlace reason{"PV2", 3, 2};
  FieldPlace expected_admission{"PV2", 8, 0};
  FieldPlace expected_discharge{"PV2", 9, 0};
  FieldPlace expected_return{"PV2", 47, 0};
  FieldPlace arrival_mode, accompanied_by, disposal;
};
// Where a stay is (PL fields: ward in component 1), was before, and will be.
struct PlacePlaces {
  FieldPlace site{"PV1", 3, 4};
  std::vector<FieldPlace> more_sites{{"AIL", 3, 4}};  // where `site` is empty
  FieldPlace from{"PV1", 6, 0};
  FieldPlace planned{"PV1", 42, 0};
};
// What a message must be about to leave the adapter at all.
struct Scope {
  Adults adults = Adults::kNone;
  std::vector<std::string> maternity_specialties;
  std::vector<std::string> kinds;  // empty = all
  std::vector<std::string> sites;  // codes or ODS codes of [[site]]; empty = all
  bool wants(std::string_view kind) const;
};
// Events of these services stay with their own agency unless a person sends them.
struct Sensitive {
  std::vector<std::string> specialties;  // treatment function codes
  std::vector<std::string> clinics;
  std::vector<std::string> locations;  // wards
};
struct Updates {
  Repeats identifiers = Repeats::kSnapshot;  // PID-3
  Repeats addresses = Repeats::kSnapshot;    // PID-11
  Repeats related = Repeats::kSnapshot;      // NK1
};

struct Mapping {
  std::string name;
  Zone zone;
  Charset charset_fallback = Charset::kWindows1252;
  LineEnds line_ends = LineEnds::kCr;
  std::vector<std::string> sending_applications;  // MSH-3.1; empty = any
  std::vector<std::string> sending_facilities;    // MSH-4.1; empty = any

  std::vector<IdentifierRule> identifiers;
  std::vector<FieldPlace> more_nhs_number_places;  // e.g. PID-19
  FieldPlace verification{"PID", 32, 0};
  std::vector<std::string> verified_codes;

  VisitPlaces visit;
  ReferralPlaces referral;
  ReferralOutcomePlaces referral_outcome;
  ConsultPlaces consult;
  AppointmentPlaces appointment;
  DocumentPlaces document;
  DischargePlaces discharge;
  DetailPlaces detail;
  std::map<std::string, FieldPlace> coded;  // Detail.coded by name, e.g. from Z-segments

  PlacePlaces places;
  std::map<std::string, Site> sites;
  std::string default_place_of_care;  // ODS code where the site is not sent
  std::vector<FieldPlace> practice_places;
  std::map<std::string, std::string> area_by_district;          // outward postcode or its letters
  std::vector<std::string> emergency_classes, outside_classes;  // PV1-2
  Scope scope;
  Sensitive sensitive;
  Updates updates;
  std::vector<std::string> protected_codes;  // PD1-12: the address stays at home

  std::string from_team;
  v1::Contact call_back, out_of_hours;
  std::map<std::string, v1::Urgency> urgency;  // by kind
  std::vector<std::string> represents, not_covered;
  std::string lawful_basis, purpose;

  PatientClass classify(std::string_view pv1_2) const;
  std::string site_code(const Message& message) const;  // as sent; "" where none is
  std::string specialty(const Message& message) const;
  const Site* site_of(const std::string& code) const;  // null: no [[site]] names it
  v1::Urgency urgency_of(const std::string& kind) const;
};

}  // namespace switchboard::mllp
