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

struct VisitPlaces {
  FieldPlace number{"PV1", 19, 1};
  std::string authority;  // "" = agency/system of the listener
};
struct ReferralPlaces {
  FieldPlace number{"RF1", 6, 1};
  std::string authority;
  std::map<std::string, v1::Urgency> urgency_by_priority;  // RF1-2.1
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
  FieldPlace expected_discharge{"PV2", 9, 0};
  FieldPlace arrival_mode, accompanied_by, disposal;
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
  DischargePlaces discharge;
  DetailPlaces detail;
  std::map<std::string, FieldPlace> coded;  // Detail.coded by name, e.g. from Z-segments

  FieldPlace site_place{"PV1", 3, 4};
  std::map<std::string, Site> sites;
  std::string default_place_of_care;  // ODS code where the site is not sent
  std::vector<FieldPlace> practice_places;
  std::map<std::string, std::string> area_by_district;          // outward postcode or its letters
  std::vector<std::string> emergency_classes, outside_classes;  // PV1-2
  Adults adults = Adults::kNone;
  std::vector<std::string> maternity_specialties;
  std::vector<std::string> protected_codes;  // PD1-12: the address stays at home

  std::string from_team;
  v1::Contact call_back, out_of_hours;
  std::map<std::string, v1::Urgency> urgency;  // by kind
  std::vector<std::string> represents, not_covered;
  std::string lawful_basis, purpose;

  PatientClass classify(std::string_view pv1_2) const;
  v1::Urgency urgency_of(const std::string& kind) const;
};

}  // namespace switchboard::mllp
