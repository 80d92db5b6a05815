// An event of the hub's queues as the operators' page shows it: no content, and nothing that names
// a person.
//
// Only what is named here is shown: a field that EventRow gains later is not there until somebody
// has thought of it (adr/0014). A source's message id may be made of a patient's number, so its
// length and its last two characters are left of it: enough to tell two apart. Pure. Thread: any.
#pragma once

#include <string>
#include <string_view>

#include "switchboard/v1/admin.pb.h"

namespace switchboard::gateway {

v1::EventRow masked(const v1::EventRow& row);
// Nothing is left of a short one, or of one that is not plain ASCII.
std::string masked_id(std::string_view id);

}  // namespace switchboard::gateway
