// What a nudge says, made when it is handed out: reference, urgency, age, team, number to ring.
//
// Never who it is about and never the kind: a telephone on a table shows it to whoever passes.
// Every word is the hub's or the directory's, none a publisher's. Thread: the loop.
#pragma once

#include <string>

#include "broker/core/turn.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::core {

struct NudgeText {
  std::string subject;  // ASCII
  std::string text;
};
NudgeText nudge_text(Turn& turn, const v1::NudgeRecord& record);

}  // namespace switchboard::core
