// Events with valid, synthetic defaults: a test says only what it is about.
//
// Children are invented, NHS numbers begin with 9, agencies with X. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "broker/base/ids.h"
#include "broker/base/time.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/record.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::support {

// Monday 2026-03-02, 12:00 UTC: when tests begin.
inline constexpr Time kNoon{1'772'452'800'000'000};
inline constexpr const char* kArea = "X06000001";
inline constexpr const char* kPractice = "X81001";
inline constexpr const char* kPlace = "X26A1";

// The n-th synthetic NHS number: valid by its check digit, nobody's.
std::string nhs_number(unsigned n);
v1::Identifier nhs_identifier(const std::string& number,
                              v1::Verification verification = v1::VERIFICATION_VERIFIED);
v1::Identifier local_identifier(const std::string& value);
v1::Thread thread(v1::ThreadType type, const std::string& value);
v1::Thread visit(const std::string& value);

// An event in the making: change the parts, then take the item.
struct Event {
  explicit Event(std::string_view kind, std::string message_id = "1001");

  // Fills in a derived id if there is none. Sections that were cleared are left out.
  v1::Item item() const;
  Id id() const;

  v1::EventHeader header;
  v1::Identity identity;
  v1::Summary summary;
  v1::Detail detail;
  v1::Location location;
  std::string source = "synthetic source message";
  Time said = kNoon;  // the message's own time, in a derived id
  bool with_identity = true;
};

// A correction of a visit's event, as an HL7 cancel makes it.
Event correction(const std::string& message_id, const std::string& visit_number,
                 const std::string& target_kind, v1::CorrectionNature nature);
Event correction(const std::string& message_id, const v1::Thread& target,
                 const std::string& target_kind, v1::CorrectionNature nature);
// An end-to-end probe; `every`: when its sender means to send the next, zero: it does not.
v1::EventHeader probe(const std::string& team, const std::string& message_id, Time sent,
                      Duration every = {});
v1::Item probe_item(const v1::EventHeader& header);
// 16 bytes that name an act.
std::string act_id(unsigned n);
v1::Act make_act(unsigned id, const std::string& team, uint64_t number, v1::ActKind kind,
                 const std::string& person, const std::string& outcome = {});

// On a task: a logged call that ended so, or a reply.
v1::Act make_call(unsigned id, const v1::TaskRecord& task, v1::CallResult result,
                  const std::string& person, const std::string& spoke_to = {},
                  const std::string& outcome = {});
v1::Act make_reply(unsigned id, const v1::TaskRecord& task, const std::string& person,
                   const std::string& outcome);

}  // namespace switchboard::support
