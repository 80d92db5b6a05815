// Telling a team: a recipient, its number, its entry, its clock, in one step (P3, P5, P8).
// Thread: the loop.
#pragma once

#include <string>
#include <vector>

#include "broker/core/attention.h"
#include "broker/core/route.h"
#include "broker/core/turn.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

// A recipient by a match, with attention and deadlines from policy; not numbered yet.
v1::Recipient make_recipient(const Turn& turn, const Match& match, const Circumstances& event);
v1::Recipient make_recipient(const Turn& turn, const Match& match, std::string_view kind,
                             v1::Urgency urgency);
// The same into an empty one, whose memory is used again.
void fill_recipient(const Turn& turn, const Match& match, std::string_view kind,
                    v1::Urgency urgency, v1::Recipient& recipient);
void fill_recipient(const Turn& turn, const Match& match, const Circumstances& event,
                    v1::Recipient& recipient);
// What policy asks of the team from now on: attention, deadlines, row and version.
void fill_asked(const Turn& turn, const v1::Team& team, const Asked& asked,
                v1::Recipient& recipient);
// What a team is told because a child came to it later, or for an enquiry: no act, no clock.
void only_see(v1::Recipient& recipient);
// Appends the delivery to the team's inbox, fills in recipient.number and starts its clock.
void deliver(Turn& turn, uint64_t event_position, v1::Urgency urgency, v1::Recipient& recipient,
             size_t index);
// Recipients added after acceptance: stored beside the event, never instead of anything. Returns
// them with their numbers.
v1::AddedRecipients add_recipients(Turn& turn, uint64_t event_position, v1::Urgency urgency,
                                   std::vector<v1::Recipient> recipients, uint64_t adding_position);
// The team an event's outcomes are told to; null if there is none. P9: an agency names only a team
// of its own, so nobody can write into another's logs.
const v1::Team* sender_of(const Turn& turn, const v1::EventRecord& event);
// A test event raises no live alert: who is told of it later is of the same environment.
bool same_environment(const v1::Team& team, const v1::EventRecord& event);
// A change in a team's log; returns its number.
uint64_t append_change(Turn& turn, store::LogId log, v1::ChangeRecord change, v1::Urgency urgency);

}  // namespace switchboard::core
