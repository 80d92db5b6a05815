// Hand-over prompts: what a hospital is asked before a child with an open plan goes home.
//
// An admission that says until when makes one task for its sender, with policy's prompts as its
// script, due when the discharge is expected; an update of the admission moves it, a cancellation
// makes it moot (task.h). People answer prompt by prompt. What is unanswered when the discharge is
// told goes with it to the teams of the community, and asks them to act. Thread: the loop.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/core/task.h"

namespace switchboard::core {

// After an admission, or a correction of one, was accepted at `position`. `open_plan`: the child
// has one, by whoever says so.
void ask_for_handover(Turn& turn, const v1::EventHeader& header, const v1::Detail& detail,
                      const v1::EventRecord& event, uint64_t position, bool open_plan);

// The prompts of the stay that have no answer, each with its number; none if nothing was asked.
std::vector<std::string> unanswered_prompts(Turn& turn, const v1::EventHeader& discharge);
// A team of the community that is told of a discharge with prompts unanswered: it is to act.
void press_for_answers(const Turn& turn, const v1::EventRecord& event, const v1::Team& team,
                       v1::Recipient& recipient);

// Answers are lines "2: text", the prompt's number first. Which prompts of the task are open once
// these words are added to what was said before.
std::vector<std::string> open_prompts(Turn& turn, const v1::TaskRecord& task,
                                      std::string_view words);
// The words answer at least one prompt of the task.
bool answers_a_prompt(const v1::TaskRecord& task, std::string_view words);

}  // namespace switchboard::core
