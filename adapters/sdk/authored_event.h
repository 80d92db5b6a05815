// An event that a person writes: completed with what can be known, checked for what only a person
// can know, and cut into an item.
//
// For programs in which people write: the command line, the screens. Feeds have mappings instead.
// Pure; problems quote no value. Thread: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/base/ids.h"
#include "broker/base/result.h"
#include "broker/base/time.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::sdk {

struct EventDefaults {
  Time now;
  Id id;  // used where the event names none; sixteen zeroes are no id
  std::string agency;
  std::string system;
  v1::Environment environment = v1::ENVIRONMENT_UNSPECIFIED;
};
// Fills in what is absent and can be known. CODE_INVALID: an NHS number that is marked verified and
// fails its check digit.
Status complete_event(v1::Event& event, const EventDefaults& defaults);
// Mandatory fields the hub would quarantine the event for, e.g. "summary.text".
std::vector<std::string> missing_fields(const v1::Event& event);
v1::Item to_item(const v1::Event& event);
// Adds the number as an unverified identifier: nobody has traced what a person typed.
Status add_nhs_number(v1::Event& event, std::string_view number);

}  // namespace switchboard::sdk
