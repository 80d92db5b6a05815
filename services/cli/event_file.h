// An event written by a person: a TOML file of v1.Event, completed and cut into an item.
//
// Ids are written as UUIDs, times as RFC 3339 in a `raw` field. What is absent and can be known is
// filled in: a chosen id, occurred and recorded now, agency, system, environment. What only a
// person can know is named as a problem before anything is sent. Pure; problems quote no value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/base/ids.h"
#include "broker/base/result.h"
#include "broker/base/time.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {

struct EventDefaults {
  Time now;
  Id id;  // used where the file names none
  std::string agency;
  std::string system;
  v1::Environment environment = v1::ENVIRONMENT_UNSPECIFIED;
};

// CODE_INVALID with every problem, one a line.
Result<v1::Event> read_event(std::string_view text, std::string_view file);
Status complete_event(v1::Event& event, const EventDefaults& defaults);
// Mandatory fields the hub would quarantine the event for.
std::vector<std::string> missing_fields(const v1::Event& event);
v1::Item to_item(const v1::Event& event);
// Adds the number as an unverified identifier: nobody has traced what a person typed.
Status add_nhs_number(v1::Event& event, std::string_view number);

}  // namespace switchboard::cli
