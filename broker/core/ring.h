// Whom to ring about a team, and on which number, right at one moment.
//
// Pure: directory, hours and bank holidays decide. There is always a number: a team cannot be
// enrolled without one. Thread: any.
#pragma once

#include <vector>

#include "broker/core/directory.h"

namespace switchboard::core {

struct Ring {
  v1::Contact now;                    // name and phone; hours say when it is the right one
  std::vector<v1::Contact> fallback;  // in order: single point of contact, switchboard, EDT
  bool open = false;                  // the team is staffed
  bool stale = false;                 // its numbers have not been tried for too long
};
Ring ring(const Directory& directory, const v1::Team& team, Time at);

// In its hours the office; outside them the team's own number for that, else its EDT's, else its
// switchboard's, else the office all the same.
v1::Contact number_now(const Directory& directory, const v1::Team& team, Time at);

// Nobody has said when the numbers were last tried, or it is longer ago than policy allows.
bool is_stale(const Directory& directory, const v1::Team& team, Time at);

}  // namespace switchboard::core
