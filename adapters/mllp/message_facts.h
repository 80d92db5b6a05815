// What decides, before any content is read, which event a message makes and whether it may.
//
// Thread: any. Fails: never; what a message does not say is the fact that keeps it: no birth date
// is a child, no site is a site that is wanted.
#pragma once

#include <string>

#include "adapters/mllp/hl7_message.h"
#include "adapters/mllp/mapping.h"
#include "broker/base/time.h"

namespace switchboard::mllp {

struct MessageFacts {
  std::string type;     // MSH-9.1
  std::string trigger;  // MSH-9.2, or EVN-1 where that is empty
  PatientClass patient_class = PatientClass::kInpatient;
  bool adult = false;      // 18 or more on the day
  bool maternity = false;  // the specialty is one of maternity
  bool dead = false;       // PID-30
  bool died = false;       // … or the discharge says so
  bool is_consult = false;
  bool is_listed_document = false;
  Attendance attendance = Attendance::kUnsaid;
  std::string order_control;  // ORC-1
  std::string site_code;

  std::string name() const;  // "ADT^A01", bounded: it becomes a label of counts
};

MessageFacts facts_of(const Message& message, const Mapping& mapping, Time received);

// The word that keeps a message of this kind out, or nothing.
std::string_view why_out_of_scope(const MessageFacts& facts, std::string_view content_kind,
                                  const Mapping& mapping);
bool is_sensitive(const Message& message, const Mapping& mapping);

// As sent, or exchanged by the shape of the codes.
struct DischargeCodes {
  std::string method, destination;
  bool exchanged = false;
};
DischargeCodes discharge_codes(const Message& message, const Mapping& mapping);

}  // namespace switchboard::mllp
