// Sources on trial (header.shadow): decided and recorded like any other, and told to nobody.
//
// What a trial leaves is kept apart from what is live: the same message may come from a listener on
// trial and from a live one, and neither may make the other a duplicate, noise, or corrected. A
// test event likewise keeps out of what tells live noise from change. Pure. Thread: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broker/core/secrets.h"
#include "broker/store/records.h"
#include "broker/store/rows.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

bool shadowed(const v1::EventRecord& record);

// What the event is known by for ever (P2): its id, or for a trial one made from it.
Id known_id(const Id& event_id, bool shadow);
// The event with this id; one on trial only where there is no other. Agency as in read_known().
Result<std::optional<store::Known>> find_known(const store::Reads& reads, const Id& event_id,
                                               std::string_view agency);

// `hash` (16 bytes) as the event's world knows it: live, test and trial each for itself.
std::string in_world(const Secrets& secrets, std::string_view hash, v1::Environment environment,
                     bool shadow);

}  // namespace switchboard::core
