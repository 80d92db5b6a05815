// Sample HL7 v2 messages for the sandbox's two trusts, dated around the day they are made.
//
// Invented children with synthetic NHS numbers (they begin with 9). Pure.
#pragma once

#include <string>
#include <vector>

#include "broker/base/time.h"

namespace switchboard::cli {

struct SampleMessage {
  std::string file;   // "x26_adt_a04_ed.hl7"
  std::string story;  // what it is, for the list of samples
  std::string text;   // segments end in CR, as on the wire
};

std::vector<SampleMessage> sandbox_messages(Time now);

}  // namespace switchboard::cli
