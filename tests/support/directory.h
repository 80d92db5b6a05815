// A small world: two agencies, their teams, people, keys, routes and policy, all invented.
//
// X26 is an acute trust (publishes), X99 a community trust (receives). Pure; any thread.
#pragma once

#include <string>

#include "broker/base/time.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::support {

v1::Team make_team(const std::string& id, const std::string& agency, const std::string& kind,
                   const std::string& deputy = {});
v1::Person make_person(const std::string& id, const std::string& name, const std::string& team);
v1::PrincipalRow make_endpoint(const std::string& id, const std::string& agency,
                               const std::string& team);
v1::PrincipalRow make_publisher(const std::string& id, const std::string& agency,
                                const std::string& system);
v1::Route area_route(const std::string& id, const std::string& team, const std::string& area);

// Teams  X26-SAFETY (safety net), X26-MIDWIFERY, X26-TRY (test); X99-HV (deputy X99-DUTY),
//        X99-DUTY, X99-MASH, X99-SAFETY (safety net).
// People amy, ben (X99-HV), cat (X99-DUTY), dev (X26-SAFETY), meg (X99-MASH), sue (X99-SAFETY).
// Keys   pas (publisher X26/PAS), rio (publisher X99/RIO), try (publisher, test only);
//        one endpoint per team, its name in lower case; admin.
// Routes children under five and unborn of X06000001 to X99-HV; urgent concerns and referrals
//        there to X99-MASH; X99-MASH's caseload; unborn at X26A1 to X26-MIDWIFERY; X26-TRY.
// Policy concern, immediate: act in 30 min; concern, referral: 2 h; safety net: 1 h;
//        admission, ed_attendance, transfer, leave, what is planned: see; discharge, not_brought,
//        referral_outcome: act in 24 h; appointment, identity_changed, document: file; else 4 h.
//        Must reach somebody: concern, referral, death.
v1::Directory small_world();

}  // namespace switchboard::support
