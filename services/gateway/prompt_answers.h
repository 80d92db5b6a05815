// What people are asked by policy when they send, and what they answered.
//
// The form asks and checks in the browser; this checks what a browser sent. An answer to a prompt
// that policy has dropped meanwhile stays: its author saw the question, which goes with it. Pure.
// Thread: any.
#pragma once

#include <optional>
#include <string>

#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::gateway {

struct WrongAnswer {
  std::string field;  // "answers.ID" of the prompt
  std::string text;   // says what to do next
};
// The first answer that is missing or not one; nothing: all is well. `team`: of the sender.
std::optional<WrongAnswer> wrong_answer(const v1::TeamView& team, const v1::Event& event);

}  // namespace switchboard::gateway
