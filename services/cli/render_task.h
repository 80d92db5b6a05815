// How tasks read: a call to make with its numbers and script, a question, a review, a step. Pure.
#pragma once

#include <string>

#include "broker/base/time.h"
#include "services/cli/table.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {

// "call: Ring Team X99-HV, 0123 496 0000".
std::string task_words(const v1::Task& task);
std::string task_state(const v1::Task& task);
Cell task_due(const v1::Task& task, Time now);
// Lines of "label value" for one task; `asked`: the words of whoever asked.
std::string task_lines(const v1::Task& task, const std::string& asked, Time now);
// "Dev Example reached Nora: will visit".
std::string task_step_words(const v1::TaskDone& step);
std::string contact_line(const v1::Contact& contact);

}  // namespace switchboard::cli
