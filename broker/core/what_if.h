// The timeline an event would have if nobody did anything: accepted, told, each deadline, each
// level.
//
// Played by the functions that do it in earnest, on a journal that is never written; so it says
// what would happen and not what somebody thinks would. Pure. Thread: any, from a snapshot.
#pragma once

#include "broker/core/directory.h"
#include "broker/core/secrets.h"
#include "broker/store/rows.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::core {

// `at` is when it would be accepted. Fails with the code and words of the refusal where it would
// not be accepted; CODE_CONFLICT where it was accepted before.
Result<v1::PolicyTimeline> what_if(const store::Reads& reads, const Directory& directory,
                                   const Secrets& secrets, const v1::PrincipalRow& who,
                                   const v1::Item& item, Time at);

}  // namespace switchboard::core
